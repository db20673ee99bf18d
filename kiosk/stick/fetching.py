"""Has one file of a stick handed on, and takes it only if it is the one that was read."""

import asyncio
import hashlib
import logging
import sys
from contextlib import suppress
from pathlib import Path

from einvoice.documents.limits import MAX_FILE_BYTES
from kiosk.logs import fact
from kiosk.stick.found import PdfOnStick
from kiosk.stick.reading import GIVEN_UP_S, reader_environment

WITHIN_S = 20.0
"""A stick of 5,000 names looked through, and 16 MB read."""

_log = logging.getLogger(__name__)


class StickChanged(Exception):
    """What was read is not there any more: another stick, another file, none, or no answer."""


async def file_of_stick(folder: Path, file: PdfOnStick, *, within_s: float = WITHIN_S) -> bytes:
    """The bytes of a file that was read before. Nothing of them is looked at here.

    Args:
        folder: where the stick is mounted.
        file: what the reader said of it.
        within_s: then the process that hands it on is killed.

    Raises:
        StickChanged: there is no such file now.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "kiosk.stick.handing", str(folder), str(file.number)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=reader_environment(),
    )
    # Never None: a pipe was asked for.
    out = process.stdout or asyncio.StreamReader()
    data = bytearray()
    try:
        async with asyncio.timeout(within_s):
            while len(data) <= MAX_FILE_BYTES and (some := await out.read(1 << 16)):
                data += some
    except TimeoutError:
        fact(_log, "stick.file_out_of_time")
        raise StickChanged from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(GIVEN_UP_S):
                await process.wait()
    if hashlib.sha256(data).hexdigest() != file.sha256:
        fact(_log, "stick.file_changed")
        raise StickChanged
    return bytes(data)
