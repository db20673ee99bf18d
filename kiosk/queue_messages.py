"""What staff ask for of many operations at once, and how far sending is."""

import msgspec


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class DrainStand(_Base, frozen=True):
    """How far sending is since staff last asked for it. What came meanwhile counts with it.

    Attributes:
        sent: operations that the service has taken since.
        parked: operations that were parked since.
        waiting: operations that still wait.
        held_by: what keeps them, in a technician's words; "" while nothing does.
    """

    sent: int
    parked: int
    waiting: int
    held_by: str = ""

    @property
    def of(self) -> int:
        """All of them."""
        return self.sent + self.parked + self.waiting


class RetryMatching(_Base, frozen=True, tag="retry_matching"):
    """Send again whatever is parked, of a kind and for a reason; all with neither."""

    kind: str = ""
    reason: str = ""


class ParkMatching(_Base, frozen=True, tag="park_matching"):
    """Set aside whatever waits of a kind. It is kept; others of its keys wait."""

    kind: str
