"""One question, one ruling."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from central_kit import AT, REFERENCE, TODAY, ScriptedPlatform, until

from central.platforms.platform import (
    BadInput,
    Differs,
    Found,
    LimitReached,
    NoPlatform,
    NotFound,
    NotSupported,
    NotYet,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from central.service.keeping import MINUTES, UNTIL_MIDNIGHT, kept_until
from central.service.verification import Verification
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Check, Finding, RecordDetails, Source, Verdict

DETAILS = RecordDetails(seller="北京示例信息服务有限公司")


class Clock:
    def __init__(self, now: datetime = AT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize(
    ("said", "verdict", "record"),
    [
        (Found(RecordState.NORMAL, DETAILS), Verdict.NORMAL, Finding.AGREES),
        (Found(RecordState.VOID, DETAILS), Verdict.VOID, Finding.AGREES),
        (Found(RecordState.RED_FULL, DETAILS), Verdict.RED_FULL, Finding.AGREES),
        (Found(RecordState.RED_PARTIAL, DETAILS), Verdict.RED_PARTIAL, Finding.AGREES),
        (Differs(), Verdict.MISMATCH, Finding.DIFFERS),
        (NotFound(), Verdict.NOT_FOUND, Finding.NOT_CHECKED),
        (NotYet(), Verdict.NOT_YET, Finding.NOT_CHECKED),
        (TooOld(), Verdict.TOO_OLD, Finding.NOT_CHECKED),
        (LimitReached(), Verdict.LIMIT_REACHED, Finding.NOT_CHECKED),
        (NotSupported(), Verdict.UNSUPPORTED, Finding.NOT_CHECKED),
        (BadInput("number_length"), Verdict.INVALID_INPUT, Finding.NOT_CHECKED),
        (PlatformDown("tests"), Verdict.UNAVAILABLE, Finding.NOT_CHECKED),
    ],
)
async def test_what_the_platform_says_becomes_a_ruling(
    said: PlatformAnswer, verdict: Verdict, record: Finding
) -> None:
    answer = await Verification(ScriptedPlatform(said), Clock()).answer(REFERENCE)
    assert answer.verdict is verdict
    assert answer.source is Source.TAX_SERVICE
    assert answer.at == AT
    found = [e.finding for e in answer.evidence if e.check is Check.RECORD]
    assert found == [record]
    assert (answer.details is DETAILS) is isinstance(said, Found)


async def test_not_found_on_the_day_of_issue_is_not_yet() -> None:
    verification = Verification(ScriptedPlatform(NotFound()), Clock())
    answer = await verification.answer(replace(REFERENCE, issued_on=TODAY))
    assert answer.verdict is Verdict.NOT_YET


async def test_the_day_is_the_one_in_china() -> None:
    # 24 November 20:00 in London's winter is the 25th in Beijing.
    clock = Clock(datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    verification = Verification(ScriptedPlatform(NotFound()), clock)
    tomorrow = replace(REFERENCE, issued_on=date(2026, 11, 25))
    today = replace(REFERENCE, issued_on=date(2026, 11, 24))
    assert (await verification.answer(tomorrow)).verdict is Verdict.NOT_YET
    assert (await verification.answer(today)).verdict is Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("wrong", "verdict", "reason"),
    [
        ({"number": "1234"}, Verdict.INVALID_INPUT, "number_length"),
        ({"issued_on": TODAY + timedelta(days=1)}, Verdict.INVALID_INPUT, "date_in_future"),
        ({"amount": None}, Verdict.INVALID_INPUT, "amount_missing"),
        ({"issued_on": date(2021, 11, 23)}, Verdict.TOO_OLD, "older_than_five_years"),
        ({"kind": Kind.DIGITAL_AIR}, Verdict.UNSUPPORTED, "kind_not_supported"),
    ],
)
async def test_what_needs_no_question_costs_none(
    wrong: dict[str, object], verdict: Verdict, reason: str
) -> None:
    platform = ScriptedPlatform()
    answer = await Verification(platform, Clock()).answer(replace(REFERENCE, **wrong))  # pyright: ignore[reportArgumentType]  # one field, of its own type
    assert (answer.verdict, answer.reason) == (verdict, reason)
    assert platform.asked == []


async def test_the_same_invoice_twice_costs_one_query() -> None:
    clock, platform = Clock(), ScriptedPlatform(Found(RecordState.NORMAL, DETAILS))
    verification = Verification(platform, clock)
    first = await verification.answer(REFERENCE)
    clock.now += MINUTES[Verdict.NORMAL] / 2
    assert await verification.answer(REFERENCE) == first, "and says when it was first said"
    clock.now += MINUTES[Verdict.NORMAL]
    assert (await verification.answer(REFERENCE)).at == clock.now
    assert len(platform.asked) == 2


async def test_what_differs_today_is_not_asked_again_today() -> None:
    clock, platform = Clock(), ScriptedPlatform(Differs())
    verification = Verification(platform, clock)
    await verification.answer(REFERENCE)
    clock.now = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)  # 23:59 in China
    await verification.answer(REFERENCE)
    assert len(platform.asked) == 1
    clock.now += timedelta(minutes=1)
    await verification.answer(REFERENCE)
    assert len(platform.asked) == 2


def test_every_verdict_has_its_time_and_only_unavailable_has_none() -> None:
    kept = {verdict for verdict in Verdict if kept_until(verdict, AT) is not None}
    assert kept == set(Verdict) - {Verdict.UNAVAILABLE}
    assert MINUTES.keys() & UNTIL_MIDNIGHT == set()


async def test_a_reversal_of_unknown_extent_says_so() -> None:
    said = Found(RecordState.RED_FULL, DETAILS, extent_is_told=False)
    answer = await Verification(ScriptedPlatform(said), Clock()).answer(REFERENCE)
    assert answer.verdict is Verdict.RED_FULL
    assert answer.evidence[0].note == "red_extent_not_told"


async def test_another_amount_is_another_question() -> None:
    platform = ScriptedPlatform(Differs())
    verification = Verification(platform, Clock())
    await verification.answer(REFERENCE)
    await verification.answer(replace(REFERENCE, amount=None, kind=Kind.DIGITAL_ORDINARY))
    assert REFERENCE.amount is not None
    await verification.answer(replace(REFERENCE, amount=REFERENCE.amount + 1))
    assert len(platform.asked) == 2


async def test_at_the_same_time_costs_one_query() -> None:
    platform = ScriptedPlatform(Found(RecordState.NORMAL, DETAILS))
    platform.may_answer.clear()
    verification = Verification(platform, Clock())
    both = [asyncio.create_task(verification.answer(REFERENCE)) for _ in range(2)]
    await until(lambda: len(platform.asked) > 0)
    platform.may_answer.set()
    answers = await asyncio.gather(*both)
    assert answers[0] == answers[1]
    assert len(platform.asked) == 1


async def test_that_the_platform_is_down_is_not_remembered() -> None:
    platform = ScriptedPlatform(PlatformDown("tests"))
    verification = Verification(platform, Clock())
    assert (await verification.answer(REFERENCE)).verdict is Verdict.UNAVAILABLE
    platform.says = Found(RecordState.NORMAL, DETAILS)
    assert (await verification.answer(REFERENCE)).verdict is Verdict.NORMAL


async def test_a_slow_platform_is_unavailable_and_its_late_answer_is_kept() -> None:
    platform = ScriptedPlatform(Found(RecordState.NORMAL, DETAILS))
    platform.may_answer.clear()
    verification = Verification(platform, Clock())
    late = await verification.answer(REFERENCE, within_s=0.01)
    assert (late.verdict, late.reason) == (Verdict.UNAVAILABLE, "platform_slow")
    platform.may_answer.set()
    assert (await verification.answer(REFERENCE)).verdict is Verdict.NORMAL
    assert len(platform.asked) == 1


async def test_one_who_goes_away_does_not_end_the_question_of_others() -> None:
    platform = ScriptedPlatform(Found(RecordState.NORMAL, DETAILS))
    platform.may_answer.clear()
    verification = Verification(platform, Clock())
    gone, stays = (asyncio.create_task(verification.answer(REFERENCE)) for _ in range(2))
    await until(lambda: len(platform.asked) == 1)
    gone.cancel()
    platform.may_answer.set()
    assert (await stays).verdict is Verdict.NORMAL


async def test_a_mistake_in_a_connector_says_nothing_about_the_invoice() -> None:
    class Broken(ScriptedPlatform):
        async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
            raise KeyError(reference)

    verification = Verification(Broken(), Clock())
    assert (await verification.answer(REFERENCE)).verdict is Verdict.UNAVAILABLE
    assert (await verification.answer(REFERENCE)).reason == "platform_down"


async def test_closing_gives_up_open_questions() -> None:
    platform = ScriptedPlatform()
    platform.may_answer.clear()
    verification = Verification(platform, Clock())
    asked = asyncio.create_task(verification.answer(REFERENCE))
    await until(lambda: len(platform.asked) == 1)
    await verification.close()
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_without_a_platform_everything_is_unavailable() -> None:
    answer = await Verification(NoPlatform(), Clock()).answer(REFERENCE)
    assert (answer.verdict, answer.reason) == (Verdict.UNAVAILABLE, "platform_down")
