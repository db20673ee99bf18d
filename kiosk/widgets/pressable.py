"""What can be pressed: a box that knows whether a finger is on it."""

from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout

SEEN_S = 0.035
"""How long a press is shown at least, as Kivy's configuration has it by default. Given here,
because each button asks the configuration otherwise, a tenth of a screen's making."""


class Pressable(ButtonBehavior, BoxLayout):  # pyright: ignore[reportIncompatibleMethodOverride] # Kivy's own hints disagree
    """A box to press; `state` is "down" while a finger is on it."""

    def __init__(self, **properties: object) -> None:
        super().__init__(**{"min_state_time": SEEN_S, **properties})
