"""The pages of VAT invoices: the form of 数电票, the form of old electronic ones, toll invoices.

Places are those of public samples, rounded; see the table of each form.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from central.sandbox.mint import texts
from central.sandbox.mint.page import Column, Page, Square, Text, filled, right
from einvoice.documents.model import Invoice, Line, TollPassage
from einvoice.kinds import Kind

LINES_PER_PAGE = 7
_WIDTH, _HEIGHT = 210.0, 140.0
_ROW = 4.5
_TITLE_SIZE = 7.0
_QR = Square(6.5, 6.0, 20.0)
_TITLES: Mapping[Kind, str] = {
    Kind.DIGITAL_SPECIAL: "电子发票（增值税专用发票）",
    Kind.DIGITAL_ORDINARY: "电子发票（普通发票）",
    Kind.ORDINARY_ELECTRONIC: "北京增值税电子普通发票",
    Kind.SPECIAL_ELECTRONIC: "北京增值税电子专用发票",
    Kind.ORDINARY_PAPER: "北京增值税普通发票",
    Kind.TOLL: "北京通行费增值税电子普通发票",
}
_DIGITAL_COLUMNS = (
    Column("项目名称", 14.0, 6.0),
    Column("规格型号", 58.0, 58.0),
    Column("单位", 83.0, 84.0),
    Column("数量", 101.0, 108.0, is_number=True),
    Column("单价", 121.0, 129.0, is_number=True),
    Column("金额", 145.0, 152.0, is_number=True),
    Column("税率/征收率", 158.0, 165.0),
    Column("税额", 194.0, 203.0, is_number=True),
)
_OLD_COLUMNS = (
    Column("货物或应税劳务、服务名称", 12.0, 6.0),
    *_DIGITAL_COLUMNS[1:6],
    Column("税率", 163.0, 165.0),
    _DIGITAL_COLUMNS[7],
)
_TOLL_COLUMNS = (
    Column("项目名称", 14.0, 6.0),
    Column("车牌号", 56.0, 54.0),
    Column("类型", 76.0, 77.0),
    Column("通行日期起", 88.0, 89.0),
    Column("通行日期止", 112.0, 113.0),
    Column("金额", 145.0, 152.0, is_number=True),
    Column("税率", 163.0, 165.0),
    Column("税额", 194.0, 203.0, is_number=True),
)
_NO_PASSAGE = TollPassage()


def invoice_pages(invoice: Invoice) -> tuple[Page, ...]:
    """As many pages as the lines need; the sums stand on the last one.

    Raises:
        KeyError: a kind without such a page.
    """
    kind = invoice.kind or Kind.DIGITAL_OTHER
    columns = _columns(invoice)
    pairs = list(zip_longest(invoice.lines, invoice.tolls[: len(invoice.lines)]))
    slices = [
        pairs[start : start + LINES_PER_PAGE] for start in range(0, len(pairs), LINES_PER_PAGE)
    ] or [[]]
    heading = tuple(Text(column.heading, column.heading_left, 56.0) for column in columns)
    title = Text(_TITLES[kind], 57.0, 14.0, _TITLE_SIZE)
    form = (title, *heading, *(_digital_form() if kind.is_digital else _old_form(invoice)))
    head = _digital_head(invoice) if kind.is_digital else _old_head(invoice)
    pages: list[Page] = []
    for number, rows in enumerate(slices, start=1):
        is_last = number == len(slices)
        feet = _feet(invoice) if is_last else (Text("小计", 20.0, 94.4),)
        content = [*head, *_rows(rows, columns), *feet]
        pages.append(
            Page(
                _WIDTH,
                _HEIGHT,
                form,
                tuple(filled(content)),
                _QR if number == 1 else None,
            )
        )
    return tuple(pages)


def _columns(invoice: Invoice) -> tuple[Column, ...]:
    if invoice.tolls:
        return _TOLL_COLUMNS
    is_digital = invoice.kind is not None and invoice.kind.is_digital
    return _DIGITAL_COLUMNS if is_digital else _OLD_COLUMNS


def _rows(
    rows: Sequence[tuple[Line | None, TollPassage | None]], columns: Sequence[Column]
) -> Iterator[Text]:
    for number, (line, passage) in enumerate(rows):
        if line is None:
            continue
        cells = _cells(line, passage or _NO_PASSAGE)
        for column in columns:
            text, tag = cells[column.heading]
            yield column.place(text, 61.0 + number * _ROW, tag)


def _cells(line: Line, passage: TollPassage) -> dict[str, tuple[str, str]]:
    """By heading: the text, and the tag it is named by."""
    return {
        "项目名称": (line.name, "Item"),
        "货物或应税劳务、服务名称": (line.name, "Item"),
        "规格型号": (line.specification, ""),
        "单位": (line.unit, ""),
        "数量": (texts.plain(line.quantity), "Quantity"),
        "单价": (texts.plain(line.unit_price), "Price"),
        "金额": (texts.plain(line.amount), "Amount"),
        "税率/征收率": (texts.percent(line.rate), "TaxScheme"),
        "税率": (texts.percent(line.rate), "TaxScheme"),
        "税额": (texts.plain(line.tax), "TaxAmount"),
        "车牌号": (passage.plate, ""),
        "类型": (passage.vehicle, ""),
        "通行日期起": (_compact(passage.first_day), ""),
        "通行日期止": (_compact(passage.last_day), ""),
    }


def _compact(day: object) -> str:
    return "" if day is None else f"{day:%Y%m%d}"


def _feet(invoice: Invoice) -> Iterator[Text]:
    """Sums, total, remark and drawer, with their labels: only the last page has them."""
    yield Text("合", 20.0, 94.4)
    yield Text("计", 40.0, 94.4)
    yield from _money(texts.plain(invoice.amount_without_tax), 152.0, "TaxExclusiveTotalAmount")
    yield from _money(texts.plain(invoice.tax), 203.0, "TaxTotalAmount")
    yield Text("价税合计（大写）", 18.0, 101.0)
    yield Text(invoice.total_in_words, 63.0, 101.0, tag="TaxInclusiveTotalAmountWithWords")
    yield Text("（小写）", 140.0, 101.0)
    total = texts.plain(invoice.total_with_tax)
    yield Text("¥", 156.0, 101.0, tag="TaxInclusiveTotalAmount")
    yield Text(total, 158.0, 101.0, tag="TaxInclusiveTotalAmount")
    is_digital = invoice.kind is not None and invoice.kind.is_digital
    yield Text(invoice.remark, 12.0 if is_digital else 128.0, 109.0, tag="Note")
    yield Text("开票人：", 20.0 if is_digital else 106.0, 128.0)
    yield Text(invoice.drawer, 33.0 if is_digital else 120.0, 128.0, tag="InvoiceClerk")


def _money(amount: str, edge: float, tag: str) -> Iterator[Text]:
    """The sign and the digits as two pieces, as on every sample."""
    digits = right(amount, edge, 94.4, tag)
    yield Text("¥", digits.left - 2.2, 94.4, tag=tag)
    yield digits


def _digital_form() -> tuple[Text, ...]:
    return (
        Text("发票号码：", 154.0, 14.0),
        Text("开票日期：", 154.0, 20.0),
        *(Text(letter, 6.0, 36.0 + 3.5 * at) for at, letter in enumerate("购买方信息")),
        *(Text(letter, 106.5, 36.0 + 3.5 * at) for at, letter in enumerate("销售方信息")),
        Text("名称：", 11.5, 36.5),
        Text("统一社会信用代码/纳税人识别号：", 11.5, 47.0),
        Text("名称：", 112.0, 36.5),
        Text("统一社会信用代码/纳税人识别号：", 112.0, 47.0),
    )


def _digital_head(invoice: Invoice) -> tuple[Text, ...]:
    return (
        Text(invoice.number, 170.0, 14.0, tag="InvoiceNo"),
        Text(texts.chinese(invoice.issued_on), 170.0, 20.0, tag="IssueDate"),
        Text(invoice.buyer.name, 21.5, 36.5, tag="Buyer/BuyerName"),
        Text(invoice.buyer.tax_id, 61.0, 47.0, tag="Buyer/BuyerTaxID"),
        Text(invoice.seller.name, 122.0, 36.5, tag="Seller/SellerName"),
        Text(invoice.seller.tax_id, 161.5, 47.0, tag="Seller/SellerTaxID"),
    )


_PARTY_LABELS = ("名        称：", "纳税人识别号：", "地址、电话：", "开户行及账号：")


def _old_form(invoice: Invoice) -> tuple[Text, ...]:
    del invoice
    return (
        Text("机器编号：", 8.0, 26.8),
        Text("发票代码：", 148.0, 10.3),
        Text("发票号码：", 148.0, 15.8),
        Text("开票日期：", 148.0, 21.3),
        Text("校  验  码：", 148.0, 26.8),
        *(Text(label, 13.0, 34.5 + 5 * at) for at, label in enumerate(_PARTY_LABELS)),
        *(Text(label, 13.0, 108.5 + 4.5 * at) for at, label in enumerate(_PARTY_LABELS)),
        Text("收款人：", 8.0, 128.0),
        Text("复核：", 58.0, 128.0),
    )


def _old_head(invoice: Invoice) -> tuple[Text, ...]:
    code = invoice.check_code
    groups = " ".join(code[start : start + 5] for start in range(0, len(code), 5))
    return (
        Text(invoice.machine_number, 24.0, 26.8, tag="MachineNo"),
        Text(invoice.code, 165.0, 10.3, tag="InvoiceCode"),
        Text(invoice.number, 165.0, 15.8, tag="InvoiceNo"),
        Text(texts.chinese(invoice.issued_on), 165.0, 21.3, tag="IssueDate"),
        Text(groups, 167.0, 26.8, tag="InvoiceCheckCode"),
        *_old_party(invoice, "Buyer", 34.5, 5.0),
        *_old_party(invoice, "Seller", 108.5, 4.5),
        Text(invoice.payee, 21.0, 128.0, tag="Payee"),
        Text(invoice.reviewer, 68.0, 128.0, tag="Checker"),
    )


def _old_party(invoice: Invoice, side: str, top: float, step: float) -> tuple[Text, ...]:
    party = invoice.buyer if side == "Buyer" else invoice.seller
    rows = (
        (party.name, "Name"),
        (party.tax_id, "TaxID"),
        (party.address_phone, "AddrTel"),
        (party.bank_account, "FinancialAccount"),
    )
    return tuple(
        Text(text, 37.0, top + step * at, tag=f"{side}/{side}{name}")
        for at, (text, name) in enumerate(rows)
    )
