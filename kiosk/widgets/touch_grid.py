"""The window in fields: each marks itself when a finger has been on it."""

from collections.abc import Callable
from typing import Literal

from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class TouchGrid(AnchorLayout):
    """Fields row by row from the top left. Words stand over them in the middle.

    Attributes:
        columns, rows: how many.
        touched: called with the number of a field, from 0, once for each.
        title, sentence: what to do.
    """

    tid = StringProperty("")
    columns = NumericProperty(1)
    rows = NumericProperty(1)
    title = StringProperty("")
    sentence = StringProperty("")
    touched: Callable[[int], None] = ObjectProperty(None)

    def __init__(self, **kwargs: object) -> None:
        self._answered: set[int] = set()
        super().__init__(**kwargs)
        self.bind(size=self._draw, pos=self._draw)

    def on_touch_down(self, touch: MotionEvent) -> Literal[True]:
        """A finger comes."""
        self._answer(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> Literal[True]:
        """A finger that wipes over fields touches each."""
        self._answer(touch)
        return True

    def _answer(self, touch: MotionEvent) -> None:
        column = int((touch.x - self.x) / self.width * self.columns)
        row = int((self.top - touch.y) / self.height * self.rows)
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            return
        field = row * int(self.columns) + column
        if field not in self._answered:
            self._answered.add(field)
            self.clear_widgets()  # the words would hide what the fields under them say
            self._draw()
            self.touched(field)

    def _draw(self, *_: object) -> None:
        width, height = self.width / self.columns, self.height / self.rows
        canvas = self.canvas
        assert canvas is not None  # noqa: S101 # a widget has one from its beginning on
        canvas.before.clear()
        with canvas.before:
            Color(*look.colours.line)
            Rectangle(pos=self.pos, size=self.size)
            for field in range(int(self.columns * self.rows)):
                row, column = divmod(field, int(self.columns))
                is_answered = field in self._answered
                Color(*(look.colours.good.ground if is_answered else look.colours.card))
                Rectangle(
                    pos=(self.x + column * width + 2, self.top - (row + 1) * height + 2),
                    size=(width - 4, height - 4),
                )


load_kv(__file__)
