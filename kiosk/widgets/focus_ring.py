"""The ring around what the tactile keypad stands on.

Two bands outside the target: one in the colour of cards, one in that of writing. One of them
stands out from whatever is beside it, in both palettes (WCAG 2.2 technique C40), and it is a thick
outline where there was none: not only a colour. It is drawn over everything, so nothing clips it.
"""

from kivy.graphics import Color, InstructionGroup, Line
from kivy.graphics.instructions import Canvas
from kivy.uix.widget import Widget

from kiosk.widgets.look import look
from kiosk.widgets.theme import ring_bands


class FocusRing:
    """Drawn around one widget at a time; follows it.

    Args:
        over: over which it is drawn; fills the window.
    """

    def __init__(self, over: Widget) -> None:
        self._canvas: Canvas = over.canvas.after  # pyright: ignore[reportOptionalMemberAccess] # there from the start on
        self._lines = InstructionGroup()
        self._around: Widget | None = None

    @property
    def around(self) -> Widget | None:
        """What it is around; None while it is not shown."""
        return self._around

    def put(self, widget: Widget | None) -> None:
        """Around this; None takes it away."""
        if widget is not self._around:
            if self._around is not None:
                self._around.unbind(pos=self._draw, size=self._draw)
                self._canvas.remove(self._lines)
            self._around = widget
            if widget is not None:
                widget.bind(pos=self._draw, size=self._draw)
                self._canvas.add(self._lines)
        self._draw()

    def _draw(self, *_: object) -> None:
        self._lines.clear()
        widget = self._around
        if widget is None:
            return
        inner, outer = ring_bands(portrait=look.portrait)
        x, y = widget.to_window(*widget.pos)
        for colour, band, gap in (
            (look.colours.card, inner, 0.0),
            (look.colours.ink, outer, inner),
        ):
            off = gap + band / 2
            box = (x - off, y - off, widget.width + 2 * off, widget.height + 2 * off)
            self._lines.add(Color(*colour))
            self._lines.add(
                # Kivy's width is half of the band.
                Line(rounded_rectangle=(*box, look.space.radius + off), width=band / 2)
            )
