"""The answer at the head of a screen: a shape, a word and a colour."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.theme import Tone

LEAST_SEAL = 0.35
"""A shape smaller than this part of its usual size says nothing."""


class Banner(BoxLayout):
    """Title, one sentence, what to do; beside or under a round shape.

    Attributes:
        tid: the parts are `<tid>.title`, `<tid>.sentence` and `<tid>.next`.
        tone: the colours of the meaning.
        icon: the shape.
        tall: the shape above centred words; otherwise the shape beside the words.
        large: with the largest title, where the place is wide.
        natural_height: what words and shape need beside each other, px.
        seal_size: diameter of the shape, px; gives way to the words.
    """

    tid = StringProperty("banner")
    tone = ObjectProperty(look.colours.unsaid, rebind=True)
    icon = ObjectProperty(Icon.INFO)
    title = StringProperty("")
    sentence = StringProperty("")
    advice = StringProperty("")
    tall = BooleanProperty(False)
    large = BooleanProperty(False)
    natural_height = NumericProperty(0)
    seal_size = NumericProperty(0)

    def on_kv_post(self, base_widget: object) -> None:
        """Fit the shape, and again whenever place or words change."""
        for name in ("height", "tall"):
            self.fbind(name, self._fit)
        self.ids.words.fbind("height", self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        if not self.tall:
            # Above many rows the words need the width; alone in a wide place nothing does.
            crowded = look.portrait and look.large
            self.seal_size = look.space.seal * (0.75 if crowded else 1)
            return
        largest = look.space.seal * (1.25 if look.portrait else 1)
        taken = self.ids.words.height + 2 * look.space.inset + 3 * look.space.line
        self.seal_size = min(largest, max(look.space.seal * LEAST_SEAL, self.height - taken))


class Seal(BoxLayout):
    """The round shape with its icon."""

    tone: Tone = ObjectProperty(look.colours.unsaid, rebind=True)
    icon = ObjectProperty(Icon.INFO)


load_kv(__file__)
