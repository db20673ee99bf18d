"""Many platforms as one: who is asked for which kind, and who stands in for whom.

The next one is asked only when the one before gave no answer about the invoice. 不一致,
查无此票 and all other answers are final: another platform has the same records, and its
question would be one more of the invoice's five a day.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from central.platforms.issuing import Application, IssueAnswer
from central.platforms.lookups import (
    DocumentAnswer,
    DocumentForm,
    LookUp,
    LookUpAnswer,
    TitleAnswer,
)
from central.platforms.outcome import (
    NotFound,
    NotSupported,
    Outage,
    PlatformAnswer,
    PlatformDown,
)
from central.platforms.platform import Act, Capabilities, Limits, Platform
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind

A = TypeVar("A")


class Router(Platform):
    """Asks the right platform.

    Args:
        platforms: all of them, in the order in which they are asked.
        order_of_kind: for some kinds of invoice another order, or fewer of them.
    """

    def __init__(
        self,
        platforms: Sequence[Platform],
        order_of_kind: Mapping[Kind, Sequence[Platform]] | None = None,
    ) -> None:
        self._platforms = tuple(platforms)
        self._order_of_kind = dict(order_of_kind or {})
        kinds = frozenset(kind for kind in Kind if self._verifiers(kind))
        acts: frozenset[Act] = frozenset[Act]().union(
            *(platform.capabilities.acts for platform in platforms)
        )
        self.capabilities = Capabilities(
            name="+".join(platform.capabilities.name for platform in platforms),
            kinds=kinds,
            is_sandbox=any(platform.capabilities.is_sandbox for platform in platforms),
            acts=acts,
        )
        self.limits = Limits(
            call_within_s=sum(platform.limits.call_within_s for platform in platforms)
        )

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Asks for one invoice."""
        return await self._first(
            self._verifiers(reference.kind), lambda platform: platform.verify(reference)
        )

    async def spares_a_question(self, reference: InvoiceReference) -> bool:
        """As the one says who would be asked."""
        verifiers = self._verifiers(reference.kind)
        return not verifiers or await verifiers[0].spares_a_question(reference)

    async def look_up(self, what: LookUp) -> LookUpAnswer:
        """Asks those that look up."""
        return await self._first(self._able(Act.LOOK_UP), lambda p: p.look_up(what))

    async def document(self, what: LookUp, form: DocumentForm) -> DocumentAnswer:
        """Asks those that have documents."""
        return await self._first(self._able(Act.DOCUMENT), lambda p: p.document(what, form))

    async def title(self, shown_code: str) -> TitleAnswer:
        """Asks those that know titles."""
        return await self._first(self._able(Act.TITLE), lambda p: p.title(shown_code))

    async def issue(self, application: Application) -> IssueAnswer:
        """Applies at the first platform that takes this sort of application.

        After an outage that may have taken it, no other is tried: one application, one invoice.
        """
        for platform in self._able(Act.ISSUE):
            said = await platform.issue(application)
            if not isinstance(said, NotSupported):
                return said
        return NotSupported()

    async def application_state(self, application_id: str) -> IssueAnswer:
        """What became of an application; asks all that issue until one knows it.

        NotFound only when all that answer have not got it and none is away: whoever applies
        again after it must not get a second invoice.
        """
        said: IssueAnswer = NotSupported()
        for platform in self._able(Act.ISSUE):
            one = await platform.application_state(application_id)
            if isinstance(one, PlatformDown):
                said = one
            elif isinstance(one, NotFound):
                said = said if isinstance(said, PlatformDown) else one
            elif not isinstance(one, NotSupported):
                return one
        return said

    async def close(self) -> None:
        """Closes all."""
        for platform in self._platforms:
            await platform.close()

    def _able(self, act: Act) -> tuple[Platform, ...]:
        return tuple(p for p in self._platforms if act in p.capabilities.acts)

    def _verifiers(self, kind: Kind) -> tuple[Platform, ...]:
        order = self._order_of_kind.get(kind, self._platforms)
        return tuple(
            p for p in order if Act.VERIFY in p.capabilities.acts and kind in p.capabilities.kinds
        )

    @staticmethod
    async def _first(
        platforms: tuple[Platform, ...], ask: Callable[[Platform], Awaitable[A]]
    ) -> A | NotSupported | PlatformDown:
        """The first answer; without one, the outage of the first that was really asked."""
        down: PlatformDown | None = None
        for platform in platforms:
            said = await ask(platform)
            if isinstance(said, NotSupported):
                continue
            if not isinstance(said, PlatformDown):
                return said
            if down is None or down.outage is Outage.HELD_BACK:
                down = said
        return down or NotSupported()
