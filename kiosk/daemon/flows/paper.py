"""The slip of what was found out, and 补打: printed once for each press, with its count."""

from drivers.printers.outcome import Doubt, Unknown
from einvoice.ticket import Ticket
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.printing import outcome_words
from kiosk.daemon.stage import Person, Stage
from kiosk.daemon.stations import SECOND
from kiosk.daemon.surroundings import Desk


class PaperFlow:
    """Prints slips; a print always ends as what the printer proved, whoever is here by then."""

    def __init__(self, stage: Stage, desk: Desk) -> None:
        self._stage = stage
        self._desk = desk

    def intend(self, intent: m.Intent) -> bool:
        """打印凭条 and 补打."""
        situation, person = self._stage.situation, self._stage.person
        match intent:
            case m.PrintSlip():
                if isinstance(situation, m.VerdictShown):
                    self._print(situation)
            case m.Reprint():
                if isinstance(situation, m.PrintEnded) and situation.can_reprint and person.verdict:
                    self._print(person.verdict)
            case _:
                return False
        return True

    def tick(self) -> None:
        """Nothing here waits for time."""

    def resume(self, shown: m.VerdictShown, slip: str, copy: int, ticket: Ticket | None) -> None:
        """The terminal was stopped while it printed: say so, and offer a reprint."""
        self._stage.touched("resumed")
        person = self._stage.person
        person.verdict, person.ticket, person.slip = shown, ticket, slip
        self._ended(slip, copy, outcome_words(Unknown(Doubt.INTERRUPTED)))

    def _print(self, verdict: m.VerdictShown) -> None:
        if not self._stage.around.can_print:
            return
        person = self._stage.person
        person.verdict = verdict
        # At once, so that a second press finds no button any more.
        self._stage.go(m.Printing(slip=person.slip))
        self._stage.start(self._printed(verdict, person))

    async def _printed(self, verdict: m.VerdictShown, person: Person) -> None:
        known = person.slip or _ticket_slip(verdict)
        numbered = await self._desk.next_print(known)
        if numbered is None:
            self._ended(known, 0, ("failed", "storage"))
            return
        slip, copy = numbered
        if copy > self._stage.limits.reprints:
            self._ended(slip, copy - 1, ("failed", "reprint_limit"))
            return
        person.slip = slip
        self._stage.go(m.Printing(slip=slip, copy=copy))
        printed = await self._desk.print(verdict, slip, copy, person.ticket, person.language)
        self._stage.touched()
        if printed is None:
            self._ended(slip, copy, ("failed", "storage"))
        else:
            is_second = printed.printer == SECOND
            self._ended(slip, copy, outcome_words(printed.outcome), is_second=is_second)

    def _ended(
        self, slip: str, copy: int, outcome: tuple[str, str], *, is_second: bool = False
    ) -> None:
        word, why = outcome
        person = self._stage.person
        person.back = [m.Home()]
        if person.verdict is not None:
            person.back.append(person.verdict)
        self._stage.go(
            m.PrintEnded(
                slip=slip,
                outcome=word,
                why=why,
                copy=copy,
                can_reprint=word != "proven" and copy < self._stage.limits.reprints,
                cannot_print=self._stage.around.cannot_print,
                is_second=is_second,
            )
        )


def _ticket_slip(verdict: m.VerdictShown) -> str:
    """The number of the ticket slip that belongs to a verdict; "" for one that was answered.

    The slip of an answer is another slip than the ticket it was given for, not a copy of it.
    """
    if verdict.ticket is None or verdict.verdict is not Verdict.UNAVAILABLE:
        return ""
    return verdict.ticket.number
