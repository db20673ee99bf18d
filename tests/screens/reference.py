"""The reference pictures of all screens: one file each in docs/screens, small, and compared.

A picture is the window at a half (landscape) or a third (portrait), in 256 colours. Two are
compared by blocks: the largest mean difference of a block says whether anything that a person would
see has changed, and where. On one machine two drawings are alike to the last pixel, so alike in 256
colours too. Other versions of Mesa may shift edges by parts of a pixel: then the colours are chosen
anew, and the picture in all its colours is compared, which differs by up to NOISE for no reason.

Beside the pictures `drawn.txt` holds a digest of each window as it was drawn: what is alike to the
last pixel needs no comparing, which is nearly all of it on the machine that drew the references.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
DIGESTS = FOLDER / "drawn.txt"
RENEW = "python -m tests.screens.renew_pictures"
BLOCK = 8
"""Side of a block, px of the small picture."""
TOLERANCE = 10.0
"""Of 255: more than a choice of colours makes (NOISE), and less than the smallest digit that is
another one (11)."""
NOISE = 9.0
"""Of 255: the most by which a picture in 256 colours differs from itself in all its colours."""

_SMALLER = {True: 3, False: 2}


def small(pixels: Image.Image) -> Image.Image:
    """A window's picture at the size in which it is kept."""
    return pixels.reduce(_SMALLER[pixels.height > pixels.width])


def file_of(size: str, way: str, name: str) -> Path:
    """Where the picture of a screen is kept."""
    return FOLDER / size / way / f"{name}.webp"


def digest(drawn: bytes) -> str:
    """Of a window's pixels."""
    return hashlib.blake2b(drawn, digest_size=8).hexdigest()


def kept_digests() -> dict[Path, str]:
    """Of the windows that the references were made of."""
    lines = DIGESTS.read_text("ascii").splitlines() if DIGESTS.exists() else []
    return {FOLDER / line[17:]: line[:16] for line in lines}


def keep_digests(digests: Iterable[tuple[Path, str]]) -> None:
    """Write them anew, in the order of the files."""
    lines = (f"{of} {file.relative_to(FOLDER)}\n" for file, of in sorted(digests))
    DIGESTS.write_text("".join(lines), encoding="ascii")


def difference(now: Image.Image, kept: Image.Image) -> tuple[float, tuple[int, int]]:
    """The largest mean difference of a block, of 255, and where it begins in the small picture."""
    if now.size != kept.size:
        return 255.0, (0, 0)
    apart = ImageChops.difference(now, kept).convert("L")
    # Padded, so that the last blocks are whole too.
    across, down = (-(-side // BLOCK) for side in apart.size)
    whole = Image.new("L", (across * BLOCK, down * BLOCK))
    whole.paste(apart)
    blocks = whole.reduce(BLOCK).tobytes()
    worst = max(range(len(blocks)), key=blocks.__getitem__)
    return float(blocks[worst]), (worst % across * BLOCK, worst // across * BLOCK)


def few_colours(full: Image.Image) -> Image.Image:
    """A small picture in the colours that are kept."""
    few = full.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return few.convert("RGB")


def compare(pixels: Image.Image, file: Path) -> str:
    """How a window differs from its reference; "" when it does not."""
    if not file.exists():
        return "missing"
    full = small(pixels)
    with Image.open(file) as picture:
        kept = picture.convert("RGB")
    by, at = min(difference(few_colours(full), kept), difference(full, kept))
    return f"differs by {by:.0f} of 255 at {at[0]},{at[1]}" if by > TOLERANCE else ""


def keep(pixels: Image.Image, file: Path) -> None:
    """Make a window's picture the reference."""
    file.parent.mkdir(parents=True, exist_ok=True)
    few_colours(small(pixels)).save(file, "WEBP", lossless=True, method=6)
