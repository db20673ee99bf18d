"""What the tests of minted files share."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from einvoice.documents import Invoice, Reading, read
from einvoice.kinds import Kind

FONT = Path(__file__).parents[2] / "build" / "fonts" / "NotoSansSC-Regular.otf"
needs_font = pytest.mark.skipif(not FONT.exists(), reason="fonts are made at set-up")

VAT_DIGITAL = (Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY)
TRAVEL = (Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR)
OLD = (Kind.ORDINARY_ELECTRONIC, Kind.SPECIAL_ELECTRONIC, Kind.ORDINARY_PAPER, Kind.TOLL)
EVERY = (*VAT_DIGITAL, *TRAVEL, *OLD)


def decode_qr(picture: bytes) -> str:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    return found[0].text if found else ""


def reading_of(file: bytes) -> Reading:
    outcome = read(file, decode_qr=decode_qr)
    assert isinstance(outcome, Reading), outcome
    return outcome


def without_classification(invoice: Invoice) -> Invoice:
    """As a form says it that does not classify goods."""
    return replace(invoice, lines=tuple(replace(line, classification="") for line in invoice.lines))


def as_on_digital_page(invoice: Invoice) -> Invoice:
    """As the page of a 数电票 says it: of the parties name and tax id only."""
    return replace(
        without_classification(invoice),
        seller=replace(invoice.seller, address_phone="", bank_account=""),
    )
