"""The slips of applications for invoices. None of them is an invoice, and each says so."""

from drivers.printers.paper import Align, Document, Element, Feed, Pair, Qr, Rule, Size, Text
from einvoice import ticket
from kiosk.applying_messages import ApplicationKept, ApplicationTold
from kiosk.receipts.slips import WIDE_COLUMNS, SlipHead, slip_foot, slip_head
from kiosk.text.catalogue import Catalogue
from kiosk.text.formats import day, grouped, moment, money


def application_slip(
    shown: ApplicationKept,
    tickets: tuple[ticket.Ticket, ...],
    head: SlipHead,
    words: Catalogue,
) -> Document:
    """The receipt of an application (申请回执), with the code that tells the number later."""
    wanted = shown.application
    fields = [("seller", wanted.seller), ("kind", words.say(f"kind.{wanted.kind.value}"))]
    fields += [("item", wanted.item.name), ("buyer", wanted.buyer)]
    if wanted.is_name_typed:
        fields.append(("buyer_name", words.say("slip.name_typed")))
    if wanted.buyer_tax_id:
        fields.append(("buyer_tax_id", wanted.buyer_tax_id))
    fields.append(("total_with_tax", money(words, wanted.total_with_tax)))
    fields.append(("registered_at", moment(words, shown.ticket.registered_at)))
    later = "slip.application_later" if wanted.without_service else "slip.application_soon"
    return Document(
        (
            Text(words.say("slip.application_purpose"), large(head), Align.CENTRE, bold=True),
            Feed(1),
            *slip_head(words.say("slip.application_title"), head, words),
            Rule(),
            Text(words.say("slip.application_no_invoice"), align=Align.CENTRE, bold=True),
            Text(words.say(later), align=Align.CENTRE),
            Rule(),
            *(Pair(words.say(f"slip.{label}"), value) for label, value in fields),
            Rule(),
            *(Qr(ticket.to_text(one)) for one in tickets),
            Text(words.say("slip.ticket_everywhere"), align=Align.CENTRE),
            *slip_foot(head, words),
        )
    )


def application_answer_slip(shown: ApplicationTold, head: SlipHead, words: Catalogue) -> Document:
    """What became of an application."""
    fields: list[Element] = []
    if shown.number:
        fields.append(Pair(words.say("slip.number"), grouped(shown.number)))
    if shown.issued_on is not None:
        fields.append(Pair(words.say("slip.issued_on"), day(words, shown.issued_on)))
    fields += [
        Pair(words.say("slip.total_with_tax"), money(words, shown.total_with_tax)),
        Pair(words.say("slip.ticket_number"), shown.ticket.number),
        Pair(words.say("slip.registered_at"), moment(words, shown.ticket.registered_at)),
    ]
    reason: list[Element] = []
    if shown.words:
        reason = [
            Rule(),
            Text(words.say("slip.application_reason"), bold=True),
            Text(shown.words),
            Text(words.say("application.refused_next")),
        ]
    title = words.say(f"application.{shown.state}_title")
    return Document(
        (
            *slip_head(words.say("slip.application_answer_title"), head, words),
            Text(title, large(head), Align.CENTRE, bold=True),
            Feed(1),
            Rule(),
            *fields,
            *reason,
            Rule(),
            *slip_foot(head, words),
        )
    )


def large(head: SlipHead) -> Size:
    """Of the line that says what the slip is about."""
    return Size.LARGE if head.columns >= WIDE_COLUMNS else Size.TALL
