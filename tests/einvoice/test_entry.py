"""Typing an invoice's fields on a keypad."""

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einvoice import qr, structure
from einvoice.entry import Entry, Key, Problem, Steps
from einvoice.fields import Field, KnownFields
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.reasons import Note, Reason
from einvoice.verdict import Verdict

TODAY = date(2026, 11, 24)
KEYS: tuple[Key, ...] = get_args(Key)


def typed(entry: Entry, text: str) -> Entry:
    for key in text:
        assert key in KEYS
        entry = entry.press(key)
    return entry


def onward(entry: Entry, text: str = "") -> Entry:
    following = typed(entry, text).next()
    assert isinstance(following, Entry), following
    return following


def test_twenty_digits_need_date_and_total_only() -> None:
    entry = Entry.begin(TODAY)
    assert (entry.current, entry.steps) == (Field.NUMBER, Steps(1, None))
    entry = onward(entry, "24112000000048542163")
    assert (entry.current, entry.steps) == (Field.ISSUED_ON, Steps(2, 3))
    entry = onward(entry, "20240528")
    assert (entry.current, entry.steps) == (Field.AMOUNT, Steps(3, 3))
    assert entry.reference is None
    entry = onward(entry, "4449")
    assert (entry.current, entry.steps) == (Field.REVIEW, Steps(3, 3))
    assert entry.reference == InvoiceReference(
        Kind.DIGITAL_OTHER, "24112000000048542163", date(2024, 5, 28), "", Decimal("4449.00")
    )


def test_the_code_of_an_ordinary_invoice_asks_for_the_check_code() -> None:
    entry = onward(onward(Entry.begin(TODAY), "83089647"), "033002000211")
    assert (entry.current, entry.steps) == (Field.ISSUED_ON, Steps(3, 4))
    entry = onward(entry, "20220723")
    assert entry.current is Field.CHECK_CODE
    assert onward(entry, "507415").reference == InvoiceReference(
        Kind.ORDINARY_ELECTRONIC, "83089647", date(2022, 7, 23), "033002000211", None, "507415"
    )


def test_who_types_the_whole_check_code_is_understood() -> None:
    entry = onward(onward(onward(Entry.begin(TODAY), "83089647"), "033002000211"), "20220723")
    reference = onward(entry, "16197833567414507415").reference
    assert reference is not None
    assert reference.check_code == "507415"
    assert typed(entry, "5074150").next() == Problem(Field.CHECK_CODE, Reason.CHECK_CODE_LENGTH)


def test_the_code_of_a_special_invoice_asks_for_the_amount() -> None:
    entry = onward(onward(onward(Entry.begin(TODAY), "00008006"), "3300211130"), "20220505")
    assert entry.current is Field.AMOUNT
    reference = onward(entry, "24519.05").reference
    assert reference is not None
    assert (reference.kind, reference.amount) == (Kind.SPECIAL_PAPER, Decimal("24519.05"))


