"""Which characters a printer's own font has, and their bytes."""

from functools import cache

from drivers.printers.profile import Charset

_EXTENSION_A = range(0x3400, 0x4DB6)  # the four-byte part that GB 18030-2000 asks of every font
_PRIVATE_USE = range(0xE000, 0xF900)  # encodable, and empty in every printer


def printer_bytes(text: str, charset: Charset) -> bytes | None:
    """The bytes that print this one cell from the printer's font; None if the font lacks it.

    Python's `gb2312` codec maps — and · to other characters than printers do; GBK agrees with
    them, so the bytes always come from GBK or GB 18030, and GB2312 only says which exist.
    """
    if len(text) != 1:
        return None  # a character with marks
    if text.isascii():
        return text.encode()
    if charset is Charset.ASCII:
        return None
    point = ord(text)
    if point in _PRIVATE_USE:
        return None
    raw = text.encode("gb18030")
    if len(raw) == 4:
        return raw if charset is Charset.GB18030 and point in _EXTENSION_A else None
    if charset is Charset.GB18030:
        return raw
    if not _is_in("gbk", raw):
        return None
    if charset is Charset.GB2312 and not _is_in("gb2312", raw):
        return None
    return raw


class Codes(dict[str, bytes | None]):
    """`printer_bytes` for one font, asked once for each cell that is met."""

    def __init__(self, charset: Charset) -> None:
        super().__init__()
        self._charset = charset

    def __missing__(self, text: str) -> bytes | None:
        """The bytes of a cell that was not met before."""
        raw = printer_bytes(text, self._charset)
        if len(text) == 1:  # characters with marks have no end
            self[text] = raw
        return raw


@cache
def codes_of(charset: Charset) -> Codes:
    """The codes of one font, the same object for all slips."""
    return Codes(charset)


def _is_in(codec: str, raw: bytes) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
