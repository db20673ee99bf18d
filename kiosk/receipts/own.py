"""The slip of an invoice that its holder fetched: what is on record of it, and nothing more."""

from drivers.printers.paper import Document, Element, Pair, Rule, Text
from kiosk.own_messages import OwnInvoice
from kiosk.receipts.slips import SlipHead, slip_foot, slip_head
from kiosk.text.catalogue import Catalogue
from kiosk.text.formats import day, grouped, moment, money


def own_slip(shown: OwnInvoice, head: SlipHead, words: Catalogue) -> Document:
    """Number, date, amount and seller as the platform lists them; the seller masked."""
    line = shown.line
    lines: list[Element] = [
        Text(words.say("field.number")),
        Text(grouped(line.number), bold=True),
    ]
    if line.issued_on is not None:
        lines.append(Pair(words.say("field.issued_on"), day(words, line.issued_on)))
    if line.total_with_tax is not None:
        lines.append(Pair(words.say("field.total_with_tax"), money(words, line.total_with_tax)))
    if line.seller_masked:
        lines.append(Pair(words.say("field.seller"), line.seller_masked))
    if line.is_red:
        lines.append(Text(words.say("own_found.red"), bold=True))
    return Document(
        (
            *slip_head(words.say("slip.own_title"), head, words),
            Rule(),
            *lines,
            Pair(words.say("slip.fetched_at"), moment(words, shown.at)),
            Rule(),
            *slip_foot(head, words),
        )
    )
