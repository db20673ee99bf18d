"""Tax ids. All numbers here are made up, or are the examples of the norms' public checkers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice.reasons import Note
from einvoice.tax_ids import (
    TaxIdForm,
    credit_check_character,
    is_personal_id,
    organisation_check_character,
    personal_check_character,
    read_tax_id,
)

CREDIT = "91110000600037341L"  # the public example of a 统一社会信用代码
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PERSON_17 = "99999919000101001"  # no such region
PERSON = PERSON_17 + personal_check_character(PERSON_17)


@pytest.mark.parametrize(
    ("text", "form", "findings"),
    [
        (CREDIT, TaxIdForm.CREDIT_CODE, ()),
        (CREDIT.lower(), TaxIdForm.CREDIT_CODE, ()),
        (f" {CREDIT[:9]} {CREDIT[9:]}", TaxIdForm.CREDIT_CODE, ()),
        (CREDIT[:-1] + "M", TaxIdForm.CREDIT_CODE, (Note.TAX_ID_CHECK_DIGIT,)),
        (CREDIT[:-1] + "I", TaxIdForm.CREDIT_CODE, (Note.TAX_ID_CHARACTERS,)),
        (PERSON, TaxIdForm.PERSON, ()),
        (PERSON + "00", TaxIdForm.SOLE_TRADER, ()),
        (PERSON[:10] + "1399" + PERSON[14:] + "00", TaxIdForm.SOLE_TRADER, None),
        ("992117196601019905", TaxIdForm.CREDIT_CODE, ()),  # made up; correct as both
        ("110000" + "600037341", TaxIdForm.ORGANISATION, ()),
        ("110000" + "600037342", TaxIdForm.ORGANISATION, (Note.TAX_ID_ORGANISATION_DIGIT,)),
        ("12345678901234567", TaxIdForm.OTHER, ()),
        ("1234567", TaxIdForm.OTHER, (Note.TAX_ID_LENGTH,)),
        ("91110000-00037341L", TaxIdForm.OTHER, (Note.TAX_ID_CHARACTERS,)),
    ],
)
def test_every_length_is_read(
    text: str, form: TaxIdForm, findings: tuple[Note, ...] | None
) -> None:
    reading = read_tax_id(text)
    assert reading.value is not None
    assert reading.value.form is form
    if findings is None:
        assert Note.TAX_ID_BIRTH_DATE in reading.findings
    else:
        assert reading.findings == findings


@pytest.mark.parametrize("text", ["", "  ", "***", "*", "--"])
def test_no_tax_id_is_nothing_unusual(text: str) -> None:
    reading = read_tax_id(text)
    assert (reading.value, reading.findings) == (None, ())


def test_an_id_with_a_person_in_it_says_so() -> None:
    for text in (PERSON, PERSON + "00"):
        value = read_tax_id(text).value
        assert value is not None
        assert value.is_personal


def test_a_letter_in_the_first_two_places_is_no_reason_for_a_note() -> None:
    first_17 = "A1110000" + "600037341"
    reading = read_tax_id(first_17 + credit_check_character(first_17))
    assert reading.findings == ()


def test_the_norms_own_examples() -> None:
    # GB 11714: D2143569-X.
    assert organisation_check_character("D2143569") == "X"
    # GB 11643: 11010519491231002X and 440524188001010014.
    assert personal_check_character("11010519491231002") == "X"
    assert personal_check_character("44052418800101001") == "4"


@given(
    region=st.from_regex(r"\A[0-9]{6}\Z"),
    head=st.text(ALPHABET, min_size=2, max_size=2),
    organisation=st.text(ALPHABET, min_size=8, max_size=8),
    place=st.integers(0, 16),
    other=st.sampled_from(ALPHABET),
)
def test_one_wrong_character_of_a_credit_code_is_always_noted(
    region: str, head: str, organisation: str, place: int, other: str
) -> None:
    first_17 = head + region + organisation + organisation_check_character(organisation)
    whole = first_17 + credit_check_character(first_17)
    assert read_tax_id(whole).findings == ()
    wrong = whole[:place] + other + whole[place + 1 :]
    if wrong != whole and not is_personal_id(wrong):
        assert read_tax_id(wrong).findings


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    reading = read_tax_id(text)
    assert reading.value is None or reading.value.text
