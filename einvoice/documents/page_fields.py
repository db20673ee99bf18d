"""Fields of an invoice page by their printed labels -> statements."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from einvoice.documents import values
from einvoice.documents.layout import Row, Run, amounts_in, rows
from einvoice.documents.model import Box, DocumentField, Medium, Place
from einvoice.documents.page_lines import state_lines
from einvoice.documents.page_remarks import state_remark
from einvoice.documents.page_travel import state_travel
from einvoice.documents.statements import Statements

# The title stands in the upper third of the first page; the same words may occur in remarks.
TITLE_BOTTOM_MM = 45.0
# A long name is broken into two lines, one above and one below the baseline of its label.
WRAPPED_MM = 3.2

_F = DocumentField
_OWN_LABELS: Mapping[str, DocumentField] = {
    "发票代码": _F.CODE,
    "发票号码": _F.NUMBER,
    "号码": _F.NUMBER,  # on the pages of a list: 所属增值税电子普通发票代码：… 号码：…
    "开票日期": _F.ISSUED_ON,
    "填开日期": _F.ISSUED_ON,
    "校验码": _F.CHECK_CODE,
    "机器编号": _F.MACHINE_NUMBER,
    "购买方名称": _F.BUYER_NAME,
    "销售方名称": _F.SELLER_NAME,
    "收款人": _F.PAYEE,
    "复核": _F.REVIEWER,
    "复核人": _F.REVIEWER,
    "开票人": _F.DRAWER,
    "备注": _F.REMARK,
    "(大写)": _F.TOTAL_IN_WORDS,
    "(小写)": _F.TOTAL_WITH_TAX,
}
# Labels that stand once for the buyer and once for the seller.
_SHARED_LABELS: Mapping[str, tuple[DocumentField, DocumentField]] = {
    "名称": (_F.BUYER_NAME, _F.SELLER_NAME),
    "纳税人识别号": (_F.BUYER_TAX_ID, _F.SELLER_TAX_ID),
    "统一社会信用代码": (_F.BUYER_TAX_ID, _F.SELLER_TAX_ID),
    "统一社会信用代码/纳税人识别号": (_F.BUYER_TAX_ID, _F.SELLER_TAX_ID),
    "地址、电话": (_F.BUYER_ADDRESS_PHONE, _F.SELLER_ADDRESS_PHONE),
    "开户行及账号": (_F.BUYER_BANK_ACCOUNT, _F.SELLER_BANK_ACCOUNT),
}
_WITH_COLON = sorted((*_OWN_LABELS, *_SHARED_LABELS), key=len, reverse=True)
_FIRST_CHARACTERS = "".join(
    sorted({label[0] for label in _WITH_COLON} | set("价合(销购车票电验填原"))
)
# The labels that stand without a colon in some layouts; their values cannot be taken for text.
_LABEL = re.compile(
    # Tried at every character of every row: nearly all of them begin nothing.
    rf"(?=[{re.escape(_FIRST_CHARACTERS)}])(?:"
    "(?P<colon>"
    + "|".join(re.escape(label) for label in _WITH_COLON if not label.startswith("("))
    + r")(?:\(章\))?:"
    + r"|(?P<bare>发票代码|发票号码|开票日期|校验码|机器编号|开票人)(?=[0-9A-Z\u4e00-\u9fff])"
    + r"|(?:价税)?(?:合计)?(?P<brackets>\((?:大写|小写)\)):?"
    + r"|(?P<other>(?:销售方|购买方|车次|票价|电子客票号码?|验证码|填开单位|原发票号码):)"
    + ")"
)
# Found much faster than the pattern above, and by far not in every row of a long list.
_MAY_BE_LABEL = re.compile("[:写码期号人]")
_BEFORE_CAPITALS = re.compile(r"^[^\u4e00-\u9fff(（]+")
_SUM = re.compile(r"^(?:合计|总计)(?=[¥\d*-])")
_TAX_ID = re.compile(r"[0-9A-Z*]{10,20}")


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A label on the page, and the text and runs right of it."""

    label: str
    row: Row
    run: Run
    text: str
    runs: tuple[Run, ...]


def page_statements(runs: Iterable[Run], part_of_page: Mapping[int, str]) -> Statements:
    """What the pages state, by position. The first of each field counts, in reading order.

    Args:
        runs: of all pages.
        part_of_page: page -> path of the part that it stands in.
    """
    stated = Statements()
    page_rows = rows(runs)
    labelled = [found for row in page_rows for found in _labels_of(row)]
    _state_title(page_rows, part_of_page, stated)
    for found in labelled:
        field = _OWN_LABELS.get(found.label)
        if field is not None:
            _state(field, found, part_of_page, stated)
    for label, (buyer, seller) in _SHARED_LABELS.items():
        _state_both(
            [found for found in labelled if found.label == label],
            (buyer, seller),
            page_rows,
            part_of_page,
            stated,
        )
    _state_sums(page_rows, part_of_page, stated)
    state_lines(page_rows, part_of_page, stated)
    state_remark(page_rows, part_of_page, stated)
    state_travel(page_rows, part_of_page, stated)
    return stated


