"""What one place of a file states, and how the statements of several places become one invoice."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from einvoice.documents import limits, values
from einvoice.documents.model import (
    Disagreement,
    DocumentField,
    Found,
    Invoice,
    Line,
    Medium,
    Party,
    Place,
    Problem,
    Reading,
    Trouble,
    Value,
)
from einvoice.documents.reversals import reversed_by
from einvoice.documents.travel import AirItinerary, PassengerJourney, RailwayTrip, TollPassage
from einvoice.kinds import Kind
from einvoice.numbers import kind_of_code

_MONEY = frozenset(
    {
        DocumentField.AMOUNT_WITHOUT_TAX,
        DocumentField.TAX,
        DocumentField.TOTAL_WITH_TAX,
        DocumentField.DEDUCTION,
    }
)
_CHECK_CODE_ASKED = 6  # the last digits, which is all that verification asks for
_DIGITS = frozenset({DocumentField.CODE, DocumentField.CHECK_CODE})
# Printed in several small lines, of which a page gives us the first.
_LONG = frozenset(
    {
        DocumentField.BUYER_ADDRESS_PHONE,
        DocumentField.BUYER_BANK_ACCOUNT,
        DocumentField.SELLER_ADDRESS_PHONE,
        DocumentField.SELLER_BANK_ACCOUNT,
    }
)
# Told by one place only, or wrapped and cut differently in each, so that comparing them
# would say nothing about the invoice.
_NOT_COMPARED = frozenset(
    {
        DocumentField.REMARK,
        DocumentField.RAILWAY,
        DocumentField.AIR,
        DocumentField.TOLLS,
        DocumentField.JOURNEYS,
    }
)


class Statements:
    """The fields that one place of a file states, in the order read; the first of each counts."""

    def __init__(self) -> None:
        self.found: dict[DocumentField, Found] = {}
        self.problems: list[Problem] = []

    def put(self, field: DocumentField, value: Value, place: Place) -> None:
        """State a value, unless the field is stated already."""
        self.found.setdefault(field, Found(value, place))

    def text(self, field: DocumentField, raw: str, place: Place) -> None:
        """State what a text says about a field, read as that field is written.

        An empty or hidden text states nothing; one that cannot be read is a problem.
        """
        written = values.tidy(raw[: limits.MAX_TEXT])
        if not written or (field in _MONEY and values.is_hidden(written)):
            return
        value: Value | None
        if field in _MONEY:
            value = values.amount_from(written)
        elif field is DocumentField.ISSUED_ON:
            value = values.date_from(written)
        elif field is DocumentField.NUMBER:
            digits = values.digits_of(written)
            value = digits if len(digits) in (8, 20) else None
        elif field in _DIGITS:
            value = values.digits_of(written) or None
        elif field is DocumentField.KIND:
            value = values.kind_from_title(written)
            if value is None:
                return
        else:
            value = written
        if value is None:
            self.problems.append(Problem(Trouble.VALUE_UNREADABLE, place.part, place.detail))
        else:
            self.put(field, value, place)


def assemble(sources: Iterable[Statements], problems: Iterable[Problem] = ()) -> Reading:
    """One reading from several places of one file, the most trusted first."""
    sources = tuple(sources)
    taken: dict[DocumentField, Found] = {}
    disagreements: list[Disagreement] = []
    for source in sources:
        for field, found in source.found.items():
            if field is DocumentField.KIND:
                continue
            first = taken.setdefault(field, found)
            if first is found:
                continue
            if not _agree(field, first, found):
                disagreements.append(Disagreement(field, first, found))
            elif field is DocumentField.LINES:
                taken[field] = Found(_completed(first.value, found.value), first.place)
    disagreements.extend(_settle_kind(sources, taken))
    _settle_colour(taken)
    _settle_reversed(taken)
    return Reading(
        invoice=_invoice(taken),
        places={field: found.place for field, found in taken.items()},
        disagreements=tuple(disagreements),
        problems=(*problems, *(problem for source in sources for problem in source.problems)),
    )


def _settle_kind(
    sources: tuple[Statements, ...], taken: dict[DocumentField, Found]
) -> Iterable[Disagreement]:
    """Take the kind from the code's own rule, else from the first place that names one."""
    named = [
        source.found[DocumentField.KIND] for source in sources if DocumentField.KIND in source.found
    ]
    code, number = taken.get(DocumentField.CODE), taken.get(DocumentField.NUMBER)
    if code is not None and isinstance(code.value, str):
        by_code = kind_of_code(code.value)
        if by_code is not None:
            named.insert(0, Found(by_code, Place(Medium.DERIVED, detail="code")))
    elif number is not None and isinstance(number.value, str) and len(number.value) == 20:
        # A number of 20 digits without a code is a 数电票, whatever its title says; which kind
        # of them, only a title or a label tells.
        by_shape = Found(Kind.DIGITAL_OTHER, Place(Medium.DERIVED, detail="number"))
        is_told = bool(named) and isinstance(named[0].value, Kind) and named[0].value.is_digital
        named.insert(len(named) if is_told else 0, by_shape)
    if not named:
        return ()
    taken[DocumentField.KIND] = named[0]
    return [
        Disagreement(DocumentField.KIND, named[0], other)
        for other in named[1:]
        if not _same_kind(named[0].value, other.value)
    ]


