"""The rules of screening, as data: what each looks at, and how much it weighs.

A rule never says that an invoice is false. DIFFERS says that two statements contradict
each other, and the finding has both. Everything that rests on habit, on a rounding or on
a source that nobody confirmed is a NOTE or a WARN.

`docs/einvoice-screening.md` shows this table; a test compares the two. The terminal looks
its own sentences up by `id`.
"""

from dataclasses import dataclass
from enum import Enum

ISSUER_RULE = "limits of the issuing software"
HABIT = "habit; no published rule"


class Severity(Enum):
    """How much a finding weighs."""

    NOTE = "note"
    """Unusual; plain explanations exist, or no source confirms the rule."""
    WARN = "warn"
    """A confirmed rule or limit is not kept; a person should look."""
    DIFFERS = "differs"
    """Two statements contradict each other: they cannot both be right."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: key of its sentence in every language.
        severity: of each finding of this rule.
        sentence: in English, with {stated}, {expected} and, for a rule about one line of
            the invoice, {line} filled in from the finding.
        source: what the rule rests on.
    """

    id: str
    severity: Severity
    sentence: str
    source: str


_N, _W, _D = Severity.NOTE, Severity.WARN, Severity.DIFFERS

TOTAL_SUM = Rule(
    "total_sum",
    _D,
    "The total with tax is {stated}, but its parts add up to {expected}",
    "the form: 价税合计; for an air itinerary fare, surcharge, tax, fund and other taxes",
)
LINES_AMOUNT_SUM = Rule(
    "lines_amount_sum",
    _D,
    "The amount without tax is {stated}, but the lines add up to {expected}",
    "the form: 合计",
)
LINES_TAX_SUM = Rule(
    "lines_tax_sum",
    _D,
    "The tax is {stated}, but the tax of the lines adds up to {expected}",
    "the form: 合计",
)
LINE_PRODUCT = Rule(
    "line_product",
    _N,
    "Line {line}: the amount is {stated}, quantity times unit price gives {expected}",
    HABIT + "; unit prices are printed rounded",
)
LINE_TAX_ROUNDING = Rule(
    "line_tax_rounding",
    _N,
    "Line {line}: the tax is {stated}, amount times rate gives {expected}",
    "one platform's limit of 0.01 yuan",
)
LINE_TAX_LIMIT = Rule(
    "line_tax_limit",
    _W,
    "Line {line}: the tax is {stated}, amount times rate gives {expected}: further apart "
    "than issuing software allows",
    ISSUER_RULE + ": 0.06 yuan a line",
)
LINES_TAX_LIMIT = Rule(
    "lines_tax_limit",
    _W,
    "The tax of the lines is {stated}, amounts times rates give {expected}: further apart "
    "than issuing software allows",
    ISSUER_RULE + ": 1.27 yuan an invoice",
)
CAPITALS_DIFFER = Rule(
    "capitals_differ",
    _D,
    "The total in figures is {stated}, in capitals {expected}",
    "the form: 价税合计（大写）",
)
CAPITALS_SIGN = Rule(
    "capitals_sign",
    _N,
    "The total in figures is {stated}, the capitals say {expected} without the minus",
    HABIT + ": （负数） before the capitals of a red invoice",
)
CAPITALS_UNREADABLE = Rule(
    "capitals_unreadable",
    _N,
    "The total in capitals cannot be read: {stated}",
    "the central bank's rule for capitals",
)
TAX_ID_LENGTH = Rule(
    "tax_id_length", _N, "The tax id has an unusual length: {stated}", "lengths in use"
)
TAX_ID_CHARACTERS = Rule(
    "tax_id_characters",
    _N,
    "The tax id has characters out of place: {stated}",
    "GB 32100-2015, GB 11643",
)
TAX_ID_CHECK_DIGIT = Rule(
    "tax_id_check_digit",
    _W,
    "The last character of the tax id does not follow from the others: {stated}",
    "GB 32100-2015, GB 11643; ids of banks, foreigners and from before 2015 may break it",
)
TAX_ID_ORGANISATION_DIGIT = Rule(
    "tax_id_organisation_digit",
    _N,
    "The organisation code inside the tax id does not follow its rule: {stated}",
    "GB 11714",
)
TAX_ID_BIRTH_DATE = Rule(
    "tax_id_birth_date",
    _N,
    "The personal id inside the tax id has no possible date of birth: {stated}",
    "GB 11643",
)
DATE_IN_FUTURE = Rule(
    "date_in_future",
    _D,
    "The date of issue is {stated}, today is {expected}",
    "an invoice bears the date of its issue",
)
NUMBER_YEAR = Rule(
    "number_year",
    _W,
    "The number begins with the year {stated}, the date of issue is in {expected}",
    "SAT announcement 2022-1: places 1-2 are the year; that it is the year of issue is habit",
)
CODE_YEAR = Rule(
    "code_year",
    _W,
    "The code is of the year {stated}, the date of issue is in {expected}",
    "the verification page's reading of codes",
)
NUMBER_REGION = Rule(
    "number_region",
    _N,
    "The number names a region that is in no list: {stated}",
    "GB/T 2260 and the planned cities seen; the list of those is unconfirmed",
)
CODE_REGION = Rule(
    "code_region",
    _N,
    "The code names a region that is in no list: {stated}",
    "the verification page's list of regions",
)
CODE_KIND = Rule(
    "code_kind",
    _W,
    "The invoice calls itself {stated}, its code belongs to {expected}",
    "the verification page's reading of codes",
)
SELLER_REGION = Rule(
    "seller_region",
    _N,
    "The number is from {stated}, the seller's tax id is from {expected}",
    HABIT + "; a firm may have moved, or issue for a branch",
)
RED_WITHOUT_ORIGINAL = Rule(
    "red_without_original",
    _W,
    "The invoice is red and does not name the invoice that it reverses",
    "the form: a red invoice names its blue one, in a field or in the remark; a red special "
    "invoice of the old kinds names its notice (信息表)",
)
RED_NOT_NEGATIVE = Rule(
    "red_not_negative",
    _N,
    "The invoice calls itself red, and its total is {stated}",
    HABIT,
)
BLUE_NEGATIVE = Rule(
    "blue_negative",
    _N,
    "The invoice calls itself blue, and its total is {stated}",
    HABIT,
)
RATE_UNUSUAL = Rule(
    "rate_unusual",
    _N,
    "Line {line}: the rate {stated} is none of those in use",
    "rates seen; no confirmed list",
)
RATE_BEFORE_ITS_TIME = Rule(
    "rate_before_its_time",
    _W,
    "Line {line}: the rate {stated} came into use on {expected}, after the date of issue",
    "see the table of rates",
)
RATE_AFTER_ITS_TIME = Rule(
    "rate_after_its_time",
    _W,
    "Line {line}: the rate {stated} was in use until {expected}, before the date of issue. "
    "It is right where an older sale was invoiced late",
    "see the table of rates; SAT announcement 2018-18, article 9",
)
RATE_DATE_UNCONFIRMED = Rule(
    "rate_date_unconfirmed",
    _N,
    "Line {line}: the rate {stated} is unusual on the date of issue; known for {expected}",
    "see the table of rates; this bound is unconfirmed",
)
PLACES_DIFFER = Rule(
    "places_differ",
    _D,
    "Two places of the file differ: {stated} and {expected}",
    "one invoice says one thing",
)
QR_DIFFERS = Rule(
    "qr_differs",
    _D,
    "The file says {stated}, its QR says {expected}",
    "one invoice says one thing",
)
PLACES_WORDED = Rule(
    "places_worded",
    _N,
    "Two places of the file are worded differently: {stated} and {expected}",
    HABIT + "; names and addresses are cut and abbreviated",
)
TWICE_IN_BATCH = Rule(
    "twice_in_batch",
    _W,
    "The same invoice comes twice",
    "a reimbursement is claimed once",
)
TWICE_AND_DIFFERENT = Rule(
    "twice_and_different",
    _D,
    "Two invoices bear the same number and differ: {stated} and {expected}",
    "code and number name one invoice",
)