@pytest.mark.parametrize(
    ("choice", "field", "text", "kind"),
    [
        (FourthField.CHECK_CODE, Field.CHECK_CODE, "123456", Kind.OLD_BY_CHECK_CODE),
        (FourthField.AMOUNT_WITHOUT_TAX, Field.AMOUNT, "1.5", Kind.OLD_BY_AMOUNT),
    ],
)
def test_a_code_that_names_no_kind_lets_the_person_say(
    choice: FourthField, field: Field, text: str, kind: Kind
) -> None:
    entry = onward(onward(onward(Entry.begin(TODAY), "00008006"), "033002000299"), "20220505")
    assert (entry.current, entry.steps) == (Field.CHOICE_OF_FOURTH, Steps(4, 5))
    assert entry.next() == Problem(Field.CHOICE_OF_FOURTH, Reason.CHOICE_MISSING)
    entry = onward(entry.choose(choice))
    assert (entry.current, entry.steps) == (field, Steps(5, 5))
    reference = onward(entry, text).reference
    assert reference is not None
    assert reference.kind is kind
    assert structure.examine(reference, TODAY).refusal is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", None),
        ("2", None),
        ("3", Reason.DATE_YEAR),
        ("0", Reason.DATE_YEAR),
        ("18", Reason.DATE_YEAR),
        ("1993", Reason.DATE_YEAR),
        ("1994", None),
        ("2027", Reason.DATE_IN_FUTURE),
        ("2026", None),
        ("20261", None),
        ("20262", Reason.DATE_MONTH),
        ("20240", None),
        ("202400", Reason.DATE_MONTH),
        ("202413", Reason.DATE_MONTH),
        ("202612", Reason.DATE_IN_FUTURE),
        ("2026113", Reason.DATE_IN_FUTURE),
        ("20261124", None),
        ("20261125", Reason.DATE_IN_FUTURE),
        ("2024023", Reason.DATE_DAY),
        ("20240229", None),
        ("20230229", Reason.DATE_DAY),
        ("20240431", Reason.DATE_DAY),
        ("20240400", Reason.DATE_DAY),
        ("20240532", Reason.DATE_DAY),
    ],
)
def test_a_date_is_wrong_only_once_that_is_certain(text: str, problem: Reason | None) -> None:
    entry = typed(onward(Entry.begin(TODAY), "24112000000048542163"), text)
    assert entry.typed.issued_on == text
    assert entry.problem == problem


DATE_ENTRY = onward(Entry.begin(TODAY), "24112000000048542163")


@given(st.dates(min_value=date(1994, 1, 1), max_value=TODAY), st.integers(0, 8))
def test_no_beginning_of_a_possible_date_is_called_wrong(day: date, length: int) -> None:
    assert typed(DATE_ENTRY, f"{day:%Y%m%d}"[:length]).problem is None


@given(st.text("0123456789", min_size=8, max_size=8))
def test_a_complete_date_without_problem_is_a_day_up_to_today(text: str) -> None:
    entry = typed(DATE_ENTRY, text)
    if entry.problem is None:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        assert date(1994, 1, 1) <= day <= TODAY


def test_keys_that_do_not_fit_change_nothing() -> None:
    entry = typed(Entry.begin(TODAY), "24112000000048542163")
    for key in KEYS[:12]:
        assert entry.press(key) is entry
    amount = onward(onward(entry), "20240528")
    assert typed(amount, "12.345.6-").typed.amount == "12.34"
    assert typed(amount, "007").typed.amount == "0"
    assert typed(amount, ".5").typed.amount == "0.5"
    assert typed(amount, "-.5").typed.amount == "-0.5"
    assert typed(amount, "123456789012").typed.amount == "12345678901"
    assert typed(amount, "-").next() == Problem(Field.AMOUNT, Reason.AMOUNT_MALFORMED)


def test_minus_nothing_is_nothing() -> None:
    entry = onward(onward(Entry.begin(TODAY), "24112000000048542163"), "20240528")
    reference = onward(entry, "-0.").reference
    assert reference is not None
    assert str(reference.amount) == "0.00"


def test_back_and_clear_take_away() -> None:
    entry = typed(Entry.begin(TODAY), "123")
    assert entry.press("back").typed.number == "12"
    assert entry.press("clear").typed.number == ""
    assert Entry.begin(TODAY).press("back").typed.number == ""


def test_going_back_keeps_what_was_typed_and_a_new_number_changes_the_path() -> None:
    entry = typed(onward(onward(Entry.begin(TODAY), "83089647"), "033002000211"), "2022")
    first = entry.back().back()
    assert (first.current, first.typed.code) == (Field.NUMBER, "033002000211")
    assert first.back() == first
    digital = onward(typed(first, "241120000000"))
    assert digital.current is Field.ISSUED_ON
    digital = onward(typed(digital, "0723"))
    reference = onward(digital, "1").reference
    assert reference is not None
    assert (reference.kind, reference.code) == (Kind.DIGITAL_OTHER, "")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", Reason.NUMBER_MISSING),
        ("123456789", Reason.NUMBER_LENGTH),
        ("00000000", Reason.NUMBER_ZERO),
    ],
)
def test_a_number_of_the_wrong_shape_does_not_go_on(number: str, reason: Reason) -> None:
    entry = typed(Entry.begin(TODAY), number)
    assert not entry.is_complete_field
    assert entry.problem is None  # it might still become right
    assert entry.next() == Problem(Field.NUMBER, reason)


