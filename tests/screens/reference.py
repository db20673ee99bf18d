"""The reference pictures of all screens: one file each in docs/screens, small, and compared.

A picture is the window at a half (landscape) or a third (portrait), in 64 colours. Two are compared
by blocks: the largest mean difference of a block says whether anything that a person would see has
changed, and where. Drawn twice on one machine, 15 of some 840 unchanged pictures differed by 10 or
11, the others by 9 or less; one changed digit gives 11. Other versions of Mesa may shift edges
by parts of a pixel; that was not measured.
"""

from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
RENEW = "python -m tests.screens.renew_pictures"
BLOCK = 8
"""Side of a block, px of the small picture."""
TOLERANCE = 10.0
"""Of 255: between what is seen without any change and with the smallest."""

_SMALLER = {True: 3, False: 2}


def small(pixels: Image.Image) -> Image.Image:
    """A window's picture at the size in which it is kept."""
    return pixels.reduce(_SMALLER[pixels.height > pixels.width])


def file_of(size: str, way: str, name: str) -> Path:
    """Where the picture of a screen is kept."""
    return FOLDER / size / way / f"{name}.webp"


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


def compare(pixels: Image.Image, file: Path) -> str:
    """How a window differs from its reference; "" when it does not."""
    if not file.exists():
        return "missing"
    with Image.open(file) as kept:
        by, at = difference(small(pixels), kept.convert("RGB"))
    return f"differs by {by:.0f} of 255 at {at[0]},{at[1]}" if by > TOLERANCE else ""


def keep(pixels: Image.Image, file: Path) -> None:
    """Make a window's picture the reference."""
    file.parent.mkdir(parents=True, exist_ok=True)
    few = small(pixels).quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.convert("RGB").save(file, "WEBP", lossless=True, method=6)
