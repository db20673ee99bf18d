"""A bounded waiting room: when it is full, say so at once; people first.

After an outage every terminal of a city comes back with its backlog. Without a
bound the service spends all its time on answers nobody waits for any more; with
it, and with the next contact spread by `Retry-After`, the backlog drains at full
speed while everybody who stands at a terminal is served (queue-and-sync §2.3).
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from enum import IntEnum

_RANDOM = random.SystemRandom()


class Priority(IntEnum):
    """Who is waiting."""

    PERSON = 0
    BACKLOG = 1


class RoomFull(Exception):
    """No place: come back after `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"come back after {retry_after_s} s")
        self.retry_after_s = retry_after_s


_Waiter = asyncio.Future[None]


class WaitingRoom:
    """Admits a limited number of requests and lets a limited number wait.

    Args:
        places: requests in work at once.
        backlog_places: how many of them may be backlog; the rest is kept for people.
        seats: requests that may wait. A person takes the seat of the backlog request that
            came last when none is free.
        spread_s: a backlog request is asked to come back within so many seconds; a person
            within a tenth of it. Drawn by `draw(lowest, highest)`.
    """

    def __init__(
        self,
        places: int = 64,
        backlog_places: int = 8,
        seats: int = 64,
        spread_s: int = 60,
        draw: Callable[[int, int], int] = _RANDOM.randint,
    ) -> None:
        self._places = places
        self._backlog_places = backlog_places
        self._seats = seats
        self._spread_s = spread_s
        self._draw = draw
        self._inside = {Priority.PERSON: 0, Priority.BACKLOG: 0}
        self._waiting: dict[Priority, deque[_Waiter]] = {
            Priority.PERSON: deque(),
            Priority.BACKLOG: deque(),
        }

    @property
    def waiting(self) -> int:
        """Requests that wait for a place."""
        return sum(len(queue) for queue in self._waiting.values())

    @asynccontextmanager
    async def enter(self, priority: Priority) -> AsyncGenerator[None]:
        """Waits for a place and holds it.

        Raises:
            RoomFull: there is no place and no seat, or a person took the seat.
        """
        if not self._waiting[priority] and self._may_enter(priority):
            self._inside[priority] += 1
        else:
            await self._wait(priority)
        try:
            yield
        finally:
            self._inside[priority] -= 1
            self._call_in()

    async def _wait(self, priority: Priority) -> None:
        """Returns once a place is held for this request."""
        self._find_seat(priority)
        called: _Waiter = asyncio.get_running_loop().create_future()
        queue = self._waiting[priority]
        queue.append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called in queue:
                queue.remove(called)
            elif called.done() and not called.cancelled() and called.exception() is None:
                # Called in and cancelled in the same moment: the place goes to the next.
                self._inside[priority] -= 1
                self._call_in()
            raise

    def _find_seat(self, priority: Priority) -> None:
        if self.waiting < self._seats:
            return
        backlog = self._waiting[Priority.BACKLOG]
        if priority is Priority.PERSON and backlog:
            evicted = backlog.pop()
            if not evicted.done():  # done: cancelled in this moment, so its seat is free
                evicted.set_exception(self._full(Priority.BACKLOG))
            return
        raise self._full(priority)

    def _full(self, priority: Priority) -> RoomFull:
        spread_s = self._spread_s if priority is Priority.BACKLOG else self._spread_s // 10
        return RoomFull(self._draw(1, max(1, spread_s)))

    def _may_enter(self, priority: Priority) -> bool:
        if sum(self._inside.values()) >= self._places:
            return False
        return priority is Priority.PERSON or self._inside[Priority.BACKLOG] < self._backlog_places

    def _call_in(self) -> None:
        for priority in Priority:
            queue = self._waiting[priority]
            while queue and self._may_enter(priority):
                called = queue.popleft()
                if not called.done():
                    self._inside[priority] += 1
                    called.set_result(None)
