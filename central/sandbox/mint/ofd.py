"""An OFD of an invoice, in the layouts of old invoices and of 数电票 (GB/T 33190-2016)."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import qrcode
from PIL import Image

from central.sandbox.mint import texts
from central.sandbox.mint.markup import document, leaf, node
from central.sandbox.mint.original import NAMESPACE, original_invoice
from central.sandbox.mint.page import Page, Text, width_of
from einvoice.documents.model import Invoice
from einvoice.kinds import Kind

_OFD = "http://www.ofdspec.org/2016"
_FIRST_PAGE_ID = 61
_FIRST_OBJECT_ID = 6900
_FONT_ID, _QR_ID = "20", "21"
TEMPLATE = "Doc_0/Tpls/Tpl_0/Content.xml"
PAGE = "Doc_0/Pages/Page_0/Content.xml"
TAGS_OLD, TAGS_DIGITAL = "Doc_0/Tags/Tag_Invoice.xml", "Doc_0/Tags/CustomTag.xml"


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A text and the number of its object on its page."""

    text: Text
    number: int
    page_id: int


def ofd_entries(
    invoice: Invoice, pages: Sequence[Page], qr_text: str, attachment: tuple[str, bytes] | None
) -> dict[str, bytes]:
    """The parts of an unsigned OFD, by path.

    Args:
        invoice: what it is of.
        pages: at least one.
        qr_text: on the page, and in the attachment of an old invoice.
        attachment: name and content of structured data beside it; None takes
            `original_invoice.xml` for an old invoice and nothing for a 数电票.
    """
    is_digital = invoice.kind is not None and invoice.kind.is_digital
    numbered = list(_numbered(pages))
    attached = attachment
    if attached is None and not is_digital:
        attached = ("original_invoice.xml", original_invoice(invoice, qr_text))
    entries = {
        "OFD.xml": _root(invoice),
        "Doc_0/Document.xml": _document(pages, has_attachment=attached is not None),
        "Doc_0/PublicRes.xml": _fonts(),
        "Doc_0/DocumentRes.xml": _media(),
        "Doc_0/Res/qr.png": qr_png(qr_text),
        TEMPLATE: _page(pages[0], _objects(pages[0].form, 1), is_template=True),
    }
    for at, page in enumerate(pages):
        page_id = _FIRST_PAGE_ID + at
        own = "".join(_object(one.text, one.number) for one in numbered if one.page_id == page_id)
        entries[f"Doc_0/Pages/Page_{at}/Content.xml"] = _page(page, own, is_template=False)
    tags = TAGS_DIGITAL if is_digital else TAGS_OLD
    entries["Doc_0/Tags/CustomTags.xml"] = document(
        node(
            "ofd:CustomTags",
            node("ofd:CustomTag", leaf("ofd:FileLoc", tags.rpartition("/")[2]), TypeID="0"),
            xmlns__ofd=_OFD,
        )
    )
    tagged = [one for one in numbered if one.text.tag]
    entries[tags] = _digital_tags(tagged) if is_digital else _old_tags(tagged)
    if attached is not None:
        name, content = attached
        entries["Doc_0/Attachs/Attachments.xml"] = _attachments(name)
        entries[f"Doc_0/Attachs/{name}"] = content
    return entries


