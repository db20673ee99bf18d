"""What the daemon and the screen say to each other about a USB stick; part of `kiosk.messages`."""

import msgspec

from kiosk.stick.found import StickInvoice


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
    """

    invoices: tuple[StickInvoice, ...]
    not_read: int = 0
    left_out: int = 0
    is_more: bool = False
    is_gone: bool = False

    @property
    def can_be_asked(self) -> tuple[StickInvoice, ...]:
        """Those whose files say all that a question needs."""
        return tuple(
            one for one in self.invoices if one.reference is not None and one.reference.is_complete
        )


class VerifyStick(_Base, frozen=True, tag="verify_stick"):
    """上网查验: ask about every invoice on the stick."""

    turn: int


StickSituation = StickReading | StickShown
StickIntent = VerifyStick
