"""Two-dimensional symbols that the printer draws itself."""

from functools import lru_cache

import qrcode
from PIL import Image
from qrcode.exceptions import DataOverflowError
from qrcode.util import QRData

from drivers.simulated.dots import enlarged, from_modules

_BYTE_MODE = 4
"""The mode indicator of 8-bit data (ISO/IEC 18004, table 2)."""
_LEVELS = {
    "L": qrcode.ERROR_CORRECT_L,
    "M": qrcode.ERROR_CORRECT_M,
    "Q": qrcode.ERROR_CORRECT_Q,
    "H": qrcode.ERROR_CORRECT_H,
}


class SymbolTooLarge(ValueError):
    """More data than a QR code of this error correction can hold."""


@lru_cache(maxsize=32)
def qr_image(data: bytes, level: str, module_dots: int) -> Image.Image:
    """A QR code without a quiet zone, as receipt printers draw it; set bits are black.

    Drawing takes this program 20 ms, so the last ones are kept: do not draw into them.

    Raises:
        SymbolTooLarge: when the data does not fit version 40.
    """
    code = qrcode.QRCode(error_correction=_LEVELS[level], box_size=1, border=0)
    code.add_data(QRData(data, mode=_BYTE_MODE))
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        # qrcode says "Invalid version (was 41, expected 1 to 40)" with a plain ValueError.
        raise SymbolTooLarge(f"{len(data)} bytes") from error
    return enlarged(from_modules(code.get_matrix()), module_dots, module_dots)
