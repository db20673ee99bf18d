"""The rows that show two values of one field: given and recorded, or what a rule compared."""

from kiosk.messages import ComparedView, EvidenceView
from kiosk.screens.message_screen import MessageScreen
from kiosk.text import formats
from kiosk.widgets.compared_row import ComparedRow
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


def compared_name(one: ComparedView) -> str:
    """The name of the field."""
    return look.words.say_first(f"field.{one.field}", "field.other")


def compared_row(screen: MessageScreen, one: ComparedView) -> ComparedRow:
    """What was given and what is recorded."""
    words = look.words
    recorded = formats.compared(words, one.field, one.recorded)
    return ComparedRow(
        tid=f"{screen.tag}.{one.field}",
        label=compared_name(one),
        stated_label=screen.say("verdict_screen.stated"),
        stated=formats.compared(words, one.field, one.stated),
        recorded_label=screen.say("verdict_screen.recorded"),
        recorded=recorded or screen.say("verdict_screen.not_told"),
        group="compared",
    )


def screening_rows(screen: MessageScreen, line: EvidenceView) -> list[Row]:
    """What each rule of the screening found, with both values in its sentence."""
    return [
        screen.mark(
            f"{one.rule}.{count}",
            Icon.INFO,
            look.say(
                f"screening.{one.rule}", stated=one.stated, expected=one.recorded, line=one.line
            ),
            tone=Meaning.UNSAID,
        )
        for count, one in enumerate(line.compared)
        if one.rule and f"screening.{one.rule}" in look.words
    ]
