"""The fields of an invoice as rows: the same order and the same formats everywhere."""

from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField
from kiosk.messages import ReferenceView
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row


def reference_rows(screen: MessageScreen, reference: ReferenceView | InvoiceReference) -> list[Row]:
    """Kind, code, number, date, amount and check code: those that there are."""
    rows: list[Row] = [screen.field("kind", look.say(f"kind.{reference.kind.value}"))]
    if reference.code:
        rows.append(screen.field("code", formats.grouped(reference.code)))
    rows.append(screen.field("number", formats.grouped(reference.number)))
    rows.append(screen.field("issued_on", formats.day(look.words, reference.issued_on)))
    if reference.amount is not None:
        amount = formats.money(look.words, reference.amount)
        rows.append(screen.field(amount_name(reference), amount))
    if reference.check_code:
        rows.append(screen.field("check_code", reference.check_code))
    return rows


def amount_name(reference: ReferenceView | InvoiceReference) -> str:
    """What the amount of a reference is, by its kind."""
    if reference.kind.fourth_field is FourthField.TOTAL_WITH_TAX:
        return "total_with_tax"
    return "amount_without_tax"
