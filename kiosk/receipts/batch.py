"""The slip of several invoices, and which slip belongs to what is shown."""

from collections import Counter

from drivers.printers.paper import Align, Document, Element, Feed, Pair, Qr, Rule, Size, Text
from einvoice import ticket
from einvoice.verdict import Verdict
from kiosk.applying_messages import ApplicationKept, ApplicationTold
from kiosk.messages import BatchShown, CaseKept, Printable
from kiosk.own_messages import OwnInvoice
from kiosk.receipts.application import application_answer_slip, application_slip
from kiosk.receipts.case import case_slip
from kiosk.receipts.own import own_slip
from kiosk.receipts.slips import SlipHead, slip_foot, slip_head, ticket_slip, verdict_slip
from kiosk.text.catalogue import Catalogue
from kiosk.text.formats import grouped, moment

SMALL_MODULE_DOTS = 4
"""Of a ticket's code among others: 15 mm wide at 203 dpi, and still read from a slip."""


def slip_of(
    shown: Printable, tickets: tuple[ticket.Ticket, ...], head: SlipHead, words: Catalogue
) -> Document:
    """The slip that belongs to what is on the screen; one that is made up says so first."""
    document = _slip_of(shown, tickets, head, words)
    if not (head.is_sandbox or head.is_training):
        return document
    said = words.say("slip.training" if head.is_training else "slip.sandbox")
    mark = Text(said, Size.TALL, Align.CENTRE, bold=True)
    return Document((mark, Feed(1), *document.elements))


def _slip_of(
    shown: Printable, tickets: tuple[ticket.Ticket, ...], head: SlipHead, words: Catalogue
) -> Document:
    if isinstance(shown, BatchShown):
        return batch_slip(shown, tickets, head, words)
    if isinstance(shown, OwnInvoice):
        return own_slip(shown, head, words)
    if isinstance(shown, CaseKept):
        return case_slip(shown, tickets, head, words)
    if isinstance(shown, ApplicationTold):
        return application_answer_slip(shown, head, words)
    if isinstance(shown, ApplicationKept):
        return application_slip(shown, tickets, head, words)
    if shown.verdict is Verdict.UNAVAILABLE and tickets:
        return ticket_slip(shown, tickets[0], head, words)
    return verdict_slip(shown, head, words)


def batch_slip(
    shown: BatchShown, tickets: tuple[ticket.Ticket, ...], head: SlipHead, words: Catalogue
) -> Document:
    """All invoices of a visit: one line each, then the codes of the answers to come."""
    counts = Counter(line.verdict for line in shown.lines)
    lines: list[Element] = []
    for line in shown.lines:
        verdict = words.say(f"slip.short.{line.verdict.value}")
        if line.reference.code:
            lines.append(Text(grouped(line.reference.code)))
        lines.append(Pair(grouped(line.reference.number), verdict))
    follow: list[Element] = []
    if tickets:
        follow = [Rule(), Text(words.say("slip.batch_tickets"), align=Align.CENTRE, bold=True)]
        invoices = {
            line.ticket.number: line.reference.number
            for line in shown.lines
            if line.ticket is not None
        }
        for one in tickets:
            follow += [Qr(ticket.to_text(one), SMALL_MODULE_DOTS)]
            follow += [Text(one.number, align=Align.CENTRE)]
            if one.number in invoices:
                follow += [Text(grouped(invoices[one.number]), align=Align.CENTRE)]
    return Document(
        (
            *slip_head(words.say("slip.batch_title"), head, words),
            Text(
                words.say("slip.batch_count", count=len(shown.lines)),
                Size.TALL,
                Align.CENTRE,
                bold=True,
            ),
            Rule(),
            *lines,
            Rule(),
            *(
                Pair(
                    words.say(f"slip.short.{verdict.value}"),
                    words.say("slip.batch_pieces", count=count),
                )
                for verdict, count in counts.items()
            ),
            Pair(words.say("slip.asked_at"), moment(words, shown.at)),
            *follow,
            Rule(),
            *slip_foot(head, words),
        )
    )
