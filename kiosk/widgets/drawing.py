"""Draws a picture (`kiosk.widgets.pictures`) as large as its place allows, in the look in force."""

from kivy.clock import Clock
from kivy.graphics import (
    Color,
    InstructionGroup,
    Line,
    PopMatrix,
    PushMatrix,
    Rotate,
    SmoothEllipse,
    SmoothRoundedRectangle,
    SmoothTriangle,
)
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pictures.shapes import (
    HIGH,
    WIDE,
    Box,
    Disc,
    Frame,
    Label,
    Paint,
    Path,
    Picture,
    Shape,
    Turned,
    Wedge,
)


class PictureLabel(BoxLayout):
    """Words in a picture: on a pill, or plain and small.

    Attributes:
        words: the sentence.
        room: width that it may take, px.
        plain: without the pill.
    """

    words = StringProperty("")
    room = NumericProperty(0)
    plain = BooleanProperty(False)


class Drawing(FloatLayout):
    """A picture in the middle of its place.

    Attributes:
        picture: what to draw.
    """

    picture: Picture = ObjectProperty(())

    def __init__(self, **kwargs: object) -> None:
        self._redraw = Clock.create_trigger(self._draw, -1)
        super().__init__(**kwargs)
        for name in ("pos", "size", "picture"):
            self.fbind(name, self._redraw)

    def _draw(self, *_: object) -> None:
        canvas = self.canvas
        if canvas is None:
            return
        self.clear_widgets()
        canvas.clear()
        self._u = max(0.5, min(self.width / WIDE, self.height / HIGH))
        self._left = self.center_x - WIDE / 2 * self._u
        self._low = self.center_y - HIGH / 2 * self._u
        for shape in self.picture:
            self._add(shape, canvas)
        for shape in self.picture:
            if isinstance(shape, Label):
                self._say(shape)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._u, self._low + y * self._u

    def _add(self, shape: Shape, canvas: InstructionGroup) -> None:
        u = self._u
        match shape:
            case Box(x, y, wide, high, paint, corner, edge, thick):
                if edge is not None:
                    self._fill(canvas, edge, x, y, wide, high, corner)
                    x, y, wide, high = x + thick, y + thick, wide - 2 * thick, high - 2 * thick
                    corner = max(0.0, corner - thick)
                self._fill(canvas, paint, x, y, wide, high, corner)
            case Frame(x, y, wide, high, paint, corner, thick):
                canvas.add(_colour(paint))
                box = (*self._at(x, y), wide * u, high * u, max(0.01, corner * u))
                canvas.add(Line(rounded_rectangle=box, width=thick * u / 2))
            case Disc(x, y, radius, paint, edge, thick):
                if edge is not None:
                    self._disc(canvas, edge, x, y, radius)
                    radius -= thick
                self._disc(canvas, paint, x, y, radius)
            case Path(points, paint, thick):
                canvas.add(_colour(paint))
                flat = [part for x, y in points for part in self._at(x, y)]
                line = Line(points=flat, width=thick * u / 2, cap="round", joint="round")
                canvas.add(line)
            case Wedge(points, paint):
                canvas.add(_colour(paint))
                flat = [part for x, y in points for part in self._at(x, y)]
                canvas.add(SmoothTriangle(points=flat))
            case Turned(x, y, degrees, shapes):
                canvas.add(PushMatrix())
                canvas.add(Rotate(angle=degrees, origin=self._at(x, y)))
                for one in shapes:
                    self._add(one, canvas)
                canvas.add(PopMatrix())
            case Label():
                pass

    def _fill(
        self,
        canvas: InstructionGroup,
        paint: Paint,
        x: float,
        y: float,
        wide: float,
        high: float,
        corner: float,
    ) -> None:
        u = self._u
        canvas.add(_colour(paint))
        canvas.add(
            SmoothRoundedRectangle(
                pos=self._at(x, y), size=(wide * u, high * u), radius=[max(0.01, corner * u)]
            )
        )

    def _disc(
        self, canvas: InstructionGroup, paint: Paint, x: float, y: float, radius: float
    ) -> None:
        canvas.add(_colour(paint))
        pos, side = self._at(x - radius, y - radius), 2 * radius * self._u
        canvas.add(SmoothEllipse(pos=pos, size=(side, side)))

    def _say(self, label: Label) -> None:
        """Words stay inside the picture's place, however large they are."""
        words = PictureLabel(
            words=look.say(f"picture.{label.key}"),
            room=min(label.room * self._u, self.width * 0.9),
            plain=label.plain,
        )
        x, y = self._at(label.x, label.y)
        half_w, half_h = words.width / 2, words.height / 2
        words.center = (
            min(max(x, self.x + half_w), self.right - half_w),
            min(max(y, self.y + half_h), self.top - half_h),
        )
        self.add_widget(words)


def _colour(paint: Paint) -> Color:
    return Color(*getattr(look.colours, paint.value))


load_kv(__file__)
