"""Why an invoice cannot be found: possible causes from facts, the likeliest first.

查无此票 is no verdict on the invoice. What the platform's own help and the providers list
as its causes (typing errors, issued on the same day, issued offline and not uploaded yet,
over five years old, not a VAT invoice, platform fault) is weighed here with what is known
of one question. Nothing is said that the facts do not carry; "forged" is none of the causes,
because nobody here can know it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.numbers import read_digital_number, read_old_code
from einvoice.reasons import Note
from einvoice.structure import examine, oldest
from einvoice.verdict import Verdict

UPLOAD_DAYS = 7
"""An issuer without a network must upload old invoices within days: 168 hours is the usual
limit set for offline issuing; later ones are still possible until the month is filed."""

FILING_DAY = 15
"""Everything of a month is uploaded with the filing of the next one at the latest."""


class CauseId(Enum):
    """A possible cause. The value is the key of its sentences."""

    PLATFORM_DOWN = "platform_down"
    """The platform did not answer: nothing can be said about the invoice."""
    ISSUED_TODAY = "issued_today"
    NOT_UPLOADED = "not_uploaded"
    """Issued offline, or by software that uploads later."""
    MISTYPED = "mistyped"
    AMOUNT_KIND = "amount_kind"
    """The other amount was entered: without tax for old kinds, with tax for a 数电票."""
    OVER_FIVE_YEARS = "over_five_years"
    OTHER_SYSTEM = "other_system"
    """Not a VAT invoice, or kept by another platform."""
    OTHER_REGION = "other_region"
    """Issued elsewhere: some regions' records arrive later."""
    VOID_OR_RED = "void_or_red"
    NOT_ISSUED = "not_issued"
    """The seller has only prepared it, or gave another invoice than the one held up."""


class Likelihood(Enum):
    """How well the facts fit a cause."""

    LIKELY = 2
    POSSIBLE = 1


@dataclass(frozen=True, slots=True)
class Cause:
    """One possible cause.

    Attributes:
        id: which.
        likelihood: how well it fits.
        region: for OTHER_REGION: its name; empty otherwise.
    """

    id: CauseId
    likelihood: Likelihood
    region: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a question that had no good answer.

    Attributes:
        reference: what was asked.
        verdict: the answer.
        today: the date in China.
        typed: the fields were typed, not read from a code.
        home_region: two digits of the hall's own region.
    """

    reference: InvoiceReference
    verdict: Verdict
    today: date
    typed: bool
    home_region: str = "11"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Possible causes, the likeliest first, and when asking again can help.

    Attributes:
        causes: never empty.
        ask_again_on: the first day on which the same question may have another answer; None
            when waiting changes nothing.
    """

    causes: tuple[Cause, ...]
    ask_again_on: date | None


_SHAPE_NOTES = frozenset(
    {
        Note.NUMBER_REGION_UNKNOWN,
        Note.NUMBER_YEAR_UNLIKELY,
        Note.NUMBER_YEAR_DIFFERS,
        Note.CODE_REGION_UNKNOWN,
        Note.CODE_YEAR_UNLIKELY,
        Note.CODE_YEAR_AFTER_DATE,
        Note.KIND_DIFFERS_FROM_CODE,
    }
)
_ELSEWHERE = frozenset({Kind.TOLL, Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR})
"""Also answered by another platform, where they show up first: 票根网, 12306, the airline."""


def diagnose(facts: Facts) -> Diagnosis:
    """Weigh what can be the matter. Total: every question gets at least one cause."""
    if facts.verdict is Verdict.UNAVAILABLE:
        return Diagnosis((Cause(CauseId.PLATFORM_DOWN, Likelihood.LIKELY),), None)
    weighed = [
        cause
        for cause in (
            _over_five_years(facts),
            _issued_today(facts),
            _mistyped(facts),
            _not_uploaded(facts),
            _amount_kind(facts),
            _other_system(facts),
            _other_region(facts),
            _void_or_red(facts),
            Cause(CauseId.NOT_ISSUED, Likelihood.POSSIBLE),
        )
        if cause is not None
    ]
    # Stable: among equals, the order above stands.
    weighed.sort(key=lambda cause: -cause.likelihood.value)
    return Diagnosis(tuple(weighed), _ask_again_on(facts, tuple(cause.id for cause in weighed)))


