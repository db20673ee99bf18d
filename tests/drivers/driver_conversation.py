"""A device that follows a script: what it expects to be told, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import LinkLost


class FakeClock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass(frozen=True)
class Later:
    """An answer that comes after so many seconds."""

    after_s: float
    data: bytes


class Gone:
    """The device goes away when it is read."""


class Jam:
    """The device takes nothing more from here on, until it is given up."""


Answer = bytes | Later | Gone | Jam


class Conversation:
    """A `Link` made of pairs (bytes to be told, answers). At the end nothing may be left over."""

    bytes_per_s = 11520.0

    def __init__(self, *script: tuple[bytes, *tuple[Answer, ...]], dropped: int = 0) -> None:
        self.clock = FakeClock()
        self.is_open = False
        self._script = list(script)
        self._told = b""
        self._answers: list[Answer] = []
        self._due: list[tuple[float, bytes]] = []
        self._gone = False
        self._jammed = False
        self._dropped = dropped

    def __enter__(self) -> "Conversation":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is None:
            assert self._script == [], "the device was not told all"
            assert self._told == b"", "the device was told half a command"
            assert self._due == [], "the device said something that nobody heard"

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def discard_output(self) -> int:
        self._jammed = False
        return self._dropped

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        if self._jammed:
            self.clock.now_s += deadline.left_s
            raise DeadlinePassed("jammed")
        assert self._script, f"expected nothing more, was told {data.hex(' ')}"
        expected, *answers = self._script[0]
        taken = data[: len(expected) - len(self._told)]
        self._told += taken
        assert expected.startswith(self._told), (
            f"expected {expected.hex(' ')}, was told {self._told.hex(' ')}"
        )
        if self._told == expected:
            self._script.pop(0)
            self._told = b""
            self._answer(answers)
        return len(taken)

    def _answer(self, answers: Sequence[Answer]) -> None:
        for answer in answers:
            match answer:
                case bytes():
                    self._due.append((self.clock.now_s, answer))
                case Later(after_s, data):
                    self._due.append((self.clock.now_s + after_s, data))
                case Gone():
                    self._gone = True
                case Jam():
                    self._jammed = True

    def read(self, deadline: Deadline) -> bytes:
        if self._due and self._due[0][0] <= self.clock.now_s + deadline.left_s:
            at, data = self._due.pop(0)
            self.clock.now_s = max(self.clock.now_s, at)
            return data
        if self._gone:
            self.close()
            raise LinkLost("gone")
        self.clock.now_s += deadline.left_s
        raise DeadlinePassed("read")
