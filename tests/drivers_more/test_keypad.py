"""The tactile keypad: found by its numbers, grabbed, and nothing but its known keys."""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import Empty, Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from umockdev_kit import UMOCKDEV, run, typed_at

from drivers.keypads.keypad import KeypadState, TactileKeypad
from drivers.keypads.keys import USUAL_KEYS, KeypadKey
from drivers.keypads.places import (
    EventFile,
    FileEvent,
    KeypadPlace,
    WrongKeypad,
    key_table,
    keypad_at,
    stroke,
)
from drivers.links.hid_keyboard import KeyDevice
from drivers.simulated.keypad import SimulatedKeypad

WAIT_S = 10.0
Told = Queue[KeypadKey | KeypadState]


class Node:
    """An input device that a test presses; readable (a pipe) while strokes wait."""

    def __init__(self, keys: Iterable[int] = USUAL_KEYS, refuses: int | None = None) -> None:
        self._keys = keys
        self._refuses = refuses
        self._readable, self._fill = os.pipe()
        self.grabs = self.closes = 0

    def press(self, *strokes: tuple[int, int]) -> None:
        os.write(self._fill, b"".join(bytes(stroke) for stroke in strokes))

    def fileno(self) -> int:
        return self._readable

    def keys(self) -> Iterable[int]:
        return self._keys

    def grab(self) -> None:
        self.grabs += 1
        if self._refuses is not None:
            raise OSError(self._refuses, "")

    def read(self) -> list[FileEvent]:
        data = os.read(self._readable, 200)
        return [FileEvent(1, *data[at : at + 2]) for at in range(0, len(data), 2)]

    def close(self) -> None:
        self.closes += 1


def listening(place: KeypadPlace) -> tuple[TactileKeypad, Told]:
    told: Told = Queue()
    keypad = TactileKeypad(place, USUAL_KEYS, told.put, told.put)
    keypad.start()
    return keypad, told


def on(nodes: dict[str, Node]) -> KeypadPlace:
    def opened(path: str) -> KeyDevice:
        return nodes[path]

    return KeypadPlace(lambda: tuple(nodes), opened)


def test_both_devices_of_a_keypad_are_grabbed_and_heard() -> None:
    keys, volume = Node(keys=[103, 108, 28]), Node(keys=[114, 115])
    keypad, told = listening(on({"keys": keys, "volume": volume}))
    assert told.get(timeout=WAIT_S) is KeypadState.CONNECTED
    assert keys.grabs == volume.grabs == 1
    keys.press((108, 1), (108, 0))
    assert told.get(timeout=WAIT_S) is KeypadKey.NEXT
    volume.press((115, 1), (115, 0))
    assert told.get(timeout=WAIT_S) is KeypadKey.LOUDER
    keypad.stop()
    assert keys.closes == volume.closes == 1


def test_a_held_key_is_one_press_and_unknown_keys_are_nothing() -> None:
    node = Node()
    keypad, told = listening(on({"keys": node}))
    assert told.get(timeout=WAIT_S) is KeypadState.CONNECTED
    node.press((108, 1), (108, 2), (108, 2), (108, 0), (30, 1), (30, 0), (28, 1), (28, 0))
    assert [told.get(timeout=WAIT_S) for _ in range(2)] == [KeypadKey.NEXT, KeypadKey.PRESS]
    keypad.stop()
    with pytest.raises(Empty):
        told.get_nowait()


@pytest.mark.parametrize(
    ("refuses", "state"),
    [(errno.EBUSY, KeypadState.BUSY), (errno.EINVAL, KeypadState.MISSING)],
)
def test_what_cannot_be_grabbed_is_not_listened_to(refuses: int, state: KeypadState) -> None:
    node = Node(refuses=refuses)
    node.press((28, 1))
    keypad, told = listening(on({"keys": node}))
    assert told.get(timeout=WAIT_S) is state
    keypad.stop()
    assert node.closes == node.grabs
    assert told.empty()


def test_a_device_without_a_known_key_is_left_alone() -> None:
    node = Node(keys=[30])
    keypad, told = listening(on({"leds": node}))
    assert told.get(timeout=WAIT_S) is KeypadState.MISSING
    keypad.stop()
    assert node.grabs == 0
    assert node.closes >= 1


