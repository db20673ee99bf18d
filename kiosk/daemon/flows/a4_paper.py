"""An invoice on A4: one at a time, each followed to its end, and 补打 with its count.

While one is on its way the visit cannot end and nothing else is pressed but 不打了; so no paper
comes out before the next person. The page itself is never changed: that it is a reprint stands on
the screen, in the report and in the audit.
"""

import msgspec

from drivers.documents.outcome import A4Printing, A4Progress, A4Waiting
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk.daemon.a4 import A4Document, a4_outcome_words
from kiosk.daemon.own_desk import Own, OwnDesk
from kiosk.daemon.stage import Person, Stage
from kiosk.daemon.surroundings import Desk


class A4Flow:
    """Prints the invoice that is held for the person."""

    def __init__(self, stage: Stage, desk: Desk, own: OwnDesk) -> None:
        self._stage = stage
        self._desk = desk
        self._own = own

    def intend(self, intent: m.Intent) -> bool:
        """打印A4, and again."""
        situation = self._stage.situation
        if not isinstance(intent, o.PrintA4):
            return False
        may = isinstance(situation, o.OwnInvoice) and situation.has_file
        may = may or (isinstance(situation, o.A4Ended) and situation.can_reprint)
        means, own = self._stage.around.a4_means, self._stage.person.own
        if may and means is not None and means.can and own is not None and own.pdf:
            self.print(own)
        return True

    def print(self, own: Own) -> None:
        """Print what is held, whatever is shown now."""
        # At once, so that a second press finds no button any more.
        self._stage.step_to(o.A4Running(number=own.a4_number))
        self._stage.start(self._printed(self._stage.person, own))

    def cancel(self) -> None:
        """不打了."""
        running = self._stage.situation
        if isinstance(running, o.A4Running) and not running.is_cancelling:
            self._own.cancel_a4()
            self._stage.go(msgspec.structs.replace(running, is_cancelling=True))

    def tick(self) -> None:
        """Nothing here waits for time."""

    async def _printed(self, person: Person, own: Own) -> None:
        numbered = await self._desk.next_print(own.a4_number)
        if numbered is None:
            self._ended(person, own.a4_number, 0, ("failed", "storage"))
            return
        number, copy = numbered
        if copy > self._stage.limits.reprints:
            self._ended(person, number, copy - 1, ("failed", "reprint_limit"))
            return
        own.a4_number = number
        self._stage.go(o.A4Running(number=number, copy=copy))

        def on_progress(progress: A4Progress) -> None:
            running = self._stage.situation
            if self._stage.person is person and isinstance(running, o.A4Running):
                self._stage.go(_with(running, progress))

        outcome = await self._own.print_a4(A4Document(number, copy, own.pdf), on_progress)
        words = ("failed", "storage") if outcome is None else a4_outcome_words(outcome)
        self._ended(person, number, copy, words)

    def _ended(self, person: Person, number: str, copy: int, outcome: tuple[str, str]) -> None:
        stage = self._stage
        if stage.person is not person:
            return  # the failsafe screen came in between; the report is owed all the same
        stage.touched()
        # From a reprint 返回 leads to the invoice, not to how the print before it ended.
        person.back = [one for one in person.back if not isinstance(one, o.A4Ended)]
        word, why = outcome
        stage.go(
            o.A4Ended(
                number=number,
                outcome=word,
                why=why,
                copy=copy,
                can_reprint=word != "proven" and copy < stage.limits.reprints,
                a4=stage.around.a4_means,
            )
        )


def _with(running: o.A4Running, progress: A4Progress) -> o.A4Running:
    match progress:
        case A4Printing(sheets):
            return msgspec.structs.replace(running, sheets=sheets, waits_for="")
        case A4Waiting(cause):
            return msgspec.structs.replace(running, waits_for=cause.value)
