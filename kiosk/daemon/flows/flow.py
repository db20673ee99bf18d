"""What every flow offers to the visit."""

from typing import Protocol

from kiosk import messages as m


class Flow(Protocol):
    """One thing a person can do. Events that it does not know it leaves to others."""

    def intend(self, intent: m.Intent) -> bool:
        """The person touched something; whether that belonged to this flow."""
        ...

    def tick(self) -> None:
        """A second has passed."""
        ...
