"""The slips: of a verdict, and of a request whose answer comes later.

A slip says what the screen said, in the words of the same catalogue, and under it
who said so and when. Parties stay masked. The QR of a ticket slip lets any terminal
find the answer; the QR of a verification slip is a fresh query for the same invoice.
"""

from dataclasses import dataclass
from decimal import Decimal

from drivers.printers.paper import Align, Document, Element, Feed, Pair, Qr, Rule, Size, Text
from einvoice import qr_writer, ticket
from einvoice.kinds import FourthField
from einvoice.verdict import Verdict
from kiosk.daemon.views import reference_of
from kiosk.messages import ComparedView, ReferenceView, VerdictShown
from kiosk.text.catalogue import Catalogue
from kiosk.text.formats import compared, day, grouped, moment, money

WIDE_COLUMNS = 40
"""From this width on the verdict is printed in double width; below it only in double height."""

MAX_COMPARED = 4
"""Findings of one check on a slip; the screen has all of them."""


@dataclass(frozen=True, slots=True)
class SlipHead:
    """What every slip carries beside its verdict.

    Attributes:
        number: the slip's own number.
        copy: 0, or n for the n-th reprint (补打).
        columns: characters of single width on a line of this printer.
        is_sandbox: what it says is made up, by a service for trying.
        is_training: it is made up because somebody trains.
    """

    hall: str
    terminal: str
    number: str
    copy: int
    columns: int
    is_sandbox: bool = False
    is_training: bool = False


def verdict_slip(shown: VerdictShown, head: SlipHead, words: Catalogue) -> Document:
    """The slip of a verdict that somebody who knows has given."""
    key = shown.verdict.value
    return Document(
        (
            *slip_head(words.say("slip.title"), head, words),
            *_verdict(words.say(f"verdict.{key}.title"), _sentence(shown, words), head),
            Rule(),
            *_fields(shown, words),
            Rule(),
            *_evidence(shown, words),
            Pair(words.say("slip.source"), words.say(f"source.{shown.source.value}")),
            Pair(words.say("slip.asked_at"), moment(words, shown.at)),
            Rule(),
            *_ask_again(shown, words),
            *slip_foot(head, words),
        )
    )


def ticket_slip(
    shown: VerdictShown, given: ticket.Ticket, head: SlipHead, words: Catalogue
) -> Document:
    """The slip for an answer that comes later. Its first line says what it is for."""
    registered_at = shown.at if shown.ticket is None else shown.ticket.registered_at
    return Document(
        (
            Text(words.say("slip.ticket_purpose"), _large(head), Align.CENTRE, bold=True),
            Feed(1),
            *slip_head(words.say("slip.ticket_title"), head, words),
            Rule(),
            *_verdict(
                words.say("verdict.UNAVAILABLE.title"),
                words.say("verdict.UNAVAILABLE.sentence"),
                head,
                large=False,
            ),
            Rule(),
            *_fields(shown, words),
            Pair(words.say("slip.registered_at"), moment(words, registered_at)),
            Rule(),
            Qr(ticket.to_text(given)),
            Text(words.say("slip.ticket_everywhere"), align=Align.CENTRE),
            *slip_foot(head, words),
        )
    )


def _large(head: SlipHead) -> Size:
    return Size.LARGE if head.columns >= WIDE_COLUMNS else Size.TALL


def slip_head(title: str, head: SlipHead, words: Catalogue) -> list[Element]:
    """Hall, what it is, and whether it is a copy. That it is made up, `slip_of` says above it."""
    lines: list[Element] = [Text(head.hall, align=Align.CENTRE), Text(title, align=Align.CENTRE)]
    if head.copy:
        copy = words.say("slip.copy", copy=head.copy)
        lines.append(Text(copy, Size.TALL, Align.CENTRE, bold=True))
    return lines


def _verdict(title: str, sentence: str, head: SlipHead, *, large: bool = True) -> list[Element]:
    size = _large(head) if large else Size.NORMAL
    lines: list[Element] = [Text(title, size, Align.CENTRE, bold=True)]
    if large:
        # A large line is as high as two; without this its sentence touches it.
        lines.append(Feed(1))
    if sentence:
        lines.append(Text(sentence, align=Align.CENTRE))
    return lines


