"""The answer at the head of a screen: a shape, a word and a colour."""

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.theme import Tone


class Banner(BoxLayout):
    """Title, one sentence, what to do; beside or under a round shape.

    Attributes:
        tid: the parts are `<tid>.title`, `<tid>.sentence` and `<tid>.next`.
        tone: the colours of the meaning.
        icon: the shape.
        tall: stands alone and fills its place, the shape above centred words.
    """

    tid = StringProperty("banner")
    tone = ObjectProperty(look.theme.UNSAID, rebind=True)
    icon = ObjectProperty(Icon.INFO)
    title = StringProperty("")
    sentence = StringProperty("")
    advice = StringProperty("")
    tall = BooleanProperty(False)


class Seal(BoxLayout):
    """The round shape with its icon."""

    tone: Tone = ObjectProperty(look.theme.UNSAID, rebind=True)
    icon = ObjectProperty(Icon.INFO)


load_kv(__file__)
