"""One field with two values that differ, side by side."""

from kivy.properties import StringProperty

from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row


class ComparedRow(Row):
    """What was given at the left, what is recorded at the right; in narrow places below it.

    Attributes:
        label: name of the field.
        stated_label, stated: what was given.
        recorded_label, recorded: what the record says.
    """

    tid = StringProperty("")
    label = StringProperty("")
    stated_label = StringProperty("")
    stated = StringProperty("")
    recorded_label = StringProperty("")
    recorded = StringProperty("")

    def on_kv_post(self, base_widget: object) -> None:
        """Fit once the kv values are there, and again when the width changes."""
        self.fbind("width", self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        ids = self.ids
        widest = max(
            part.natural_width
            for part in (ids.stated_label, ids.stated, ids.recorded_label, ids.recorded)
        )
        room = self.width - 2 * look.space.inset - look.space.gap
        ids.both.orientation = "horizontal" if 2 * widest <= room else "vertical"


load_kv(__file__)