def _sentence(shown: VerdictShown, words: Catalogue) -> str:
    if shown.verdict is Verdict.INVALID_INPUT:
        return words.say_first(f"reason.{shown.reason}", "reason.other")
    return words.say(f"verdict.{shown.verdict.value}.sentence")


def reference_fields(reference: ReferenceView, words: Catalogue) -> list[Element]:
    """The fields of an invoice, as they were asked."""
    fields = [("kind", words.say(f"kind.{reference.kind.value}"))]
    if reference.code:
        fields.append(("code", grouped(reference.code)))
    fields.append(("number", grouped(reference.number)))
    fields.append(("issued_on", day(words, reference.issued_on)))
    asked = _asked_amount(reference)
    if asked is not None:
        fields.append((asked[0], money(words, asked[1])))
    if reference.check_code:
        fields.append(("check_code", reference.check_code))
    return [Pair(words.say(f"slip.{label}"), value) for label, value in fields]


def _fields(shown: VerdictShown, words: Catalogue) -> list[Element]:
    asked = _asked_amount(shown.reference)
    fields: list[tuple[str, str]] = []
    if shown.total_with_tax is not None and (asked is None or asked[0] != "total_with_tax"):
        fields.append(("total_with_tax", money(words, shown.total_with_tax)))
    if shown.seller_masked:
        fields.append(("seller", shown.seller_masked))
    if shown.void_on is not None:
        fields.append(("void_on", day(words, shown.void_on)))
    if shown.red_on is not None:
        fields.append(("red_on", day(words, shown.red_on)))
    if shown.red_number:
        fields.append(("red_number", grouped(shown.red_number)))
    if shown.original_number:
        fields.append(("original_number", grouped(shown.original_number)))
    if shown.red_balance is not None:
        fields.append(("red_balance", money(words, shown.red_balance)))
    return [
        *reference_fields(shown.reference, words),
        *(Pair(words.say(f"slip.{label}"), value) for label, value in fields),
    ]


def _asked_amount(reference: ReferenceView) -> tuple[str, Decimal] | None:
    """The amount that was on the invoice: its meaning depends on the kind."""
    if reference.amount is None:
        return None
    if reference.kind.fourth_field is FourthField.TOTAL_WITH_TAX:
        return "total_with_tax", reference.amount
    return "amount_without_tax", reference.amount


def _evidence(shown: VerdictShown, words: Catalogue) -> list[Element]:
    lines: list[Element] = []
    for line in shown.evidence:
        check, finding = line.check.value, line.finding.value
        lines.append(Pair(words.say(f"slip.{check}"), words.say(f"slip.finding.{check}.{finding}")))
        for one in line.compared[:MAX_COMPARED]:
            lines += _compared(one, words)
    return lines


def _compared(one: ComparedView, words: Catalogue) -> list[Element]:
    """Both values: of a field of the record, or in the sentence of a rule."""
    if one.rule:
        key = f"screening.{one.rule}"
        values = {"stated": one.stated, "expected": one.recorded, "line": one.line}
        return [Text(words.say(key, **values))] if key in words else []
    name = words.say_first(f"field.{one.field}", "field.other")
    recorded = compared(words, one.field, one.recorded) or words.say("verdict_screen.not_told")
    return [
        Text(name),
        Pair(f"  {words.say('verdict_screen.stated')}", compared(words, one.field, one.stated)),
        Pair(f"  {words.say('verdict_screen.recorded')}", recorded),
    ]


def _ask_again(shown: VerdictShown, words: Catalogue) -> list[Element]:
    try:
        code = qr_writer.write(reference_of(shown.reference))
    except qr_writer.NoCodeForKind:
        return []
    return [Qr(code), Text(words.say("slip.ask_again"), align=Align.CENTRE)]


def slip_foot(head: SlipHead, words: Catalogue) -> list[Element]:
    """Number, terminal, and what it is not."""
    terminal = words.say("common.terminal", number=head.terminal)
    return [
        Text(f"{head.number}　{terminal}", align=Align.CENTRE),
        Text(words.say("slip.disclaimer"), align=Align.CENTRE),
    ]
