"""Text as a printer sees it: cells of one or two columns, wrapped into lines.

A Chinese printer prints one byte in 12 dots and a double-byte character in 24, whatever
Unicode says about its width: the ambiguous ones (①, “, ·, —) are double-byte, so they
are wide. All that is not ASCII takes two columns, also when we draw it ourselves.
"""

import re
import unicodedata
from dataclasses import dataclass

_NO_LINE_START = frozenset("，。、；：！？）》」』】〕〉”’…—～·％℃,.;:!?)]}%")
_NO_LINE_END = frozenset("（《「『【〔〈“‘￥$([{#")
_WORD = re.compile(r"[0-9A-Za-z.,:;/%+\-_*&=#@~'\"()\[\]]")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\ufe00\ufe01\ufe02")


@dataclass(frozen=True, slots=True)
class Cell:
    """One character with its marks, and the columns it takes at normal size."""

    text: str
    columns: int


def cells(text: str) -> list[Cell]:
    """The cells of one paragraph. Control and format characters print nothing and are left out.

    `¥` (U+00A5) becomes `￥` (U+FFE5), which every Chinese font has; a tab becomes a space.
    """
    found: list[Cell] = []
    for character in unicodedata.normalize("NFC", text).replace("\u00a5", "\uffe5"):
        if character in "\t\u00a0":
            character = " "
        if _is_mark(character) and found:
            before = found.pop()
            found.append(Cell(before.text + character, 2))
        elif character.isascii():
            if character.isprintable():
                found.append(Cell(character, 1))
        elif unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            found.append(Cell(character, 2))
    return found


def _is_mark(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me")
        or character in _JOINERS
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def width(line: list[Cell]) -> int:
    """Columns of these cells at normal size."""
    return sum(cell.columns for cell in line)


def wrap(text: str, columns: int) -> list[list[Cell]]:
    """Lines of at most `columns` columns.

    Breaks between Chinese characters and at spaces; numbers and words stay whole unless one
    alone is wider than the line. Closing marks do not begin a line, opening marks do not end
    one. A line break in the text breaks the line.
    """
    lines: list[list[Cell]] = []
    for paragraph in re.split(r"\r\n|[\n\r\u2028\u2029]", text):
        lines.extend(_wrap_paragraph(_units(cells(paragraph)), columns))
    return lines


def longest_unit(text: str) -> int:
    """Columns of the widest piece that should not be split."""
    return max((width(unit) for unit in _units(cells(text))), default=0)


def _units(line: list[Cell]) -> list[list[Cell]]:
    """Pieces between which a line may be broken."""
    units: list[list[Cell]] = []
    for cell in line:
        if units and _together(units[-1][-1], cell):
            units[-1].append(cell)
        else:
            units.append([cell])
    return units


def _together(before: Cell, after: Cell) -> bool:
    if " " in (before.text, after.text):
        return False
    if before.text in _NO_LINE_END or after.text in _NO_LINE_START:
        return True
    return bool(_WORD.match(before.text) and _WORD.match(after.text))


def _wrap_paragraph(units: list[list[Cell]], columns: int) -> list[list[Cell]]:
    lines: list[list[Cell]] = [[]]
    for unit in units:
        if width(lines[-1]) + width(unit) <= columns:
            lines[-1].extend(unit)
            continue
        if lines[-1]:
            lines.append([])
        if unit[0].text == " ":
            continue  # the break stands for the space
        for cell in unit:
            if width(lines[-1]) + cell.columns > columns:
                lines.append([])
            lines[-1].append(cell)
    return [_without_trailing_space(line) for line in lines]


def _without_trailing_space(line: list[Cell]) -> list[Cell]:
    end = len(line)
    while end and line[end - 1].text == " ":
        end -= 1
    return line[:end]
