"""The slip of what was found out, and 补打: printed once for each press, with its count."""

import msgspec

from drivers.printers.outcome import Doubt, Unknown
from einvoice.ticket import Ticket
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.flows.batching import batch_results
from kiosk.daemon.held_slips import Fate
from kiosk.daemon.printing import outcome_words
from kiosk.daemon.stage import Person, Stage
from kiosk.daemon.stations import SECOND
from kiosk.daemon.surroundings import Desk
from kiosk.own_messages import OwnInvoice, WaysShown


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
                if isinstance(situation, m.Printable):
                    self.print(situation)
            case m.Reprint():
                if isinstance(situation, m.PrintEnded) and situation.can_reprint and person.paper:
                    self.print(person.paper)
            case _:
                return False
        return True

    def tick(self) -> None:
        """Nothing here waits for time."""

    def resume(self, shown: m.Printable, slip: str, copy: int, tickets: tuple[Ticket, ...]) -> None:
        """The terminal was stopped while it printed: say so, and offer a reprint."""
        self._stage.touched("resumed")
        person = self._stage.person
        person.paper, person.slip = shown, slip
        if isinstance(shown, m.BatchShown):
            person.results = batch_results(shown, tickets)
        else:
            person.ticket = tickets[0] if tickets else None
        self._ended(slip, copy, outcome_words(Unknown(Doubt.INTERRUPTED)))

    def slip_held(self, slip: str, copy: int, fate: Fate) -> None:
        """A printed slip that nobody took is said, while the one who printed it is still here."""
        shown = self._stage.situation
        if not isinstance(shown, m.PrintEnded) or (shown.slip, shown.copy) != (slip, copy):
            return
        if fate in (Fate.RETRACTED, Fate.LEFT):
            may_reprint = fate is Fate.RETRACTED and copy < self._stage.limits.reprints
            self._stage.go(
                msgspec.structs.replace(shown, not_taken=fate.value, can_reprint=may_reprint)
            )

    def print(self, shown: m.Printable) -> None:
        """Print the slip of what is shown, if anything can be printed."""
        if not self._stage.around.can_print:
            return
        person = self._stage.person
        if not _same_paper(person.paper, shown):
            person.slip = ""
        person.paper = shown
        # At once, so that a second press finds no button any more.
        self._stage.go(m.Printing(slip=person.slip))
        self._stage.start(self._printed(shown, person))

    async def _printed(self, shown: m.Printable, person: Person) -> None:
        known = person.slip or _ticket_slip(shown)
        numbered = await self._desk.next_print(known)
        if self._stage.person is not person:
            return  # the failsafe screen came in between: no paper for whoever is here now
        if numbered is None:
            self._ended(known, 0, ("failed", "storage"))
            return
        slip, copy = numbered
        if copy > self._stage.limits.reprints:
            self._ended(slip, copy - 1, ("failed", "reprint_limit"))
            return
        person.slip = slip
        self._stage.go(m.Printing(slip=slip, copy=copy))
        printed = await self._desk.print(
            shown, slip, copy, _tickets(shown, person), person.language
        )
        if self._stage.person is not person:
            return  # the failsafe screen came in between; the report is owed all the same
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
        if isinstance(person.paper, OwnInvoice) and person.own is not None:
            person.back.append(WaysShown())
        if person.paper is not None:
            person.back.append(person.paper)
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


def _same_paper(before: m.Printable | None, now: m.Printable) -> bool:
    """Whether a slip of `now` is a copy of the one of `before`."""
    if isinstance(before, m.VerdictShown) and isinstance(now, m.VerdictShown):
        return (before.reference, before.verdict, before.at) == (
            now.reference,
            now.verdict,
            now.at,
        )
    if isinstance(before, m.BatchShown) and isinstance(now, m.BatchShown):
        return before.lines == now.lines
    if isinstance(before, m.ApplicationTold) and isinstance(now, m.ApplicationTold):
        return (before.ticket, before.state) == (now.ticket, now.state)
    if isinstance(before, OwnInvoice) and isinstance(now, OwnInvoice):
        return (before.line, before.at) == (now.line, now.at)
    if isinstance(before, m.ApplicationKept) and isinstance(now, m.ApplicationKept):
        return before.ticket == now.ticket
    if isinstance(before, m.CaseKept) and isinstance(now, m.CaseKept):
        return before.ticket == now.ticket
    return False


def _tickets(shown: m.Printable, person: Person) -> tuple[Ticket, ...]:
    """The tickets whose codes belong on the slip."""
    if isinstance(shown, m.BatchShown):
        return tuple(result.ticket for result in person.results if result.ticket is not None)
    if isinstance(shown, OwnInvoice):
        return ()
    return () if person.ticket is None else (person.ticket,)


def _ticket_slip(shown: m.Printable) -> str:
    """The number of the ticket slip that belongs to what is shown; "" for an answered verdict.

    The slip of an answer is another slip than the ticket it was given for, not a copy of it.
    """
    if isinstance(shown, m.CaseKept | m.ApplicationKept):
        return shown.ticket.number
    if (
        isinstance(shown, m.BatchShown | m.ApplicationTold | OwnInvoice)
        or shown.ticket is None
        or shown.verdict is not Verdict.UNAVAILABLE
    ):
        return ""
    return shown.ticket.number
