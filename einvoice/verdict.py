"""The closed set of answers to "what is true about this invoice"."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum


class Verdict(Enum):
    """The answer. UNAVAILABLE says nothing about the invoice and is never stored as if it did."""

    NORMAL = "NORMAL"
    VOID = "VOID"
    RED_FULL = "RED_FULL"
    RED_PARTIAL = "RED_PARTIAL"
    MISMATCH = "MISMATCH"
    NOT_FOUND = "NOT_FOUND"
    NOT_YET = "NOT_YET"
    TOO_OLD = "TOO_OLD"
    LIMIT_REACHED = "LIMIT_REACHED"
    UNSUPPORTED = "UNSUPPORTED"
    INVALID_INPUT = "INVALID_INPUT"
    UNAVAILABLE = "UNAVAILABLE"


class Source(Enum):
    """Who said so."""

    TAX_SERVICE = "tax_service"
    """The verification service, which asked the platform that holds the records."""
    TERMINAL = "terminal"
    """The terminal's own reading of the fields; it knows nothing of the records."""


class Check(Enum):
    """What was looked at."""

    RECORD = "record"
    """The fields against the record that the central service answered from."""
    STRUCTURE = "structure"
    """Number, code, date and amount against the rules of their kind."""
    SEAL = "seal"
    """The electronic seal of the file."""
    SCREENING = "screening"
    """Rules over the whole invoice."""


class Finding(Enum):
    """What a check showed."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOTED = "noted"
    """Unusual, and no reason to refuse."""
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Compared:
    """One field for which two values were found that are not the same.

    Attributes:
        field: its name ("issued_on", "amount_without_tax", "seller_name").
        stated: what the person, or the invoice, says. Days as 2026-03-05, amounts as 106.00.
        recorded: what the record says, or what the rule works out; empty where that is not told.
        rule: id of the screening rule that compared them; empty for the record.
        line: of the invoice, counted from 1; 0 for the whole.
    """

    field: str
    stated: str
    recorded: str = ""
    rule: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One check and what it showed.

    Attributes:
        check: what was looked at.
        finding: what it showed.
        note: key of the sentence that says more ("number_region_unknown"); empty if none.
        compared: field by field, both values of what differs. Empty where only the whole
            is known to differ: the published platforms do not tell which field it is. Names
            and tax ids are masked when the check is SCREENING.
    """

    check: Check
    finding: Finding
    note: str = ""
    compared: tuple[Compared, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordDetails:
    """What the record says beside the verdict. Names are whole here; screens and slips mask them.

    Attributes:
        seller, buyer: names as registered; empty where the record has none.
        total_with_tax, amount_without_tax, tax: yuan.
        red_on: the date of the red invoice, for RED_FULL and RED_PARTIAL.
        red_balance: what is left after a partial reversal, yuan with tax.
        void_on: the date of voiding, for VOID.
        red_number: number of the red invoice that reversed this one.
        original_number: of the invoice that this one reverses, when it is a red one itself.
    """

    seller: str = ""
    buyer: str = ""
    total_with_tax: Decimal | None = None
    amount_without_tax: Decimal | None = None
    tax: Decimal | None = None
    red_on: date | None = None
    red_balance: Decimal | None = None
    void_on: date | None = None
    red_number: str = ""
    original_number: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with its source, its time and its evidence.

    Attributes:
        verdict: the answer.
        source: who said so.
        at: when it was said, aware.
        evidence: each check and what it showed, in the order to be read.
        reason: key of the sentence that says why, for INVALID_INPUT ("date_in_future"),
            UNSUPPORTED and UNAVAILABLE; empty otherwise.
        details: what the record says; None where nothing was found.
    """

    verdict: Verdict
    source: Source
    at: datetime
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    details: RecordDetails | None = None
