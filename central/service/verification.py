"""One question, one ruling: fields first, then what is known already, then the platform.

The platform is asked at most once at a time for one invoice, and its answer is kept
for a few minutes: the same invoice held up twice costs one of its five queries a day,
not two. Only answers about the invoice are kept; that nobody answered is not one.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from central.contract import RulingReason
from central.platforms.platform import (
    Act,
    BadInput,
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    NotYet,
    Platform,
    PlatformAnswer,
    PlatformDown,
    RecordState,
    TooOld,
)
from central.service.china import day_in_china, utc_now
from central.service.keeping import kept_until
from einvoice import structure
from einvoice.invoice import InvoiceReference
from einvoice.verdict import (
    Answer,
    Check,
    Compared,
    Evidence,
    Finding,
    RecordDetails,
    Source,
    Verdict,
)

_log = logging.getLogger(__name__)

EXTENT_NOT_TOLD = "red_extent_not_told"
"""Note on the record: 红冲, and the platform does not say how much of it."""
MAX_KEPT = 10_000
PERSON_WAITS_S = 2.5
"""The terminal allows 3 s in all: answer "cannot" before it gives up on us."""
PLATFORM_MAY_TAKE_S = 20.0

_VERDICT_OF_STATE = {
    RecordState.NORMAL: Verdict.NORMAL,
    RecordState.VOID: Verdict.VOID,
    RecordState.RED_FULL: Verdict.RED_FULL,
    RecordState.RED_PARTIAL: Verdict.RED_PARTIAL,
}


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer
    until: datetime


class Verification:
    """Answers questions with a platform behind it. Belongs to one event loop.

    Args:
        platform: whom to ask.
        now: the present moment, aware.
    """

    def __init__(self, platform: Platform, now: Callable[[], datetime] = utc_now) -> None:
        self._platform = platform
        self._now = now
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Answer]] = {}
        self._is_down = False

    @property
    def is_sandbox(self) -> bool:
        """Whether answers come from made-up records."""
        return self._platform.capabilities.is_sandbox

    @property
    def issues(self) -> bool:
        """Whether a platform behind it issues invoices."""
        return Act.ISSUE in self._platform.capabilities.acts

    async def answer(self, reference: InvoiceReference, within_s: float = PERSON_WAITS_S) -> Answer:
        """What is true about one invoice; UNAVAILABLE when the platform does not say in time.

        A question that is given up here goes on until its own end, and its answer is kept
        for whoever asks next.
        """
        today = day_in_china(self._now())
        # The terminal examines the fields too; here the service defends itself, for a query
        # costs money and one of the five that an invoice has a day.
        fields = structure.examine(reference, today)
        if fields.refusal is not None:
            verdict, reason = fields.refusal
            return self._ruled(verdict, fields.evidence, reason=reason)
        if reference.kind not in self._platform.capabilities.kinds:
            return self._ruled(
                Verdict.UNSUPPORTED, fields.evidence, reason=RulingReason.KIND_NOT_SUPPORTED
            )
        kept = self._kept.get(reference.digest)
        if kept is not None:
            if self._now() < kept.until:
                return kept.answer
            del self._kept[reference.digest]
        asking = self._asking.get(reference.digest)
        if asking is None:
            asking = asyncio.create_task(self._ask(reference, fields.evidence))
            self._asking[reference.digest] = asking
            asking.add_done_callback(lambda _: self._asking.pop(reference.digest, None))
        try:
            async with asyncio.timeout(within_s):
                return await asyncio.shield(asking)
        except TimeoutError:
            return self._ruled(
                Verdict.UNAVAILABLE, fields.evidence, reason=RulingReason.PLATFORM_SLOW
            )

    async def spares_a_question(self, reference: InvoiceReference) -> bool:
        """Whether one that no person is waiting for may be asked now (see `Platform`)."""
        return await self._platform.spares_a_question(reference)

    async def close(self) -> None:
        """Gives up the questions that are still open."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, reference: InvoiceReference, fields: tuple[Evidence, ...]) -> Answer:
        try:
            async with asyncio.timeout(PLATFORM_MAY_TAKE_S):
                said = await self._platform.verify(reference)
        except TimeoutError:
            said = PlatformDown("no answer in time")
        except Exception:  # noqa: BLE001
            # A mistake in one platform's connector must not stop the service for everybody,
            # and says nothing about the invoice.
            _log.exception("platform.connector_broke name=%s", self._platform.capabilities.name)
            said = PlatformDown("its connector broke")
        self._note_health(said)
        answer = self._answer_of(said, reference, fields)
        self._keep(reference, answer)
        return answer

    def _note_health(self, said: PlatformAnswer) -> None:
        is_down = isinstance(said, PlatformDown)
        if is_down == self._is_down:
            return
        self._is_down = is_down
        name = self._platform.capabilities.name
        if isinstance(said, PlatformDown):
            _log.warning("platform.down name=%s why=%s", name, said.why)
        else:
            _log.info("platform.up name=%s", name)

    def _answer_of(
        self, said: PlatformAnswer, reference: InvoiceReference, fields: tuple[Evidence, ...]
    ) -> Answer:
        match said:
            case Found(state, details, extent_is_told):
                return self._ruled(
                    _VERDICT_OF_STATE[state],
                    fields,
                    record=Finding.AGREES,
                    note="" if extent_is_told else EXTENT_NOT_TOLD,
                    details=details,
                )
            case Differs(compared):
                return self._ruled(
                    Verdict.MISMATCH, fields, record=Finding.DIFFERS, compared=compared
                )
            case NotFound():
                # Invoices reach the records up to a day after their issue (einvoice-formats §6).
                is_fresh = reference.issued_on == day_in_china(self._now())
                return self._ruled(Verdict.NOT_YET if is_fresh else Verdict.NOT_FOUND, fields)
            case NotYet():
                return self._ruled(Verdict.NOT_YET, fields)
            case TooOld():
                return self._ruled(Verdict.TOO_OLD, fields)
            case LimitReached():
                return self._ruled(Verdict.LIMIT_REACHED, fields)
            case NotSupported():
                return self._ruled(
                    Verdict.UNSUPPORTED, fields, reason=RulingReason.KIND_NOT_SUPPORTED
                )
            case BadInput(reason):
                differs = Evidence(Check.STRUCTURE, Finding.DIFFERS, reason)
                return self._ruled(Verdict.INVALID_INPUT, (differs,), reason=reason)
            case PlatformDown():
                return self._ruled(Verdict.UNAVAILABLE, fields, reason=RulingReason.PLATFORM_DOWN)
            case _:
                assert_never(said)

    def _ruled(
        self,
        verdict: Verdict,
        fields: tuple[Evidence, ...],
        *,
        record: Finding = Finding.NOT_CHECKED,
        note: str = "",
        compared: tuple[Compared, ...] = (),
        reason: str = "",
        details: RecordDetails | None = None,
    ) -> Answer:
        return Answer(
            verdict=verdict,
            source=Source.TAX_SERVICE,
            at=self._now(),
            evidence=(Evidence(Check.RECORD, record, note, compared), *fields),
            reason=reason,
            details=details,
        )

    def _keep(self, reference: InvoiceReference, answer: Answer) -> None:
        until = kept_until(answer.verdict, answer.at)
        if until is None:
            return
        self._kept[reference.digest] = _Kept(answer, until)
        self._kept.move_to_end(reference.digest)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
