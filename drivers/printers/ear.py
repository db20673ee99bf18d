"""Listening to a receipt printer: what it was asked, and what it says unasked, side by side."""

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import Link, write_all
from drivers.printers import commands, decode
from drivers.printers.decode import RealTimeStatus
from drivers.printers.replies import AutoStatus, Block, FullStatus, Ordered, RealTime, ReplyParser
from drivers.printers.status import Cause

REAL_TIME_ANSWER_S = 0.5
"""An answer to DLE EOT takes some milliseconds; a slow line at 9600 baud some ten."""
QUIET_S = 0.2
"""A line that is silent for so long has no reply under way."""


IDENTITY_ANSWER_S = 0.5
"""An answer to GS I comes in order with the data, of which there is none then."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the printer says it is (GS I 66, 67)."""

    maker: str
    model: str


@dataclass(slots=True)
class Heard:
    """What came in since somebody last looked."""

    real_time: list[int] = field(default_factory=list[int])
    ordered: list[int] = field(default_factory=list[int])
    full: list[bytes] = field(default_factory=list[bytes])
    blocks: list[Block] = field(default_factory=list[Block])
    fault: Cause | None = None
    """The last thing that an automatic status named; None again when it says all is well."""
    lasting_fault: Cause | None = None
    """The first fault of those that do not pass by themselves."""


class Ear:
    """One printer's answers. Not for several threads at once.

    Args:
        full_status: the printer answers DLE EOT 20, and sends no automatic status.
    """

    def __init__(
        self, link: Link, clock: Callable[[], float], *, full_status: bool = False
    ) -> None:
        self._link = link
        self._clock = clock
        self._parser = ReplyParser(full_status=full_status)
        self._late_answer_possible = False
        self.heard = Heard()

    def start_anew(self) -> None:
        """The port was opened: half of a reply from before means nothing."""
        self._parser.reset()
        self.heard = Heard()

    def listen(self, deadline: Deadline) -> None:
        """Take in what is there, waiting for it until the deadline.

        Raises:
            DeadlinePassed: nothing came.
            LinkLost: the device went away.
        """
        for reply in self._parser.feed(self._link.read(deadline)):
            match reply:
                case RealTime(byte):
                    self.heard.real_time.append(byte)
                case Ordered(byte):
                    self.heard.ordered.append(byte)
                case FullStatus(four):
                    self.heard.full.append(four)
                case Block():
                    self.heard.blocks.append(reply)
                case AutoStatus(four):
                    self._auto_status(four)
                case _:  # flow control is the port's business; stray bytes prove nothing
                    pass

    def _auto_status(self, four: bytes) -> None:
        cause = decode.auto_status_cause(four)
        self.heard.fault = cause
        if cause is not None and cause not in decode.PASSING and self.heard.lasting_fault is None:
            self.heard.lasting_fault = cause

    def take_in(self) -> None:
        """Take in what is there already, without waiting."""
        self._until(lambda: False, Deadline(0.0, self._clock))

    def wait_for(self, there: Callable[[Heard], bool], deadline: Deadline) -> bool:
        """Listen until `there` is true of what was heard; False when the deadline passes first."""
        return self._until(lambda: there(self.heard), deadline)

    def _until(self, done: Callable[[], bool], deadline: Deadline) -> bool:
        while not done():
            last_look = deadline.left_s == 0.0  # a device that babbles must not hold us
            try:
                self.listen(deadline)
            except DeadlinePassed:
                return done()
            if last_look:
                return done()
        return True

    def until_quiet(self, deadline: Deadline) -> None:
        """Listen until nothing has come for a moment: late answers are then behind us."""
        while deadline.left_s > 0:
            try:
                self.listen(self.within(QUIET_S, deadline))
            except DeadlinePassed:
                return

    def real_time_status(self, deadline: Deadline) -> RealTimeStatus | None:
        """Ask DLE EOT 1 to 4, one after the other; None when one of them stays unanswered.

        The answers look alike, so none is asked before the one before it is answered, and after
        an answer that did not come the next round waits until the line is quiet.
        """
        if self._late_answer_possible:
            self.until_quiet(self.within(4 * QUIET_S, deadline))
        answers: list[int] = []
        for n in (1, 2, 3, 4):
            self.take_in()
            self.heard.real_time.clear()
            waiting = self.within(REAL_TIME_ANSWER_S, deadline)
            self._late_answer_possible = True
            try:
                write_all(self._link, commands.real_time_status(n), waiting)
            except DeadlinePassed:
                return None
            if not self.wait_for(lambda heard: bool(heard.real_time), waiting):
                return None
            self._late_answer_possible = False
            answers.append(self.heard.real_time[0])
        return RealTimeStatus(*answers)

    def full_status(self, deadline: Deadline) -> bytes | None:
        """Ask DLE EOT 20: its four bytes after 10 0F; None when it stays unanswered."""
        waiting = self.within(REAL_TIME_ANSWER_S, deadline)
        self.take_in()
        self.heard.full.clear()
        try:
            write_all(self._link, commands.FULL_STATUS, waiting)
        except DeadlinePassed:
            return None
        if not self.wait_for(lambda heard: bool(heard.full), waiting):
            return None
        return self.heard.full[0]

    def identity(self, deadline: Deadline) -> Identity | None:
        """Ask GS I 66 and 67; None when one of them stays unanswered."""
        maker = self._text(commands.ASK_MAKER, deadline)
        model = self._text(commands.ASK_MODEL, deadline) if maker is not None else None
        return None if maker is None or model is None else Identity(maker, model)

    def _text(self, question: bytes, deadline: Deadline) -> str | None:
        patience = self.within(IDENTITY_ANSWER_S, deadline)
        self.take_in()
        self.heard.blocks.clear()
        try:
            write_all(self._link, question, patience)
        except DeadlinePassed:
            return None
        if not self.wait_for(lambda heard: bool(heard.blocks), patience):
            return None
        return self.heard.blocks[0].payload.decode("ascii", errors="replace")

    def within(self, seconds: float, deadline: Deadline) -> Deadline:
        """A moment `seconds` from now, or the deadline if that is sooner."""
        return Deadline(min(seconds, deadline.left_s), self._clock)
