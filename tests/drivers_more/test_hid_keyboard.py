"""A scanner in keyboard mode: what it typed, only for us, and never with holes."""

import errno
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.hid_keyboard import HidKeyboard, HidSettings
from drivers.links.hid_keys import NO_CHARACTER, KeyReader
from drivers.links.link import LinkBusy, LinkLost, LinkMissing
from drivers.scanners.decode import Encoding
from drivers.scanners.events import (
    Connected,
    Disconnected,
    Scanned,
    StateChanged,
    Unreadable,
    WhyDisconnected,
    WhyUnreadable,
)
from drivers.scanners.serial_scanner import ScannerSettings, SerialScanner

WAIT_S = 10.0
LEFT_SHIFT, RIGHT_SHIFT, CAPS, ALT, CONTROL, ENTER, F1 = 42, 54, 58, 56, 29, 28, 59
# The US keyboard, key by key, as linux/input-event-codes.h names it.
US = {
    "a": 30, "b": 48, "c": 46, "d": 32, "e": 18, "f": 33, "g": 34, "h": 35, "i": 23, "j": 36,
    "k": 37, "l": 38, "m": 50, "n": 49, "o": 24, "p": 25, "q": 16, "r": 19, "s": 31, "t": 20,
    "u": 22, "v": 47, "w": 17, "x": 45, "y": 21, "z": 44, "1": 2, "2": 3, "3": 4, "4": 5,
    "5": 6, "6": 7, "7": 8, "8": 9, "9": 10, "0": 11, "-": 12, "=": 13, "[": 26, "]": 27,
    ";": 39, "'": 40, "`": 41, "\\": 43, ",": 51, ".": 52, "/": 53, " ": 57,
}  # fmt: skip
SHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))
KEYPAD = {
    "7": 71, "8": 72, "9": 73, "-": 74, "4": 75, "5": 76, "6": 77, "+": 78, "1": 79, "2": 80,
    "3": 81, "0": 82, ".": 83, "*": 55, "/": 98,
}  # fmt: skip
ASCII = [chr(code) for code in range(0x20, 0x7F)]

Stroke = tuple[int, int]


def press(code: int) -> list[Stroke]:
    return [(code, 1), (code, 0)]


def typing(text: str) -> list[Stroke]:
    """How a scanner set to the US layout types a text."""
    strokes: list[Stroke] = []
    for character in text:
        plain = SHIFTED.get(character, character.lower())
        shifted = plain != character
        strokes += [(LEFT_SHIFT, 1)] * shifted + press(US[plain]) + [(LEFT_SHIFT, 0)] * shifted
    return strokes


def read(strokes: Iterable[Stroke]) -> bytes:
    reader = KeyReader()
    return b"".join(reader.stroke(code, value) for code, value in strokes)


@given(st.text(ASCII))
def test_what_is_typed_is_what_is_read(text: str) -> None:
    assert read(typing(text)) == text.encode()


@pytest.mark.parametrize("character", KEYPAD)
def test_the_numpad_types_its_characters(character: str) -> None:
    assert read(press(KEYPAD[character])) == character.encode()


def test_enter_of_either_kind_ends_a_line_and_tab_is_a_tab() -> None:
    assert read(press(ENTER) + press(96) + press(15)) == b"\r\r\t"


def test_caps_lock_changes_letters_only_and_shift_undoes_it() -> None:
    assert read(press(CAPS) + typing("a1A") + press(CAPS) + typing("a")) == b"A1aa"


def test_either_shift_counts_and_one_released_leaves_the_other() -> None:
    strokes = [(LEFT_SHIFT, 1), (RIGHT_SHIFT, 1), (LEFT_SHIFT, 0), *press(30), (RIGHT_SHIFT, 0)]
    assert read([*strokes, *press(30)]) == b"Aa"


def test_a_key_held_down_is_one_character() -> None:
    assert read([(30, 1), (30, 2), (30, 2), (30, 0)]) == b"a"


@pytest.mark.parametrize("strokes", [[(ALT, 1), *press(71)], [(CONTROL, 1), *press(50)], press(F1)])
def test_what_is_no_character_leaves_a_mark_and_not_a_hole(strokes: list[Stroke]) -> None:
    assert read(strokes) == NO_CHARACTER


@given(st.lists(st.tuples(st.integers(0, 767), st.integers(0, 2))))
def test_any_strokes_give_ascii_or_the_mark(strokes: list[Stroke]) -> None:
    assert all(byte < 0x7F for byte in read(strokes))


# --- the device ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    type: int
    code: int
    value: int


class Keyboard:
    """A keyboard that a test types on. Readable (a pipe) while events wait."""

    def __init__(self) -> None:
        self.all_keys: list[int] = list(range(1, 100))
        self.refuses: int | None = None
        self.plugged = True
        self.grabs = 0
        self.closes = 0
        self._events: deque[Event] = deque()
        self._readable, self._fill = os.pipe()

    def open(self, path: str) -> "Keyboard":
        if not self.plugged:
            raise FileNotFoundError(errno.ENOENT, path)
        return self

    def fileno(self) -> int:
        return self._readable

    def keys(self) -> list[int]:
        return self.all_keys

    def grab(self) -> None:
        if self.refuses is not None:
            raise OSError(self.refuses, "")
        self.grabs += 1

    def close(self) -> None:
        self.closes += 1

    def read(self) -> Iterator[Event]:
        os.read(self._readable, 1)
        if not self.plugged:
            raise OSError(errno.ENODEV, "")
        while self._events:
            yield self._events.popleft()

    def type(self, strokes: Iterable[Stroke]) -> None:
        self.send(Event(1, code, value) for code, value in strokes)

    def send(self, events: Iterable[Event]) -> None:
        self._events.extend(events)
        os.write(self._fill, b"x")

    def unplug(self) -> None:
        self.plugged = False
        os.write(self._fill, b"x")

    def release(self) -> None:
        os.close(self._readable)
        os.close(self._fill)


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    device = Keyboard()
    yield device
    device.release()


