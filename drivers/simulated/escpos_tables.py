"""ESC/POS commands of a fixed length: the first two bytes, the whole length, the meaning."""

from collections.abc import Callable

from drivers.simulated import commands as c

_JUSTIFY = {
    0: c.Justify.LEFT,
    1: c.Justify.CENTRE,
    2: c.Justify.RIGHT,
    48: c.Justify.LEFT,
    49: c.Justify.CENTRE,
    50: c.Justify.RIGHT,
}


def _justify(p: bytes) -> c.Command:
    if p[0] not in _JUSTIFY:
        return c.Unknown(b"\x1ba" + p)
    return c.SetJustify(_JUSTIFY[p[0]])


def _transmit(p: bytes) -> c.Command:
    if p[0] in (1, 49):
        return c.TransmitPaper()
    if p[0] in (2, 50):
        return c.TransmitDrawer()
    return c.Unknown(b"\x1dr" + p)


def _word(p: bytes) -> int:
    return p[0] | p[1] << 8


def _size(p: bytes) -> c.Command:
    return c.CharacterSize((p[0] >> 4 & 7) + 1, (p[0] & 7) + 1)


FIXED: dict[bytes, tuple[int, Callable[[bytes], c.Command]]] = {
    b"\x1b@": (2, lambda p: c.Initialise()),
    b"\x1ba": (3, _justify),
    b"\x1bE": (3, lambda p: c.Emphasis(bool(p[0] & 1))),
    b"\x1bG": (3, lambda p: c.Emphasis(bool(p[0] & 1))),
    b"\x1b-": (3, lambda p: c.Underline(p[0] % 48 % 3)),
    b"\x1c-": (3, lambda p: c.Underline(p[0] % 48 % 3)),
    b"\x1dB": (3, lambda p: c.Reverse(bool(p[0] & 1))),
    b"\x1b!": (3, lambda p: c.PrintMode(p[0])),
    b"\x1c!": (3, lambda p: c.ChineseMode(p[0])),
    b"\x1cW": (3, lambda p: c.ChineseQuadruple(bool(p[0] & 1))),
    b"\x1d!": (3, _size),
    b"\x1bM": (3, lambda p: c.SelectFont(bool(p[0] & 1))),
    b"\x1bt": (3, lambda p: c.SelectCodePage(p[0])),
    b"\x1b2": (2, lambda p: c.LineSpacing(None)),
    b"\x1b3": (3, lambda p: c.LineSpacing(p[0])),
    b"\x1bd": (3, lambda p: c.FeedLines(p[0])),
    b"\x1bJ": (3, lambda p: c.FeedDots(p[0])),
    b"\x1b$": (4, lambda p: c.MoveTo(_word(p))),
    b"\x1dL": (4, lambda p: c.LeftMargin(_word(p))),
    b"\x1dW": (4, lambda p: c.PrintWidth(_word(p))),
    b"\x1bi": (2, lambda p: c.Cut(partial=True, feed_dots=None)),
    b"\x1bm": (2, lambda p: c.Cut(partial=True, feed_dots=None)),
    b"\x1c&": (2, lambda p: c.DoubleByte(on=True)),
    b"\x1c.": (2, lambda p: c.DoubleByte(on=False)),
    b"\x1c2": (4 + 72, lambda p: c.DefineChinese(p[:2], p[2:])),
    b"\x1c?": (4, c.CancelChinese),
    b"\x1da": (3, lambda p: c.AutomaticStatus(p[0])),
    b"\x1dr": (3, _transmit),
    b"\x1bv": (2, lambda p: c.TransmitPaper()),
    b"\x1dI": (3, lambda p: c.TransmitIdentity(p[0])),
}
"""The function gets the parameter bytes after the first two."""

NAMES_ONLY: dict[bytes, tuple[str, int]] = {
    b"\x1b ": ("right spacing", 3),
    b"\x1b%": ("user-defined set", 3),
    b"\x1b=": ("peripheral", 3),
    b"\x1b?": ("cancel user-defined", 3),
    b"\x1bB": ("buzzer", 4),
    b"\x1bC": ("buzzer and lamp", 5),
    b"\x1bK": ("reverse feed", 3),
    b"\x1bL": ("page mode", 2),
    b"\x1bR": ("international set", 3),
    b"\x1bS": ("standard mode", 2),
    b"\x1bT": ("page direction", 3),
    b"\x1bU": ("unidirectional", 3),
    b"\x1bV": ("rotation", 3),
    b"\x1bW": ("page area", 10),
    b"\x1b\\": ("relative position", 4),
    b"\x1bc": ("sensors and buttons", 4),
    b"\x1be": ("reverse feed lines", 3),
    b"\x1bp": ("drawer pulse", 5),
    b"\x1br": ("colour", 3),
    b"\x1bu": ("peripheral status", 3),
    b"\x1b{": ("upside down", 3),
    b"\x1cC": ("Chinese code system", 3),
    b"\x1cS": ("Chinese spacing", 4),
    b"\x1cp": ("stored image", 4),
    b"\x1d$": ("page position", 4),
    b"\x1d/": ("print downloaded image", 3),
    b"\x1d:": ("macro", 2),
    b"\x1dH": ("barcode text", 3),
    b"\x1dP": ("motion units", 4),
    b"\x1dT": ("line start", 3),
    b"\x1d\\": ("page position", 4),
    b"\x1d^": ("run macro", 5),
    b"\x1db": ("smoothing", 3),
    b"\x1df": ("barcode font", 3),
    b"\x1dg": ("counters", 6),
    b"\x1dh": ("barcode height", 3),
    b"\x1dw": ("barcode width", 3),
}
"""Commands that are taken whole and shown nowhere: their name and length."""
