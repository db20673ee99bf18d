"""Has a stick read by a confined process, and takes what it says with care.

A file that hangs the reader, makes it too large or ends it costs that file: the reader is started
anew behind it. A stick that is pulled out, or does not answer, ends the reading.
"""

import asyncio
import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from kiosk.logs import fact
from kiosk.stick.found import MAX_FILES, MAX_LINE_BYTES, FileRead, LeftOut, Message, Walked

LOOK_WITHIN_S = 20.0
"""Until the reader has started and looked through a stick of 5,000 names."""
FILE_WITHIN_S = 15.0
"""One file: the slowest that the readers' own limits let through takes five."""
ALL_WITHIN_S = 90.0
"""Nobody stands before a screen that says "reading" for longer."""
MAX_STARTS = 4
"""The reader, and what is spent on files that end it: more of them are no accident."""

GIVEN_UP_S = 1.0

_log = logging.getLogger(__name__)
_decoder = msgspec.json.Decoder(Message)


@dataclass(frozen=True, slots=True)
class Read:
    """What a stick holds.

    Attributes:
        files: each with its invoices or its cause.
        left_out: what was not among them.
        is_whole: the reading came to its end; otherwise the stick went, or time did.
    """

    files: tuple[FileRead, ...]
    left_out: LeftOut
    is_whole: bool


class StickUnreadable(Exception):
    """Nothing can be said about the stick: it is gone, or the reader may not work here."""


async def read_stick(folder: Path, today: date, trust_file: str = "") -> Read:
    """Read and check the invoices on a stick.

    Args:
        folder: where it is mounted.
        today: the date in China.
        trust_file: whose seals count; "" for nobody's.

    Raises:
        StickUnreadable: it could not even be looked through.
    """
    files: dict[int, FileRead] = {}
    reading = _Reading(folder, today, trust_file)
    try:
        async with asyncio.timeout(ALL_WITHIN_S):
            for _ in range(MAX_STARTS):
                first = max(files, default=-1) + 1
                if await reading.go_on(first, files):
                    break
                # What it was at when it ended costs no more than itself.
                files[max(files, default=-1) + 1] = FileRead(
                    max(files, default=-1) + 1, cause="limit"
                )
    except TimeoutError:
        fact(_log, "stick.out_of_time", read=len(files))
    if reading.walked is None:
        raise StickUnreadable
    wanted = reading.walked.files
    taken = tuple(files[number] for number in sorted(files) if number < wanted)
    is_whole = len(taken) == wanted and all(one.cause != "gone" for one in taken)
    fact(_log, "stick.read", files=wanted, read=len(taken), whole=is_whole)
    return Read(taken, reading.walked.left_out, is_whole)


class _Reading:
    def __init__(self, folder: Path, today: date, trust_file: str) -> None:
        self._command = (
            *(sys.executable, "-P", "-m", "kiosk.stick", str(folder)),
            *("{first}", today.isoformat(), trust_file),
        )
        self.walked: Walked | None = None

    async def go_on(self, first: int, files: dict[int, FileRead]) -> bool:
        """Read from a file on; whether the reader came to its end, or the stick did."""
        process = await asyncio.create_subprocess_exec(
            *(part.format(first=first) if part == "{first}" else part for part in self._command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a traceback may quote what a file says
            env=reader_environment(),
            limit=MAX_LINE_BYTES,
        )
        try:
            # Never None: a pipe was asked for.
            lines = process.stdout or asyncio.StreamReader()
            return await self._take(lines, files)
        finally:
            if process.returncode is None:
                process.kill()
            # One that waits for a stick that does not answer dies when the kernel gives up.
            with suppress(TimeoutError):
                async with asyncio.timeout(GIVEN_UP_S):
                    await process.wait()

    async def _take(self, lines: asyncio.StreamReader, files: dict[int, FileRead]) -> bool:
        said = await _next(lines, LOOK_WITHIN_S)
        if not isinstance(said, Walked) or not 0 <= said.files <= MAX_FILES:
            raise StickUnreadable
        if self.walked is not None and said != self.walked:
            return True  # another stick, or none: what was read stands
        self.walked = said
        while max(files, default=-1) + 1 < self.walked.files:
            said = await _next(lines, FILE_WITHIN_S)
            if not isinstance(said, FileRead) or said.number != max(files, default=-1) + 1:
                return False
            files[said.number] = said
            if said.cause == "gone":
                return True
        return True


async def _next(lines: asyncio.StreamReader, within_s: float) -> Message | None:
    """The next message; None when there is none in time, or it is none."""
    try:
        async with asyncio.timeout(within_s):
            line = await lines.readline()
        return _decoder.decode(line) if line else None
    except (TimeoutError, ValueError) as error:  # ValueError: too long; msgspec's errors are such
        fact(_log, "stick.reader", why=type(error).__name__)
        return None


def reader_environment() -> dict[str, str]:
    """What the reader needs of ours: no settings, no sockets, no display."""
    kept = ("PATH", "PYTHONPATH", "LANG", "LC_ALL")
    return {name: os.environ[name] for name in kept if name in os.environ}