def test_an_unknown_region_is_a_note_and_goes_on() -> None:
    entry = typed(Entry.begin(TODAY), "24992000000048542163")
    assert entry.note is Note.NUMBER_REGION_UNKNOWN
    assert entry.is_complete_field
    code = typed(onward(Entry.begin(TODAY), "83089647"), "099002000211")
    assert code.note is Note.CODE_REGION_UNKNOWN


@pytest.mark.parametrize(
    ("text", "current"),
    [
        ("24112000000048542163", Field.ISSUED_ON),
        ("01,31,,24112000000048542163,,20240528,,", Field.AMOUNT),
        ("01,10,033002000211,83089647,510.68,20220723,,", Field.CHECK_CODE),
        ("01,10,033002000211,,510.68,20220723,16197833567414507415,", Field.NUMBER),
        ("01,77,033002000299,83089647,510.68,20220723,,", Field.CHOICE_OF_FOURTH),
        ("01,77,033002000211,83089647,510.68,20220723,16197833567414507415,", Field.REVIEW),
    ],
)
def test_a_scan_is_typed_on_from_where_it_ends(text: str, current: Field) -> None:
    scanned = qr.parse(text)
    assert isinstance(scanned, qr.IncompleteInvoice | qr.UnknownKindInvoice)
    assert Entry.begin(TODAY, scanned.known).current is current


def test_the_kind_of_a_scan_stays_as_long_as_its_number_does() -> None:
    scanned = qr.parse("01,31,,24112000000048542163,,20240528,,")
    assert isinstance(scanned, qr.IncompleteInvoice)
    entry = typed(Entry.begin(TODAY, scanned.known), "4449")
    assert entry.kind is Kind.DIGITAL_SPECIAL
    changed = onward(entry.back().back().press("back"), "4")
    assert changed.kind is Kind.DIGITAL_OTHER


def test_a_kind_that_does_not_fit_the_number_is_not_kept() -> None:
    known = KnownFields(Kind.ORDINARY_ELECTRONIC, number="24112000000048542163")
    assert Entry.begin(TODAY, known).kind is Kind.DIGITAL_OTHER


def test_a_number_that_is_too_long_is_not_cut_into_another_number() -> None:
    entry = Entry.begin(TODAY, KnownFields(Kind.DIGITAL_SPECIAL, number="2" * 25))
    assert (entry.current, entry.typed.number) == (Field.NUMBER, "")


ACTS = st.lists(
    st.sampled_from([*KEYS, "next", "previous", "amount", "check"])
    | st.sampled_from(["24112000000048542163", "83089647", "033002000211", "033002000299",
                       "20240528", "123456"]),
    max_size=60,
)  # fmt: skip


@given(ACTS)
@settings(max_examples=200)
def test_whatever_is_pressed_the_entry_stays_whole(acts: list[str]) -> None:
    entry = Entry.begin(TODAY)
    for act in acts:
        match act:
            case "next":
                following = entry.next()
                assert isinstance(following, Entry) is entry.is_complete_field
                entry = following if isinstance(following, Entry) else entry
            case "previous":
                entry = entry.back()
            case "amount":
                entry = entry.choose(FourthField.AMOUNT_WITHOUT_TAX)
            case "check":
                entry = entry.choose(FourthField.CHECK_CODE)
            case "back" | "clear":
                entry = entry.press(act)
            case _:
                entry = typed(entry, act)
        assert entry.current in entry.path
        at, total = entry.steps
        assert 1 <= at <= (total or 4)
        assert entry.current is not Field.REVIEW or entry.reference is not None
        if entry.reference is not None:
            refusal = structure.examine(entry.reference, TODAY).refusal
            assert refusal is None or refusal.verdict is Verdict.TOO_OLD
