"""The daemon's socket: for the terminal's own user, and for messages."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kiosk import staff_messages as s
from kiosk.daemon.server import Server
from kiosk.staff import SOCKET_NAME, ask

NOBODY = 65534


def _unused() -> None: ...


async def _acted(_: s.StaffAsk) -> s.StaffAnswer:
    return s.Acted("well")


@pytest.fixture
async def socket(tmp_path: Path) -> AsyncIterator[Path]:
    path = tmp_path / SOCKET_NAME
    server = Server(
        path,
        shown=_unused,  # type: ignore[arg-type]  # no screen comes
        status=_unused,  # type: ignore[arg-type]  # nobody asks
        intend=lambda _: None,
        staff=_acted,
    )
    await server.start()
    yield path
    await server.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
async def test_another_user_does_not_reach_the_daemon(socket: Path) -> None:
    # Each folder above lets everybody through: what refuses is the socket itself.
    for folder in socket.parents[:3]:
        folder.chmod(0o755)
    asking = (
        "import os, socket, sys\n"
        f"os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1])\n"
        "except PermissionError: sys.exit(7)\n"
    )
    process = await asyncio.create_subprocess_exec("/usr/bin/python3", "-c", asking, str(socket))
    assert await process.wait() == 7
    assert await ask(socket, s.Drain()) == s.Acted("well")


@pytest.mark.parametrize(
    "noise", [b"\x00\xff" * 400 + b"\n", b"{" * 100_000, b"[" * 90_000 + b"\n", b"null\n", b"\n"]
)
async def test_noise_on_the_socket_ends_that_connection_alone(socket: Path, noise: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket), limit=1 << 20)
    writer.write(noise)
    writer.write_eof()
    async with asyncio.timeout(20):
        await reader.read()  # until it hangs up
    writer.close()
    assert await ask(socket, s.Drain()) == s.Acted("well")
