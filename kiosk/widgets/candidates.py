"""Characters to choose from, in two rows; what does not fit comes with 更多."""

from collections.abc import Callable

from kivy.clock import Clock
from kivy.properties import ListProperty, NumericProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.widgets.fonts import ruler
from kiosk.widgets.keypad import KeyButton
from kiosk.widgets.look import look

ROWS = 2


def dealt(widths: list[float], room: float, gap: float, rows: int) -> list[list[list[int]]]:
    """Pages of rows of indices; what is wider than a row is left out.

    Args:
        widths: of the candidates, in order, px.
        room: width of a row, px.
        gap: between two of a row, px.
        rows: on a page.
    """
    lines: list[list[int]] = []
    used = room + 1
    for index, width in enumerate(widths):
        if width > room:
            continue
        if used + gap + width > room:
            lines.append([])
            used = -gap
        lines[-1].append(index)
        used += gap + width
    return [lines[start : start + rows] for start in range(0, len(lines), rows)]


class Candidates(BoxLayout):
    """Pages of words to press.

    Attributes:
        words: in order, the likeliest first.
        page: the page shown, from 0.
        take: called with the index of the word pressed.
    """

    words = ListProperty([])
    page = NumericProperty(0)
    take: Callable[[int], None] = ObjectProperty(None)

    def __init__(self, **kwargs: object) -> None:
        self._settle = Clock.create_trigger(self._show, -1)
        gap = look.space.gap * 0.6
        super().__init__(spacing=gap, size_hint_y=None, height=0, **kwargs)
        for name in ("width", "words", "page"):
            self.fbind(name, self._settle)

    def offer(self, words: tuple[str, ...]) -> None:
        """Show these from the first page on; without any it takes no place."""
        rows = ROWS if words else 0
        self.height = look.space.target * rows + self.spacing * max(0, rows - 1)
        self.page = 0
        self.words = list(words)

    def on_more(self, *_: object) -> None:
        """更多: the next page, and from the last to the first."""
        self.page += 1

    def _show(self, *_: object) -> None:
        self.clear_widgets()
        more_wide = look.space.target * 1.2
        measure = ruler(look.type.body, bold=True).width
        pad = look.type.body
        wide = [max(look.space.target, measure(one) + pad) for one in self.words]
        pages = dealt(wide, self.width - more_wide - self.spacing, self.spacing, ROWS)
        if not pages:
            return
        lines = BoxLayout(orientation="vertical", spacing=self.spacing, size_hint_y=None)
        lines.bind(minimum_height=lines.setter("height"))
        lines.pos_hint = {"top": 1}
        for line in pages[int(self.page) % len(pages)]:
            row = BoxLayout(spacing=self.spacing, size_hint_y=None, height=look.space.target)
            for index in line:
                row.add_widget(self._button(index, wide[index]))
            row.add_widget(Widget())
            lines.add_widget(row)
        self.add_widget(lines)
        if len(pages) > 1:
            more = KeyButton(
                tid="candidate.more",
                words=look.say("enter_name.more"),
                modest=True,
                size_hint_x=None,
                width=more_wide,
            )
            more.bind(on_release=self.on_more)
            self.add_widget(more)

    def _button(self, index: int, wide: float) -> KeyButton:
        button = KeyButton(
            tid=f"candidate.{index}",
            character=self.words[index],
            modest=True,
            size_hint_x=None,
            width=wide,
        )
        button.bind(on_release=lambda _: self.take(index))
        return button