# Sold as a 数电票 or on the old paper, the invoice of a vehicle is titled alike.
_VEHICLES = frozenset({Kind.MOTOR_VEHICLE, Kind.USED_VEHICLE})


def _same_kind(first: Value, second: Value) -> bool:
    if first == second:
        return True
    kinds = {first, second}
    if Kind.DIGITAL_OTHER in kinds:
        return all(isinstance(kind, Kind) and kind.is_digital for kind in kinds - _VEHICLES)
    # The title of a toll invoice, and its QR at times, name the ordinary electronic kind.
    return kinds == {Kind.TOLL, Kind.ORDINARY_ELECTRONIC}


def _settle_colour(taken: dict[DocumentField, Found]) -> None:
    total = taken.get(DocumentField.TOTAL_WITH_TAX)
    if DocumentField.IS_RED not in taken and total and isinstance(total.value, Decimal):
        place = Place(Medium.DERIVED, detail=DocumentField.TOTAL_WITH_TAX.value)
        taken[DocumentField.IS_RED] = Found(total.value < 0, place)


def _settle_reversed(taken: dict[DocumentField, Found]) -> None:
    """The blue invoice that a red one reverses, from the remark if no field names it."""
    remark = taken.get(DocumentField.REMARK)
    if (
        remark is None
        or DocumentField.ORIGINAL_NUMBER in taken
        or not isinstance(remark.value, str)
    ):
        return
    blue = reversed_by(remark.value)
    if blue is None:
        return
    place = Place(Medium.DERIVED, detail=DocumentField.REMARK.value)
    taken[DocumentField.ORIGINAL_NUMBER] = Found(blue.number, place)
    if blue.code:
        taken.setdefault(DocumentField.ORIGINAL_CODE, Found(blue.code, place))


def _agree(field: DocumentField, taken: Found, found: Found) -> bool:
    if field in _NOT_COMPARED:
        return True
    first, second = taken.value, found.value
    if isinstance(first, str) and isinstance(second, str):
        if field is DocumentField.CHECK_CODE and len(second) == _CHECK_CODE_ASKED:
            return first.endswith(second)
        if field in _LONG and found.place.medium is Medium.PAGE_TEXT:
            return values.plain(second).casefold() in values.plain(first).casefold()
        return values.plain(first).casefold() == values.plain(second).casefold()
    if field is DocumentField.LINES and isinstance(first, tuple) and isinstance(second, tuple):
        return _line_keys(first) == _line_keys(second)
    return first == second


def _line_keys(lines: tuple[object, ...]) -> list[tuple[str, Decimal | None, Decimal | None]]:
    return [
        (values.plain(line.name), line.amount, line.tax) for line in lines if isinstance(line, Line)
    ]


