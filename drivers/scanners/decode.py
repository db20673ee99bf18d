"""Text out of a scanned code."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum


class Encoding(Enum):
    """How a text was written; the value is Python's name for it."""

    UTF_8 = "utf-8"
    GB18030 = "gb18030"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a code and how it was written."""

    text: str
    encoding: Encoding


# ECI assignments (AIM ITS/04-023): 26 UTF-8, 27 US-ASCII, 29 GB 2312, 31 GBK, 32 GB 18030.
_ECI = {
    26: Encoding.UTF_8,
    27: Encoding.UTF_8,
    29: Encoding.GB18030,
    31: Encoding.GB18030,
    32: Encoding.GB18030,
}
_WITH_ECI = "]Q2"
_ECI_MARK = re.compile(rb"\\(\d{6})")
_ECI_OR_BACKSLASH = re.compile(rb"\\(?:\d{6}|\\)")

# Characters for names are added here every few years, faster than Python's tables follow.
_IDEOGRAPHIC_PLANES = range(0x20000, 0x40000)


def decode(payload: bytes, symbology: str = "", encoding: Encoding | None = None) -> Decoded | None:
    r"""The text of a code; None if it is no text.

    Strict UTF-8 first, then GB 18030: four Chinese characters in GBK are valid UTF-8 once in a
    thousand times, while GBK first would misread half of all UTF-8. A QR code read as `]Q2`
    says how it is written (`\000026`, and `\\` for a backslash).

    Args:
        payload: without suffix and AIM identifier.
        symbology: the AIM identifier, "" if unknown.
        encoding: what this scanner always sends, if that is configured; it overrides the guess.
    """
    if symbology == _WITH_ECI:
        marks = {_ECI.get(int(mark[1])) for mark in _ECI_MARK.finditer(payload)}
        payload = _ECI_OR_BACKSLASH.sub(_unescaped, payload)
        if encoding is None and len(marks) == 1:
            encoding = marks.pop()
    for candidate in (encoding,) if encoding else (Encoding.UTF_8, Encoding.GB18030):
        try:
            text = payload.decode(candidate.value)
        except UnicodeDecodeError:
            continue
        return Decoded(text, candidate) if _is_text(text) else None
    return None


def _is_text(text: str) -> bool:
    # GB 18030 gives a meaning to nearly every run of bytes; these are none.
    return not any(map(_is_no_character, text))


def _is_no_character(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        return ord(character) not in _IDEOGRAPHIC_PLANES
    return category in ("Cc", "Co") and character not in "\t\r\n"


def _unescaped(found: re.Match[bytes]) -> bytes:
    return b"\\" if found[0] == b"\\\\" else b""
