"""How much paper is left on the roll: counted, not measured.

A receipt printer says "near end" and "end", and nothing in between. What is left is counted from
the slips: the caller keeps the `Roll` (it is a value) and feeds it what was printed and what the
printer said about itself. Numbers are millimetres of paper.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from drivers.printers.outcome import Failed, PrintOutcome, Proven, Unknown
from drivers.printers.profile import Profile
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready

_SHORTEST_SLIP_MM = 10.0  # the way from the head to the blade alone is longer


@dataclass(frozen=True, slots=True)
class Supply:
    """The rolls that this terminal is filled with.

    Attributes:
        roll_mm: paper on a full roll. An 80 x 80 mm roll of 65 µm paper has about 75 m, a 80 x 50
            about 28 m; the packet says.
        near_end_mm: paper that is left when the near-end sensor speaks; None without a sensor.
            The sensor can be moved on most models: measure it once.
        usual_slip_mm: a slip, until some were counted.
        few_slips: from so many slips on, a new roll should be brought.
    """

    roll_mm: float = 75_000.0
    near_end_mm: float | None = None
    usual_slip_mm: float = 200.0
    few_slips: int = 20

    def __post_init__(self) -> None:
        if self.roll_mm <= 0 or self.usual_slip_mm <= 0 or (self.near_end_mm or 0) < 0:
            raise ValueError("paper has a length")


@dataclass(frozen=True, slots=True)
class Roll:
    """What was counted on the roll that is in the printer now. Begins as a full one.

    Attributes:
        used_mm: paper that went through the printer.
        slips: how many slips that was.
        near_end_at_mm: `used_mm` when the sensor first said that the roll is nearly used up.
        ended: the printer said that there is no paper.
        opened: the cover was open, or the printer was away, since the last slip: somebody may
            have put in another roll.
    """

    used_mm: float = 0.0
    slips: int = 0
    near_end_at_mm: float | None = None
    ended: bool = False
    opened: bool = False


class Level(Enum):
    """How the paper stands. Only `ENDED` stops printing."""

    PLENTY = "plenty"
    FEW = "few"
    """A new roll should be brought: the sensor says so, or few slips are left by the count."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is probably left. The count drifts with every roll that is not as long as it says.

    Attributes:
        left_mm: paper, millimetres.
        left_slips: slips as long as those before.
        level: what to do about it.
    """

    left_mm: float
    left_slips: int
    level: Level


def paper_of_slip_mm(height_mm: float, profile: Profile) -> float:
    """Paper that one slip uses: its own height and the feed to the cutter.

    Args:
        height_mm: `Slip.height_mm`.
        profile: the printer.
    """
    return height_mm + profile.cut_feed_lines * profile.line_mm


def after_print(roll: Roll, paper_mm: float, outcome: PrintOutcome) -> Roll:
    """The roll after a slip that needed so much paper.

    A slip of which nobody knows is counted whole: promising too little paper is the better
    mistake. A failed one is counted only when the paper ended in it.
    """
    match outcome:
        case Proven() | Unknown():
            return replace(roll, used_mm=roll.used_mm + paper_mm, slips=roll.slips + 1)
        case Failed(Cause.PAPER_OUT):
            return replace(roll, ended=True, opened=True)
        case Failed():
            return roll
        case _:
            assert_never(outcome)


def after_status(roll: Roll, status: PrinterStatus) -> Roll:
    """The roll after the printer said how it is.

    A roll is taken for a new one when the printer is ready again after it had no paper, or when
    "near end" is over after the printer was opened or away. A near-end sensor that flickers with
    the printer closed is the same roll.
    """
    match status:
        case Ready(near_end):
            was_near = roll.near_end_at_mm is not None
            if roll.ended or (roll.opened and was_near and not near_end):
                roll = Roll()
            if near_end and roll.near_end_at_mm is None:
                roll = replace(roll, near_end_at_mm=roll.used_mm)
            return replace(roll, opened=False)
        case NotReady(Cause.PAPER_OUT):
            return replace(roll, ended=True, opened=True)
        case NotReady(Cause.COVER_OPEN | Cause.DISCONNECTED):
            return replace(roll, opened=True)
        case NotReady() | NoAnswer():
            return roll
        case _:
            assert_never(status)


def forecast(roll: Roll, supply: Supply) -> Forecast:
    """What is left of the roll: by the sensor where there is one, else by the count."""
    if roll.ended:
        return Forecast(0.0, 0, Level.ENDED)
    left_mm = max(0.0, _left_mm(roll, supply))
    slip_mm = roll.used_mm / roll.slips if roll.slips else supply.usual_slip_mm
    left_slips = int(left_mm / max(slip_mm, _SHORTEST_SLIP_MM))
    few = roll.near_end_at_mm is not None or left_slips <= supply.few_slips
    return Forecast(left_mm, left_slips, Level.FEW if few else Level.PLENTY)


def _left_mm(roll: Roll, supply: Supply) -> float:
    counted_mm = supply.roll_mm - roll.used_mm
    if supply.near_end_mm is None:
        return counted_mm
    if roll.near_end_at_mm is None:
        # The sensor has not spoken: so much is there whatever the count says.
        return max(counted_mm, supply.near_end_mm)
    return supply.near_end_mm - (roll.used_mm - roll.near_end_at_mm)
