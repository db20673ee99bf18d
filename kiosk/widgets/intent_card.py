"""The large cards of the home screen."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.pressable import Pressable


class IntentCard(Pressable):
    """Something a person may want: an icon, its name, and a hint. The whole card is pressed.

    Attributes:
        brief: without the hint, where the place is scarce.
        modest: its name in smaller letters, where that is not enough.
        natural_height: what its words need, px; without the hint `brief_height`.
    """

    brief = BooleanProperty(False)
    modest = BooleanProperty(False)
    natural_height = NumericProperty(0)
    brief_height = NumericProperty(0)
    tid = StringProperty("")
    icon = ObjectProperty(Icon.INFO)
    words = StringProperty("")
    hint = StringProperty("")


load_kv(__file__)