def _completed(first: Value, second: Value) -> Value:
    """Lines with what only the second place of two that agree has: rates, units, quantities."""
    if not isinstance(first, tuple) or not isinstance(second, tuple):
        return first
    return tuple(
        replace(
            line,
            specification=line.specification or other.specification,
            unit=line.unit or other.unit,
            quantity=other.quantity if line.quantity is None else line.quantity,
            unit_price=other.unit_price if line.unit_price is None else line.unit_price,
            rate=line.rate or other.rate,
            classification=line.classification or other.classification,
        )
        for line, other in zip(first, second, strict=True)
        if isinstance(line, Line) and isinstance(other, Line)
    )


class _Taken:
    """The fields of the invoice by type; a value of another type counts as absent."""

    def __init__(self, found: Mapping[DocumentField, Found]) -> None:
        self._found = found

    def text(self, field: DocumentField) -> str:
        value = self._value(field)
        return value if isinstance(value, str) else ""

    def money(self, field: DocumentField) -> Decimal | None:
        value = self._value(field)
        return value if isinstance(value, Decimal) else None

    def day(self, field: DocumentField) -> date | None:
        value = self._value(field)
        return value if isinstance(value, date) else None

    def flag(self, field: DocumentField) -> bool | None:
        value = self._value(field)
        return value if isinstance(value, bool) else None

    def kind(self) -> Kind | None:
        value = self._value(DocumentField.KIND)
        return value if isinstance(value, Kind) else None

    def railway(self) -> RailwayTrip | None:
        value = self._value(DocumentField.RAILWAY)
        return value if isinstance(value, RailwayTrip) else None

    def air(self) -> AirItinerary | None:
        value = self._value(DocumentField.AIR)
        return value if isinstance(value, AirItinerary) else None

    def lines(self) -> tuple[Line, ...]:
        return tuple(item for item in self._items(DocumentField.LINES) if isinstance(item, Line))

    def tolls(self) -> tuple[TollPassage, ...]:
        items = self._items(DocumentField.TOLLS)
        return tuple(item for item in items if isinstance(item, TollPassage))

    def journeys(self) -> tuple[PassengerJourney, ...]:
        items = self._items(DocumentField.JOURNEYS)
        return tuple(item for item in items if isinstance(item, PassengerJourney))

    def _value(self, field: DocumentField) -> Value | None:
        found = self._found.get(field)
        return None if found is None else found.value

    def _items(self, field: DocumentField) -> tuple[object, ...]:
        value = self._value(field)
        return value if isinstance(value, tuple) else ()


def _invoice(found: Mapping[DocumentField, Found]) -> Invoice:
    taken, of = _Taken(found), DocumentField
    return Invoice(
        kind=taken.kind(),
        number=taken.text(of.NUMBER),
        code=taken.text(of.CODE),
        issued_on=taken.day(of.ISSUED_ON),
        check_code=taken.text(of.CHECK_CODE),
        machine_number=taken.text(of.MACHINE_NUMBER),
        amount_without_tax=taken.money(of.AMOUNT_WITHOUT_TAX),
        tax=taken.money(of.TAX),
        total_with_tax=taken.money(of.TOTAL_WITH_TAX),
        total_in_words=taken.text(of.TOTAL_IN_WORDS),
        deduction=taken.money(of.DEDUCTION),
        buyer=Party(
            taken.text(of.BUYER_NAME),
            taken.text(of.BUYER_TAX_ID),
            taken.text(of.BUYER_ADDRESS_PHONE),
            taken.text(of.BUYER_BANK_ACCOUNT),
        ),
        seller=Party(
            taken.text(of.SELLER_NAME),
            taken.text(of.SELLER_TAX_ID),
            taken.text(of.SELLER_ADDRESS_PHONE),
            taken.text(of.SELLER_BANK_ACCOUNT),
        ),
        lines=taken.lines(),
        remark=taken.text(of.REMARK),
        drawer=taken.text(of.DRAWER),
        payee=taken.text(of.PAYEE),
        reviewer=taken.text(of.REVIEWER),
        is_red=taken.flag(of.IS_RED),
        original_code=taken.text(of.ORIGINAL_CODE),
        original_number=taken.text(of.ORIGINAL_NUMBER),
        railway=taken.railway(),
        air=taken.air(),
        tolls=taken.tolls(),
        journeys=taken.journeys(),
    )
