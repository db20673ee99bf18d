"""The waiting room: bounded, people first, and nobody waits for a place that was lost."""

import asyncio
from contextlib import suppress

import pytest
from central_kit import until
from hypothesis import given, settings
from hypothesis import strategies as st

from central.service.waiting_room import Priority, RoomFull, WaitingRoom

PERSON, BACKLOG = Priority.PERSON, Priority.BACKLOG


class Visitor:
    """Somebody who enters, stays until let go, and leaves."""

    def __init__(self, room: WaitingRoom, priority: Priority) -> None:
        self.inside = False
        self.refused: RoomFull | None = None
        self.priority = priority
        self._may_go = asyncio.Event()
        self.task = asyncio.create_task(self._visit(room))

    async def _visit(self, room: WaitingRoom) -> None:
        try:
            async with room.enter(self.priority):
                self.inside = True
                try:
                    await self._may_go.wait()
                finally:
                    self.inside = False
        except RoomFull as full:
            self.refused = full

    def go(self) -> None:
        self._may_go.set()


async def settle() -> None:
    """Lets everybody do all that they can do without new events."""
    for _ in range(10):
        await asyncio.sleep(0)


async def come(room: WaitingRoom, *priorities: Priority) -> list[Visitor]:
    visitors = []
    for priority in priorities:
        visitors.append(Visitor(room, priority))
        await settle()
    return visitors


async def leave(*visitors: Visitor) -> None:
    for visitor in visitors:
        visitor.go()
    await asyncio.gather(*(v.task for v in visitors))


async def test_people_go_in_before_backlog_that_came_earlier() -> None:
    room = WaitingRoom(places=1, backlog_places=1, seats=4)
    first, backlog, person = await come(room, PERSON, BACKLOG, PERSON)
    await leave(first)
    await settle()
    assert (person.inside, backlog.inside) == (True, False)
    await leave(person)
    await until(lambda: backlog.inside)
    await leave(backlog)


async def test_places_are_kept_for_people() -> None:
    room = WaitingRoom(places=3, backlog_places=1, seats=4)
    visitors = await come(room, BACKLOG, BACKLOG, PERSON, PERSON)
    assert [v.inside for v in visitors] == [True, False, True, True]
    await leave(*visitors)


async def test_a_full_room_says_so_at_once() -> None:
    room = WaitingRoom(places=1, seats=1, spread_s=60, draw=lambda low, high: high)
    inside, waits, refused = await come(room, BACKLOG, BACKLOG, BACKLOG)
    assert refused.refused is not None
    assert refused.refused.retry_after_s == 60
    await leave(inside, waits)


async def test_a_person_takes_the_seat_of_the_newest_backlog() -> None:
    room = WaitingRoom(places=1, seats=2, spread_s=60, draw=lambda low, high: high)
    inside, older, newer, person = await come(room, PERSON, BACKLOG, BACKLOG, PERSON)
    assert newer.refused is not None
    assert older.refused is None
    (second_person,) = await come(room, PERSON)
    assert older.refused is not None
    (third_person,) = await come(room, PERSON)
    assert third_person.refused is not None
    assert third_person.refused.retry_after_s == 6, "people come back sooner"
    await leave(inside, person, second_person)


async def test_who_goes_away_while_waiting_leaves_no_hole() -> None:
    room = WaitingRoom(places=1, seats=2)
    inside, waits, behind = await come(room, PERSON, PERSON, PERSON)
    waits.task.cancel()
    with suppress(asyncio.CancelledError):
        await waits.task
    await leave(inside)
    await until(lambda: behind.inside)
    await leave(behind)


async def test_who_goes_away_in_the_moment_of_being_called_passes_the_place_on() -> None:
    room = WaitingRoom(places=1, seats=2)
    inside, called, behind = await come(room, PERSON, PERSON, PERSON)
    inside.go()
    while not inside.task.done():
        await asyncio.sleep(0)
    called.task.cancel()
    with suppress(asyncio.CancelledError):
        await called.task
    await until(lambda: behind.inside or called.inside)
    assert behind.inside
    await leave(behind)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["person", "backlog", "leave", "cancel"]), st.integers(0, 9)),
        max_size=40,
    )
)
def test_whatever_happens_places_are_neither_lost_nor_given_twice(
    steps: list[tuple[str, int]],
) -> None:
    async def run() -> None:
        room = WaitingRoom(places=2, backlog_places=1, seats=2)
        here: list[Visitor] = []
        for step, which in steps:
            if step in ("person", "backlog"):
                here.append(Visitor(room, PERSON if step == "person" else BACKLOG))
            elif here:
                visitor = here[which % len(here)]
                if step == "leave" and visitor.inside:
                    visitor.go()
                else:
                    visitor.task.cancel()
            if which % 2:
                await settle()
                inside = [v for v in here if v.inside]
                assert len(inside) <= 2
                assert sum(v.priority is BACKLOG for v in inside) <= 1
        for visitor in here:
            visitor.go()
        await asyncio.gather(*(v.task for v in here), return_exceptions=True)
        fresh = await come(room, PERSON, PERSON)
        assert all(v.inside for v in fresh), "every place is free again"
        await leave(*fresh)

    asyncio.run(run())


async def test_an_error_inside_gives_the_place_back() -> None:
    room = WaitingRoom(places=1, seats=0)
    with pytest.raises(KeyError):
        async with room.enter(PERSON):
            raise KeyError
    async with room.enter(PERSON):
        pass
