"""What the daemon and the screen say to each other about a USB stick; part of `kiosk.messages`."""

import msgspec

from kiosk.own_messages import PrinterMeans
from kiosk.stick.found import PdfOnStick, StickInvoice


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class StickReading(_Base, frozen=True, tag="stick_reading"):
    """The invoices on a stick are being read and checked; that takes seconds."""


class StickShown(_Base, frozen=True, tag="stick"):
    """What a stick holds. Nobody was asked about it yet.

    Attributes:
        invoices: at most as many as a visit's slip has lines for.
        not_read: files that looked like invoices and gave none; says nothing about invoices.
        left_out: files that were not looked into: too many, too large.
        is_more: folders were not looked through.
        is_gone: the stick went, or time did, before all was read.
        file: of the only invoice, where it is a PDF: its picture can be printed.
        a4: the A4 printer; None where there is none, or nothing to print on it.
    """

    invoices: tuple[StickInvoice, ...]
    not_read: int = 0
    left_out: int = 0
    is_more: bool = False
    is_gone: bool = False
    file: PdfOnStick | None = None
    a4: PrinterMeans | None = None

    @property
    def can_be_asked(self) -> tuple[StickInvoice, ...]:
        """Those whose files say all that a question needs."""
        return tuple(
            one for one in self.invoices if one.reference is not None and one.reference.is_complete
        )


class VerifyStick(_Base, frozen=True, tag="verify_stick"):
    """上网查验: ask about every invoice on the stick."""

    turn: int


class PrintStick(_Base, frozen=True, tag="print_stick"):
    """打印 A4: the picture of the only invoice on the stick."""

    turn: int


StickSituation = StickReading | StickShown
StickIntent = VerifyStick | PrintStick
