"""The person's invoices, to choose one."""

from kiosk.own_messages import ChooseInvoice, FoundLine, FoundShown
from kiosk.screens.answers_screen import AnswersScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.do_row import DoRow
from kiosk.widgets.look import look


class FoundScreen(AnswersScreen):
    """One line for each, with its button."""

    tag = "own_found"
    view: FoundShown

    def compose(self) -> None:
        """Fill the parts."""
        lines = self.view.lines
        self.fill(
            title=self.say("own_found.title", count=len(lines)),
            rows=[self._row(place, line) for place, line in enumerate(lines)],
        )

    def _row(self, place: int, line: FoundLine) -> DoRow:
        choose = Action(
            f"own_found.choose_{place}",
            None,
            self.say("own_found.choose"),
            lambda: self.intend(lambda turn: ChooseInvoice(turn=turn, line=place)),
        )
        return DoRow(
            tid=f"own_found.{place}",
            words=formats.grouped(line.number),
            note=self.say("own_found.join").join(facts_of(line)),
            actions=(choose,),
            group=str(place),
        )


def facts_of(line: FoundLine) -> list[str]:
    """What is known of an invoice beside its number, each as it is read."""
    facts: list[str] = []
    if line.is_red:
        facts.append(look.say("own_found.red"))
    if line.total_with_tax is not None:
        facts.append(formats.money(look.words, line.total_with_tax))
    if line.issued_on is not None:
        facts.append(formats.day(look.words, line.issued_on))
    if line.seller_masked:
        facts.append(line.seller_masked)
    return facts
