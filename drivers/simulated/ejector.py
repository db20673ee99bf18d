"""The presenter of the simulated printer: it holds a cut slip out, and can draw it back in.

Custom KPM210/216 manual p. 76 and Pyramid Reliance, paper_movement: GS e 2 retracts where that is
switched on, 3 presents, 5 ejects, 6 asks; p. 36 and reliance_status: DLE EOT 20.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from drivers.simulated.faults import Faults
from drivers.simulated.model import PrinterModel
from drivers.simulated.paper import Ending, Piece
from drivers.simulated.sensors import Sensors

_FULL_STATUS_MARK = b"\x10\x0f"


@dataclass(slots=True)
class Ejector:
    """One presenter. Times are seconds on the clock that `now` is read from.

    `gone` is given each piece that leaves it: into a hand, onto the floor or into the machine.
    """

    model: PrinterModel
    faults: Faults
    gone: Callable[[Piece], None]
    _inside: Piece | None = field(default=None, init=False)
    _at_output: Piece | None = field(default=None, init=False)
    _presented_at: float = field(default=0.0, init=False)

    @property
    def holds_slip(self) -> bool:
        """What the sensor at the output says."""
        return self._at_output is not None

    def take_in(self, piece: Piece) -> None:
        """A piece was cut off. One that was there already is pushed out and falls down."""
        self.eject()
        self._inside = piece

    def present(self, now: float) -> None:
        """Hold out what is inside."""
        if self._inside is None:
            return
        if self._at_output is not None:
            self.gone(self._at_output)
        self._at_output, self._inside = self._inside, None
        self._presented_at = now

    def retract(self) -> None:
        """Draw in what is held out or was just cut off; a printer set otherwise does nothing."""
        if not self.model.retracts or self.faults.retracting_fails:
            return
        for piece in (self._at_output, self._inside):
            if piece is not None:
                self.gone(replace(piece, ending=Ending.RETRACTED))
        self._at_output = self._inside = None

    def eject(self) -> None:
        """Throw out what is there."""
        for piece in (self._at_output, self._inside):
            if piece is not None:
                self.gone(piece)
        self._at_output = self._inside = None

    def take(self) -> None:
        """A hand takes the slip that is held out."""
        if self._at_output is not None:
            self.gone(self._at_output)
            self._at_output = None

    @property
    def hand_at(self) -> float | None:
        """When a hand takes the slip; None while there is none, or nobody takes slips."""
        patience = self.model.taken_after_s
        if self._at_output is None or patience is None or self.faults.slips_left:
            return None
        return self._presented_at + patience

    def full_status(self, sensors: Sensors) -> bytes:
        """The answer to DLE EOT 20."""
        paper = (
            0x01 * sensors.paper_end
            | 0x04 * sensors.near_end
            | 0x20 * (self._at_output is not None)
        )
        user = 0x03 * sensors.cover_open | 0x20 * sensors.feed_button
        recoverable = 0x01 * sensors.head_hot | 0x40 * self.faults.ejector_jammed
        unrecoverable = 0x01 * sensors.cutter_error
        return _FULL_STATUS_MARK + bytes((paper, user, recoverable, unrecoverable))

    def status(self, sensors: Sensors) -> int:
        """The answer to GS e 6."""
        return (
            0x01 * sensors.near_end
            | 0x04 * (not sensors.paper_end)
            | 0x08 * (self._at_output is not None)
            | 0x40 * sensors.error
            | 0x80 * self.faults.ejector_jammed
        )
