"""The ticket slip of an invoice that is looked for day by day."""

from drivers.printers.paper import Align, Document, Feed, Pair, Qr, Rule, Size, Text
from einvoice import ticket
from kiosk.messages import CaseKept
from kiosk.receipts.slips import WIDE_COLUMNS, SlipHead, reference_fields, slip_foot, slip_head
from kiosk.text.catalogue import Catalogue
from kiosk.text.formats import moment


def case_slip(
    shown: CaseKept, tickets: tuple[ticket.Ticket, ...], head: SlipHead, words: Catalogue
) -> Document:
    """What is done, for how long, and the code that tells the answer at any terminal."""
    size = Size.LARGE if head.columns >= WIDE_COLUMNS else Size.TALL
    return Document(
        (
            Text(words.say("slip.ticket_purpose"), size, Align.CENTRE, bold=True),
            Feed(1),
            *slip_head(words.say("slip.case_title"), head, words),
            Rule(),
            Text(words.say("slip.case_sentence", days=shown.days), align=Align.CENTRE, bold=True),
            Text(words.say("slip.case_not_false"), align=Align.CENTRE),
            Rule(),
            *reference_fields(shown.reference, words),
            Pair(words.say("slip.registered_at"), moment(words, shown.ticket.registered_at)),
            Rule(),
            *(Qr(ticket.to_text(one)) for one in tickets),
            Text(words.say("slip.ticket_everywhere"), align=Align.CENTRE),
            *([Text(words.say("slip.case_letter"), align=Align.CENTRE)] if shown.by_letter else []),
            *slip_foot(head, words),
        )
    )
