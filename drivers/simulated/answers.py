"""What the simulated printer has to say, and when."""

from collections import deque
from collections.abc import Iterator

from drivers.simulated.faults import Faults

_SPLIT_GAP_S = 0.002


class Answers:
    """Bytes on their way to the host, in order, each not before its time."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._waiting: deque[tuple[float, bytes]] = deque()

    def say(self, data: bytes, now: float) -> None:
        """Answer after the ordered delay; nothing at all while silence is ordered."""
        if self._faults.silent:
            return
        due = now + self._faults.answer_delay_s
        if self._waiting:
            due = max(due, self._waiting[-1][0])
        if not self._faults.split_answers:
            self._waiting.append((due, data))
            return
        for place, byte in enumerate(data):
            self._waiting.append((due + place * _SPLIT_GAP_S, bytes((byte,))))

    def due(self, now: float) -> Iterator[bytes]:
        """Take the answers whose time has come."""
        while self._waiting and self._waiting[0][0] <= now:
            yield self._waiting.popleft()[1]

    @property
    def next_at(self) -> float | None:
        """The time of the next answer, None when there is none."""
        return self._waiting[0][0] if self._waiting else None

    def drop(self) -> None:
        """Forget all that was not said yet."""
        self._waiting.clear()
