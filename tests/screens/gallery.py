"""Draws every screen into out/gallery, to be looked at.

python tests/screens/gallery.py [1080x1920|1280x800] [zh|en] [normal|large] [name part]
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from offscreen import Stage  # noqa: E402 # found by the lines above
from samples import ALL_NAMES, show  # noqa: E402


def main(size: str, language: str, text: str, part: str) -> None:
    """Draw the chosen screens."""
    width, _, height = size.partition("x")
    stage = Stage((int(width), int(height)))
    folder = Path(__file__).parents[2] / "out" / "gallery" / size / f"{language}-{text}"
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in ALL_NAMES if part in name]
    for turn, name in enumerate(names, start=1):
        stage.show(show(name, language=language, large=text == "large", turn=turn))
        stage.pixels().save(folder / f"{name}.png")


if __name__ == "__main__":
    given = sys.argv[1:] + ["1080x1920", "zh", "normal", ""][len(sys.argv) - 1 :]
    main(*given)