def test_pulled_out_and_put_back_it_is_heard_again(tmp_path: Path) -> None:
    with SimulatedKeypad(tmp_path / "keypad") as simulated:
        keypad, told = listening(keypad_at(f"simulated:{tmp_path}/keypad"))
        assert told.get(timeout=WAIT_S) is KeypadState.CONNECTED
        simulated.press("press")
        assert told.get(timeout=WAIT_S) is KeypadKey.PRESS
        simulated.unplug()
        assert told.get(timeout=WAIT_S) is KeypadState.LOST
        simulated.replug()
        assert told.get(timeout=WAIT_S) is KeypadState.CONNECTED
        simulated.press("7")
        assert told.get(timeout=WAIT_S) is KeypadKey.DIGIT_7
        keypad.stop()


@pytest.mark.parametrize("key", KeypadKey)
def test_each_meaning_has_a_usual_key(key: KeypadKey, tmp_path: Path) -> None:
    assert key in USUAL_KEYS.values()
    assert key_table(f"KEY_Z={key.value}")[44] is key


@given(st.lists(st.sampled_from(sorted(USUAL_KEYS)), min_size=1), st.integers(1, 97))
def test_strokes_that_come_in_pieces_are_whole(codes: list[int], piece: int) -> None:
    readable, fill = os.pipe()
    file = EventFile(f"/proc/self/fd/{readable}")
    data = b"".join(stroke(code) for code in codes)
    heard: list[int] = []
    for at in range(0, len(data), piece):
        os.write(fill, data[at : at + piece])
        heard += [event.code for event in file.read() if event.type == 1 and event.value == 1]
    for fd in (readable, fill):
        os.close(fd)
    file.close()
    assert heard == codes


# --- which device ---------------------------------------------------------------------------


@pytest.fixture
def plug(tmp_path: Path) -> Callable[[int, str, str, str], None]:
    def plugged(number: int, vid: str, pid: str, serial: str) -> None:
        about = tmp_path / f"devices/usb1/input/input{number}"
        (about / "id").mkdir(parents=True)
        (about / f"event{number}").mkdir()
        (tmp_path / "class/input").mkdir(parents=True, exist_ok=True)
        (tmp_path / f"class/input/event{number}").symlink_to(about / f"event{number}")
        (about / "id/vendor").write_text(f"{vid}\n")
        (about / "id/product").write_text(f"{pid}\n")
        (about / "uniq").write_text(f"{serial}\n")

    return plugged


def test_a_strangers_keyboard_is_not_even_opened(
    tmp_path: Path, plug: Callable[[int, str, str, str], None]
) -> None:
    plug(3, "046d", "c31c", "")
    plug(4, "2047", "09d0", "A1")
    plug(5, "2047", "09d0", "A1")
    plug(6, "2047", "09d0", "B2")
    dev = Path("/dev/input")

    def nodes(address: str) -> tuple[str, ...]:
        return keypad_at(address, dev, tmp_path).nodes()

    assert nodes("usb:2047:09D0") == tuple(f"/dev/input/event{n}" for n in (4, 5, 6))
    assert nodes("usb:2047:09d0:B2") == ("/dev/input/event6",)
    assert nodes("usb:2047:0001") == ()


@pytest.mark.parametrize("address", ["", "usb:2047", "/dev/input/event3", "hid:event3", "usb:x:y"])
def test_an_address_that_names_no_keypad_is_refused(address: str) -> None:
    with pytest.raises(WrongKeypad):
        keypad_at(address)


def test_settings_change_keys_and_take_them_away() -> None:
    table = key_table("KEY_F1=end KEY_TAB=none")
    assert table[59] is KeypadKey.END
    assert 15 not in table
    assert table[28] is KeypadKey.PRESS


@pytest.mark.parametrize("changes", ["KEY_NOSUCH=next", "F1=next", "KEY_F1=jump", "KEY_F1"])
def test_wrong_keys_are_refused(changes: str) -> None:
    with pytest.raises(WrongKeypad):
        key_table(changes)


LISTENER = """
import json, queue
from drivers.keypads.keypad import TactileKeypad
from drivers.keypads.keys import USUAL_KEYS
from drivers.keypads.places import keypad_at
told = queue.Queue()
stranger = keypad_at("usb:2047:09d0")
keypad = TactileKeypad(keypad_at("usb:0c2e:0b61"), USUAL_KEYS, told.put, told.put)
keypad.start()
heard = [told.get(timeout=20).value for _ in range(3)]
keypad.stop()
print(json.dumps([list(stranger.nodes()), heard]))
"""


@pytest.mark.skipif(UMOCKDEV is None, reason="umockdev is not installed")
def test_evdev_and_sysfs_find_and_read_it(tmp_path: Path) -> None:
    strokes = [(108, 1), (108, 2), (108, 0), (30, 1), (30, 0), (28, 1), (28, 0)]
    arguments = typed_at(tmp_path, strokes)
    assert run(arguments, LISTENER) == [[], ["connected", "next", "press"]]
