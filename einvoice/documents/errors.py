"""What the readers of single formats raise. `read` turns each into an `Unreadable`."""

from einvoice.documents.model import Cause


class DocumentError(Exception):
    """A file that cannot be read at all.

    Attributes:
        cause: why, in the closed set that callers see.
    """

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(f"{cause.value}: {detail}")
        self.cause = cause
        self.detail = detail