@pytest.fixture
def link(keyboard: Keyboard) -> HidKeyboard:
    return HidKeyboard(HidSettings("/dev/input/by-id/scanner"), keyboard.open)


def test_it_is_grabbed_before_anything_is_read(keyboard: Keyboard, link: HidKeyboard) -> None:
    link.open()
    link.open()
    assert keyboard.grabs == 1
    keyboard.type(typing("Ab"))
    assert link.read(Deadline(WAIT_S)) == b"Ab"
    link.close()
    assert keyboard.closes == 1


@pytest.mark.parametrize(
    ("number", "error"), [(errno.EBUSY, LinkBusy), (errno.EINVAL, LinkMissing)]
)
def test_what_cannot_be_grabbed_is_not_listened_to(
    keyboard: Keyboard, link: HidKeyboard, number: int, error: type[Exception]
) -> None:
    keyboard.refuses = number
    with pytest.raises(error):
        link.open()
    assert not link.is_open
    assert keyboard.closes == 1


def test_what_is_no_keyboard_is_let_go_ungrabbed(keyboard: Keyboard, link: HidKeyboard) -> None:
    keyboard.all_keys = [0x110, 0x111]  # mouse buttons
    with pytest.raises(LinkMissing):
        link.open()
    assert (keyboard.grabs, keyboard.closes) == (0, 1)


def test_strokes_that_type_nothing_wait_on_until_the_deadline(
    keyboard: Keyboard, link: HidKeyboard
) -> None:
    link.open()
    keyboard.type([(LEFT_SHIFT, 1)])
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0.05))
    keyboard.type(press(30))  # the shift still counts
    assert link.read(Deadline(WAIT_S)) == b"A"


def test_strokes_that_the_kernel_lost_leave_a_mark(keyboard: Keyboard, link: HidKeyboard) -> None:
    link.open()
    keyboard.send([Event(1, LEFT_SHIFT, 1), Event(0, 3, 0), Event(1, 30, 1)])
    assert link.read(Deadline(WAIT_S)) == NO_CHARACTER + b"a"


def test_it_takes_no_bytes(link: HidKeyboard) -> None:
    link.open()
    with pytest.raises(DeadlinePassed):
        link.write_some(b"x", Deadline(1))
    assert link.discard_output() == 0


def test_a_keyboard_that_is_pulled_out_is_lost_and_forgets_its_shift(
    keyboard: Keyboard, link: HidKeyboard
) -> None:
    link.open()
    keyboard.type([(LEFT_SHIFT, 1)])
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0.01))
    keyboard.unplug()
    with pytest.raises(LinkLost):
        link.read(Deadline(WAIT_S))
    assert not link.is_open
    with pytest.raises(LinkMissing):
        link.open()
    keyboard.plugged = True
    link.open()
    keyboard.type(press(30))
    assert link.read(Deadline(WAIT_S)) == b"a"


# --- the scanner above it -----------------------------------------------------------------------


class Heard:
    def __init__(self) -> None:
        self._events: list[object] = []
        self._came = threading.Condition()

    def __call__(self, event: object) -> None:
        with self._came:
            self._events.append(event)
            self._came.notify_all()

    def wait_for(self, there: Callable[[list[object]], bool]) -> list[object]:
        with self._came:
            assert self._came.wait_for(lambda: there(self._events), WAIT_S), self._events
            return list(self._events)


def test_a_scanner_in_keyboard_mode_scans_goes_and_comes_back(
    keyboard: Keyboard, link: HidKeyboard
) -> None:
    heard = Heard()
    scanner = SerialScanner(link, ScannerSettings(), heard)
    scanner.start()
    heard.wait_for(lambda events: StateChanged(Connected()) in events)
    code = "01,32,,24112000000000000001,100.00,20260101,,A1B2,"
    keyboard.type(typing(code) + press(ENTER))
    heard.wait_for(lambda events: Scanned(code, len(code), Encoding.UTF_8) in events)
    keyboard.type([*typing("ab"), (ALT, 1), *press(71), (ALT, 0), *typing("c"), *press(ENTER)])
    heard.wait_for(lambda events: Unreadable(WhyUnreadable.GARBLED, 4) in events)
    keyboard.unplug()
    heard.wait_for(lambda events: StateChanged(Disconnected(WhyDisconnected.LOST)) in events)
    keyboard.plugged = True
    heard.wait_for(lambda events: events.count(StateChanged(Connected())) == 2)
    keyboard.type(typing("again") + press(ENTER))
    heard.wait_for(lambda events: Scanned("again", 5, Encoding.UTF_8) in events)
    scanner.stop()
    assert keyboard.closes == 2
