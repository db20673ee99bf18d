"""Makes every widget known to kv files by its name: Kivy registers a class when it is defined."""

from kiosk.widgets import (
    banner,
    buttons,
    compared_row,
    do_row,
    drawing,
    frame_parts,
    intent_card,
    keypad,
    overlay,
    pages,
    rows,
    scan_picture,
    text,
    voice_panel,
)

__all__ = [
    "banner",
    "buttons",
    "compared_row",
    "do_row",
    "drawing",
    "frame_parts",
    "intent_card",
    "keypad",
    "overlay",
    "pages",
    "rows",
    "scan_picture",
    "text",
    "voice_panel",
]
