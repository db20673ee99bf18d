"""Breaks a sentence into lines, in Chinese and English alike.

Kivy breaks only at spaces, or anywhere when there is none; Chinese needs more care: no
line begins with a closing mark or ends with an opening one, numbers and Latin words stay
whole, and a line should end where the sense pauses. Zero-width spaces in a sentence mark
such places. Among all ways with the fewest lines the most even one is taken, so that no
single character is left alone on the last line.

Rules for marks: GB/T 15834-2011, 5.1.10 (marks at the ends of lines).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.text import BREAK_HINT

_CLOSING = "，。、；：？！）》〉”’】」』…％,.;:?!)]}%"
_OPENING = "（《〈“‘【「『([{¥"
_ATOM = re.compile(r"\n| +|\u3000+|\u200b|[\x21-\x7e\u00a0\u00a5\u00c0-\u024f’“”–]+|.", re.DOTALL)

_PAUSE_COST = 0.0
_INSIDE_COST = 0.35
"""Breaking inside a run of characters, against one line that is empty by this share squared."""


@dataclass(slots=True)
class _Piece:
    """Something that is never broken, and what follows it."""

    text: str
    gap: str = ""
    pause: bool = False


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break `text` into lines no wider than `width`.

    Args:
        text: may hold line feeds (breaks that must be) and zero-width spaces (good places).
        width: px.
        measure: the width of one line of text, px.

    Returns:
        The lines, without zero-width spaces and without spaces at the breaks. A piece that is
        wider than `width` by itself is broken between characters.
    """
    return [
        line
        for paragraph in text.split("\n")
        for line in _wrap_paragraph(paragraph, width, measure)
    ]


def plain(text: str) -> str:
    """The sentence without break hints."""
    return text.replace(BREAK_HINT, "")


def _pieces(paragraph: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    glue = False  # the piece before ends with an opening mark
    for atom in _ATOM.findall(paragraph):
        if atom == BREAK_HINT:
            if pieces:
                pieces[-1].pause = True
        elif atom.isspace():
            if pieces:
                pieces[-1].gap += atom
                pieces[-1].pause = True
        elif pieces and not pieces[-1].gap and (atom[0] in _CLOSING or glue):
            pieces[-1].text += atom
            pieces[-1].pause = atom[-1] in _CLOSING
        else:
            pieces.append(_Piece(atom, pause=atom[-1] in _CLOSING))
        glue = bool(pieces) and pieces[-1].text[-1] in _OPENING and not pieces[-1].gap
    return pieces


def _split_wide(
    pieces: list[_Piece], width: float, measure: Callable[[str], float]
) -> list[_Piece]:
    narrow: list[_Piece] = []
    for piece in pieces:
        rest = piece.text
        while len(rest) > 1 and measure(rest) > width:
            cut = max(1, _longest_prefix(rest, width, measure))
            narrow.append(_Piece(rest[:cut]))
            rest = rest[cut:]
        narrow.append(_Piece(rest, piece.gap, piece.pause))
    return narrow


def _longest_prefix(text: str, width: float, measure: Callable[[str], float]) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _wrap_paragraph(paragraph: str, width: float, measure: Callable[[str], float]) -> list[str]:
    whole = plain(paragraph).strip()
    if not whole or measure(whole) <= width:
        return [whole]
    pieces = _split_wide(_pieces(paragraph), width, measure)
    count = len(pieces)
    # best[start]: fewest lines, then least cost, then where the first line ends.
    best: list[tuple[int, float, int]] = [(0, 0.0, count)] * (count + 1)
    for start in range(count - 1, -1, -1):
        chosen = (count + 1, 0.0, start + 1)
        line = ""
        for end in range(start + 1, count + 1):
            line += pieces[end - 1].text
            line_width = measure(line)
            if line_width > width and end > start + 1:
                break
            lines_after, cost_after, _ = best[end]
            spare = max(0.0, 1 - line_width / width)
            pause = _PAUSE_COST if end == count or pieces[end - 1].pause else _INSIDE_COST
            candidate = (lines_after + 1, cost_after + spare * spare + pause, end)
            chosen = min(chosen, candidate)
            line += pieces[end - 1].gap
        best[start] = chosen
    lines: list[str] = []
    at = 0
    while at < count:
        end = best[at][2]
        text = "".join(piece.text + piece.gap for piece in pieces[at:end])
        lines.append(text.strip())
        at = end
    return lines
