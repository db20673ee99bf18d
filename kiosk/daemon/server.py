"""The daemon's socket: screens are shown every change, technicians ask and are answered.

One JSON message a line; mode 0600, so that only the user whom the terminal runs as can
speak. A peer that sends nonsense is told so and let go; it takes nobody else with it.
"""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kiosk import messages as m
from kiosk.daemon import acts
from kiosk.daemon.audit import Note, unnoted
from kiosk.keypad_messages import KeypadKey, KeypadPressed
from kiosk.logs import fact
from kiosk.picture_messages import AskPicture, DescribeScreen, ScreenPicture
from kiosk.staff_messages import NotDone, StaffAnswer, StaffAsk

_log = logging.getLogger(__name__)

SEND_WITHIN_S = 5.0
"""A screen that does not read for this long is hung; the supervisor restarts it."""
PICTURE_WITHIN_S = 3.0
"""Less than whoever asks the daemon waits: they are told that the screen does not answer."""


MAX_KEYS = 8
"""Presses that wait for a screen; one that takes none is hung, and older ones mean nothing."""


@dataclass(eq=False, slots=True)
class _Screen:
    """A connected screen.

    Attributes:
        news: something is to be sent.
        keys: presses that were not sent yet.
        asked: questions for its picture that were not sent yet.
    """

    news: asyncio.Event = field(default_factory=asyncio.Event)
    keys: deque[KeypadPressed] = field(default_factory=lambda: deque(maxlen=MAX_KEYS))
    asked: deque[DescribeScreen] = field(default_factory=lambda: deque(maxlen=MAX_KEYS))


class Server:
    """Listens, and keeps every screen at the newest `Show`."""

    def __init__(
        self,
        path: Path,
        *,
        shown: Callable[[], m.Show],
        status: Callable[[], m.Status],
        intend: Callable[[m.Intent], None],
        staff: Callable[[StaffAsk], Awaitable[StaffAnswer]],
        note: Note = unnoted,
        on_screen_gone: Callable[[], None] = lambda: None,
    ) -> None:
        self._path = path
        self._shown = shown
        self._status = status
        self._intend = intend
        self._staff = staff
        self._note = note
        self._on_screen_gone = on_screen_gone
        self._server: asyncio.Server | None = None
        self._screens: set[_Screen] = set()
        self._peers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._decoder = msgspec.json.Decoder(m.ToDaemon)
        self._numbers = itertools.count(1)
        self._pictures: dict[int, asyncio.Future[ScreenPicture]] = {}

    @property
    def screens(self) -> int:
        """Screens that are connected."""
        return len(self._screens)

    async def start(self) -> None:
        """Begin to listen."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(
            self._accept, self._path, limit=m.MAX_LINE_BYTES
        )
        self._path.chmod(0o600)

    async def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is None:
            return
        self._server.close()
        self._path.unlink(missing_ok=True)
        for writer in list(self._peers):
            writer.close()
        if self._serving:
            await asyncio.wait(self._serving)

    def show(self) -> None:
        """Something changed: every screen gets the newest state, and none has to be waited for."""
        for screen in self._screens:
            screen.news.set()

    def pressed(self, key: KeypadKey) -> None:
        """A key of the keypad: to every screen, once. Lost where none is connected."""
        for screen in self._screens:
            screen.keys.append(KeypadPressed(key))
            screen.news.set()

    async def picture(self, within_s: float = PICTURE_WITHIN_S) -> ScreenPicture | NotDone:
        """What a screen shows, without data; of several screens the first that answers."""
        if not self._screens:
            return NotDone("no screen is connected")
        asked = DescribeScreen(next(self._numbers))
        answer: asyncio.Future[ScreenPicture] = asyncio.get_running_loop().create_future()
        self._pictures[asked.number] = answer
        for screen in self._screens:
            screen.asked.append(asked)
            screen.news.set()
        try:
            async with asyncio.timeout(within_s):
                return await answer
        except TimeoutError:
            return NotDone("the screen does not answer")
        finally:
            del self._pictures[asked.number]

    def _described(self, picture: ScreenPicture) -> None:
        answer = self._pictures.get(picture.number)
        if answer is not None and not answer.done():
            answer.set_result(picture)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._peers.add(writer)
        try:
            hello = await self._read(reader)
            if not isinstance(hello, m.Hello) or hello.version != m.PROTOCOL_VERSION:
                await self._send(writer, m.Refused(why="hello of this version expected"))
            elif hello.role is m.Role.SCREEN:
                await self._serve_screen(reader, writer)
            else:
                await self._serve_staff(reader, writer)
        except (msgspec.DecodeError, ValueError) as error:
            # ValueError: a line over the limit (asyncio.StreamReader.readline).
            fact(_log, "peer.refused", why=type(error).__name__)
            await self._send(writer, m.Refused(why="not a message"))
        except (ConnectionError, TimeoutError):
            fact(_log, "peer.lost")
        finally:
            self._peers.discard(writer)
            writer.close()

    async def _serve_screen(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        screen = _Screen()
        screen.news.set()
        self._screens.add(screen)
        pushing = asyncio.create_task(self._push(screen, writer))
        fact(_log, "screen.connected")
        self._note(acts.ScreenConnected())
        try:
            while (message := await self._read(reader)) is not None:
                if isinstance(message, m.Hello | m.AskStatus | AskPicture | StaffAsk):
                    await self._send(writer, m.Refused(why="not from a screen"))
                    return
                if isinstance(message, ScreenPicture):
                    self._described(message)
                else:
                    self._intend(message)
        finally:
            self._screens.discard(screen)
            pushing.cancel()
            fact(_log, "screen.gone")
            self._note(acts.ScreenGone())
            self._on_screen_gone()

    async def _push(self, screen: "_Screen", writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await screen.news.wait()
                screen.news.clear()
                # First the keys: they were pressed on what was shown before.
                while screen.keys:
                    await self._send(writer, screen.keys.popleft())
                await self._send(writer, self._shown())
                # Last: what they ask for is the picture of what is shown now.
                while screen.asked:
                    await self._send(writer, screen.asked.popleft())
        except (ConnectionError, TimeoutError):
            # Ends the reading side too, which cleans up.
            writer.close()

    async def _serve_staff(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while (message := await self._read(reader)) is not None:
            if isinstance(message, m.AskStatus):
                await self._send(writer, self._status())
            elif isinstance(message, AskPicture):
                await self._send(writer, await self.picture())
            elif isinstance(message, StaffAsk):
                await self._send(writer, await self._staff(message))
            else:
                await self._send(writer, m.Refused(why="not from staff"))
                return

    async def _read(self, reader: asyncio.StreamReader) -> m.ToDaemon | None:
        line = await reader.readline()
        return self._decoder.decode(line) if line else None

    async def _send(self, writer: asyncio.StreamWriter, message: m.FromDaemon) -> None:
        writer.write(msgspec.json.encode(message) + b"\n")
        async with asyncio.timeout(SEND_WITHIN_S):
            await writer.drain()
