"""What can be pressed: a box that knows whether a finger is on it."""

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout


class Pressable(ButtonBehavior, BoxLayout):  # pyright: ignore[reportIncompatibleMethodOverride] # Kivy's own hints disagree
    """A box to press; `state` is "down" while a finger is on it."""
