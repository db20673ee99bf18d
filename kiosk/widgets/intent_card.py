"""The large cards of the home screen."""

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv


class IntentCard(ButtonBehavior, BoxLayout):
    """Something a person may want: an icon, its name, and a hint. The whole card is pressed."""

    tid = StringProperty("")
    icon = ObjectProperty(Icon.INFO)
    words = StringProperty("")
    hint = StringProperty("")


load_kv(__file__)
