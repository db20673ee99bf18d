"""The remark on an invoice page: what stands right of 备注, which is printed downwards."""

from collections.abc import Mapping, Sequence
from itertools import islice

from einvoice.documents import values
from einvoice.documents.layout import Row, Run
from einvoice.documents.model import Box, DocumentField, Medium, Place
from einvoice.documents.statements import Statements

# The two characters stand one above the other: 6 mm apart on a 数电票, 10 to 11 on old forms.
_SAME_COLUMN_MM = 1.5
_APART_MM = (2.0, 16.0)
# The box ends this far above and below them, unless the total or the drawer is nearer.
_BEYOND_MM = 9.0
# All rows are looked at for each pair of them: few, so that a page of nothing else costs little.
_MOST_LABELS = 4
_TOTAL_ABOVE = ("(大写)", "(小写)")
_PEOPLE_BELOW = ("开票人", "收款人", "复核")


def state_remark(page_rows: Sequence[Row], parts: Mapping[int, str], into: Statements) -> None:
    """State the remark of the first page that has one; its lines joined by blanks."""
    for label in _labels(page_rows):
        first, last = label
        lines = [
            line
            for row in _between(page_rows, first, last)
            if (line := [run for run in row.runs if run.left >= first.right - _SAME_COLUMN_MM])
        ]
        if lines:
            runs = [run for line in lines for run in line]
            text = " ".join("".join(run.text.strip() for run in line) for line in lines)
            place = Place(
                Medium.PAGE_TEXT, parts.get(first.page, ""), "备注", first.page, _around(runs)
            )
            into.text(DocumentField.REMARK, text, place)
            return


def _labels(page_rows: Sequence[Row]) -> list[tuple[Run, Run]]:
    uppers, lowers = _runs_of(page_rows, "备"), _runs_of(page_rows, "注")
    return [
        (upper, lower)
        for upper in uppers
        for lower in lowers
        if upper.page == lower.page
        and abs(upper.left - lower.left) <= _SAME_COLUMN_MM
        and _APART_MM[0] <= lower.baseline - upper.baseline <= _APART_MM[1]
    ]


def _runs_of(page_rows: Sequence[Row], character: str) -> list[Run]:
    """The runs that are this character and nothing else; no more than several pages have."""
    found = (
        run
        for row in page_rows
        if character in row.text
        for run in row.runs
        if values.plain(run.text) == character
    )
    return list(islice(found, _MOST_LABELS))


def _between(page_rows: Sequence[Row], first: Run, last: Run) -> list[Row]:
    """The rows of the box, between the total above it and the people below it."""
    on_page = [row for row in page_rows if row.page == first.page]
    top, bottom = first.baseline - _BEYOND_MM, last.baseline + _BEYOND_MM
    for row in on_page:
        if row.baseline <= first.baseline and any(word in row.text for word in _TOTAL_ABOVE):
            top = max(top, row.baseline)
        if row.baseline > last.baseline and any(word in row.text for word in _PEOPLE_BELOW):
            bottom = min(bottom, row.baseline)
    return [row for row in on_page if top < row.baseline < bottom]


def _around(runs: Sequence[Run]) -> Box:
    left, top = min(run.left for run in runs), min(run.box.top for run in runs)
    return Box(
        left,
        top,
        max(run.right for run in runs) - left,
        max(run.baseline for run in runs) - top,
    )
