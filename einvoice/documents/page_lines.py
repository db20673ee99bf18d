"""The table of goods and services on an invoice page -> lines, by the columns of its heading."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice

from einvoice.documents import values
from einvoice.documents.layout import Row, Run
from einvoice.documents.model import DocumentField, Line, Medium, Place, Problem, Trouble
from einvoice.documents.statements import Statements
from einvoice.documents.travel import TollPassage
from einvoice.money import Rate

_COLUMNS: Mapping[str, str] = {
    "货物或应税劳务、服务名称": "name",
    "货物或应税劳务名称": "name",
    "货物(劳务)名称": "name",
    "项目名称": "name",
    "序号": "position",
    "规格型号": "specification",
    "车牌号": "plate",
    "类型": "vehicle",
    "通行日期起": "first_day",
    "通行日期止": "last_day",
    "单位": "unit",
    "数量": "quantity",
    "单价": "unit_price",
    "金额": "amount",
    "税率/征收率": "rate",
    "税率": "rate",
    "税额": "tax",
}
_MOST_COLUMNS = 16
_HEADING = re.compile("|".join(map(re.escape, sorted(_COLUMNS, key=len, reverse=True))))
_END = re.compile(r"^(?:合计|小计|总计|价税合计|备注|销售方)")
_AMOUNT = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]{1,6})?")
_SEE_LIST = re.compile(r"详见(?:销货|销售|货物)?清单")


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    middle: float
    right: float


def state_lines(page_rows: Sequence[Row], parts: Mapping[int, str], into: Statements) -> None:
    """State the lines of all tables, and the passages of a toll invoice.

    Lines that do not add up to the printed sum were read badly: they are stated if nothing
    else has lines, but say so and are marked to be compared with nothing.
    """
    cells = [cell for table in _tables(page_rows) for cell in _cells(*table)]
    # Rates repeat from line to line of one invoice; nothing is kept beyond it.
    rate_from = cache(values.rate_from)
    lines = [_line(cell, rate_from) for cell in cells]
    pairs = [
        (line, cell)
        for line, cell in zip(lines, cells, strict=True)
        if line.amount is not None and not _SEE_LIST.search(line.name)
    ]
    if not pairs:
        return
    page = pairs[0][1].page
    place = Place(Medium.PAGE_TEXT, parts.get(page, ""), "table", page)
    passages = tuple(_passage(cell.texts) for _, cell in pairs if cell.texts.get("plate"))
    if passages:
        into.put(DocumentField.TOLLS, passages, place)
    kept = tuple(line for line, _ in pairs)
    total = into.found.get(DocumentField.AMOUNT_WITHOUT_TAX)
    if total is not None and total.value != sum(
        (line.amount for line in kept if line.amount is not None), Decimal(0)
    ):
        into.problems.append(Problem(Trouble.LINES_UNCLEAR, place.part))
        return
    into.put(DocumentField.LINES, kept, place)


@dataclass(slots=True)
class _Cells:
    """The texts of one line of the table, by column."""

    page: int
    texts: dict[str, str]


def _tables(page_rows: Sequence[Row]) -> list[tuple[list[_Column], list[Row]]]:
    """Each table's columns and the rows below its heading."""
    found: list[tuple[list[_Column], list[Row]]] = []
    is_open, page = False, 0
    for row in page_rows:
        columns = _columns(row)
        keys = {column.key for column in columns}
        if {"name", "amount"} <= keys:
            found.append((columns, []))
            is_open, page = True, row.page
        elif is_open and (_END.match(row.text) or row.page != page):
            is_open = False
        elif is_open:
            found[-1][1].append(row)
    return found


def _columns(row: Row) -> list[_Column]:
    columns: list[_Column] = []
    for match in islice(_HEADING.finditer(row.text), _MOST_COLUMNS):
        first, last = row.runs[row.run_at(match.start())], row.runs[row.run_at(match.end() - 1)]
        columns.append(_Column(_COLUMNS[match[0]], (first.left + last.right) / 2, last.right))
    return columns


def _cells(columns: Sequence[_Column], table_rows: Sequence[Row]) -> list[_Cells]:
    lines: list[_Cells] = []
    for row in table_rows:
        texts: dict[str, str] = {}
        for run in row.runs:
            key = _nearest(columns, run)
            texts[key] = texts.get(key, "") + run.text.strip()
        if _AMOUNT.fullmatch(values.plain(texts.get("amount", "")).lstrip("¥")):
            lines.append(_Cells(row.page, texts))
        elif lines and not (texts.keys() - {"name", "specification", "unit"}):
            for key, text in texts.items():
                lines[-1].texts[key] = lines[-1].texts.get(key, "") + text
    return lines


def _nearest(columns: Sequence[_Column], run: Run) -> str:
    """The column that a run lies nearest to, by middles or by right edges."""
    middle, right = (run.left + run.right) / 2, run.right
    nearest, least = columns[0].key, math.inf
    for column in columns:
        # Without calls: this is done for every run and column.
        apart, by_right = middle - column.middle, right - column.right
        apart = -apart if apart < 0 else apart
        by_right = -by_right if by_right < 0 else by_right
        if by_right < apart:
            apart = by_right
        if apart < least:
            nearest, least = column.key, apart
    return nearest


def _line(cells: _Cells, rate_from: Callable[[str], Rate | None]) -> Line:
    texts = cells.texts
    return Line(
        name=values.tidy(texts.get("name", "")),
        specification=values.tidy(texts.get("specification", "")),
        unit=values.tidy(texts.get("unit", "")),
        quantity=values.number_from(texts.get("quantity", "")),
        unit_price=values.number_from(texts.get("unit_price", "")),
        amount=values.amount_from(texts.get("amount", "")),
        rate=rate_from(texts.get("rate", "")),
        tax=values.amount_from(texts.get("tax", "")),
    )


def _passage(texts: Mapping[str, str]) -> TollPassage:
    return TollPassage(
        plate=texts.get("plate", ""),
        vehicle=texts.get("vehicle", ""),
        first_day=values.date_from(texts.get("first_day", "")),
        last_day=values.date_from(texts.get("last_day", "")),
    )
