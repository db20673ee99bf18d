"""Lays out the fonts that screens and simulated paper use.

Kivy opens only the first face of a font collection, and the first face of
Debian's Noto CJK is Japanese: 直 骨 门 would come out in Japanese shapes. So the
Simplified Chinese face is taken out once, at set-up, into a file of its own.
"""

import shutil
import sys
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

NOTO = Path("/usr/share/fonts/opentype/noto")
ICONS = Path("/usr/share/fonts/truetype/material-design-icons-iconfont/MaterialIcons-Regular.ttf")
FACE = "Noto Sans CJK SC"


def extract(collection: Path, target: Path) -> None:
    """Write the Simplified Chinese face of a collection into a file of its own."""
    faces = [
        face["name"].getDebugName(16) or face["name"].getDebugName(1)
        for face in TTCollection(collection)
    ]
    if FACE not in faces:
        raise SystemExit(f"{collection}: no face {FACE} among {faces}")
    font = TTFont(collection, fontNumber=faces.index(FACE), lazy=True, recalcTimestamp=False)
    font.save(target, reorderTables=None)


def main(target: Path) -> None:
    """Build all fonts into `target`; files that are there already are kept."""
    target.mkdir(parents=True, exist_ok=True)
    for weight in ("Regular", "Bold"):
        path = target / f"NotoSansSC-{weight}.otf"
        if not path.exists():
            part = path.with_suffix(".part")
            extract(NOTO / f"NotoSansCJK-{weight}.ttc", part)
            part.rename(path)
    icons = target / "MaterialIcons-Regular.ttf"
    if not icons.exists():
        shutil.copyfile(ICONS, icons)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
