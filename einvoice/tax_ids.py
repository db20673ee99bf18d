"""Tax ids (纳税人识别号) of every length, and what is unusual about one.

Nothing here refuses: banks, foreigners and ids from before 2015 break the check digits.

Sources: GB 32100-2015 (18 characters, 统一社会信用代码), GB 11714 (organisation code,
its places 9-17), GB 11643 (personal id). Sole traders have their personal id and two
more digits.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from einvoice.numbers import Reading
from einvoice.reasons import Note

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
_CREDIT_VALUE = {character: value for value, character in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# Places 1-2 (registrar and class) may be letters; 3-8 are a region.
_CREDIT_SHAPE = re.compile(rf"[{_CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{_CREDIT_ALPHABET}]{{10}}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_PERSONAL_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PERSONAL_CHECK = "10X98765432"
_PERSONAL_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_OLD_SHAPE = re.compile(r"[0-9]{6}[0-9A-Z]{8}[0-9X]")

LENGTHS = frozenset({15, 17, 18, 20})
"""Lengths in use; 17 was seen in test data only."""


class TaxIdForm(Enum):
    """What a tax id is made of."""

    ORGANISATION = "organisation"
    """15: a region and an organisation code."""
    CREDIT_CODE = "credit_code"
    """18: 统一社会信用代码."""
    PERSON = "person"
    """18: a personal id."""
    SOLE_TRADER = "sole_trader"
    """20: a personal id and two digits."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TaxId:
    """A tax id. `text` is in capitals and half-width; never log it: it may be a person's."""

    text: str
    form: TaxIdForm

    @property
    def is_personal(self) -> bool:
        """Whether a personal id stands in it."""
        return self.form in (TaxIdForm.PERSON, TaxIdForm.SOLE_TRADER)


def read_tax_id(text: str) -> Reading[TaxId]:
    """What a tax id is, and what is unusual about it. No value for an empty one or `***`."""
    plain = "".join(text.split()).upper()
    if not plain.strip("*-"):
        return Reading(None)
    if not (plain.isascii() and plain.isalnum()):
        return Reading(TaxId(plain, TaxIdForm.OTHER), (Note.TAX_ID_CHARACTERS,))
    match len(plain):
        case 15:
            return _organisation(plain)
        case 18:
            return _eighteen(plain)
        case 20:
            return _sole_trader(plain)
        case 17:
            return Reading(TaxId(plain, TaxIdForm.OTHER))
        case _:
            return Reading(TaxId(plain, TaxIdForm.OTHER), (Note.TAX_ID_LENGTH,))


def is_personal_id(text: str) -> bool:
    """Whether a text is a complete personal id: shape, date of birth and check digit."""
    return bool(_PERSONAL_SHAPE.fullmatch(text)) and not _personal_notes(text)


def credit_check_character(first_17: str) -> str:
    """The 18th character of a 统一社会信用代码.

    Raises:
        KeyError: for a character outside its alphabet.
    """
    pairs = zip(first_17, _CREDIT_WEIGHTS, strict=True)
    total = sum(_CREDIT_VALUE[character] * weight for character, weight in pairs)
    return _CREDIT_ALPHABET[-total % 31]


def organisation_check_character(first_8: str) -> str:
    """The ninth character of an organisation code (GB 11714), from eight capitals or digits."""
    pairs = zip(first_8, _ORGANISATION_WEIGHTS, strict=True)
    return "0X987654321"[sum(int(character, 36) * weight for character, weight in pairs) % 11]


def personal_check_character(first_17: str) -> str:
    """The 18th character of a personal id, from 17 digits."""
    pairs = zip(first_17, _PERSONAL_WEIGHTS, strict=True)
    return _PERSONAL_CHECK[sum(int(digit) * weight for digit, weight in pairs) % 11]


def _organisation(text: str) -> Reading[TaxId]:
    tax_id = TaxId(text, TaxIdForm.ORGANISATION)
    if not _OLD_SHAPE.fullmatch(text):
        return Reading(tax_id, (Note.TAX_ID_CHARACTERS,))
    return Reading(tax_id, _organisation_notes(text[6:]))


def _eighteen(text: str) -> Reading[TaxId]:
    """A personal id only if it is one in every respect and no credit code in every respect."""
    credit_notes = _credit_notes(text)
    if credit_notes and is_personal_id(text):
        return Reading(TaxId(text, TaxIdForm.PERSON))
    return Reading(TaxId(text, TaxIdForm.CREDIT_CODE), credit_notes)


def _sole_trader(text: str) -> Reading[TaxId]:
    tax_id = TaxId(text, TaxIdForm.SOLE_TRADER)
    if not _PERSONAL_SHAPE.fullmatch(text[:18]):
        return Reading(tax_id, (Note.TAX_ID_CHARACTERS,))
    return Reading(tax_id, _personal_notes(text[:18]))


def _credit_notes(text: str) -> tuple[Note, ...]:
    if not _CREDIT_SHAPE.fullmatch(text):
        return (Note.TAX_ID_CHARACTERS,)
    notes: tuple[Note, ...] = ()
    if credit_check_character(text[:17]) != text[17]:
        notes = (Note.TAX_ID_CHECK_DIGIT,)
    return notes + _organisation_notes(text[8:17])


def _organisation_notes(code: str) -> tuple[Note, ...]:
    if _ORGANISATION_SHAPE.fullmatch(code) and organisation_check_character(code[:8]) == code[8]:
        return ()
    return (Note.TAX_ID_ORGANISATION_DIGIT,)


def _personal_notes(text: str) -> tuple[Note, ...]:
    notes: tuple[Note, ...] = ()
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        notes = (Note.TAX_ID_BIRTH_DATE,)
    if personal_check_character(text[:17]) != text[17]:
        notes += (Note.TAX_ID_CHECK_DIGIT,)
    return notes
