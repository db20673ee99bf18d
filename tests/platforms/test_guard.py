"""Circuit, counts and routing: what is asked, what is not, and who stands in."""

import asyncio
import logging
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.platforms.circuit import Circuit, CircuitRules, CircuitState, Passage
from central.platforms.counts import Counts, CountsInMemory, CountsUnavailable, Question, Taken
from central.platforms.guard import GuardedPlatform
from central.platforms.issuing import Accepted, Application, IssueAnswer, OrderApplication
from central.platforms.outcome import (
    BadInput,
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    NotYet,
    Outage,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from central.platforms.platform import Act, Capabilities, Limits, NoPlatform, Platform
from central.platforms.router import Router
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import RecordDetails

TODAY = date(2026, 11, 24)
REFERENCE = InvoiceReference(
    Kind.DIGITAL_SPECIAL, "26112000000000770001", date(2026, 11, 10), amount=Decimal("113.00")
)
FOUND = Found(RecordState.NORMAL, RecordDetails())
RULES = CircuitRules(failures=3, first_pause_s=10.0, longest_pause_s=40.0)
ABOUT_THE_INVOICE: list[PlatformAnswer] = [
    FOUND,
    Differs(),
    NotFound(),
    NotYet(),
    TooOld(),
    LimitReached(),
    BadInput("fields_refused"),
]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.day = TODAY

    def __call__(self) -> float:
        return self.now

    def today(self) -> date:
        return self.day


class Scripted(Platform):
    """Says what it is told to say."""

    def __init__(
        self,
        says: PlatformAnswer,
        name: str = "scripted",
        kinds: frozenset[Kind] = frozenset(Kind),
        limits: Limits | None = None,
        acts: frozenset[Act] = frozenset(Act),
    ) -> None:
        self.capabilities = Capabilities(name, kinds, acts=acts)
        self.limits = limits or Limits()
        self.says = says
        self.issues: IssueAnswer = Accepted()
        self.state: IssueAnswer = NotFound()
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        self.asked += 1
        await self.may_answer.wait()
        return self.says

    async def issue(self, application: Application) -> IssueAnswer:
        self.asked += 1
        return self.issues

    async def application_state(self, application_id: str) -> IssueAnswer:
        return self.state


def guarded(
    platform: Platform, clock: Clock, counts: Counts | None = None, rules: CircuitRules = RULES
) -> GuardedPlatform:
    circuit = Circuit(rules, clock, draw=lambda: 1.0)
    return GuardedPlatform(platform, circuit, counts or CountsInMemory(), clock.today)


async def test_five_questions_a_day_for_an_invoice_and_then_none() -> None:
    clock, platform = Clock(), Scripted(FOUND)
    guard = guarded(platform, clock)
    for _ in range(5):
        assert await guard.verify(REFERENCE) == FOUND
    assert await guard.verify(REFERENCE) == LimitReached()
    assert platform.asked == 5
    clock.day += timedelta(days=1)
    assert await guard.verify(REFERENCE) == FOUND


async def test_the_five_are_counted_over_all_platforms() -> None:
    clock, counts = Clock(), CountsInMemory()
    first, second = Scripted(FOUND, "a"), Scripted(FOUND, "b")
    guards = [guarded(first, clock, counts), guarded(second, clock, counts)]
    for at in range(5):
        await guards[at % 2].verify(REFERENCE)
    assert await guards[1].verify(REFERENCE) == LimitReached()
    assert first.asked + second.asked == 5


async def test_the_days_budget_ends_questions_and_says_nothing_of_invoices() -> None:
    clock = Clock()
    platform = Scripted(FOUND, limits=Limits(queries_per_day=1))
    guard = guarded(platform, clock)
    assert await guard.verify(REFERENCE) == FOUND
    said = await guard.verify(REFERENCE)
    assert said == PlatformDown("the day's budget is used up", Outage.HELD_BACK)


async def test_the_end_of_the_days_budget_is_for_those_who_stand_at_a_terminal() -> None:
    clock = Clock()
    limits = Limits(queries_per_day=10, queries_per_invoice_and_day=100)
    guard = guarded(Scripted(FOUND, limits=limits), clock)
    routed = Router([guard])
    for _ in range(8):
        assert await routed.spares_a_question(REFERENCE)
        assert await guard.verify(REFERENCE) == FOUND
    assert not await routed.spares_a_question(REFERENCE)
    assert await guard.verify(REFERENCE) == FOUND
    clock.day += timedelta(days=1)
    assert await routed.spares_a_question(REFERENCE)
    assert await guarded(Scripted(FOUND), clock).spares_a_question(REFERENCE)


@pytest.mark.parametrize("outage", list(Outage))
async def test_only_a_question_that_was_surely_not_taken_is_given_back(outage: Outage) -> None:
    clock, platform = Clock(), Scripted(PlatformDown("x", outage))
    guard = guarded(platform, clock, rules=CircuitRules(failures=100, first_pause_s=0.0))
    for _ in range(6):
        await guard.verify(REFERENCE)
    said = await guard.verify(REFERENCE)
    counts = {Outage.UNCERTAIN, Outage.UPSTREAM, Outage.NONSENSE}
    assert (said == LimitReached()) == (outage in counts)


async def test_what_cannot_be_counted_is_not_asked() -> None:
    class Broken(CountsInMemory):
        async def take(self, question: Question, per_invoice: int, per_day: int | None) -> Taken:
            raise CountsUnavailable("disk")

    platform = Scripted(FOUND)
    said = await guarded(platform, Clock(), Broken()).verify(REFERENCE)
    assert isinstance(said, PlatformDown)
    assert platform.asked == 0


async def test_a_platform_that_fails_is_left_alone_and_tried_by_one() -> None:
    clock, platform = Clock(), Scripted(PlatformDown("x", Outage.UNREACHABLE))
    guard = guarded(platform, clock)
    for _ in range(3):
        await guard.verify(REFERENCE)
    assert guard.circuit.state is CircuitState.OPEN
    held = PlatformDown("its circuit is open", Outage.HELD_BACK)
    assert await guard.verify(REFERENCE) == held
    assert platform.asked == 3
    clock.now += RULES.first_pause_s
    platform.may_answer.clear()
    platform.says = FOUND
    probe = asyncio.create_task(guard.verify(REFERENCE))
    async with asyncio.timeout(20):
        while platform.asked == 3:
            await asyncio.sleep(0)
    assert guard.circuit.state is CircuitState.HALF_OPEN
    assert await guard.verify(REFERENCE) == held, "only one tries"
    platform.may_answer.set()
    assert await probe == FOUND
    assert guard.circuit.state is CircuitState.CLOSED


async def test_a_probe_that_is_cancelled_leaves_the_try_to_the_next() -> None:
    clock, platform = Clock(), Scripted(PlatformDown("x", Outage.CONTRACT))
    guard = guarded(platform, clock)
    await guard.verify(REFERENCE)
    assert guard.circuit.state is CircuitState.OPEN, "keys and money do not come back by asking"
    clock.now += RULES.first_pause_s
    platform.may_answer.clear()
    probe = asyncio.create_task(guard.verify(REFERENCE))
    async with asyncio.timeout(20):
        while platform.asked == 1:
            await asyncio.sleep(0)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    platform.may_answer.set()
    platform.says = FOUND
    assert await guard.verify(REFERENCE) == FOUND
    assert guard.circuit.state is CircuitState.CLOSED


def test_the_pause_doubles_up_to_its_longest() -> None:
    clock = Clock()
    circuit = Circuit(RULES, clock, draw=lambda: 1.0)
    pauses: list[float] = []
    for _ in range(5):
        passage = circuit.admit()
        while passage is None:
            clock.now += 1.0
            passage = circuit.admit()
        circuit.note(passage, Outage.CONTRACT)
        began = clock.now
        while circuit.is_shut:
            clock.now += 1.0
        pauses.append(clock.now - began)
    assert pauses == [10.0, 20.0, 40.0, 40.0, 40.0]


@given(st.lists(st.sampled_from(["good", "bad", "contract", "cancel", "wait"]), max_size=60))
def test_a_circuit_never_sticks_and_never_lets_two_try(steps: list[str]) -> None:
    clock = Clock()
    circuit = Circuit(RULES, clock, draw=lambda: 1.0)
    out: list[Passage] = []
    for step in steps:
        if step == "wait":
            clock.now += 15.0
            continue
        passage = circuit.admit()
        if passage is not None:
            out.append(passage)
        assert sum(p.is_probe for p in out) <= 1
        if not out:
            continue
        ended = out.pop(0)
        match step:
            case "cancel":
                circuit.give_up(ended)
            case "good":
                circuit.note(ended, None)
            case "contract":
                circuit.note(ended, Outage.CONTRACT)
            case _:
                circuit.note(ended, Outage.UNREACHABLE)
    for passage in out:
        circuit.give_up(passage)
    clock.now += RULES.longest_pause_s
    assert circuit.admit() is not None, "whatever happened, it tries again"


async def test_that_a_platform_is_down_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="central.platforms.guard")
    clock, platform = Clock(), Scripted(PlatformDown("code 17", Outage.THROTTLED))
    guard = guarded(platform, clock)
    await guard.verify(REFERENCE)
    await guard.verify(REFERENCE)
    platform.says = FOUND
    await guard.verify(REFERENCE)
    assert [record.getMessage() for record in caplog.records] == [
        "platform.down name=scripted sort=throttled why=code 17",
        "platform.up name=scripted",
    ]


