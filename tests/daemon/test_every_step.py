"""From every step of every flow: 结束, time run out, and a new person at once after."""

import gc
import types
from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest
import step_table
from step_table import MARKS, STEPS, Step, answer_all, application_sent, full_hall
from visit_kit import INVOICE, INVOICE_TEXT, LIMITS, Hall, answered

from drivers.printers.outcome import Proven
from kiosk import messages as m
from kiosk.admin_messages import AdminSituation
from kiosk.daemon.stage import BUSY, Person
from kiosk.daemon.stations import FIRST, Printed

EVERY_STEP = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
TO_THE_END = int(LIMITS.idle_large_text_s + LIMITS.warning_s)


async def walk(step: Step) -> Hall:
    hall = await full_hall()
    await step.walk(hall)
    assert type(hall.situation) is step.shows
    return hall


def reachable(root: object, without: tuple[object, ...]) -> Iterator[object]:
    """Everything that can be got at from an object: attributes, contents, closures, tasks."""
    outside = {id(one) for one in without}
    seen, waiting = set[int](), [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or id(one) in outside or isinstance(one, type | types.ModuleType):
            continue
        if isinstance(one, dict) and "__builtins__" in one:
            continue  # the names of a module
        seen.add(id(one))
        yield one
        waiting += gc.get_referents(one)


def left_of_the_person(hall: Hall) -> set[str]:
    """Marks that the visit still holds; the desks of the test remember them on purpose."""
    around = (hall.desk, hall.own, hall.applying, hall.shows, hall.stick_desk, hall)
    texts = [repr(one) for one in reachable(hall.visit, around) if isinstance(one, str | bytes)]
    numbers = [str(one) for one in reachable(hall.visit, around) if type(one).__name__ == "Decimal"]
    return {mark for mark in MARKS if any(mark in text for text in (*texts, *numbers))}


async def is_empty_and_as_always(hall: Hall) -> None:
    assert hall.situation == m.Home(can_apply=True)
    now = hall.now
    assert (now.language, now.large_text, now.high_contrast) == ("zh", False, False)
    assert now.idle is None
    assert left_of_the_person(hall) == set()


async def sees_only_their_own(hall: Hall) -> None:
    """Somebody holds up an invoice, and what still ran for the one before comes to its end."""
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    reference, future = hall.desk.verifications[-1]
    assert reference == INVOICE
    shown_before = len(hall.shows)
    before = hall.situation
    assert isinstance(before, m.Checking)
    for _, other in hall.desk.verifications[:-1]:
        if not other.done():
            other.set_result(answered())
    await hall.settle()
    assert hall.situation == before
    future.set_result(answered())
    await answer_all(hall)
    verdict = hall.situation
    assert isinstance(verdict, m.VerdictShown)
    assert (verdict.reference.number, verdict.in_visit) == (INVOICE.number, 1)
    hall.pass_seconds(20)  # what is asked again by itself
    await answer_all(hall)
    said = msgspec.json.encode(hall.shows[shown_before:]).decode()
    assert not [mark for mark in MARKS if mark in said]
    hall.visit.intend(m.GoBack(hall.turn))
    await hall.settle()
    assert isinstance(hall.situation, m.Home)


def test_no_step_is_missing() -> None:
    every = {one for one in get_args(m.Situation) if one not in get_args(AdminSituation)}
    assert every == {step.shows for step in STEPS}


@EVERY_STEP
async def test_the_end_is_pressed_and_a_new_person_is_there_at_once(step: Step) -> None:
    hall = await walk(step)
    hall.visit.intend(m.GoHome(hall.turn))
    await hall.settle()
    if step.paper:
        # Nobody's paper comes out before the next person.
        assert type(hall.situation) is step.shows
        await answer_all(hall)
        hall.visit.intend(m.GoHome(hall.turn))
    assert isinstance(hall.situation, m.Home)
    await sees_only_their_own(hall)
    hall.visit.intend(m.GoHome(hall.turn))
    await hall.settle()
    await is_empty_and_as_always(hall)


@EVERY_STEP
async def test_nobody_touches_it_and_a_new_person_is_there_at_once(step: Step) -> None:
    hall = await walk(step)
    while isinstance(hall.situation, BUSY):
        hall.pass_seconds(TO_THE_END)
        assert hall.now.idle is None, "whoever waits is not sent away"
        await answer_all(hall)
    if not step.ends_itself:
        for _ in range(TO_THE_END):
            hall.pass_seconds(1)
            if hall.now.idle is not None:
                break
        assert hall.now.idle == m.IdleWarning(seconds_left=int(LIMITS.warning_s))
        hall.pass_seconds(int(LIMITS.warning_s) - 1)
        assert hall.now.idle == m.IdleWarning(seconds_left=1)
        assert not isinstance(hall.situation, m.Home) or hall.situation.in_visit
    hall.pass_seconds(15 if step.ends_itself else 1)
    await hall.settle()
    assert hall.situation == m.Home(can_apply=True)
    await answer_all(hall)
    await is_empty_and_as_always(hall)
    await sees_only_their_own(hall)


@EVERY_STEP
async def test_back_leads_home_from_everywhere_and_leaves_nothing(step: Step) -> None:
    hall = await walk(step)
    for _ in range(12):
        hall.visit.intend(m.GoBack(hall.turn))
        await answer_all(hall)
        if isinstance(hall.situation, m.Home):
            break
    if step.ends_itself:
        hall.pass_seconds(15)
    assert isinstance(hall.situation, m.Home)
    hall.visit.intend(m.GoHome(hall.turn))
    await answer_all(hall)
    await is_empty_and_as_always(hall)


async def test_a_slip_that_still_prints_when_the_failsafe_came_is_not_the_next_persons() -> None:
    hall = await full_hall()
    await application_sent(hall)
    await fails_behind_the_screen(hall)
    hall.pass_seconds(15)
    hall.visit.scanned(INVOICE_TEXT)
    await hall.settle()
    checking = hall.situation
    hall.desk.prints[-1][3].set_result(Printed(Proven(), FIRST))
    await hall.settle()
    assert hall.situation == checking
    await answer_all(hall)
    assert isinstance(hall.situation, m.VerdictShown)
    hall.visit.intend(m.GoHome(hall.turn))
    await is_empty_and_as_always(hall)


async def test_a_slip_that_had_no_number_yet_when_the_failsafe_came_is_not_printed() -> None:
    hall = await full_hall()
    await step_table.verdict(hall)
    hall.visit.intend(m.PrintSlip(hall.turn))
    hall.visit._stage.person = Person("zh")
    await hall.settle()
    assert hall.desk.prints == []


async def fails_behind_the_screen(hall: Hall) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    hall.visit._stage.start(broken())
    await hall.settle()
    assert isinstance(hall.situation, m.OutOfService)


@EVERY_STEP
async def test_more_time_is_given_for_the_asking(step: Step) -> None:
    hall = await walk(step)
    await answer_all(hall)
    if step.ends_itself:
        return
    for _ in range(TO_THE_END):
        hall.pass_seconds(1)
        if hall.now.idle is not None:
            break
    there = hall.situation
    hall.visit.intend(m.StillHere())
    assert hall.now.idle is None
    hall.pass_seconds(int(LIMITS.warning_s) + 1)
    assert hall.situation == there
