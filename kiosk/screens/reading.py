"""What is read aloud of a screen: one sentence on what this is, one on what to do.

Where the catalogue has no sentences for a screen (`voice.<tag>.what` and `.do`), its own
words are read: the title and sentence that stand at its head, and the names of its buttons.
Verdicts are read that way, whole.
"""

from kivy.uix.widget import Widget

from kiosk.messages import MAX_SPOKEN
from kiosk.screens.situation import Situation
from kiosk.widgets.banner import Banner
from kiosk.widgets.buttons import PressButton
from kiosk.widgets.intent_card import IntentCard
from kiosk.widgets.look import look
from kiosk.widgets.overlay import Overlay
from kiosk.widgets.text import Text
from kiosk.widgets.wrapping import plain

_ENDS = tuple("。！？：；，.!?:;,")
_HEADS = ("title", "sentence", "hint", "next")


def reading_of(screen: Situation) -> str:
    """What to read of a screen."""
    words, key = look.words, f"voice.{screen.tag}"
    what = words.say(f"{key}.what") if f"{key}.what" in words else joined(_head(screen))
    do = words.say(f"{key}.do") if f"{key}.do" in words else _offers(screen)
    return joined([what, do])[:MAX_SPOKEN]


def reading_of_overlay(overlay: Overlay) -> str:
    """What to read of what lies over a screen."""
    return joined([overlay.title, overlay.sentence, look.say("voice.press", names=overlay.button)])


def name_of(widget: Widget) -> str:
    """What to read of something that can be pressed."""
    hint = "" if getattr(widget, "brief", False) else getattr(widget, "hint", "")
    words = getattr(widget, "words", "") or getattr(widget, "character", "")
    return joined([words, hint])


def joined(sentences: list[str]) -> str:
    """Sentences one after the other, each with its end."""
    stop = look.say("voice.stop")
    told = [plain(sentence).strip() for sentence in sentences]
    return "".join(s if s.endswith(_ENDS) else s + stop for s in told if s)


def _head(screen: Situation) -> list[str]:
    for widget in screen.walk(restrict=True):
        if isinstance(widget, Banner):
            return [widget.title, widget.sentence, widget.advice]
    texts = [one for one in screen.walk(restrict=True) if isinstance(one, Text) and one.tid]
    named = {one.tid.rpartition(".")[2]: one.words for one in reversed(texts)}
    return [named[name] for name in _HEADS if name in named]


def _offers(screen: Situation) -> str:
    buttons = [
        plain(one.words)
        for one in screen.walk(restrict=True)
        if isinstance(one, PressButton | IntentCard) and not one.disabled and one.opacity
        if not one.tid.startswith("key.")
    ]
    if not buttons:
        return ""
    return look.say("voice.press", names=look.say("voice.or").join(buttons))