@pytest.mark.parametrize("answer", ABOUT_THE_INVOICE, ids=lambda a: type(a).__name__)
async def test_an_answer_about_the_invoice_is_final(answer: PlatformAnswer) -> None:
    first, second = Scripted(answer, "a"), Scripted(FOUND, "b")
    assert await Router([first, second]).verify(REFERENCE) == answer
    assert (first.asked, second.asked) == (1, 0)


@pytest.mark.parametrize("outage", list(Outage))
async def test_another_stands_in_when_there_is_no_answer(outage: Outage) -> None:
    first, second = Scripted(PlatformDown("x", outage), "a"), Scripted(FOUND, "b")
    assert await Router([first, second]).verify(REFERENCE) == FOUND
    assert (first.asked, second.asked) == (1, 1)


async def test_without_any_answer_the_first_real_outage_is_told() -> None:
    held = PlatformDown("held", Outage.HELD_BACK)
    down = PlatformDown("down", Outage.UPSTREAM)
    router = Router([Scripted(held, "a"), Scripted(down, "b"), Scripted(NotSupported(), "c")])
    assert await router.verify(REFERENCE) == down
    assert await Router([Scripted(NotSupported(), "c")]).verify(REFERENCE) == NotSupported()


async def test_each_kind_goes_where_it_is_known() -> None:
    first = Scripted(FOUND, "a", frozenset({Kind.DIGITAL_SPECIAL}))
    second = Scripted(NotFound(), "b", frozenset({Kind.DIGITAL_SPECIAL, Kind.TOLL}))
    router = Router([first, second], {Kind.DIGITAL_SPECIAL: [second]})
    assert router.capabilities.kinds == {Kind.DIGITAL_SPECIAL, Kind.TOLL}
    assert router.capabilities.name == "a+b"
    assert await router.verify(REFERENCE) == NotFound()
    assert first.asked == 0