def place_of(runs: Sequence[Run], label: str, part_of_page: Mapping[int, str]) -> Place:
    """The place that runs cover together, named by the label that led there."""
    page = runs[0].page
    left, top = min(run.left for run in runs), min(run.box.top for run in runs)
    box = Box(
        left,
        top,
        max(run.right for run in runs) - left,
        max(run.baseline for run in runs) - top,
    )
    marks = " ".join(dict.fromkeys(run.mark for run in runs if run.mark))
    detail = f"{label} {marks}".strip()
    return Place(Medium.PAGE_TEXT, part_of_page.get(page, ""), detail, page, box)


def _labels_of(row: Row) -> list[_Labelled]:
    if not _MAY_BE_LABEL.search(row.text):
        return []
    matches = list(_LABEL.finditer(row.text))
    ends = [*(match.start() for match in matches[1:]), len(row.text)]
    found: list[_Labelled] = []
    for match, end in zip(matches, ends, strict=False):
        label = match["colon"] or match["bare"] or match["brackets"] or match["other"]
        text, runs = row.value_between(match.end(), end)
        found.append(_Labelled(label, row, row.runs[row.run_at(match.end() - 1)], text, runs))
    return found


def _state(
    field: DocumentField, found: _Labelled, parts: Mapping[int, str], into: Statements
) -> None:
    if found.runs and field not in into.found:
        text = found.text.rstrip(";；")  # a remark may hold 收款人:…;
        if field is _F.TOTAL_IN_WORDS:
            text = _without_mark(text)
        into.text(field, text, place_of(found.runs, found.label, parts))


def _without_mark(text: str) -> str:
    """Capitals without the ⊗ that is drawn before them, as a glyph in some fonts."""
    return _BEFORE_CAPITALS.sub("", text)


def _state_both(
    found: list[_Labelled],
    fields: tuple[DocumentField, DocumentField],
    page_rows: Sequence[Row],
    parts: Mapping[int, str],
    into: Statements,
) -> None:
    """First the buyer, then the seller: left and right, or above and below, on every form."""
    if len(found) == 1 and fields[0] in into.found:
        return
    for field, one in zip(fields, found, strict=False):
        runs, text = one.runs, one.text
        if not runs and one.label == "名称":
            runs = _wrapped(one, found, page_rows)
            text = "".join(run.text.strip() for run in runs)
        if runs and (one.label not in _TAX_LABELS or _TAX_ID.fullmatch(values.plain(text))):
            into.text(field, text, place_of(runs, one.label, parts))


_TAX_LABELS = frozenset({"纳税人识别号", "统一社会信用代码", "统一社会信用代码/纳税人识别号"})


def _wrapped(
    one: _Labelled, all_found: list[_Labelled], page_rows: Sequence[Row]
) -> tuple[Run, ...]:
    beyond = min(
        (other.run.left for other in all_found if other.row is one.row and other is not one),
        default=float("inf"),
    )
    if beyond <= one.run.left:
        beyond = float("inf")
    return tuple(
        run
        for row in page_rows
        if row.page == one.row.page and abs(row.baseline - one.run.baseline) <= WRAPPED_MM
        for run in row.runs
        if one.run.right - 1.0 <= run.left and run.right <= beyond and not _LABEL.search(row.text)
    )


def _state_title(page_rows: Sequence[Row], parts: Mapping[int, str], into: Statements) -> None:
    for row in page_rows:
        if row.page > 1 or row.baseline > TITLE_BOTTOM_MM:
            return
        kind = values.kind_from_title(row.text)
        if kind is not None:
            into.put(_F.KIND, kind, place_of(row.runs, "title", parts))
            return


def _state_sums(page_rows: Sequence[Row], parts: Mapping[int, str], into: Statements) -> None:
    """The row 合计 of the table: the amount without tax, then the tax."""
    for row in page_rows:
        match = _SUM.match(row.text)
        if match is None:
            continue
        found = amounts_in(row, match.end())
        if len(found) == 2:
            for field, (text, run) in zip((_F.AMOUNT_WITHOUT_TAX, _F.TAX), found, strict=True):
                into.text(field, text, place_of((run,), "合计", parts))
            return
