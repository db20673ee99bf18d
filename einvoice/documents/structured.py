"""Structured data -> statements: `original_invoice.xml`, 数电票 XML, and plain name-value XML.

The tag file of an OFD uses the same element names with pointers to page text instead of
text; once the pointers are resolved it is read here too.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from einvoice.documents import dialects, limits, values
from einvoice.documents.dialects import Dialect, LineNames
from einvoice.documents.markup import Element, text_of
from einvoice.documents.model import DocumentField, Line, Medium, Place, Problem, Trouble
from einvoice.documents.qr_text import QrReader
from einvoice.documents.statements import Statements
from einvoice.documents.travel import PassengerJourney, TollPassage
from einvoice.kinds import Kind

PlaceOf = Callable[[Element], Place]

_RED_CODE = {"0": False, "1": True}
_BLUE_LABEL = {"Y": False, "N": True}
_VAT_LABEL = {"01": Kind.DIGITAL_SPECIAL, "02": Kind.DIGITAL_ORDINARY}


def places_in(medium: Medium, part: str) -> PlaceOf:
    """Places that name just the element, in one part."""
    return lambda element: Place(medium, part, element.tag)


def state_fields(root: Element, dialect: Dialect, place_of: PlaceOf, into: Statements) -> None:
    """State every field of the dialect that stands outside its lines."""
    for element in _outside(root, dialect.skipped):
        field = dialect.fields.get(element.tag)
        if field is not None:
            into.text(field, text_of(element), place_of(element))


def read_lines(root: Element, names: LineNames, place_of: PlaceOf, into: Statements) -> None:
    """State the lines, if there are any."""
    holders = [
        element
        for element in root.iter()
        if element.tag in names.elements
        and not any(child.tag in names.elements for child in element)
    ]
    if len(holders) > limits.MAX_LINES:
        place = place_of(holders[0])
        into.problems.append(Problem(Trouble.PART_TOO_LARGE, place.part, place.detail))
        holders = holders[: limits.MAX_LINES]
    lines = tuple(line for line in map(_line_reader(names), holders) if line is not None)
    if lines:
        into.put(DocumentField.LINES, lines, place_of(holders[0]))


def original_invoice(root: Element, place_of: PlaceOf, part: str, qr: QrReader) -> list[Statements]:
    """`original_invoice.xml` of an old OFD invoice, and the QR that it holds."""
    stated = Statements()
    dialect = dialects.ORIGINAL_INVOICE
    state_fields(root, dialect, place_of, stated)
    if dialect.lines:
        read_lines(root, dialect.lines, place_of, stated)
    type_code = first(root, "TypeCode")
    if type_code is not None and text_of(type_code) in _RED_CODE:
        stated.put(DocumentField.IS_RED, _RED_CODE[text_of(type_code)], place_of(type_code))
    graph = first(root, "GraphCode")
    if graph is None:
        return [stated]
    return [stated, *qr.text(text_of(graph), Place(Medium.QR, part, "GraphCode"))]


def digital_invoice(root: Element, place_of: PlaceOf) -> list[Statements]:
    """The XML of a 数电票. The header repeats the number, and is compared with the rest."""
    stated = Statements()
    dialect = dialects.DIGITAL
    state_fields(root, dialect, place_of, stated)
    for field, names in _JOINED.items():
        parts = [element for name in names if (element := first(root, name)) is not None]
        if parts:
            stated.text(field, " ".join(map(text_of, parts)), place_of(parts[0]))
    requested = first(root, "RequestTime")
    if requested is not None and DocumentField.ISSUED_ON not in stated.found:
        stated.text(DocumentField.ISSUED_ON, text_of(requested), place_of(requested))
    if dialect.lines:
        read_lines(root, dialect.lines, place_of, stated)
    _state_labels(root, place_of, stated)
    _state_specifics(root, place_of, stated)
    header = Statements()
    number = first(root, "EIid")
    if number is not None:
        header.text(DocumentField.NUMBER, text_of(number), place_of(number))
    return [stated, header]


def plain_names(root: Element, place_of: PlaceOf) -> list[Statements]:
    """XML whose elements are named in Chinese or by the initials of their pinyin."""
    stated = Statements()
    state_fields(root, dialects.PLAIN_NAMES, place_of, stated)
    return [stated]


def first(root: Element, name: str) -> Element | None:
    """The first element of this name, at any depth."""
    return next(root.iter(name), None)


def texts(element: Element) -> dict[str, str]:
    """Name -> text of everything below an element, the first of each name."""
    found: dict[str, str] = {}
    below = element.iter()
    next(below)
    for child in below:
        tag = child.tag
        if tag not in found:
            text = child.text
            found[tag] = text.strip() if text else ""
    return found


_JOINED: Mapping[DocumentField, tuple[str, ...]] = {
    DocumentField.BUYER_ADDRESS_PHONE: ("BuyerAddr", "BuyerTelNum"),
    DocumentField.BUYER_BANK_ACCOUNT: ("BuyerBankName", "BuyerBankAccNum"),
    DocumentField.SELLER_ADDRESS_PHONE: ("SellerAddr", "SellerTelNum"),
    DocumentField.SELLER_BANK_ACCOUNT: ("SellerBankName", "SellerBankAccNum"),
}


def _state_labels(root: Element, place_of: PlaceOf, into: Statements) -> None:
    colour = first(root, "InIssuType")
    if colour is not None:
        code = texts(colour).get("LabelCode", "")
        if code in _BLUE_LABEL:
            into.put(DocumentField.IS_RED, _BLUE_LABEL[code], place_of(colour))
    vat = first(root, "GeneralOrSpecialVAT")
    if vat is not None:
        label = texts(vat)
        kind = _VAT_LABEL.get(label.get("LabelCode", "")) or _kind_of_label(
            label.get("LabelName", "")
        )
        if kind is not None:
            into.put(DocumentField.KIND, kind, place_of(vat))


def _kind_of_label(name: str) -> Kind | None:
    if "专用发票" in name:
        return Kind.DIGITAL_SPECIAL
    return Kind.DIGITAL_ORDINARY if "普通发票" in name else None


def _state_specifics(root: Element, place_of: PlaceOf, into: Statements) -> None:
    tolls = list(root.iter("Toll"))
    passages = tuple(_toll(texts(element)) for element in tolls if len(element))
    if passages:
        into.put(DocumentField.TOLLS, passages, place_of(tolls[0]))
    transports = list(root.iter("PassengerTransportation"))
    journeys = tuple(_journey(texts(element)) for element in transports if len(element))
    if journeys:
        into.put(DocumentField.JOURNEYS, journeys, place_of(transports[0]))
    reversal = first(root, "RedEInvoice")
    original = None if reversal is None else first(reversal, "OriginalInvoiceCode")
    if original is not None:
        # Despite its name it holds the 20-digit number of a 数电票, or a code of an old one.
        is_number = len(text_of(original)) == 20
        field = DocumentField.ORIGINAL_NUMBER if is_number else DocumentField.ORIGINAL_CODE
        into.text(field, text_of(original), place_of(original))


def _toll(stated: Mapping[str, str]) -> TollPassage:
    return TollPassage(
        plate=stated.get("PlateNumber", ""),
        vehicle=stated.get("VehicleType", ""),
        first_day=values.date_from(stated.get("StartDatesOfPassage", "")),
        last_day=values.date_from(stated.get("EndDatesOfPassage", "")),
    )


def _journey(stated: Mapping[str, str]) -> PassengerJourney:
    return PassengerJourney(
        traveller=stated.get("Traveler", ""),
        traveller_id=stated.get("ValidIDNumber", ""),
        leaves_on=values.date_from(stated.get("TravelDate", "")),
        from_place=stated.get("Departure", ""),
        to_place=stated.get("Destination", ""),
        grade=stated.get("Grade", ""),
        vehicle=stated.get("Vehicletype", "") or stated.get("VehicleType", ""),
    )


def _outside(root: Element, skipped: frozenset[str]) -> Iterator[Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag not in skipped:
            yield element
            waiting.extend(reversed(element))


def _line_reader(names: LineNames) -> Callable[[Element], Line | None]:
    # Units and rates repeat from line to line of one invoice; nothing is kept beyond it.
    tidy, rate_from = cache(values.tidy), cache(values.rate_from)

    def read(element: Element) -> Line | None:
        stated = texts(element)

        def of(choices: tuple[str, ...]) -> str:
            for name in choices:
                if text := stated.get(name):
                    return text
            return ""

        name, amount = of(names.name), of(names.amount)
        if not name and not amount:
            return None
        return Line(
            name=values.tidy(name),
            specification=tidy(of(names.specification)),
            unit=tidy(of(names.unit)),
            quantity=values.number_from(of(names.quantity)),
            unit_price=values.number_from(of(names.unit_price)),
            amount=values.amount_from(amount),
            rate=rate_from(of(names.rate)),
            tax=values.amount_from(of(names.tax)),
            classification=of(names.classification),
        )

    return read