async def test_one_application_is_never_given_to_two() -> None:
    application = OrderApplication(
        "a-1", ("1",), Kind.DIGITAL_ORDINARY, "示例", "", Decimal(1), TODAY
    )
    first, second = Scripted(FOUND, "a"), Scripted(FOUND, "b")
    first.issues = PlatformDown("cut", Outage.UNCERTAIN)
    assert await Router([first, second]).issue(application) == first.issues
    assert second.asked == 0
    first.issues = NotSupported()
    assert await Router([first, second]).issue(application) == Accepted()


async def test_an_application_is_missing_only_where_all_have_said_so() -> None:
    first, second = Scripted(FOUND, "a"), Scripted(FOUND, "b")
    router = Router([first, second])
    assert await router.application_state("a-1") == NotFound()
    second.state = Accepted()
    assert await router.application_state("a-1") == Accepted()
    second.state = PlatformDown("cut", Outage.UNCERTAIN)
    assert await router.application_state("a-1") == second.state
    first.state, second.state = second.state, NotFound()
    assert await router.application_state("a-1") == first.state


async def test_nobody_can_do_what_no_platform_can() -> None:
    router = Router([NoPlatform()])
    assert await router.title("28") == NotSupported()
    assert router.capabilities.acts == {Act.VERIFY}
