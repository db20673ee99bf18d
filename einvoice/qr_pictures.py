"""Reading the QR in a picture file, with zxing-cpp. Importing this fails where it is missing."""

import io

import zxingcpp
from PIL import Image

MAX_PIXELS = 4_000_000
"""A QR on an invoice has under a million, also when the whole page is a picture."""


def decode_qr(picture: bytes) -> str:
    """The text of the first QR; empty if there is none or the bytes are no picture."""
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return ""
            grey = opened.convert("L")
    # What Pillow raises on damaged files of its many formats.
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return ""
    found = zxingcpp.read_barcodes(grey)
    return found[0].text if found else ""
