"""Whether number, code, date, tax ids, region and colour of an invoice fit together."""

from collections.abc import Iterator, Mapping
from datetime import date

from einvoice.documents.model import DocumentField, Invoice
from einvoice.documents.reversals import names_notice
from einvoice.numbers import (
    PLANNED_CITIES,
    PLANNED_CITIES_OLD,
    PROVINCES,
    read_digital_number,
    read_old_code,
)
from einvoice.reasons import Note
from einvoice.screening import rules
from einvoice.screening.finding import RuleFinding, as_text
from einvoice.screening.rules import Rule
from einvoice.tax_ids import TaxIdForm, read_tax_id

_TAX_ID_RULES: Mapping[Note, Rule] = {
    Note.TAX_ID_LENGTH: rules.TAX_ID_LENGTH,
    Note.TAX_ID_CHARACTERS: rules.TAX_ID_CHARACTERS,
    Note.TAX_ID_CHECK_DIGIT: rules.TAX_ID_CHECK_DIGIT,
    Note.TAX_ID_ORGANISATION_DIGIT: rules.TAX_ID_ORGANISATION_DIGIT,
    Note.TAX_ID_BIRTH_DATE: rules.TAX_ID_BIRTH_DATE,
}
_CENTURY = 2000
# 95 in a number is 4403 elsewhere: the province of each planned city.
_PROVINCE_OF_CITY = {
    region: four[:2]
    for region, name in PLANNED_CITIES.items()
    for four, old_name in PLANNED_CITIES_OLD.items()
    if name == old_name
}


def identity(invoice: Invoice, today: date) -> Iterator[RuleFinding]:
    """What does not fit. `today` is the date in China."""
    if invoice.issued_on is not None and invoice.issued_on > today:
        yield RuleFinding(
            rules.DATE_IN_FUTURE,
            DocumentField.ISSUED_ON,
            as_text(invoice.issued_on),
            as_text(today),
        )
    if len(invoice.number) == 20:
        yield from _number(invoice)
    if invoice.code:
        yield from _code(invoice)
    yield from _region(invoice)
    for field, tax_id in (
        (DocumentField.SELLER_TAX_ID, invoice.seller.tax_id),
        (DocumentField.BUYER_TAX_ID, invoice.buyer.tax_id),
    ):
        yield from _tax_id(field, tax_id)
    yield from _colour(invoice)


def _number(invoice: Invoice) -> Iterator[RuleFinding]:
    number = read_digital_number(invoice.number).value
    if number is None:
        return
    issued_on = invoice.issued_on
    if issued_on is not None and number.year != issued_on.year % 100:
        yield RuleFinding(
            rules.NUMBER_YEAR,
            DocumentField.NUMBER,
            str(_CENTURY + number.year),
            str(issued_on.year),
        )
    if not number.region_name:
        yield RuleFinding(rules.NUMBER_REGION, DocumentField.NUMBER, number.region)


def _code(invoice: Invoice) -> Iterator[RuleFinding]:
    code = read_old_code(invoice.code).value
    if code is None:
        return
    issued_on = invoice.issued_on
    # Codes are given out ahead: an earlier year is usual, a later one is not.
    if issued_on is not None and code.year > issued_on.year % 100:
        yield RuleFinding(
            rules.CODE_YEAR, DocumentField.CODE, str(_CENTURY + code.year), str(issued_on.year)
        )
    if not code.region_name:
        yield RuleFinding(rules.CODE_REGION, DocumentField.CODE, code.region)
    kind = invoice.kind
    if code.kind is not None and kind is not None and kind is not code.kind and not kind.is_open:
        yield RuleFinding(rules.CODE_KIND, DocumentField.KIND, as_text(kind), as_text(code.kind))


def _region(invoice: Invoice) -> Iterator[RuleFinding]:
    """The province of the number or code against that of the seller's tax id.

    Provinces only: the cities in tax ids are those of the first registration.
    """
    issued_in = _province_of_invoice(invoice)
    seller_in = _province_of_tax_id(invoice.seller.tax_id)
    if issued_in and seller_in and issued_in != seller_in:
        field = DocumentField.CODE if invoice.code else DocumentField.NUMBER
        yield RuleFinding(rules.SELLER_REGION, field, PROVINCES[issued_in], PROVINCES[seller_in])


def _province_of_invoice(invoice: Invoice) -> str:
    """Two digits of the province; empty if unknown."""
    if invoice.code:
        code = read_old_code(invoice.code).value
        region = code.region[:2] if code else ""
    else:
        number = read_digital_number(invoice.number).value
        region = number.region if number else ""
        region = _PROVINCE_OF_CITY.get(region, region)
    return region if region in PROVINCES else ""


def _province_of_tax_id(text: str) -> str:
    """Two digits of the province; empty if unknown, or if the id is a person's.

    A person's id names where he was born; 10 instead of a province names a national registry.
    """
    tax_id = read_tax_id(text).value
    if tax_id is None:
        return ""
    match tax_id.form:
        case TaxIdForm.CREDIT_CODE:
            region = tax_id.text[2:4]
        case TaxIdForm.ORGANISATION:
            region = tax_id.text[:2]
        case _:
            return ""
    return region if region in PROVINCES else ""


def _tax_id(field: DocumentField, text: str) -> Iterator[RuleFinding]:
    if "*" in text:
        return  # masked by the issuer
    for note in read_tax_id(text).findings:
        if isinstance(note, Note):
            yield RuleFinding(_TAX_ID_RULES[note], field, text)


def _colour(invoice: Invoice) -> Iterator[RuleFinding]:
    total = invoice.total_with_tax
    if invoice.is_red and not _names_its_blue_one(invoice):
        yield RuleFinding(rules.RED_WITHOUT_ORIGINAL, DocumentField.ORIGINAL_NUMBER)
    if total is None:
        return
    if invoice.is_red and total > 0:
        yield RuleFinding(rules.RED_NOT_NEGATIVE, DocumentField.IS_RED, as_text(total))
    if invoice.is_red is False and total < 0:
        yield RuleFinding(rules.BLUE_NEGATIVE, DocumentField.IS_RED, as_text(total))


def _names_its_blue_one(invoice: Invoice) -> bool:
    """Whether the blue invoice is named, as far as the file has a place for it.

    What has neither lines nor a remark is an extract for book-keeping (XBRL einv) or the
    entry data of an OFD alone: it could not name one.
    """
    has_no_place = not invoice.lines and not invoice.remark
    return (
        bool(invoice.original_number or invoice.original_code)
        or names_notice(invoice.remark)
        or has_no_place
    )
