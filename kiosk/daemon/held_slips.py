"""What becomes of a slip that a presenter holds out: taken, or drawn back in after a while."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum

from drivers.printers.presenter import Bezel
from kiosk.clock import Clock

TAKE_WITHIN_S = 30.0
"""Long enough for who puts papers away first; short enough that the next person, who comes when
the visit has ended, does not find the slip."""
LOOK_EVERY_S = 0.5


class Fate(Enum):
    """What became of a slip that was printed. The value is the word of messages and audit."""

    TAKEN = "taken"
    """It is gone from the outlet; the sensor cannot tell whose hand it was."""
    RETRACTED = "retracted"
    """Nobody took it, and it was drawn back in."""
    LEFT = "left"
    """Nobody took it, and it could not be drawn back in: it is still there."""
    UNKNOWN = "unknown"
    """The printer does not say."""


AskBezel = Callable[[], Awaitable[Bezel]]


async def fate_of(look: AskBezel, retract: AskBezel, clock: Clock, hurry: asyncio.Event) -> Fate:
    """Watch a slip until its end is known.

    Args:
        look: what the presenter holds now.
        retract: draw it in, and what the presenter holds then.
        clock: for `TAKE_WITHIN_S`.
        hurry: set when the outlet is needed for the next slip: waiting ends at once.
    """
    until = clock.monotonic() + TAKE_WITHIN_S
    while (held := await look()) is not Bezel.EMPTY:
        if hurry.is_set() or clock.monotonic() >= until:
            return _after_retracting(held, await retract())
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await hurry.wait()
        except TimeoutError:
            continue
    return Fate.TAKEN


def _after_retracting(before: Bezel, after: Bezel) -> Fate:
    match after:
        case Bezel.HOLDS_SLIP:
            return Fate.LEFT
        case Bezel.EMPTY if before is Bezel.HOLDS_SLIP:
            return Fate.RETRACTED
        case _:
            return Fate.UNKNOWN
