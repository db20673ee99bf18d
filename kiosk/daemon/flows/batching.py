"""Several invoices in a row, by one person: remembered until the visit ends, for one slip."""

import msgspec

from einvoice.ticket import Ticket
from einvoice.verdict import Source, Verdict
from kiosk import messages as m
from kiosk.daemon.stage import MAX_RESULTS, Person, Result, Stage


class BatchFlow:
    """Shows all invoices of a visit."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def intend(self, intent: m.Intent) -> bool:
        """汇总."""
        if not isinstance(intent, m.ShowBatch):
            return False
        stage, results = self._stage, self._stage.person.results
        least = {m.VerdictShown: 2, m.Home: 1}.get(type(stage.situation))
        if least is not None and len(results) >= least:
            stage.step_to(batch_of(stage))
        return True

    def tick(self) -> None:
        """Nothing here waits for time."""


def batch_of(stage: Stage) -> m.BatchShown:
    """All that was found out in this visit."""
    results = stage.person.results
    return m.BatchShown(
        lines=tuple(
            m.BatchLine(
                reference=one.shown.reference,
                verdict=one.shown.verdict,
                ticket=one.shown.ticket,
            )
            for one in results
        ),
        at=stage.clock.now(),
        is_full=len(results) >= MAX_RESULTS,
        cannot_print=stage.around.cannot_print,
    )


def remember(person: Person, verdict: m.VerdictShown) -> m.VerdictShown:
    """Keep what was found out, once for each invoice; back comes what is to be shown.

    What the person is shown last of an invoice stands. When there is no place any more, the
    verdict is shown all the same, and the slip of all says that it is full.
    """
    is_put_off = verdict.verdict is Verdict.UNAVAILABLE
    result = Result(verdict, person.ticket if is_put_off else None)
    known = [one.shown.reference for one in person.results]
    if verdict.reference in known:
        person.results[known.index(verdict.reference)] = result
    elif len(known) < MAX_RESULTS:
        person.results.append(result)
    shown = msgspec.structs.replace(verdict, in_visit=len(person.results))
    person.paper = shown
    return shown


def ticket_numbers(batch: m.BatchShown) -> list[str]:
    """Numbers of the tickets that were given for invoices of a batch."""
    return [
        line.ticket.number
        for line in batch.lines
        if line.ticket is not None and line.verdict is Verdict.UNAVAILABLE
    ]


def batch_results(batch: m.BatchShown, tickets: tuple[Ticket, ...]) -> list[Result]:
    """What a person had found out, from what their slip was of.

    Evidence and names are gone with the daemon that knew them.
    """
    by_number = {ticket.number: ticket for ticket in tickets}
    return [
        Result(
            m.VerdictShown(
                verdict=line.verdict,
                source=Source.TERMINAL,
                at=batch.at,
                reference=line.reference,
                evidence=(),
                ticket=line.ticket,
            ),
            None if line.ticket is None else by_number.get(line.ticket.number),
        )
        for line in batch.lines
    ]
