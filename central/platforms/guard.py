"""Stands before one platform: circuit, the invoice's five questions a day, the day's budget."""

import logging
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

from central.platforms.circuit import Circuit, CircuitState
from central.platforms.counts import Counts, CountsUnavailable, Question, Taken, invoice_mark
from central.platforms.issuing import Application, IssueAnswer
from central.platforms.lookups import (
    DocumentAnswer,
    DocumentForm,
    LookUp,
    LookUpAnswer,
    TitleAnswer,
)
from central.platforms.outcome import LimitReached, Outage, PlatformAnswer, PlatformDown
from central.platforms.platform import Platform
from einvoice.invoice import InvoiceReference

_log = logging.getLogger(__name__)

A = TypeVar("A")

KEPT_FOR_PEOPLE = 0.2
"""Of a day's budget: what asks by the clock leaves it to people who stand at a terminal."""


class GuardedPlatform(Platform):
    """A platform behind its guard. Never asks twice by itself.

    Args:
        platform: who is guarded; closed with this.
        circuit: of this platform alone.
        counts: shared by all platforms.
        today: the day in China.
    """

    def __init__(
        self, platform: Platform, circuit: Circuit, counts: Counts, today: Callable[[], date]
    ) -> None:
        self.capabilities = platform.capabilities
        self.limits = platform.limits
        self.circuit = circuit
        self._platform = platform
        self._counts = counts
        self._today = today
        self._is_down = False

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Asks for one invoice, if the invoice, the budget and the circuit allow it."""
        if self.circuit.is_shut:
            return self._held_back()
        question = Question(self._today(), self.capabilities.name, invoice_mark(reference))
        try:
            taken = await self._counts.take(
                question, self.limits.queries_per_invoice_and_day, self.limits.queries_per_day
            )
        except CountsUnavailable:
            return PlatformDown("the question cannot be counted", Outage.HELD_BACK)
        if taken is Taken.INVOICE_USED_UP:
            return LimitReached()
        if taken is Taken.BUDGET_USED_UP:
            return PlatformDown("the day's budget is used up", Outage.HELD_BACK)
        said = await self._through(lambda: self._platform.verify(reference))
        if isinstance(said, PlatformDown) and not said.may_have_counted:
            await self._counts.give_back(question)
        return said

    async def spares_a_question(self, reference: InvoiceReference) -> bool:
        """See `Platform`."""
        per_day = self.limits.queries_per_day
        if per_day is None:
            return True
        try:
            asked = await self._counts.asked(self._today(), self.capabilities.name)
        except CountsUnavailable:
            return False
        return asked < per_day * (1 - KEPT_FOR_PEOPLE)

    async def look_up(self, what: LookUp) -> LookUpAnswer:
        """Through the circuit."""
        return await self._through(lambda: self._platform.look_up(what))

    async def document(self, what: LookUp, form: DocumentForm) -> DocumentAnswer:
        """Through the circuit."""
        return await self._through(lambda: self._platform.document(what, form))

    async def title(self, shown_code: str) -> TitleAnswer:
        """Through the circuit."""
        return await self._through(lambda: self._platform.title(shown_code))

    async def issue(self, application: Application) -> IssueAnswer:
        """Through the circuit."""
        return await self._through(lambda: self._platform.issue(application))

    async def application_state(self, application_id: str) -> IssueAnswer:
        """Through the circuit."""
        return await self._through(lambda: self._platform.application_state(application_id))

    async def close(self) -> None:
        """Closes the platform."""
        await self._platform.close()

    async def _through(self, call: Callable[[], Awaitable[A]]) -> A | PlatformDown:
        passage = self.circuit.admit()
        if passage is None:
            return self._held_back()
        before = self.circuit.state
        is_known = False
        try:
            said = await call()
            is_known = True
        finally:
            if not is_known:
                self.circuit.give_up(passage)
        down = said if isinstance(said, PlatformDown) else None
        self.circuit.note(passage, None if down is None else down.outage)
        self._tell(before, down)
        return said

    def _held_back(self) -> PlatformDown:
        return PlatformDown("its circuit is open", Outage.HELD_BACK)

    def _tell(self, before: CircuitState, down: PlatformDown | None) -> None:
        """Logs what has changed, not each failure."""
        name, after = self.capabilities.name, self.circuit.state
        if down is not None and not self._is_down:
            _log.warning("platform.down name=%s sort=%s why=%s", name, down.outage.value, down.why)
        elif down is None and self._is_down:
            _log.info("platform.up name=%s", name)
        self._is_down = down is not None
        if after is not before:
            _log.warning("platform.circuit name=%s state=%s", name, after.value)