def qr_png(text: str) -> bytes:
    """A QR as a picture file; the same text gives the same bytes."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make()
    matrix = code.get_matrix()
    side, scale = len(matrix), 4
    picture = Image.new("1", (side * scale, side * scale), 1)
    for row, modules in enumerate(matrix):
        for column, is_dark in enumerate(modules):
            if is_dark:
                left, top = column * scale, row * scale
                picture.paste(0, (left, top, left + scale, top + scale))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _root(invoice: Invoice) -> bytes:
    """OFD.xml: an old invoice says more of itself here than a 数电票."""
    told = {
        "发票代码": invoice.code,
        "发票号码": invoice.number,
        "合计金额": texts.plain(invoice.amount_without_tax),
        "合计税额": texts.plain(invoice.tax),
        "开票日期": texts.chinese(invoice.issued_on),
        "校验码": invoice.check_code,
        "购买方纳税人识别号": invoice.buyer.tax_id,
        "销售方纳税人识别号": invoice.seller.tax_id,
    }
    if invoice.kind in (Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR):
        told = {"发票号码": invoice.number, "开票日期": texts.chinese(invoice.issued_on)}
    custom = "".join(leaf("ofd:CustomData", text, Name=key) for key, text in told.items() if text)
    return document(
        node(
            "ofd:OFD",
            node(
                "ofd:DocBody",
                node(
                    "ofd:DocInfo",
                    leaf("ofd:DocID", f"{int(invoice.code + invoice.number):032x}"),
                    leaf("ofd:CreationDate", texts.iso(invoice.issued_on)),
                    node("ofd:CustomDatas", custom),
                ),
                leaf("ofd:DocRoot", "Doc_0/Document.xml"),
            ),
            xmlns__ofd=_OFD,
            DocType="OFD",
            Version="1.1",
        )
    )


def _document(pages: Sequence[Page], *, has_attachment: bool) -> bytes:
    box = f"0 0 {pages[0].width:g} {pages[0].height:g}"
    listed = "".join(
        node("ofd:Page", ID=f"{_FIRST_PAGE_ID + at}", BaseLoc=f"Pages/Page_{at}/Content.xml")
        for at in range(len(pages))
    )
    return document(
        node(
            "ofd:Document",
            node(
                "ofd:CommonData",
                leaf("ofd:MaxUnitID", "9999"),
                node("ofd:PageArea", leaf("ofd:PhysicalBox", box)),
                leaf("ofd:PublicRes", "PublicRes.xml"),
                leaf("ofd:DocumentRes", "DocumentRes.xml"),
                node("ofd:TemplatePage", ID="1", BaseLoc="Tpls/Tpl_0/Content.xml"),
            ),
            node("ofd:Pages", listed),
            leaf("ofd:CustomTags", "Tags/CustomTags.xml"),
            leaf("ofd:Attachments", "Attachs/Attachments.xml") if has_attachment else "",
            xmlns__ofd=_OFD,
        )
    )


def _fonts() -> bytes:
    font = node("ofd:Font", ID=_FONT_ID, FontName="宋体", FamilyName="宋体")
    return document(node("ofd:Res", node("ofd:Fonts", font), xmlns__ofd=_OFD, BaseLoc="Res"))


def _media() -> bytes:
    picture = node("ofd:MultiMedia", leaf("ofd:MediaFile", "qr.png"), ID=_QR_ID, Type="Image")
    media = node("ofd:MultiMedias", picture)
    return document(node("ofd:Res", media, xmlns__ofd=_OFD, BaseLoc="Res"))


def _page(page: Page, objects: str, *, is_template: bool) -> bytes:
    box = f"0 0 {page.width:g} {page.height:g}"
    beneath = "" if is_template else node("ofd:Template", TemplateID="1", ZOrder="Background")
    picture = ""
    if page.qr is not None and not is_template:
        side = f"{page.qr.side:g}"
        picture = node(
            "ofd:ImageObject",
            ID="6899",
            Boundary=f"{page.qr.left:g} {page.qr.top:g} {side} {side}",
            CTM=f"{side} 0 0 {side} 0 0",
            ResourceID=_QR_ID,
        )
    return document(
        node(
            "ofd:Page",
            node("ofd:Area", leaf("ofd:PhysicalBox", box)),
            beneath,
            node("ofd:Content", node("ofd:Layer", objects, picture, ID="2")),
            xmlns__ofd=_OFD,
        )
    )


def _objects(form: Iterable[Text], first: int) -> str:
    return "".join(_object(text, first + at) for at, text in enumerate(form))


def _object(text: Text, number: int) -> str:
    """A text object whose boundary begins one type size above the baseline."""
    size = text.size
    width = width_of(text.text, size)
    steps = " ".join(f"{width_of(letter, size):g}" for letter in text.text[:-1])
    attributes = {"X": "0", "Y": f"{size:g}"} | ({"DeltaX": steps} if steps else {})
    return node(
        "ofd:TextObject",
        leaf("ofd:TextCode", text.text, **attributes),
        ID=f"{number}",
        Boundary=f"{text.left:g} {text.baseline - size:g} {width:g} {size * 1.3:g}",
        Font=_FONT_ID,
        Size=f"{size:g}",
    )


def _numbered(pages: Sequence[Page]) -> Iterator[_Numbered]:
    number = _FIRST_OBJECT_ID
    for at, page in enumerate(pages):
        for text in page.filled:
            yield _Numbered(text, number, _FIRST_PAGE_ID + at)
            number += 1


def _by_tag(tagged: Sequence[_Numbered]) -> dict[str, list[_Numbered]]:
    """The objects of each tag; of what every page repeats, those of the first page."""
    found: dict[str, list[_Numbered]] = {}
    for one in tagged:
        found.setdefault(one.text.tag, []).append(one)
    heads = ("InvoiceNo", "InvoiceCode", "IssueDate", "InvoiceCheckCode", "MachineNo")
    once = {*heads, "Payee", "Checker"}
    return {tag: ones[:1] if tag in once or "/" in tag else ones for tag, ones in found.items()}


_LINE_TAGS = frozenset({"Item", "Quantity", "Price", "Amount", "TaxScheme", "TaxAmount"})


def _digital_tags(tagged: Sequence[_Numbered]) -> bytes:
    return document(_tag_tree("ofd:root", "ofd", tagged, {"xmlns__ofd": _OFD, "version": "1.0"}))


def _old_tags(tagged: Sequence[_Numbered]) -> bytes:
    attributes = {"xmlns__fp": NAMESPACE, "version": "1.0"}
    fields = [one for one in tagged if one.text.tag not in _LINE_TAGS]
    return document(_tag_tree("fp:eInvoice", "fp", fields, attributes))


def _tag_tree(
    root: str, prefix: str, tagged: Sequence[_Numbered], attributes: Mapping[str, str]
) -> str:
    """A tag for each field; those of lines stand side by side, one for each line."""
    plain: list[str] = []
    nested: dict[str, list[str]] = {}
    for tag, ones in _by_tag(tagged).items():
        group, _, name = tag.rpartition("/")
        groups = [[one] for one in ones] if tag in _LINE_TAGS else [ones]
        for members in groups:
            references = "".join(
                leaf(f"{prefix}:ObjectRef", str(one.number), PageRef=str(one.page_id))
                for one in members
            )
            written = node(f"{prefix}:{name}", references)
            (nested.setdefault(group, []) if group else plain).append(written)
    parties = (node(f"{prefix}:{group}", *inside) for group, inside in nested.items())
    return node(root, *plain, *parties, **attributes)


def _attachments(name: str) -> bytes:
    attachment = node(
        "ofd:Attachment",
        leaf("ofd:FileLoc", name),
        ID="1",
        Name=name.removesuffix(".xml"),
        Format="xml",
        Visible="false",
    )
    return document(node("ofd:Attachments", attachment, xmlns__ofd=_OFD))
