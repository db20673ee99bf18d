"""`original_invoice.xml`, the data of an old invoice inside its OFD.

Source: the attachments of four public OFD invoices of types 10 and 20.
"""

from central.sandbox.mint import texts
from central.sandbox.mint.markup import document, leaf, node
from einvoice.documents.model import Invoice, Line
from einvoice.kinds import FourthField, Kind

NAMESPACE = "http://www.edrm.org.cn/schema/e-invoice/2019"


def original_invoice(invoice: Invoice, qr_text: str) -> bytes:
    """The attachment.

    Args:
        invoice: an old one.
        qr_text: goes in as GraphCode.
    """
    kind = invoice.kind or Kind.ORDINARY_ELECTRONIC
    is_special = kind.fourth_field is FourthField.AMOUNT_WITHOUT_TAX
    buyer, seller = invoice.buyer, invoice.seller
    return document(
        node(
            "eInvoice",
            leaf("fp:DocID", "03" if is_special else "01"),
            leaf("fp:AreaCode", invoice.code[1:5]),
            leaf("fp:TypeCode", "1" if invoice.is_red else "0"),
            leaf("fp:InvoiceCode", invoice.code),
            leaf("fp:InvoiceNo", invoice.number),
            leaf("fp:IssueDate", texts.chinese(invoice.issued_on)),
            leaf("fp:InvoiceCheckCode", invoice.check_code),
            leaf("fp:MachineNo", invoice.machine_number),
            node(
                "fp:Buyer",
                leaf("fp:BuyerName", buyer.name),
                leaf("fp:BuyerTaxID", buyer.tax_id),
                leaf("fp:BuyerAddrTel", buyer.address_phone),
                leaf("fp:BuyerFinancialAccount", buyer.bank_account),
            ),
            leaf("fp:Tpvn", ""),
            node(
                "fp:Seller",
                leaf("fp:SellerName", seller.name),
                leaf("fp:SellerTaxID", seller.tax_id),
                leaf("fp:SellerAddrTel", seller.address_phone),
                leaf("fp:SellerFinancialAccount", seller.bank_account),
                leaf("fp:Issuea1", ""),
            ),
            leaf("fp:TaxInclusiveTotalAmount", texts.plain(invoice.total_with_tax)),
            leaf("fp:TaxInclusiveTotalAmountWithWords", invoice.total_in_words),
            leaf("fp:Note", invoice.remark),
            leaf("fp:InvoiceClerk", invoice.drawer),
            leaf("fp:Payee", invoice.payee),
            leaf("fp:Checker", invoice.reviewer),
            leaf("fp:TaxTotalAmount", texts.plain(invoice.tax)),
            leaf("fp:TaxExclusiveTotalAmount", texts.plain(invoice.amount_without_tax)),
            leaf("fp:OriginalInvoiceCode", invoice.original_code),
            leaf("fp:OriginalInvoiceNo", invoice.original_number),
            leaf("fp:GraphCode", qr_text),
            node("fp:GoodsInfos", *(_line(line) for line in invoice.lines)),
            xmlns__fp=NAMESPACE,
            Version="1.0",
        )
    )


def _line(line: Line) -> str:
    return node(
        "fp:GoodsInfo",
        leaf("fp:Item", line.name),
        leaf("fp:Code", line.classification),
        leaf("fp:Specification", line.specification),
        leaf("fp:MeasurementDimension", line.unit),
        leaf("fp:Price", texts.plain(line.unit_price)),
        leaf("fp:Quantity", texts.plain(line.quantity)),
        leaf("fp:Amount", texts.plain(line.amount)),
        leaf("fp:TaxScheme", texts.percent(line.rate)),
        leaf("fp:TaxAmount", texts.plain(line.tax)),
    )
