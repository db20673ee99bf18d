"""Where the fonts are that screens, slips and simulated paper use."""

import os
from pathlib import Path

from config.schema import Settings

_BUILT = Path(__file__).parents[1] / "build" / "fonts"
"""Where `make setup` puts them."""


def fonts_dir(settings: Settings | None = None) -> Path:
    """The folder of the fonts: from the settings, from KIOSK_FONTS, or that of the set-up."""
    if settings is not None and settings.paths.fonts_dir:
        return Path(settings.paths.fonts_dir)
    return Path(os.environ.get("KIOSK_FONTS") or _BUILT)
