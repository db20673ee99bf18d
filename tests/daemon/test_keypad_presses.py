"""A press of the keypad on its way to the screen: once, in order, before what it changes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from config.device_sections import Keypad as KeypadSettings
from drivers.simulated.keypad import SimulatedKeypad
from kiosk import messages as m
from kiosk import staff_messages as s
from kiosk.daemon.keypad import Keypad
from kiosk.daemon.server import MAX_KEYS, Server
from kiosk.keypad_messages import KeypadKey, KeypadPressed
from kiosk.staff import SOCKET_NAME

WITHIN_S = 20.0


class Daemon:
    """A server, and the keypad that it hears."""

    def __init__(self, path: Path) -> None:
        self.turn = 1
        self.states: asyncio.Queue[str] = asyncio.Queue()
        self.server = Server(
            path, shown=self._shown, status=self._status, intend=lambda _: None, staff=self._acted
        )

    def _shown(self) -> m.Show:
        return m.Show(self.turn, m.Home(), hall="h", terminal="03", language="zh")

    def _status(self) -> m.Status:
        raise AssertionError("nobody asks")

    async def _acted(self, _: s.StaffAsk) -> s.StaffAnswer:
        raise AssertionError("nobody asks")


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[Daemon]:
    made = Daemon(tmp_path / SOCKET_NAME)
    await made.server.start()
    yield made
    await made.server.close()


class Screen:
    """A screen's end of the line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connected(cls, folder: Path) -> "Screen":
        made = cls(*await asyncio.open_unix_connection(str(folder / SOCKET_NAME)))
        hello = m.Hello(m.Role.SCREEN, m.PROTOCOL_VERSION)
        made.writer.write(msgspec.json.encode(hello) + b"\n")
        assert isinstance(await made.heard(), m.Show)
        return made

    async def heard(self) -> m.FromDaemon:
        async with asyncio.timeout(WITHIN_S):
            return msgspec.json.decode(await self.reader.readline(), type=m.FromDaemon)


async def test_keys_come_in_order_before_what_is_shown_next(daemon: Daemon, tmp_path: Path) -> None:
    screen = await Screen.connected(tmp_path)
    daemon.server.pressed(KeypadKey.NEXT)
    daemon.turn = 2
    daemon.server.show()
    daemon.server.pressed(KeypadKey.PRESS)
    assert await screen.heard() == KeypadPressed(KeypadKey.NEXT)
    assert await screen.heard() == KeypadPressed(KeypadKey.PRESS)
    show = await screen.heard()
    assert isinstance(show, m.Show)
    assert show.turn == 2


async def test_what_was_pressed_before_a_screen_came_is_nothing(
    daemon: Daemon, tmp_path: Path
) -> None:
    daemon.server.pressed(KeypadKey.END)
    screen = await Screen.connected(tmp_path)
    daemon.server.pressed(KeypadKey.NEXT)
    assert await screen.heard() == KeypadPressed(KeypadKey.NEXT)


async def test_of_too_many_presses_at_once_the_newest_count(daemon: Daemon, tmp_path: Path) -> None:
    screen = await Screen.connected(tmp_path)
    for key in [KeypadKey.END] * 5 + [KeypadKey.NEXT] * MAX_KEYS:
        daemon.server.pressed(key)
    keys = [await screen.heard() for _ in range(MAX_KEYS)]
    assert keys == [KeypadPressed(KeypadKey.NEXT)] * MAX_KEYS


async def test_a_press_of_the_device_reaches_the_screen_and_its_absence_the_staff(
    daemon: Daemon, tmp_path: Path
) -> None:
    keypad = Keypad(
        KeypadSettings(address=f"simulated:{tmp_path}/keypad", keys="KEY_F13=none"),
        on_key=daemon.server.pressed,
        on_state=daemon.states.put_nowait,
    )
    assert keypad.state == "missing"
    with SimulatedKeypad(tmp_path / "keypad") as device:
        keypad.start()
        screen = await Screen.connected(tmp_path)
        async with asyncio.timeout(WITHIN_S):
            assert await daemon.states.get() == keypad.state == "connected"
            await asyncio.to_thread(device.press, "7")
            assert await screen.heard() == KeypadPressed(KeypadKey.DIGIT_7)
            await asyncio.to_thread(device.unplug)
            assert await daemon.states.get() == keypad.state == "lost"
    await keypad.close()


async def test_without_a_setting_there_is_no_keypad() -> None:
    keypad = Keypad(KeypadSettings(), on_key=lambda _: None, on_state=lambda _: None)
    keypad.start()
    assert keypad.state == ""
    await keypad.close()
