"""The names under which structured data states the fields of an invoice.

Sources: files of `original_invoice.xml` in public OFD samples; 数电票 XML of versions 0.2 to
0.37; XBRL instances of the Ministry of Finance (inv 2021-09-30, rai and atr 2021-11-30 and
2023-12-31, einv 2023-12-31); the pinyin initials and the Chinese labels of the GB/T data
specification and of `CustomDatas`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from einvoice.documents.model import DocumentField as F


@dataclass(frozen=True, slots=True)
class LineNames:
    """The elements that hold a line, and the names inside, the first present one counting."""

    elements: frozenset[str]
    name: tuple[str, ...]
    specification: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    quantity: tuple[str, ...] = ()
    unit_price: tuple[str, ...] = ()
    amount: tuple[str, ...] = ()
    rate: tuple[str, ...] = ()
    tax: tuple[str, ...] = ()
    classification: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of structured data names its fields.

    Attributes:
        fields: element name -> field, wherever it stands outside lines and `skipped`.
        lines: None where the dialect has none.
        skipped: elements whose content names other things by the same names.
    """

    fields: Mapping[str, F]
    lines: LineNames | None = None
    skipped: frozenset[str] = frozenset()


ORIGINAL_INVOICE = Dialect(
    fields={
        "InvoiceCode": F.CODE,
        "InvoiceNo": F.NUMBER,
        "IssueDate": F.ISSUED_ON,
        "InvoiceCheckCode": F.CHECK_CODE,
        "MachineNo": F.MACHINE_NUMBER,
        "BuyerName": F.BUYER_NAME,
        "BuyerTaxID": F.BUYER_TAX_ID,
        "BuyerAddrTel": F.BUYER_ADDRESS_PHONE,
        "BuyerFinancialAccount": F.BUYER_BANK_ACCOUNT,
        "SellerName": F.SELLER_NAME,
        "SellerTaxID": F.SELLER_TAX_ID,
        "SellerAddrTel": F.SELLER_ADDRESS_PHONE,
        "SellerFinancialAccount": F.SELLER_BANK_ACCOUNT,
        "TaxInclusiveTotalAmount": F.TOTAL_WITH_TAX,
        "TaxInclusiveTotalAmountWithWords": F.TOTAL_IN_WORDS,
        "TaxExclusiveTotalAmount": F.AMOUNT_WITHOUT_TAX,
        "TaxTotalAmount": F.TAX,
        "DeductibleAmount": F.DEDUCTION,
        "Note": F.REMARK,
        "InvoiceClerk": F.DRAWER,
        "Payee": F.PAYEE,
        "Checker": F.REVIEWER,
        "OriginalInvoiceCode": F.ORIGINAL_CODE,
        "OriginalInvoiceNo": F.ORIGINAL_NUMBER,
    },
    lines=LineNames(
        elements=frozenset({"GoodsInfo"}),
        name=("Item",),
        specification=("Specification",),
        unit=("MeasurementDimension",),
        quantity=("Quantity",),
        unit_price=("Price",),
        amount=("Amount",),
        rate=("TaxScheme",),
        tax=("TaxAmount",),
        classification=("Code",),
    ),
    skipped=frozenset({"GoodsInfos", "SystemInfos", "Signature"}),
)

_DIGITAL_FIELDS = {
    "InvoiceNumber": F.NUMBER,
    "IssueTime": F.ISSUED_ON,
    "SellerIdNum": F.SELLER_TAX_ID,
    "SellerName": F.SELLER_NAME,
    "BuyerIdNum": F.BUYER_TAX_ID,
    "BuyerName": F.BUYER_NAME,
    "TotalAmWithoutTax": F.AMOUNT_WITHOUT_TAX,
    "TotalTaxAm": F.TAX,
    "TotalTax-includedAmount": F.TOTAL_WITH_TAX,
    "TotalTax-includedAmountInChinese": F.TOTAL_IN_WORDS,
    "KCE": F.DEDUCTION,
    "Drawer": F.DRAWER,
    "Remark": F.REMARK,
}

DIGITAL = Dialect(
    fields=_DIGITAL_FIELDS,
    lines=LineNames(
        elements=frozenset({"IssuItemInformation", "ItemDetail"}),
        name=("ItemName",),
        specification=("SpecMod",),
        unit=("MeaUnits",),
        quantity=("Quantity",),
        unit_price=("UnPrice",),
        amount=("Amount",),
        rate=("TaxRate",),
        tax=("ComTaxAm", "TaxAm"),
        classification=("TaxClassificationCode",),
    ),
    skipped=frozenset({"IssuItemInformation", "SpecificInformation", "TaxBureauSignature"}),
)

_PURCHASER = "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser"
_SELLER = "TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller"

