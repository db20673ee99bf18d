"""A PDF of an invoice: text layer, QR, and what the issuers of each kind put beside it.

The tax platform writes fields into the information dictionary, the railway embeds its
XBRL, old invoices have their text only (einvoice-formats, section 5.5: no real invoice PDF was
obtainable, so these layouts are those of the OFD forms).
"""

import io
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from PIL import Image
from pypdf import PdfWriter

from central.sandbox.mint import texts
from central.sandbox.mint.ofd import qr_png
from central.sandbox.mint.page import Page, Text
from central.sandbox.mint.pdf_font import truetype_subset
from einvoice.documents.model import Invoice

_FAMILY = "sandbox"
_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
_POINTS_PER_MM = 72 / 25.4


def pdf(
    pages: Sequence[Page],
    font: Path,
    qr_text: str,
    *,
    information: Mapping[str, str] | None = None,
    embedded: tuple[str, bytes] | None = None,
) -> bytes:
    """A PDF; the same arguments give the same bytes.

    Args:
        pages: at least one.
        font: has the Chinese characters, OpenType or TrueType.
        qr_text: drawn where the page has a place for it.
        information: entries of the information dictionary.
        embedded: name and content of a file inside.
    """
    characters = "".join(
        sorted({letter for page in pages for text in _texts(page) for letter in text.text})
    )
    drawn = FPDF(unit="mm")
    drawn.set_creation_date(_MADE_AT)
    drawn.set_auto_page_break(False)
    with tempfile.TemporaryDirectory() as folder:
        # The library takes fonts by path only, and reads them again when it writes.
        subset = Path(folder) / f"{_FAMILY}.ttf"
        subset.write_bytes(truetype_subset(font, characters))
        drawn.add_font(_FAMILY, fname=subset)
        for page in pages:
            _draw(drawn, page, qr_text)
        if embedded is not None:
            name, content = embedded
            drawn.embed_file(
                bytes=content, basename=name, creation_date=_MADE_AT, modification_date=_MADE_AT
            )
        plain = bytes(drawn.output())
    return _with_information(plain, information or {})


def information_of(invoice: Invoice) -> dict[str, str]:
    """What the tax platform writes into the information dictionary of a 数电票."""
    return {
        "InvoiceNumber": invoice.number,
        "SellerIdNum": invoice.seller.tax_id,
        "BuyerIdNum": invoice.buyer.tax_id,
        "IssueTime": texts.iso(invoice.issued_on),
        "TotalAmWithoutTax": texts.plain(invoice.amount_without_tax),
        "TotalTaxAm": texts.plain(invoice.tax),
        "TotalTax-includedAmount": texts.plain(invoice.total_with_tax),
    }


def _texts(page: Page) -> tuple[Text, ...]:
    return (*page.form, *page.filled)


def _draw(drawn: FPDF, page: Page, qr_text: str) -> None:
    drawn.add_page(format=(page.width, page.height))
    for text in _texts(page):
        drawn.set_font(_FAMILY, size=text.size * _POINTS_PER_MM)
        drawn.text(text.left, text.baseline, text.text)
    if page.qr is not None:
        picture = Image.open(io.BytesIO(qr_png(qr_text)))
        drawn.image(picture, page.qr.left, page.qr.top, page.qr.side, page.qr.side)


def _with_information(plain: bytes, information: Mapping[str, str]) -> bytes:
    if not information:
        return plain
    writer = PdfWriter(clone_from=io.BytesIO(plain))
    writer.add_metadata({f"/{name}": text for name, text in information.items() if text})
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
