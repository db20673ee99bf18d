"""The XML of a 数电票 in the versions that were seen.

Sources: three public samples of versions 0.36 and 0.37, and the Ministry of Finance's own
sample of version 0.2; 乐企 files differ from those of the web platform.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

from central.sandbox.mint import texts
from central.sandbox.mint.authority import Authority
from central.sandbox.mint.markup import document, leaf, node
from central.sandbox.mint.seals import signed_message
from einvoice.documents.model import Invoice, Line, TollPassage
from einvoice.kinds import Kind
from einvoice.money import RateKind

_LABELS = {
    Kind.DIGITAL_SPECIAL: ("01", "增值税专用发票"),
    Kind.DIGITAL_ORDINARY: ("02", "普通发票"),
}
_SIGNED_PARTS = "|".join(
    f"/Einvoice/{part}"
    for part in (
        "Header",
        "EinvoiceData",
        "SellerAuthentication",
        "TaxSupervisionInfo",
        "TaxBureauSignature/SignatureTime",
    )
)


class XmlVersion(Enum):
    """A version of the format. The value is what stands in the header."""

    V0_2 = "0.2"
    """Six decimals in rates and taxes, date and time of issue."""
    V0_36 = "0.36"
    V0_37 = "0.37"


@dataclass(frozen=True, slots=True)
class XmlStyle:
    """How a file is written.

    Attributes:
        version: of the format.
        is_direct: from a firm's own system (乐企): an id instead of a signature, 元 for 圆.
    """

    version: XmlVersion = XmlVersion.V0_37
    is_direct: bool = False


def digital_xml(invoice: Invoice, style: XmlStyle) -> bytes:
    """The file.

    Raises:
        KeyError: a kind that has no such XML.
    """
    region = f"{invoice.number[2:4]}00"
    issued = texts.iso(invoice.issued_on)
    is_first = style.version is XmlVersion.V0_2
    tail = leaf("ptbh", f"{int(invoice.number):020x}"[-20:])
    return document(
        node(
            "EInvoice",
            _header(invoice, style, region),
            _data(invoice, style),
            node("SellerAuthentication", leaf("AuthenticationMethods", "02")),
            node(
                "TaxSupervisionInfo",
                leaf("InvoiceNumber", invoice.number),
                leaf("IssueTime", f"{issued} 10:08:05" if is_first else issued),
                leaf("TaxBureauCode", f"1{region}000000"),
                leaf("TaxBureauName", "国家税务总局示例税务局"),
            ),
            tail if style.is_direct else _signature(invoice, issued),
        )
    )


def _header(invoice: Invoice, style: XmlStyle, region: str) -> str:
    code, name = _LABELS[invoice.kind or Kind.DIGITAL_OTHER]
    way = ("5", "自建平台开票(乐企自用开票)") if style.is_direct else ("1", "网页开票")
    return node(
        "Header",
        leaf("EIid", invoice.number),
        leaf("EInvoiceTag", f"SWEI{region}"),
        leaf("Version", style.version.value),
        node(
            "InherentLabel",
            _label("InIssuType", "N" if invoice.is_red else "Y", "是否蓝字发票标志"),
            _label("EInvoiceType", "01", "电子发票"),
            _label("GeneralOrSpecialVAT", code, name),
            _label("TaxpayerType", "1", "一般纳税人"),
        ),
        node(
            "UndefinedLabel",
            node(
                "Label",
                leaf("LabelType", "发票开具方式标签"),
                leaf("LabelCode", way[0]),
                leaf("LabelName", way[1]),
            ),
        ),
    )


def _label(name: str, code: str, meaning: str) -> str:
    return node(name, leaf("LabelCode", code), leaf("LabelName", meaning))


def _data(invoice: Invoice, style: XmlStyle) -> str:
    seller, buyer = invoice.seller, invoice.buyer
    address, _, phone = seller.address_phone.partition(" ")
    bank, _, account = seller.bank_account.partition(" ")
    words = invoice.total_in_words
    specifics = [_toll(passage) for passage in invoice.tolls]
    if invoice.original_number:
        original = leaf("OriginalInvoiceCode", invoice.original_number)
        specifics.append(node("RedEInvoice", original))
    return node(
        "EInvoiceData",
        node(
            "SellerInformation",
            leaf("SellerIdNum", seller.tax_id),
            leaf("SellerName", seller.name),
            leaf("SellerAddr", address),
            leaf("SellerTelNum", phone),
            leaf("SellerBankName", bank),
            leaf("SellerBankAccNum", account),
        ),
        node(
            "BuyerInformation",
            leaf("BuyerIdNum", buyer.tax_id),
            leaf("BuyerName", buyer.name),
            *(
                leaf(name, "")
                for name in (
                    "BuyerAddr",
                    "BuyerTelNum",
                    "BuyerBankName",
                    "BuyerBankAccNum",
                    "BuyerHandlingName",
                )
            ),
        ),
        node(
            "BasicInformation",
            leaf("TotalAmWithoutTax", texts.plain(invoice.amount_without_tax)),
            leaf("TotalTaxAm", texts.plain(invoice.tax)),
            leaf("TotalTax-includedAmount", texts.plain(invoice.total_with_tax)),
            leaf(
                "TotalTax-includedAmountInChinese",
                words.replace("圆", "元") if style.is_direct else words,
            ),
            leaf("Drawer", invoice.drawer),
            leaf("RequestTime", texts.iso(invoice.issued_on)),
        ),
        *(_line(line, style.version) for line in invoice.lines),
        node("SpecificInformation", *specifics),
        node("AdditionalInformation", leaf("Remark", invoice.remark)),
    )


def _line(line: Line, version: XmlVersion) -> str:
    is_first = version is XmlVersion.V0_2
    tax: Callable[[Decimal | None], str] = texts.six_places if is_first else texts.plain
    untaxed = line.rate is not None and line.rate.kind is RateKind.NOT_TAXED
    rate = None if line.rate is None else line.rate.value
    return node(
        "IssuItemInformation",
        leaf("ItemName", line.name),
        leaf("SpecMod", line.specification),
        leaf("MeaUnits", line.unit),
        leaf("Quantity", texts.plain(line.quantity)),
        leaf("UnPrice", texts.plain(line.unit_price)),
        leaf("Amount", texts.plain(line.amount)),
        leaf("TaxRate", "*" if untaxed else tax(rate) or texts.percent(line.rate)),
        leaf("ComTaxAm", "*" if untaxed else tax(line.tax)),
        leaf("TotaltaxIncludedAmount", tax(texts.with_tax(line))),
        leaf("TaxClassificationCode", line.classification),
    )


def _toll(passage: TollPassage) -> str:
    return node(
        "Toll",
        leaf("PlateNumber", passage.plate),
        leaf("VehicleType", passage.vehicle),
        leaf("StartDatesOfPassage", texts.iso(passage.first_day)),
        leaf("EndDatesOfPassage", texts.iso(passage.last_day)),
    )


def _signature(invoice: Invoice, issued: str) -> str:
    """Shaped like the tax bureau's: no certificate inside, and over nothing that is known."""
    signed_at = f"{issued} 10:08:55"
    signer = Authority().issue("数电票沙箱签名")
    message = signed_message(signer, invoice.number.encode(), with_certificate=False)
    moment = datetime.fromisoformat(f"{issued or '2026-01-01'}T02:08:55").replace(tzinfo=UTC)
    time = base64.b64encode(moment.strftime("%Y%m%d%H%M%SZ").encode()).decode()
    return node(
        "TaxBureauSignature",
        node("Reference", URI=_SIGNED_PARTS),
        leaf("SignatureAlgorithm", "1.2.156.10197.1.501"),
        leaf("SignatureFormat", "DETACH"),
        leaf("SignatureTime", signed_at),
        leaf("SignatureValue", f"{message.hex()}&{time}"),
        node("KeyInfo"),
    )
