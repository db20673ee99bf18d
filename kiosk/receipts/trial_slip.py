"""The slip of a trial: what a technician looks at to see that a printer prints as it should."""

from datetime import datetime

from drivers.printers.paper import Align, Document, Feed, Pair, Qr, Rule, Size, Text
from kiosk.text.catalogue import Catalogue
from kiosk.text.formats import moment

_RARE = "㐀䶮𠮷"
"""Characters that few printers' fonts have: they must come out drawn, never as `?`."""


def trial_slip(
    words: Catalogue, *, hall: str, terminal: str, printer: str, model: str, at: datetime
) -> Document:
    """A slip with everything that can go wrong on paper, and nothing about an invoice.

    Args:
        words: sentences of one language.
        hall: name of the hall.
        terminal: number of the terminal.
        printer: name of the printer.
        model: title of its profile.
        at: when it is printed.
    """
    return Document(
        (
            Text(hall, align=Align.CENTRE),
            Text(words.say("trial_slip.title"), Size.LARGE, Align.CENTRE, bold=True),
            Text(words.say("trial_slip.purpose"), align=Align.CENTRE),
            Rule(),
            Pair(words.say("slip.terminal"), words.say("common.terminal", number=terminal)),
            Pair(words.say("trial_slip.printer"), printer),
            Pair(words.say("trial_slip.model"), model),
            Pair(words.say("trial_slip.printed_at"), moment(words, at)),
            Rule(),
            Text(words.say("trial_slip.characters")),
            Text(f"0123456789 ￥1,234.56 {_RARE}"),
            Text(words.say("trial_slip.tall"), Size.TALL),
            Qr(f"{terminal} {printer} {at:%Y-%m-%d %H:%M:%S}"),
            Feed(1),
            Text(words.say("slip.disclaimer"), align=Align.CENTRE),
        )
    )
