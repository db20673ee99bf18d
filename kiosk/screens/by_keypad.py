"""The screen, used with the tactile keypad instead of a finger.

A press is handed on as a touch in the middle of what is pressed: it goes the way of every touch,
with the same second presses thrown away and the same signs that somebody is here. Staff's pages
are left with the keypad and not used with it.
"""

from collections.abc import Iterator
from typing import ClassVar, Protocol

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input import MotionEvent
from kivy.uix.widget import Widget

from kiosk.keypad_messages import KeypadKey
from kiosk.screens.focus import Focus, Target
from kiosk.screens.reading import joined, name_of, reading_of, reading_of_overlay
from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import PressButton
from kiosk.widgets.focus_ring import FocusRing
from kiosk.widgets.keypad import ValueBox
from kiosk.widgets.overlay import Overlay
from kiosk.widgets.pressable import Pressable

SCREEN = "screen"
"""The lowest layer."""
_KEYS = {
    **{key: f"key.{key.value}" for key in KeypadKey if key.value.isdigit()},
    KeypadKey.ERASE: "key.erase",
    KeypadKey.POINT: "key.point",
}
"""Keys of the keypad that are keys on the screen too."""
_FOOTER = {KeypadKey.BACK: "footer.back", KeypadKey.END: "footer.end"}
_STEPS = {KeypadKey.NEXT: 1, KeypadKey.PREVIOUS: -1}
_VOLUME = {KeypadKey.LOUDER: 1, KeypadKey.QUIETER: -1}
_EDGE_PX = 2
"""A touch there is beside every panel."""


class Glass(Protocol):
    """What is asked of the frame."""

    @property
    def layer(self) -> tuple[str, Widget]:
        """The uppermost layer and its name."""
        ...

    @property
    def screen(self) -> Situation | None:
        """The situation below it."""
        ...

    @property
    def is_locked(self) -> bool:
        """Nothing counts: the glass is being wiped."""
        ...

    @property
    def is_staffs(self) -> bool:
        """A page of staff is shown."""
        ...

    def noticed(self) -> None:
        """Somebody is here."""
        ...

    def say(self, text: str) -> None:
        """Read this, if the screen is read aloud."""
        ...

    def repeat(self) -> None:
        """Read what is shown; where nothing was read so far, begin to."""
        ...

    def change_volume(self, by: int) -> None:
        """Louder (1) or quieter (-1)."""
        ...


class KeypadTouch(MotionEvent):
    """A touch that a key makes.

    Args:
        x: px from the left.
        y: px from the bottom.
    """

    DEVICE: ClassVar[str] = "tactile_keypad"

    def __init__(self, x: float, y: float) -> None:
        place = {"x": x / (Window.width - 1.0), "y": y / (Window.height - 1.0)}
        super().__init__(self.DEVICE, 1, place, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        """Take the place, 0 to 1 in both directions."""
        self.profile = ["pos"]
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)


