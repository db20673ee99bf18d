"""Every key that the reading of an invoice can give back, in one place.

A key names a sentence; the sentences stand elsewhere, by language. `REASON_KEYS`
and `NOTE_KEYS` let a catalogue of sentences be checked for completeness.
"""

from enum import StrEnum


class Reason(StrEnum):
    """What is certainly wrong. Only these may stop a question from being sent."""

    NUMBER_MISSING = "number_missing"
    NUMBER_LENGTH = "number_length"
    """Neither 8 nor 20 characters, or not the one that this kind has."""
    NUMBER_DIGITS = "number_digits"
    NUMBER_ZERO = "number_zero"
    CODE_MISSING = "code_missing"
    CODE_LENGTH = "code_length"
    """Neither 10 nor 12 characters."""
    CODE_DIGITS = "code_digits"
    CODE_UNEXPECTED = "code_unexpected"
    """A 数电票 has no 发票代码."""
    DATE_MISSING = "date_missing"
    DATE_INCOMPLETE = "date_incomplete"
    DATE_YEAR = "date_year"
    DATE_MONTH = "date_month"
    DATE_DAY = "date_day"
    DATE_IN_FUTURE = "date_in_future"
    OLDER_THAN_FIVE_YEARS = "older_than_five_years"
    """Verdict TOO_OLD; nothing is wrong with what was entered."""
    AMOUNT_MISSING = "amount_missing"
    AMOUNT_MALFORMED = "amount_malformed"
    """More than eleven digits before the point or two behind it, or no number."""
    CHECK_CODE_MISSING = "check_code_missing"
    CHECK_CODE_LENGTH = "check_code_length"
    CHECK_CODE_DIGITS = "check_code_digits"
    CHOICE_MISSING = "choice_missing"
    """The person has not said yet which of amount and check code is on the invoice."""


class Note(StrEnum):
    """What is unusual and no reason to refuse."""

    NUMBER_REGION_UNKNOWN = "number_region_unknown"
    NUMBER_YEAR_UNLIKELY = "number_year_unlikely"
    """Before 2022, when 数电票 began, or after this year."""
    NUMBER_YEAR_DIFFERS = "number_year_differs"
    """Not the year of the date of issue."""
    NUMBER_CHANNEL_UNSEEN = "number_channel_unseen"
    CODE_REGION_UNKNOWN = "code_region_unknown"
    CODE_YEAR_UNLIKELY = "code_year_unlikely"
    """Code 00, or after this year."""
    CODE_YEAR_AFTER_DATE = "code_year_after_date"
    KIND_DIFFERS_FROM_CODE = "kind_differs_from_code"
    """The code's own rule names another kind than the QR or the person did."""
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_UNREADABLE = "amount_unreadable"
    """The QR has something in the place of the amount that is none."""
    CHECK_CODE_UNREADABLE = "check_code_unreadable"
    TYPE_UNKNOWN = "type_unknown"
    """The QR's type code is not in the table; its fields are those of a 数电票."""
    TYPE_DIFFERS_FROM_NUMBER = "type_differs_from_number"
    """The QR's type code is one of old invoices, its fields are those of a 数电票."""
    TAIL_UNUSUAL = "tail_unusual"
    """The last field of the QR is not up to four hexadecimal digits."""
    TAX_ID_LENGTH = "tax_id_length"
    TAX_ID_CHARACTERS = "tax_id_characters"
    TAX_ID_CHECK_DIGIT = "tax_id_check_digit"
    TAX_ID_ORGANISATION_DIGIT = "tax_id_organisation_digit"
    TAX_ID_BIRTH_DATE = "tax_id_birth_date"


REASON_KEYS = frozenset(reason.value for reason in Reason)
NOTE_KEYS = frozenset(note.value for note in Note)