RULES: tuple[Rule, ...] = (
    TOTAL_SUM,
    LINES_AMOUNT_SUM,
    LINES_TAX_SUM,
    LINE_PRODUCT,
    LINE_TAX_ROUNDING,
    LINE_TAX_LIMIT,
    LINES_TAX_LIMIT,
    CAPITALS_DIFFER,
    CAPITALS_SIGN,
    CAPITALS_UNREADABLE,
    TAX_ID_LENGTH,
    TAX_ID_CHARACTERS,
    TAX_ID_CHECK_DIGIT,
    TAX_ID_ORGANISATION_DIGIT,
    TAX_ID_BIRTH_DATE,
    DATE_IN_FUTURE,
    NUMBER_YEAR,
    CODE_YEAR,
    NUMBER_REGION,
    CODE_REGION,
    CODE_KIND,
    SELLER_REGION,
    RED_WITHOUT_ORIGINAL,
    RED_NOT_NEGATIVE,
    BLUE_NEGATIVE,
    RATE_UNUSUAL,
    RATE_BEFORE_ITS_TIME,
    RATE_AFTER_ITS_TIME,
    RATE_DATE_UNCONFIRMED,
    PLACES_DIFFER,
    QR_DIFFERS,
    PLACES_WORDED,
    TWICE_IN_BATCH,
    TWICE_AND_DIFFERENT,
)
"""All rules, in the order in which they are looked at."""

SCREENING_IDS = frozenset(rule.id for rule in RULES)
"""Every key of a sentence that screening can give."""
