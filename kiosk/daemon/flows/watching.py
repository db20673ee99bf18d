"""Keep looking for me: an invoice that was not found is looked for day by day.

The person reads what will happen, may leave an address, and takes a ticket home. The address
is in no situation after the order, and goes with the visit.
"""

import msgspec

from central.contract_people import CASE_WATCHED_DAYS, is_address
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.acts import RequestNotKept
from kiosk.daemon.flows.paper import PaperFlow
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.stage import Stage
from kiosk.daemon.surroundings import Desk
from kiosk.daemon.views import reference_of

CAN_BE_WATCHED = frozenset({Verdict.NOT_FOUND, Verdict.NOT_YET})
"""不一致 is not among them: tomorrow the same fields will differ from the same record."""


class WatchFlow:
    """Takes the order, and prints its ticket at once.

    Args:
        stage: where the visit takes place.
        desk: keeps the order.
        paper: prints.
    """

    def __init__(self, stage: Stage, desk: Desk, paper: PaperFlow) -> None:
        self._stage = stage
        self._desk = desk
        self._paper = paper
        self._ordered: m.WatchOffered | None = None

    def intend(self, intent: m.Intent) -> bool:
        """继续查, 留邮箱, and the order itself."""
        stage, situation = self._stage, self._stage.situation
        match intent:
            case m.OfferWatch():
                if isinstance(situation, m.WhyNotFound):
                    self._offer()
            case m.StartAddress():
                if isinstance(situation, m.WatchOffered) and situation.may_write:
                    stage.step_to(m.EnterAddress(address=situation.address))
            case m.SubmitAddress(_, address):
                if isinstance(situation, m.EnterAddress):
                    self._take_address(address)
            case m.OpenCase():
                if isinstance(situation, m.WatchOffered):
                    self._order(situation)
            case _:
                return False
        return True

    def tick(self) -> None:
        """Nothing here waits for time."""

    def _offer(self) -> None:
        stage = self._stage
        verdict = stage.person.paper
        if not isinstance(verdict, m.VerdictShown) or verdict.verdict not in CAN_BE_WATCHED:
            return
        stage.step_to(
            m.WatchOffered(
                reference=verdict.reference,
                verdict=verdict.verdict,
                days=CASE_WATCHED_DAYS,
                may_write=stage.around.sends_mail,
                address=stage.person.address,
                cannot_print=stage.around.cannot_print,
            )
        )

    def _take_address(self, address: str) -> None:
        if address and not is_address(address):
            return
        stage = self._stage
        stage.person.address = address
        before = stage.person.back.pop() if stage.person.back else None
        if isinstance(before, m.WatchOffered):
            stage.go(
                msgspec.structs.replace(
                    before, address=address, cannot_print=stage.around.cannot_print
                )
            )

    def _order(self, offered: m.WatchOffered) -> None:
        # Without paper and without a letter nobody could ever ask for the answer.
        is_deaf = not self._stage.around.can_print and not offered.address
        if is_deaf or self._ordered is offered:
            return
        self._ordered = offered
        self._stage.start(self._kept(offered))

    async def _kept(self, offered: m.WatchOffered) -> None:
        stage, person = self._stage, self._stage.person
        try:
            kept = await self._desk.open_case(
                reference_of(offered.reference), offered.verdict, person.typed, offered.address
            )
        finally:
            self._ordered = None
        if stage.situation is not offered:
            return  # the person has gone on; what was kept is kept
        person.address = ""
        match kept:
            case NotKept(why):
                stage.note(RequestNotKept(stage.visit_id, why))
                stage.go(m.KeepFailed())
            case Kept(ticket, registered_at):
                person.ticket = ticket
                person.back = [one for one in person.back if isinstance(one, m.Home)]
                shown = m.CaseKept(
                    ticket=m.TicketView(number=ticket.number, registered_at=registered_at),
                    reference=offered.reference,
                    verdict=offered.verdict,
                    days=offered.days,
                    by_letter=bool(offered.address),
                    cannot_print=stage.around.cannot_print,
                )
                stage.go(shown)
                self._paper.print(shown)
