"""Whether a PDF would take too long, told from its bytes before any library parses it."""

import re
from itertools import islice

from einvoice.documents import limits


def _name(name: str) -> str:
    """A pattern for a name in which any letter may be written as `#` and its code."""
    return "/" + "".join(f"(?:{letter}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in name)


# Filters that the library undoes byte by byte (predictors, and encodings of old days), and
# filters named by reference, which may be any of them.
_SLOW_NAMES = (
    "DecodeParms",
    "DP",
    "LZWDecode",
    "LZW",
    "RunLengthDecode",
    "RL",
    "ASCII85Decode",
    "A85",
    "ASCIIHexDecode",
    "AHx",
)
_SLOW_FILTER = re.compile(
    f"(?:{'|'.join(map(_name, _SLOW_NAMES))})\\b|{_name('Filter')}\\s{{0,9}}[0-9]".encode()
)


def is_too_bulky(data: bytes) -> bool:
    """Whether a file has more bytes, objects or slow filters than `limits` allows."""
    if len(data) > limits.MAX_PDF_BYTES or data.count(b" obj") > limits.MAX_PDF_OBJECTS:
        return True
    slow = sum(1 for _ in islice(_SLOW_FILTER.finditer(data), limits.MAX_PDF_SLOW_FILTERS + 1))
    return slow > limits.MAX_PDF_SLOW_FILTERS
