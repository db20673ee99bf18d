"""What the confined reader says to the daemon: one JSON message a line, each one of these."""

from decimal import Decimal
from typing import Annotated

import msgspec

from einvoice.invoice import InvoiceReference
from einvoice.verdict import Evidence

MAX_FILES = 50
"""Invoice files of one stick that are read: as many as a visit's slip has lines for."""
MAX_LINE_BYTES = 256 * 1024
"""Of one message: a ZIP of 40 invoices with all their remarks stays below."""


class LeftOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was not read, counted. Nothing of it is said to be anything.

    Attributes:
        too_many: invoice files beyond `MAX_FILES`.
        too_large: files above `einvoice.documents.limits.MAX_FILE_BYTES`.
        not_read: files that could not be opened.
        special: links, pipes and devices under the name of an invoice file.
        is_more: folders were left: too deep, too many, or too full.
    """

    too_many: int = 0
    too_large: int = 0
    not_read: int = 0
    special: int = 0
    is_more: bool = False


class Walked(msgspec.Struct, frozen=True, tag="walked"):
    """The stick was looked through; `files` are read now, one message each."""

    files: int
    left_out: LeftOut


class StickInvoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One invoice in a file. Names are masked already.

    Attributes:
        reference: None where kind, number or date does not stand in the file.
        evidence: the seal first, then every remark of the screening, the heaviest first; one line
            that agrees where it has none.
    """

    reference: InvoiceReference | None
    evidence: tuple[Evidence, ...]
    seller_masked: str = ""
    buyer_masked: str = ""
    total_with_tax: Decimal | None = None


Sha256 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class PdfOnStick(msgspec.Struct, frozen=True):
    """A PDF that can be drawn. FAT has no lasting numbers for files, so its bytes name it.

    Attributes:
        number: from 0, in the order of the walk.
        sha256: of all its bytes, in hex.
    """

    number: int
    sha256: Sha256


class FileRead(msgspec.Struct, frozen=True, tag="read", omit_defaults=True):
    """One file: its invoices, or why there are none.

    Attributes:
        number: from 0, in the order of the walk.
        cause: a `einvoice.documents.Cause`, "gone" (the stick cannot be read any more),
            "limit" (the reader did not come to an end within its bounds); "" with invoices.
        pdf: of a PDF with invoices, its SHA-256.
    """

    number: int
    invoices: tuple[StickInvoice, ...] = ()
    cause: str = ""
    pdf: Sha256 | None = None


Message = Walked | FileRead
