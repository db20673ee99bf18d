"""Out of service by staff's word: kept on the disk, so that a restart serves nobody by mistake."""

import logging
from pathlib import Path

import msgspec

from central.files import write_whole
from kiosk.admin_messages import CLOSED_REASONS
from kiosk.logs import fact

FILE = "closed.json"
_log = logging.getLogger(__name__)


class _Closed(msgspec.Struct, frozen=True):
    reason: str


class Closing:
    """Whether the terminal serves, and what people are told while it does not.

    Attributes:
        reason: one of `CLOSED_REASONS`; "" while it serves.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.reason = self._read()

    def change(self, reason: str) -> bool:
        """Close with a reason, or serve again with ""; whether it is on the disk. Blocking."""
        if reason and reason not in CLOSED_REASONS:
            return False
        try:
            if reason:
                write_whole(self._path, msgspec.json.encode(_Closed(reason)), mode=0o600)
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            fact(_log, "closing.not_kept", why=type(error).__name__)
            return False
        self.reason = reason
        return True

    def _read(self) -> str:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Closed).reason
        except FileNotFoundError:
            return ""
        except (OSError, msgspec.DecodeError) as error:
            # Somebody closed it: that much the file says even when it is damaged.
            fact(_log, "closing.unreadable", why=type(error).__name__)
            return CLOSED_REASONS[0]
