"""The fonts on screen: Noto Sans SC for everything, Material Icons for the icons."""

import os
from pathlib import Path

from kivy.core.text import Label as CoreLabel
from kivy.core.text import LabelBase

UI = "UI"
ICONS = "Icons"

REGULAR_FILE = "NotoSansSC-Regular.otf"
BOLD_FILE = "NotoSansSC-Bold.otf"
ICONS_FILE = "MaterialIcons-Regular.ttf"


def font_folder() -> Path:
    """Where the built fonts are: $KIOSK_FONTS, or build/fonts beside the packages."""
    given = os.environ.get("KIOSK_FONTS")
    return Path(given) if given else Path(__file__).parents[2] / "build" / "fonts"


def register_fonts() -> None:
    """Make the fonts known to Kivy, also as its default, whose own font has no Chinese.

    Raises:
        OSError: a font file is not there.
    """
    folder = font_folder()
    regular, bold = str(folder / REGULAR_FILE), str(folder / BOLD_FILE)
    for name in (UI, "Roboto"):
        LabelBase.register(name, fn_regular=regular, fn_bold=bold)
    LabelBase.register(ICONS, fn_regular=str(folder / ICONS_FILE))


class Ruler:
    """Measures text in one size and weight, px, as the renderer will draw it."""

    def __init__(self, font_size: float, *, bold: bool) -> None:
        self._label = CoreLabel(font_size=font_size, font_name=UI, bold=bold)

    def width(self, text: str) -> float:
        """Width of one line of text, px."""
        return float(self._label.get_extents(text)[0])


_rulers: dict[tuple[float, bool], Ruler] = {}


def ruler(font_size: float, *, bold: bool) -> Ruler:
    """The ruler for a size and weight; kept, because each screen measures the same sentences."""
    key = (font_size, bold)
    found = _rulers.get(key)
    if found is None:
        found = _rulers[key] = Ruler(font_size, bold=bold)
    return found
