"""Stacked bars over time, with their meaning in words: a row among others."""

from functools import cache
from typing import NamedTuple

from kivy.graphics import Color, Line, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.plotting import TILE, Pattern, gaps, pieces, tile
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Colour


class Series(NamedTuple):
    """What one kind of piece means."""

    words: str
    pattern: Pattern
    colour: Colour


class Plot(Widget):
    """The bars alone.

    Attributes:
        series: what each value of a bar is.
        bars: values of each place, None for no data; see `plotting.pieces`.
        most: the value at the upper edge.
    """

    series = ObjectProperty(())
    bars = ObjectProperty(())
    most = NumericProperty(0)

    def on_kv_post(self, base_widget: object) -> None:
        """Draw once the place is known, and again when it changes."""
        for name in ("pos", "size", "bars", "series", "most"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        canvas = self.canvas
        if canvas is None:
            return
        canvas.clear()
        colours = look.colours
        with canvas:
            Color(*colours.line)
            Rectangle(pos=(self.x, self.top - 1), size=(self.width, 1))
            for piece in pieces(self.bars, self.width, self.height, self.most):
                one: Series = self.series[piece.series]
                _fill(one, self.x + piece.x, self.y + piece.y, piece.width, piece.height)
            Color(*colours.ink_soft)
            Rectangle(pos=(self.x, self.y - 1), size=(self.width, 2))
            for middle, half in gaps(self.bars, self.width):
                _cross(self.x + middle, self.y + half + 4, half)


class Swatch(Widget):
    """How a piece looks, before its words; without a series the mark of "no data"."""

    series = ObjectProperty(None, allownone=True)

    def on_kv_post(self, base_widget: object) -> None:
        """Draw once the place is known, and again when it changes."""
        for name in ("pos", "size", "series"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        canvas = self.canvas
        if canvas is None:
            return
        canvas.clear()
        with canvas:
            if self.series is None:
                Color(*look.colours.ink_soft)
                _cross(self.center_x, self.center_y, min(self.width / 2, TILE))
            else:
                _fill(self.series, self.x, self.y, self.width, self.height)


class Key(BoxLayout):
    """A swatch and its words."""

    tid = StringProperty("")
    series = ObjectProperty(None, allownone=True)
    words = StringProperty("")


class ChartRow(Row):
    """A title, bars, when they begin and end, and what each pattern means.

    Attributes:
        tid: stable name; its parts are `<tid>.most`, `<tid>.from`, `<tid>.until`, `<tid>.0` ...
        title: what is counted.
        upper: what the upper edge is, in words.
        first, last: the first and the last place, in words.
        series, bars, most: as in `Plot`.
        no_data: words for the mark of a place without data; "" where there is none.
    """

    tid = StringProperty("")
    title = StringProperty("")
    upper = StringProperty("")
    first = StringProperty("")
    last_place = StringProperty("")
    series = ObjectProperty(())
    bars = ObjectProperty(())
    most = NumericProperty(0)
    no_data = StringProperty("")

    def on_kv_post(self, base_widget: object) -> None:
        """Build the meanings."""
        meanings = self.ids.meanings
        for number, one in enumerate(self.series):
            meanings.add_widget(Key(tid=f"{self.tid}.{number}", series=one, words=one.words))
        if self.no_data:
            meanings.add_widget(Key(tid=f"{self.tid}.no_data", words=self.no_data))


def _fill(series: Series, x: float, y: float, width: float, height: float) -> None:
    Color(*series.colour)
    if series.pattern is not Pattern.HOLLOW:
        across, down = width / TILE, height / TILE
        Rectangle(
            texture=_texture(series.pattern),
            pos=(x, y),
            size=(width, height),
            tex_coords=(0, 0, across, 0, across, down, 0, down),
        )
    if width > 2 and height > 2:
        Line(rectangle=(x + 0.5, y + 0.5, width - 1, height - 1), width=0.5)


def _cross(x: float, y: float, half: float) -> None:
    Line(points=(x - half, y - half, x + half, y + half), width=1)
    Line(points=(x - half, y + half, x + half, y - half), width=1)


@cache
def _texture(pattern: Pattern) -> Texture:
    """A pattern as a texture that repeats; white, so that `Color` gives it its colour."""
    texture = Texture.create(size=(TILE, TILE), colorfmt="rgba")
    texture.wrap = "repeat"
    texture.mag_filter = texture.min_filter = "nearest"
    dots = bytes(
        part
        for row in tile(pattern)
        for is_filled in row
        for part in (255, 255, 255, 255 if is_filled else 0)
    )
    texture.blit_buffer(dots, colorfmt="rgba", bufferfmt="ubyte")
    return texture


load_kv(__file__)
