"""The daemon's side: hands a PDF to a child, and gets a picture or the reason why there is none.

A PDF from elsewhere is a program in all but name. Here nothing of it is looked at: the child
draws it, and what comes back is a number of pixels, no more than asked for. The picture is in
memory only, on both sides.
"""

import asyncio
import io
import logging
import os
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PIL import Image

from kiosk.fonts import fonts_dir
from kiosk.logs import fact
from kiosk.preview.child import (
    EXIT_EMPTY,
    EXIT_LOCKED,
    EXIT_NO_SANDBOX,
    EXIT_NOT_A_PDF,
    EXIT_TOO_LARGE,
    HEAD,
    MAX_PDF_BYTES,
)

WITHIN_S = 10.0
"""From start to picture, on a machine that has other things to do too."""
MAX_WIDTH_PX, MAX_HEIGHT_PX = 1280, 1440
MAX_PICTURE_BYTES = 176 << 10
"""Of the PNG: it travels to the screen in one line, in base64."""
COLOURS = 32
"""Of the picture. An invoice is black, red-brown and blue on white, with the shades between."""

_log = logging.getLogger(__name__)


class NoPicture(Enum):
    """Why there is no picture. The value is the key of the sentence that people read."""

    NOT_A_PDF = "not_a_pdf"
    LOCKED = "locked"
    """A password is asked for."""
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    """It was not drawn in time."""
    BROKEN = "broken"
    """The child ended without a picture: the PDF broke it, or wanted what it may not have."""
    NO_SANDBOX = "no_sandbox"
    """This machine cannot lock the child up, so it is not asked."""


_MEANS = {
    EXIT_NO_SANDBOX: NoPicture.NO_SANDBOX,
    EXIT_NOT_A_PDF: NoPicture.NOT_A_PDF,
    EXIT_LOCKED: NoPicture.LOCKED,
    EXIT_EMPTY: NoPicture.EMPTY,
    EXIT_TOO_LARGE: NoPicture.TOO_LARGE,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """The first page of a PDF.

    Attributes:
        png: the picture, at most `MAX_PICTURE_BYTES`.
        width, height: of the picture, pixels.
        pages: of the PDF.
    """

    png: bytes
    width: int
    height: int
    pages: int


@dataclass(frozen=True, slots=True)
class Pixels:
    """A page of a PDF, drawn.

    Attributes:
        rgb: width * height * 3 bytes of red, green and blue, from the top left.
        pages: of the PDF, as the child says: believed for no more than a number.
    """

    rgb: bytes
    width: int
    height: int
    pages: int


async def preview(
    pdf: bytes,
    *,
    max_width: int = MAX_WIDTH_PX,
    max_height: int = MAX_HEIGHT_PX,
    within_s: float = WITHIN_S,
) -> Picture | NoPicture:
    """A picture of the first page of a PDF, any bytes that claim to be one.

    Args:
        pdf: the file.
        max_width: of the picture, pixels; it fills this or the height.
        max_height: as well.
        within_s: then the child is killed.
    """
    drawn = await draw_page(pdf, 0, max_width=max_width, max_height=max_height, within_s=within_s)
    if isinstance(drawn, NoPicture):
        return drawn
    png = await asyncio.to_thread(_png, drawn)
    if png is None:
        fact(_log, "preview.none", why=NoPicture.TOO_LARGE.value)
        return NoPicture.TOO_LARGE
    return Picture(*png, drawn.pages)


async def draw_page(
    pdf: bytes, number: int, *, max_width: int, max_height: int, within_s: float = WITHIN_S
) -> Pixels | NoPicture:
    """The pixels of a page of a PDF, any bytes that claim to be one.

    Args:
        pdf: the file.
        number: of the page, from 0.
        max_width: of the picture, pixels; it fills this or the height.
        max_height: as well.
        within_s: then the child is killed.
    """
    if len(pdf) > MAX_PDF_BYTES:
        drawn: Pixels | NoPicture = NoPicture.TOO_LARGE
    else:
        drawn = await _drawn(pdf, number, max_width, max_height, within_s)
    if isinstance(drawn, NoPicture):
        fact(_log, "preview.none", why=drawn.value)
    return drawn


async def _drawn(
    pdf: bytes, number: int, max_width: int, max_height: int, within_s: float
) -> Pixels | NoPicture:
    """What the child says, each part looked at: it may be in anybody's hands."""
    kept = ("PYTHONPATH", "PATH")
    font = fonts_dir() / "NotoSansSC-Regular.otf"
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kiosk.preview.child"),
        *(str(font), str(max_width), str(max_height), str(number)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in kept if name in os.environ},
        cwd=Path("/"),
    )
    most = HEAD.size + max_width * max_height * 3
    try:
        async with asyncio.timeout(within_s):
            _, said = await asyncio.gather(_give(child, pdf), _read(child, most + 1))
            code = await child.wait()
    except TimeoutError:
        return NoPicture.TOO_LONG
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if code != 0:
        return _MEANS.get(code, NoPicture.BROKEN)
    if len(said) < HEAD.size:
        return NoPicture.BROKEN
    pages, width, height = HEAD.unpack_from(said)
    pixels = said[HEAD.size :]
    fits = 0 < width <= max_width and 0 < height <= max_height and pages > 0
    if not fits or len(pixels) != width * height * 3:
        return NoPicture.BROKEN
    return Pixels(pixels, width, height, pages)


async def _give(child: asyncio.subprocess.Process, pdf: bytes) -> None:
    pipe = child.stdin
    if pipe is None:
        return
    try:
        pipe.write(pdf)
        await pipe.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it ended before it had read everything; its exit code says why
    finally:
        pipe.close()


async def _read(child: asyncio.subprocess.Process, most: int) -> bytes:
    """What it says; killed when that is more than it was asked for."""
    said = bytearray()
    while child.stdout is not None and (some := await child.stdout.read(1 << 16)):
        said += some
        if len(said) > most:
            child.kill()
            break
    return bytes(said)


def _png(page: Pixels) -> tuple[bytes, int, int] | None:
    """A PNG that is small enough, and its size: smaller where it must be, to a half."""
    width, height = page.width, page.height
    whole = Image.frombytes("RGB", (width, height), page.rgb)
    for part in (1.0, 0.8, 0.65, 0.5):
        size = (max(1, round(width * part)), max(1, round(height * part)))
        small = whole if part == 1.0 else whole.resize(size, Image.Resampling.LANCZOS)
        file = io.BytesIO()
        small.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            file, "PNG", optimize=True
        )
        if file.tell() <= MAX_PICTURE_BYTES:
            return file.getvalue(), *size
    return None
