"""Says on the daemon's socket that the terminal is out of service, while the daemon keeps failing.

The screen meets it as it would meet the daemon, and shows what it is told.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from config.schema import Settings
from kiosk import messages as m
from kiosk.logs import fact

RESTARTING_OFTEN = "restarting_often"
REFUSED = "out of service: the daemon keeps failing, see the log"

_log = logging.getLogger(__name__)


@asynccontextmanager
async def standing_in(socket: Path, settings: Settings) -> AsyncIterator[None]:
    """Serve while the block runs. The daemon's own server is gone, or takes the path over."""
    hall = settings.hall
    language = settings.screen.language
    shown = m.Show(
        turn=0,
        situation=m.OutOfService(reason=RESTARTING_OFTEN),
        hall=hall.name_zh if language == "zh" else hall.name_en,
        terminal=settings.terminal.number,
        language=language,
    )
    writers: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        try:
            hello = msgspec.json.decode(await reader.readline(), type=m.Hello)
            is_screen = hello.role is m.Role.SCREEN
            if not is_screen:
                await reader.readline()  # what a technician asks for: hung up on only after it
            answer = shown if is_screen else m.Refused(why=REFUSED)
            writer.write(msgspec.json.encode(answer) + b"\n")
            await writer.drain()
            while is_screen and await reader.readline():
                pass  # presses lead nowhere now
        except (msgspec.DecodeError, ValueError, ConnectionError):
            fact(_log, "stand_in.peer_lost")
        finally:
            writers.discard(writer)
            writer.close()

    await asyncio.to_thread(socket.unlink, missing_ok=True)
    server = await asyncio.start_unix_server(serve, socket, limit=m.MAX_LINE_BYTES)
    await asyncio.to_thread(socket.chmod, 0o600)
    fact(_log, "out_of_service.said")
    try:
        yield
    finally:
        server.close()
        await asyncio.to_thread(socket.unlink, missing_ok=True)
        for writer in list(writers):
            writer.close()