def upload_due(issued_on: date) -> date:
    """The day by which an invoice must have been uploaded, at the latest."""
    month_after = (issued_on.replace(day=1) + timedelta(days=32)).replace(day=FILING_DAY)
    return max(month_after, issued_on + timedelta(days=UPLOAD_DAYS))


def _ask_again_on(facts: Facts, ids: tuple[CauseId, ...]) -> date | None:
    waiting = {CauseId.ISSUED_TODAY, CauseId.NOT_UPLOADED}
    return facts.today + timedelta(days=1) if waiting.intersection(ids) else None


def _over_five_years(facts: Facts) -> Cause | None:
    if facts.reference.issued_on >= oldest(facts.today):
        return None
    return Cause(CauseId.OVER_FIVE_YEARS, Likelihood.LIKELY)


def _issued_today(facts: Facts) -> Cause | None:
    if facts.reference.issued_on != facts.today:
        return None
    return Cause(CauseId.ISSUED_TODAY, Likelihood.LIKELY)


def _mistyped(facts: Facts) -> Cause | None:
    odd = bool(_SHAPE_NOTES.intersection(_notes(facts)))
    if not facts.typed and facts.verdict is not Verdict.MISMATCH and not odd:
        return None
    return Cause(CauseId.MISTYPED, Likelihood.LIKELY if facts.typed else Likelihood.POSSIBLE)


def _not_uploaded(facts: Facts) -> Cause | None:
    if facts.verdict is Verdict.MISMATCH or facts.today > upload_due(facts.reference.issued_on):
        return None
    age = facts.today - facts.reference.issued_on
    # A 数电票 comes from the platform itself; only direct links (乐企) upload, within a day or so.
    usual = timedelta(days=2 if facts.reference.kind.is_digital else UPLOAD_DAYS)
    fits = timedelta(0) <= age <= usual
    return Cause(CauseId.NOT_UPLOADED, Likelihood.LIKELY if fits else Likelihood.POSSIBLE)


def _amount_kind(facts: Facts) -> Cause | None:
    if facts.verdict is not Verdict.MISMATCH or facts.reference.amount is None or not facts.typed:
        return None
    return Cause(CauseId.AMOUNT_KIND, Likelihood.LIKELY)


def _other_system(facts: Facts) -> Cause | None:
    if facts.verdict is Verdict.MISMATCH:
        return None
    known = facts.reference.kind not in _ELSEWHERE and not facts.reference.kind.is_open
    return Cause(CauseId.OTHER_SYSTEM, Likelihood.POSSIBLE if known else Likelihood.LIKELY)


def _other_region(facts: Facts) -> Cause | None:
    region, name = _region(facts.reference)
    if not name or region[:2] == facts.home_region or facts.verdict is Verdict.MISMATCH:
        return None
    return Cause(CauseId.OTHER_REGION, Likelihood.POSSIBLE, name)


def _region(reference: InvoiceReference) -> tuple[str, str]:
    if reference.code:
        old = read_old_code(reference.code).value
        return ("", "") if old is None else (old.region, old.region_name)
    number = read_digital_number(reference.number).value
    return ("", "") if number is None else (number.region, number.region_name)


def _void_or_red(facts: Facts) -> Cause | None:
    if facts.verdict is not Verdict.MISMATCH:
        return None
    return Cause(CauseId.VOID_OR_RED, Likelihood.POSSIBLE)


def _notes(facts: Facts) -> frozenset[Note]:
    said = examine(facts.reference, facts.today).evidence
    return frozenset(Note(line.note) for line in said if line.note in set(Note))
