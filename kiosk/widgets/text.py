"""Text and icons: every word on a screen is one of these."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.label import Label

from kiosk.widgets.fonts import ICONS, UI, ruler
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.wrapping import plain, wrap


class Text(Label):
    """A sentence as wide as its place, as high as its lines.

    Attributes:
        tid: stable name for tests; empty for decoration.
        words: the sentence, with break hints; `text` is what it becomes.
        hug: take no more width than the lines need (for centred groups), at most `room`.
        room: width to stay within when hugging, px.
        hidden: takes no place; `full_height` still says how much it would need.
        full_height: height of the lines, px.
    """

    tid = StringProperty("")
    words = StringProperty("")
    hug = BooleanProperty(False)
    room = NumericProperty(0)
    hidden = BooleanProperty(False)
    full_height = NumericProperty(0)

    def on_kv_post(self, base_widget: object) -> None:
        """Fit once the kv values are there, and again at each change of them."""
        for name in ("words", "width", "font_size", "bold", "room", "hug", "hidden"):
            self.fbind(name, self._fit)
        self._fit()

    @property
    def natural_width(self) -> float:
        """Width of the sentence on one line, px."""
        return ruler(self.font_size, bold=self.bold).width(plain(self.words))

    def _fit(self, *_: object) -> None:
        measure = ruler(self.font_size, bold=self.bold).width
        room = self.room if self.hug else self.width
        if not self.words:
            self.text = ""
            self.height = self.full_height = 0
            return
        if room <= 1:
            return
        lines = wrap(self.words, room, measure)
        if self.hug:
            self.width = min(room, max(measure(line) for line in lines) + 1)
        self.text = "\n".join(lines)
        self.text_size = (self.width, None)
        self.texture_update()
        self.full_height = self.texture_size[1]
        self.height = 0 if self.hidden else self.full_height
        self.opacity = 0 if self.hidden else 1


class IconMark(Label):
    """One icon. Give it a `font_size`; it is as large as that."""

    icon = ObjectProperty(Icon.INFO)

    def on_kv_post(self, base_widget: object) -> None:
        """Show the icon, and any that replaces it."""
        self.fbind("icon", self._show)
        self._show()

    def _show(self, *_: object) -> None:
        """Show the icon's character, from the font that has it."""
        icon: Icon = self.icon
        self.font_name = UI if icon.in_text_font else ICONS
        self.bold = icon.in_text_font
        self.text = icon.value


load_kv(__file__)
