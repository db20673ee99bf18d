"""The daemon asks the screens for a picture without data, for whoever makes a support bundle."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from kiosk import messages as m
from kiosk import staff_messages as s
from kiosk.daemon.server import Server
from kiosk.picture_messages import DescribeScreen, Part, PartKind, ScreenPicture
from kiosk.staff import SOCKET_NAME, ask_picture

WITHIN_S = 10.0


def picture(number: int, situation: str = "home") -> ScreenPicture:
    part = Part("Text", PartKind.WORDS, (0, 0, 10, 10), key="common.end")
    return ScreenPicture(
        number, situation, "zh", False, False, width_px=1080, height_px=1920, parts=(part,)
    )


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async def nobody(_: s.StaffAsk) -> s.StaffAnswer:
        raise AssertionError("nobody asks")

    made = Server(
        tmp_path / SOCKET_NAME,
        shown=lambda: m.Show(1, m.Home(), hall="h", terminal="03", language="zh"),
        status=lambda: pytest.fail("nobody asks"),
        intend=lambda _: pytest.fail("no intent"),
        staff=nobody,
    )
    await made.start()
    yield made
    await made.close()


@dataclass
class Screen:
    """A screen's end of the line."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def connected(cls, folder: Path) -> "Screen":
        made = cls(*await asyncio.open_unix_connection(str(folder / SOCKET_NAME)))
        made.say(m.Hello(m.Role.SCREEN, m.PROTOCOL_VERSION))
        assert isinstance(await made.heard(), m.Show)
        return made

    def say(self, message: object) -> None:
        self.writer.write(msgspec.json.encode(message) + b"\n")

    async def heard(self) -> m.FromDaemon:
        async with asyncio.timeout(WITHIN_S):
            return msgspec.json.decode(await self.reader.readline(), type=m.FromDaemon)

    async def asked(self) -> int:
        while not isinstance(message := await self.heard(), DescribeScreen):
            assert isinstance(message, m.Show)
        return message.number


async def test_whoever_asks_gets_what_the_screen_says(server: Server, tmp_path: Path) -> None:
    assert await ask_picture(tmp_path / SOCKET_NAME) == s.NotDone("no screen is connected")
    screen = await Screen.connected(tmp_path)
    asking = asyncio.create_task(ask_picture(tmp_path / SOCKET_NAME))
    number = await screen.asked()
    screen.say(picture(number))
    assert await asking == picture(number)


async def test_an_answer_to_an_earlier_question_is_none_to_this(
    server: Server, tmp_path: Path
) -> None:
    screen = await Screen.connected(tmp_path)
    assert await server.picture(within_s=0.01) == s.NotDone("the screen does not answer")
    late = await screen.asked()
    asking = asyncio.create_task(server.picture(WITHIN_S))
    number = await screen.asked()
    screen.say(picture(late, "verdict"))
    screen.say(picture(number))
    assert await asking == picture(number)


async def test_a_text_in_a_picture_ends_that_screens_line(server: Server, tmp_path: Path) -> None:
    screen = await Screen.connected(tmp_path)
    asking = asyncio.create_task(server.picture(WITHIN_S))
    said = msgspec.to_builtins(picture(await screen.asked()))
    said["parts"][0]["key"] = "某某公司"
    screen.say(said)
    assert await screen.heard() == m.Refused(why="not a message")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
