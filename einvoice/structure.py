"""The fields of a reference against the rules of their kind, without asking anybody.

Only what is certain refuses: a question that could never be answered costs one of the
five queries that an invoice has a day. Everything else that looks odd is noted.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField
from einvoice.money import fits_verification
from einvoice.numbers import kind_of_code, read_digital_number, read_old_code, read_old_number
from einvoice.reasons import NOTE_KEYS, REASON_KEYS, Note, Reason
from einvoice.verdict import Check, Evidence, Finding, Verdict

__all__ = ["NOTE_KEYS", "REASON_KEYS", "YEARS_KEPT", "Refusal", "Structure", "examine", "oldest"]

YEARS_KEPT = 5
"""The platform answers for five years from the date of issue."""


class Refusal(NamedTuple):
    """Why no question is sent: the verdict, and the key of its sentence (a `Reason`)."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Structure:
    """What the fields themselves say.

    Attributes:
        evidence: never empty: AGREES, or each thing noted, or what differs.
        refusal: None if the question may be sent.
    """

    evidence: tuple[Evidence, ...]
    refusal: Refusal | None = None


def oldest(today: date) -> date:
    """The earliest date of issue that the platform still answers for."""
    try:
        return today.replace(year=today.year - YEARS_KEPT)
    except ValueError:  # 29 February
        return today.replace(year=today.year - YEARS_KEPT, day=28)


def examine(reference: InvoiceReference, today: date) -> Structure:
    """The fields against the rules of their kind. `today` is the date in China."""
    findings = (*_name(reference, today), *_date(reference, today), *_fourth(reference))
    reasons = [finding for finding in findings if isinstance(finding, Reason)]
    noted = tuple(
        Evidence(Check.STRUCTURE, Finding.NOTED, finding.value)
        for finding in findings
        if isinstance(finding, Note)
    )
    if reasons:
        first = reasons[0].value
        wrong = tuple(
            Evidence(Check.STRUCTURE, Finding.DIFFERS, reason.value) for reason in reasons
        )
        return Structure(wrong + noted, Refusal(Verdict.INVALID_INPUT, first))
    evidence = noted or (Evidence(Check.STRUCTURE, Finding.AGREES),)
    if reference.issued_on < oldest(today):
        reason = Reason.OLDER_THAN_FIVE_YEARS.value
        return Structure(evidence, Refusal(Verdict.TOO_OLD, reason))
    return Structure(evidence)


def _name(reference: InvoiceReference, today: date) -> tuple[Reason | Note, ...]:
    """What number and code show."""
    issued_on = reference.issued_on
    if reference.kind.is_digital:
        number = read_digital_number(reference.number, issued_on=issued_on, today=today)
        unexpected = (Reason.CODE_UNEXPECTED,) if reference.code else ()
        return (*number.findings, *unexpected)
    code = read_old_code(reference.code, issued_on=issued_on, today=today)
    by_code = kind_of_code(reference.code) if code.value else None
    differs = by_code is not None and by_code is not reference.kind and not reference.kind.is_open
    return (
        *read_old_number(reference.number).findings,
        *code.findings,
        *((Note.KIND_DIFFERS_FROM_CODE,) if differs else ()),
    )


def _date(reference: InvoiceReference, today: date) -> tuple[Reason | Note, ...]:
    return (Reason.DATE_IN_FUTURE,) if reference.issued_on > today else ()


def _fourth(reference: InvoiceReference) -> tuple[Reason | Note, ...]:
    """What the field shows that this kind's verification asks for."""
    if reference.kind.fourth_field is FourthField.CHECK_CODE:
        digits = reference.check_code
        if not digits:
            return (Reason.CHECK_CODE_MISSING,)
        if not (digits.isascii() and digits.isdigit()):
            return (Reason.CHECK_CODE_DIGITS,)
        return () if len(digits) == 6 else (Reason.CHECK_CODE_LENGTH,)
    if reference.amount is None:
        return (Reason.AMOUNT_MISSING,)
    if not fits_verification(reference.amount):
        return (Reason.AMOUNT_MALFORMED,)
    return (Note.AMOUNT_ZERO,) if reference.amount == 0 else ()
