"""Draws the pictures of a guide for the pages, as the screen draws them: look at them after it.

    python -m tests.screens.draw_guide refill

Writes docs/pictures/<guide>-<step>.webp, the words in them in Chinese.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from offscreen import Stage  # after the path above
from samples import show

from kiosk.guides import STEPS, Guide

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE_PX = (1280, 800)
WIDTH_PX = 320


def main(name: str) -> None:
    """Draw all steps of a guide."""
    from kiosk.widgets.drawing import Drawing

    guide = Guide(name)
    stage = Stage(SIZE_PX)
    for step in range(1, STEPS[guide] + 1):
        stage.show(show(f"guide_{name}_{step}", language="zh", large=False, turn=step))
        drawing = next(widget for widget in stage.widgets() if isinstance(widget, Drawing))
        x, y = drawing.to_window(*drawing.pos)
        left, low = round(x), SIZE_PX[1] - round(y)
        box = (left, low - round(drawing.height), left + round(drawing.width), low)
        picture = stage.pixels().crop(box)
        picture.thumbnail((WIDTH_PX, WIDTH_PX))
        picture.save(FOLDER / f"{name}-{step}.webp", quality=90, method=6)


if __name__ == "__main__":
    main(sys.argv[1])
