"""The fields of an application for an invoice, as they are shown."""

from kiosk.applying_messages import ApplicationReview
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row


def application_rows(screen: MessageScreen, wanted: ApplicationReview) -> list[Row]:
    """What is applied for: whom it is for and how much first."""
    name = wanted.buyer
    if wanted.is_name_typed:
        name = screen.say("application_review.typed", name=name)
    rows: list[Row] = [screen.field("buyer", name)]
    if wanted.buyer_tax_id:
        rows.append(screen.field("buyer_tax_id", wanted.buyer_tax_id))
    rows += [
        screen.field("total_with_tax", formats.money(look.words, wanted.total_with_tax)),
        screen.field("item", f"{wanted.item.name}　{formats.percent(wanted.item.rate)}"),
        screen.field("kind", screen.say(f"kind.{wanted.kind.value}")),
        screen.field("seller", wanted.seller),
    ]
    return rows
