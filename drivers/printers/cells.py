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
_SPACES = frozenset("\t\u00a0")
_SILENT = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\ufe00\ufe01\ufe02")


@dataclass(frozen=True, slots=True)
class Cell:
    """One character with its marks, and the columns it takes at normal size."""

    text: str
    columns: int


class _Plain(dict[str, Cell]):
    """The cell of every character that stands alone, looked up in Unicode's tables once.

    A slip has 1,300 characters, of a few hundred kinds.
    """

    def __missing__(self, character: str) -> Cell:
        """The cell of a character that was not met before.

        Raises:
            KeyError: it is a mark, which joins the cell before it, or prints nothing.
        """
        if character in _SPACES:
            cell = Cell(" ", 1)
        elif _is_mark(character) or not _prints(character):
            raise KeyError(character)
        else:
            cell = Cell(character, 1 if character.isascii() else 2)
        self[character] = cell
        return cell


_PLAIN = _Plain()


def cells(text: str) -> list[Cell]:
    """The cells of one paragraph. Control and format characters print nothing and are left out.

    `¥` (U+00A5) becomes `￥` (U+FFE5), which every Chinese font has; a tab becomes a space.
    """
    composed = unicodedata.normalize("NFC", text).replace("\u00a5", "\uffe5")
    try:
        return [_PLAIN[character] for character in composed]
    except KeyError:
        return _cells_with_marks(composed)


def _cells_with_marks(composed: str) -> list[Cell]:
    found: list[Cell] = []
    for character in composed:
        if found and _is_mark(character):
            before = found.pop()
            found.append(Cell(before.text + character, 2))
        elif _is_mark(character):
            if _prints(character):
                found.append(Cell(character, 2))
        elif character in _SPACES or _prints(character):
            found.append(_PLAIN[character])
    return found


def _prints(character: str) -> bool:
    if character.isascii():
        return character.isprintable()
    return unicodedata.category(character) not in _SILENT


def _is_mark(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me")
        or character in _JOINERS
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def width(line: list[Cell]) -> int:
    """Columns of these cells at normal size."""
    return sum([cell.columns for cell in line])


def wrap(text: str, columns: int) -> list[list[Cell]]:
    """Lines of at most `columns` columns.

    Breaks between Chinese characters and at spaces; numbers and words stay whole unless one
    alone is wider than the line. Closing marks do not begin a line, opening marks do not end
    one. A line break in the text breaks the line.
    """
    lines: list[list[Cell]] = []
    for paragraph in re.split(r"\r\n|[\n\r\u2028\u2029]", text):
        line = cells(paragraph)
        if width(line) <= columns:
            lines.append(_without_trailing_space(line))
        else:
            lines.extend(_wrap_paragraph(_units(line), columns))
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
