"""What was ordered to go wrong with the simulated printer."""

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """Orders that act later, and bad manners that last until they are taken back."""

    paper_out_after_bytes: int | None = None
    """The paper ends when so many more bytes were taken out of the receive buffer.

    Real-time commands are not counted.
    """
    paper_out_after_lines: int | None = None
    """The paper ends when so many more lines, images or codes were printed."""
    cutter_jammed: bool = False
    """Something sticks in the blade: the next cut fails, and each one until it is removed."""
    answer_delay_s: float = 0.0
    split_answers: bool = False
    """Each byte of an answer comes by itself."""
    silent: bool = False
    """The printer reads and prints, and says nothing."""
    deaf: bool = False
    """The printer takes no byte from the line: the host's writes stall."""
    no_process_id: bool = False
    """GS ( H is not answered, as on models that lack it."""

    slips_left: bool = False
    """Nobody takes slips out of the presenter."""
    retracting_fails: bool = False
    """The presenter does not draw a slip back in."""
    ejector_jammed: bool = False
    """Paper sticks in the presenter."""

    def take_bytes(self, count: int) -> None:
        """Count bytes that were taken out of the receive buffer."""
        if self.paper_out_after_bytes is not None:
            self.paper_out_after_bytes = max(0, self.paper_out_after_bytes - count)

    def take_line(self) -> None:
        """Count a printed line."""
        if self.paper_out_after_lines is not None:
            self.paper_out_after_lines = max(0, self.paper_out_after_lines - 1)

    @property
    def paper_ends_now(self) -> bool:
        """Whether an ordered end of the paper has been reached."""
        return self.paper_out_after_bytes == 0 or self.paper_out_after_lines == 0