XBRL_OLD_VAT = Dialect(
    fields={
        "TypeOfInvoice": F.KIND,
        "CodeOfInvoice": F.CODE,
        "NumberOfInvoice": F.NUMBER,
        "DateOfIssue": F.ISSUED_ON,
        "IdentifyingCode": F.CHECK_CODE,
        "NumberOfInvoiceMachine": F.MACHINE_NUMBER,
        "NameOfPurchaser": F.BUYER_NAME,
        _PURCHASER: F.BUYER_TAX_ID,
        "AddressPhoneNumberOfPurchaser": F.BUYER_ADDRESS_PHONE,
        "DepositBankAndAccountNumberOfPurchaser": F.BUYER_BANK_ACCOUNT,
        "NameOfSeller": F.SELLER_NAME,
        _SELLER: F.SELLER_TAX_ID,
        "AddressPhoneNumberOfSeller": F.SELLER_ADDRESS_PHONE,
        "DepositBankAndAccountNumberOfSeller": F.SELLER_BANK_ACCOUNT,
        "TotalAmountExcludingTax": F.AMOUNT_WITHOUT_TAX,
        "TotalTaxAmount": F.TAX,
        "TaxIncludedAmountInFigures": F.TOTAL_WITH_TAX,
        "TaxIncludedAmountInWords": F.TOTAL_IN_WORDS,
        "Remarks": F.REMARK,
        "Payee": F.PAYEE,
        "Reviewer": F.REVIEWER,
        "Issuer": F.DRAWER,
    },
    lines=LineNames(
        elements=frozenset({"InformationOfTaxableGoodsOrServicesDetailItemsTuple"}),
        name=("NameOfTaxableGoodsOrServices",),
        specification=("Specification",),
        unit=("UnitOfGoodsOrServices",),
        quantity=("QuantityOfGoodsOrServices",),
        unit_price=("UnitPriceOfGoodsOrServices",),
        amount=("AmountExcludingTax",),
        rate=("TaxRate",),
        tax=("TaxAmount",),
    ),
    skipped=frozenset({"InformationOfTaxableGoodsOrServicesDetailItemsTuple"}),
)

XBRL_RAILWAY = Dialect(
    fields={
        "TypeOfVoucher": F.KIND,
        "ElectronicInvoiceRailwayETicketNumber": F.NUMBER,
        "DateOfIssue": F.ISSUED_ON,
        "Fare": F.TOTAL_WITH_TAX,
        "TotalAmountExcludingTax": F.AMOUNT_WITHOUT_TAX,
        "TaxAmount": F.TAX,
        "NameOfPurchaser": F.BUYER_NAME,
        "UnifiedSocialCreditCodeOfPurchaser": F.BUYER_TAX_ID,
        "IssueParty": F.SELLER_NAME,
        "IssuePartyCode": F.SELLER_TAX_ID,
        "NumberOfOriginalInvoice": F.ORIGINAL_NUMBER,
        "Remarks": F.REMARK,
    }
)

XBRL_AIR = Dialect(
    fields={
        "ElectronicInvoiceAirTransportReceiptNumber": F.NUMBER,
        "IssueDate": F.ISSUED_ON,
        "TotalAmount": F.TOTAL_WITH_TAX,
        "VatTaxAmount": F.TAX,
        "NameOfPurchaser": F.BUYER_NAME,
        "UnifiedSocialCreditCodeOfPurchaser": F.BUYER_TAX_ID,
        "NameOfSeller": F.SELLER_NAME,
        "UnifiedSocialCreditCodeOfSeller": F.SELLER_TAX_ID,
    },
    skipped=frozenset({"DetailInformationOfAirTicketTuple"}),
)

XBRL_RECEIVED = Dialect(
    fields={**_DIGITAL_FIELDS, "RequestTime": F.ISSUED_ON},
    skipped=frozenset({"InformationOfAccountingDocumentsTuple"}),
)

PDF_INFO = Dialect(fields=_DIGITAL_FIELDS)

LABELS: Mapping[str, F] = {
    "模板编号": F.KIND,
    "发票类型": F.KIND,
    "发票代码": F.CODE,
    "发票号码": F.NUMBER,
    "开票日期": F.ISSUED_ON,
    "校验码": F.CHECK_CODE,
    "机器编号": F.MACHINE_NUMBER,
    "购买方名称": F.BUYER_NAME,
    "购买方纳税人识别号": F.BUYER_TAX_ID,
    "购买方地址、电话": F.BUYER_ADDRESS_PHONE,
    "购买方开户行及账号": F.BUYER_BANK_ACCOUNT,
    "销售方名称": F.SELLER_NAME,
    "销售方纳税人识别号": F.SELLER_TAX_ID,
    "销售方地址、电话": F.SELLER_ADDRESS_PHONE,
    "销售方开户行及账号": F.SELLER_BANK_ACCOUNT,
    "合计金额": F.AMOUNT_WITHOUT_TAX,
    "合计税额": F.TAX,
    "价税合计": F.TOTAL_WITH_TAX,
    "价税合计小写": F.TOTAL_WITH_TAX,
    "价税合计大写": F.TOTAL_IN_WORDS,
    "扣除额": F.DEDUCTION,
    "备注": F.REMARK,
    "开票人": F.DRAWER,
    "收款人": F.PAYEE,
    "复核": F.REVIEWER,
    "复核人": F.REVIEWER,
    "被红冲蓝字发票号码": F.ORIGINAL_NUMBER,
    "被红冲蓝字电子发票号码": F.ORIGINAL_NUMBER,
}
"""Chinese names, as `CustomDatas` keys and as element names; compared without blanks."""

INITIALS: Mapping[str, F] = {
    "FPDM": F.CODE,
    "FPHM": F.NUMBER,
    "KPRQ": F.ISSUED_ON,
    "JYM": F.CHECK_CODE,
    "JQBH": F.MACHINE_NUMBER,
    "GMFMC": F.BUYER_NAME,
    "GMFNSRSBH": F.BUYER_TAX_ID,
    "XSFMC": F.SELLER_NAME,
    "XSFNSRSBH": F.SELLER_TAX_ID,
    "HJJE": F.AMOUNT_WITHOUT_TAX,
    "HJSE": F.TAX,
    "JSHJ": F.TOTAL_WITH_TAX,
    "JSHJXX": F.TOTAL_WITH_TAX,
    "JSHJDX": F.TOTAL_IN_WORDS,
    "KCE": F.DEDUCTION,
    "BZ": F.REMARK,
    "KPR": F.DRAWER,
    "SKR": F.PAYEE,
    "FHR": F.REVIEWER,
}
"""Initials of the pinyin, as element names of the GB/T data specification."""

PLAIN_NAMES = Dialect(fields={**LABELS, **INITIALS})