class ByKeypad:
    """Keeps the focus and its ring, and does what the keys say.

    Args:
        glass: the frame.
        ring: drawn over it.
    """

    def __init__(self, glass: Glass, ring: FocusRing) -> None:
        self._glass = glass
        self._ring = ring
        self._focus = Focus()
        self._in_use = False
        self.changed = Clock.create_trigger(lambda _: self._place(), 0)
        """What can be pressed may be another: look in the next frame."""

    @property
    def focused(self) -> str:
        """Name of what the ring is around; "" while it is not shown."""
        return str(getattr(self._ring.around, "tid", ""))

    def hide(self) -> None:
        """A finger is used, or nobody is here."""
        self._in_use = False
        self._ring.put(None)

    def forget(self) -> None:
        """Another screen has come: begin at its main action."""
        self._focus.forget()
        self.changed()

    def reading(self) -> str:
        """What is read of the screen; to whom uses the keypad, what is typed and where they are.

        Whoever touches sees what they typed, and it need not be heard by others.
        """
        layer, widget = self._glass.layer
        parts: list[str] = []
        if isinstance(widget, Overlay):
            parts.append(reading_of_overlay(widget))
        elif self._glass.screen is not None:
            parts.append(reading_of(self._glass.screen))
        if self._in_use and not self._glass.is_staffs and not isinstance(widget, Overlay):
            parts += [one.value for one in widget.walk(restrict=True) if isinstance(one, ValueBox)]
            widgets = pressable_in(widget)
            index = self._focus.index(layer, _targets(widgets))
            parts += [] if index is None else [name_of(widgets[index])]
        return joined(parts)

    def pressed(self, key: KeypadKey) -> None:
        """A key of the keypad."""
        glass = self._glass
        if glass.is_locked:
            return
        glass.noticed()
        layer, over = glass.layer
        widgets = pressable_in(over)
        names = {str(widget.tid): widget for widget in widgets}
        if glass.is_staffs:
            if layer == SCREEN and _FOOTER.get(key) in names:
                self._touch(names[_FOOTER[key]])
        elif layer == SCREEN and glass.screen is not None and glass.screen.any_touch_leads_on:
            _touch_at(*glass.screen.to_window(*glass.screen.center))
            if key is KeypadKey.REPEAT:
                glass.repeat()
        elif key in _VOLUME:
            glass.change_volume(_VOLUME[key])
        elif key is KeypadKey.REPEAT:
            self._in_use = True
            glass.repeat()
        elif key in _KEYS:
            if layer == SCREEN and _KEYS[key] in names:
                self._touch(names[_KEYS[key]])
                glass.say(name_of(names[_KEYS[key]]))
        elif key in _FOOTER:
            if layer != SCREEN:
                _touch_at(_EDGE_PX, _EDGE_PX)
            elif _FOOTER[key] in names:
                self._touch(names[_FOOTER[key]])
        elif key in _STEPS:
            self._step(layer, widgets, _STEPS[key])
        else:
            self._press(layer, widgets)
        self.changed()

    def _step(self, layer: str, widgets: list[Pressable], by: int) -> None:
        targets = _targets(widgets)
        if self._in_use and self._focus.stands(layer, targets):
            index = self._focus.step(layer, targets, by)
        else:
            index = self._focus.put(layer, targets)
        self._in_use = True
        if index is not None:
            self._ring.put(widgets[index])
            self._glass.say(name_of(widgets[index]))

    def _press(self, layer: str, widgets: list[Pressable]) -> None:
        """Press what the ring is around; where it is around nothing, show where it would be."""
        targets = _targets(widgets)
        index = self._focus.index(layer, targets)
        if index is None:
            return
        if self._in_use and self._ring.around is widgets[index]:
            self._focus.put(layer, targets)
            self._touch(widgets[index])
        else:
            self._step(layer, widgets, 0)

    def _touch(self, widget: Pressable) -> None:
        _touch_at(*widget.to_window(*widget.center))

    def _place(self) -> None:
        """Put the ring around what the focus is on now."""
        if not self._in_use or self._glass.is_locked or self._glass.is_staffs:
            self._ring.put(None)
            return
        layer, over = self._glass.layer
        widgets = pressable_in(over)
        index = self._focus.put(layer, _targets(widgets))
        self._ring.put(None if index is None else widgets[index])


def pressable_in(over: Widget) -> list[Pressable]:
    """What can be pressed, in reading order: that of the widget tree."""
    return list(_pressable(over))


def _pressable(widget: Widget) -> Iterator[Pressable]:
    if widget.opacity == 0 or widget.disabled:
        return
    if isinstance(widget, Pressable):
        yield widget
        return
    for child in reversed(widget.children):
        yield from _pressable(child)


def _targets(widgets: list[Pressable]) -> list[Target]:
    return [
        Target(str(widget.tid), isinstance(widget, PressButton) and widget.filled)
        for widget in widgets
    ]


def _touch_at(x: float, y: float) -> None:
    touch = KeypadTouch(x, y)
    EventLoop.post_dispatch_input("begin", touch)
    EventLoop.post_dispatch_input("end", touch)
