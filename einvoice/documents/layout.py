"""Text by its position: runs on a page, rows of runs, and what stands right of a label.

OFD pages and PDF pages both become runs in millimetres, so that one set of rules reads both.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from einvoice.documents import limits, values
from einvoice.documents.model import Box

# Baselines of a label and its value differ by up to 1.2 mm in public samples; the closest
# rows of one block lie 3.3 mm apart.
ROW_TOLERANCE_MM = 1.3
# Pieces of one value lie closer than this many times their type size.
JOIN_GAP = 1.3
# Characters drawn one by one touch within this part of their size, which is the same for all.
TOUCHING = 0.25
SAME_SIZE = 0.1
# Bold type is imitated by drawing twice, this far apart at most.
TWICE_MM = 0.4
_TWICE_AMONG = 3
# A value starts no further right of its label than this; the furthest seen is 24 mm.
LABEL_GAP_MM = 45.0

_LONGEST_AMOUNT = 40
_WHOLE_AMOUNT = re.compile(r"¥?-?[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]{1,6})?|\*{2,3}")
_AMOUNT = re.compile(r"-?[0-9]{1,3}(?:,?[0-9]{3})*\.[0-9]{1,6}|\*{2,3}")


class Run(NamedTuple):  # made by the thousand: three times as fast as a frozen dataclass
    """Text on one baseline, millimetres from the upper left corner of its page.

    Attributes:
        page: counted from 1.
        size: type size.
        mark: number of the object that it came from; empty if it has none.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    mark: str = ""

    @property
    def box(self) -> Box:
        """The place that the run covers."""
        width = max(0.0, self.right - self.left)
        return Box(self.left, self.baseline - self.size, width, self.size)


_LEFT = attrgetter("left")
_IN_READING_ORDER = attrgetter("page", "baseline", "left")


class Row:
    """Runs on one baseline, from left to right."""

    def __init__(self, runs: Iterable[Run], plain: Callable[[str], str] = values.plain) -> None:
        """Gather them; `plain` may remember what it gave, since forms repeat their labels."""
        self.runs = tuple(sorted(runs, key=_LEFT))
        self._plain = plain

    @property
    def page(self) -> int:
        """The page, counted from 1."""
        return self.runs[0].page

    @property
    def baseline(self) -> float:
        """Of the row's leftmost run, millimetres."""
        return self.runs[0].baseline

    @cached_property
    def text(self) -> str:
        """The text of the row without blanks, in compatibility form, for searching; bounded."""
        return "".join(self._pieces)[: limits.MAX_TEXT]

    @cached_property
    def _pieces(self) -> list[str]:
        return [self._plain(run.text) for run in self.runs]

    @cached_property
    def _ends(self) -> list[int]:
        """Where each run ends in `text`."""
        return list(accumulate(map(len, self._pieces)))

    def run_at(self, index: int) -> int:
        """Which run holds the character of `text` at an index."""
        return min(bisect_right(self._ends, index), len(self.runs) - 1)

    def value_between(self, start: int, end: int) -> tuple[str, tuple[Run, ...]]:
        """What stands in `text[start:end]`, as far as its pieces lie close together.

        Returns:
            The text as written, and the runs that it came from.
        """
        pieces: list[tuple[str, Run]] = []
        label_right = self.runs[self.run_at(start - 1)].right if start else 0.0
        for number in range(self.run_at(start), len(self.runs)):
            run, piece = self.runs[number], self._pieces[number]
            at = self._ends[number] - len(piece)
            if at >= end:
                break
            first, last = max(start, at), min(end, at + len(piece))
            if first >= last:
                continue
            if not self._joins(pieces, run, label_right):
                break
            is_whole = (first, last) == (at, at + len(piece))
            pieces.append((run.text.strip() if is_whole else piece[first - at : last - at], run))
        return "".join(text for text, _ in pieces), tuple(run for _, run in pieces)

    def _joins(self, pieces: Sequence[tuple[str, Run]], run: Run, label_right: float) -> bool:
        if not pieces:
            return run.left - label_right <= LABEL_GAP_MM
        before = pieces[-1][1]
        return run.left - before.right <= JOIN_GAP * max(run.size, before.size)


def rows(runs: Iterable[Run]) -> list[Row]:
    """Runs gathered into rows, by page and from top to bottom.

    Blank runs are dropped, text drawn twice on one place counts once, and text that was drawn
    character by character is put together.
    """
    gathered: list[Row] = []
    current: list[Run] = []
    plain = cache(values.plain)
    for run in sorted(runs, key=_IN_READING_ORDER):
        if not run.text.strip():
            continue
        if current and (
            run.page != current[0].page or run.baseline - current[0].baseline > ROW_TOLERANCE_MM
        ):
            gathered.append(Row(_together(current), plain))
            current = []
        current.append(run)
    if current:
        gathered.append(Row(_together(current), plain))
    return gathered


def _together(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    ends_alone = False  # whether the last character so far was drawn by itself
    for run in _once(sorted(runs, key=_LEFT)):
        is_alone = len(run.text) == 1
        if joined and (is_alone or ends_alone) and _touch(joined[-1], run):
            before = joined[-1]
            mark = f"{before.mark} {run.mark}".strip()
            joined[-1] = before._replace(text=before.text + run.text, right=run.right, mark=mark)
        else:
            joined.append(run)
        ends_alone = is_alone
    return joined


def _touch(before: Run, run: Run) -> bool:
    return (
        abs(run.left - before.right) <= TOUCHING * min(run.size, before.size)
        and abs(run.baseline - before.baseline) <= TOUCHING * run.size
        and abs(run.size - before.size) <= SAME_SIZE * run.size
    )


def _once(runs: Iterable[Run]) -> list[Run]:
    kept: list[Run] = []
    for run in runs:
        for before in kept[-_TWICE_AMONG:]:
            # Asked first, and nearly always enough: this is done for every run.
            if before.text == run.text and _is_twice(before, run):
                break
        else:
            kept.append(run)
    return kept


def _is_twice(first: Run, second: Run) -> bool:
    """Whether the second, of the same text, only makes the first look bold."""
    return (
        abs(first.left - second.left) <= TWICE_MM
        and abs(first.baseline - second.baseline) <= TWICE_MM
    )


def width_of(text: str, size: float) -> float:
    """A guess at the width of text: a full square for Han and full-width forms, else half."""
    if text.isascii():
        return 0.5 * size * len(text)
    if len(text) == 1:
        return size if unicodedata.east_asian_width(text) in "WF" else 0.5 * size
    wide = sum(map("WF".__contains__, map(unicodedata.east_asian_width, text)))
    return size * (wide + 0.5 * (len(text) - wide))


def amounts_in(row: Row, start: int) -> list[tuple[str, Run]]:
    """The amounts right of `text[:start]`: a whole run of digits, digits with a point, or stars."""
    found: list[tuple[str, Run]] = []
    at = 0
    for run in row.runs:
        piece = values.plain(run.text)
        rest = piece[max(0, start - at) :][:_LONGEST_AMOUNT]
        at += len(piece)
        if _WHOLE_AMOUNT.fullmatch(rest):
            found.append((rest, run))
        else:
            found.extend((match[0], run) for match in _AMOUNT.finditer(rest))
    return found
