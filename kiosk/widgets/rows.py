"""The lines that stand in cards: a label with its value, a mark with its sentence."""

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class Row(BoxLayout):
    """A line of a card. Its height follows its width.

    Attributes:
        group: rows of one group share a card.
        last: no hairline below.
    """

    group = StringProperty("")
    last = BooleanProperty(False)


class FieldRow(Row):
    """A label at the left and its value at the right; below each other where both do not fit."""

    tid = StringProperty("")
    label = StringProperty("")
    value = StringProperty("")

    def on_kv_post(self, base_widget: object) -> None:
        """Fit once the kv values are there, and again when the width changes."""
        for name in ("width", "label", "value"):
            self.fbind(name, self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        label, value = self.ids.label, self.ids.value
        beside = label.natural_width + value.natural_width + look.space.gap
        room = self.width - self.padding[0] - self.padding[2]
        if beside <= room:
            self.orientation = "horizontal"
            self.spacing = look.space.gap
            label.size_hint_x = None
            label.width = label.natural_width + 2
            value.halign = "right"
        else:
            self.orientation = "vertical"
            self.spacing = 0
            label.size_hint_x = 1
            value.halign = "left"


class MarkRow(Row):
    """A sentence with a mark before it: one piece of evidence, one step, one remark.

    Attributes:
        tone: whose colour the mark takes.
    """

    tid = StringProperty("")
    icon = ObjectProperty(Icon.INFO)
    words = StringProperty("")
    tone = ObjectProperty(look.colours.unsaid, rebind=True)


class AnswerRow(Row):
    """A question or step, and its answer, with a large mark before both."""

    tid = StringProperty("")
    mark = StringProperty("")
    question = StringProperty("")
    answer = StringProperty("")


load_kv(__file__)
