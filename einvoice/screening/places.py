"""The disagreements of a file as findings: OFD against XML against QR."""

from collections.abc import Iterator

from einvoice.documents.model import Disagreement, DocumentField, Line, Medium, Reading, Value
from einvoice.screening import rules
from einvoice.screening.finding import RuleFinding, as_text

# Fields in which two right places cannot differ. Texts beside them are cut, wrapped and
# abbreviated by issuing software.
_EXACT = frozenset(
    {
        DocumentField.KIND,
        DocumentField.NUMBER,
        DocumentField.CODE,
        DocumentField.ISSUED_ON,
        DocumentField.CHECK_CODE,
        DocumentField.AMOUNT_WITHOUT_TAX,
        DocumentField.TAX,
        DocumentField.TOTAL_WITH_TAX,
        DocumentField.DEDUCTION,
        DocumentField.BUYER_TAX_ID,
        DocumentField.SELLER_TAX_ID,
        DocumentField.BUYER_NAME,
        DocumentField.SELLER_NAME,
        DocumentField.IS_RED,
        DocumentField.ORIGINAL_NUMBER,
        DocumentField.ORIGINAL_CODE,
        DocumentField.LINES,
    }
)


def places(reading: Reading) -> Iterator[RuleFinding]:
    """One finding for each disagreement between two places of the file."""
    for disagreement in reading.disagreements:
        taken, other = disagreement.taken, disagreement.other
        stated, expected = _texts(taken.value, other.value)
        yield RuleFinding(
            _rule(disagreement),
            disagreement.field,
            stated,
            expected,
            stated_at=taken.place,
            expected_at=other.place,
        )


def _rule(disagreement: Disagreement) -> rules.Rule:
    if disagreement.field not in _EXACT:
        return rules.PLACES_WORDED
    if disagreement.other.place.medium is Medium.QR:
        return rules.QR_DIFFERS
    return rules.PLACES_DIFFER


def _texts(taken: Value, other: Value) -> tuple[str, str]:
    """Both values for a sentence; of lines, their number or the first that differs."""
    if isinstance(taken, tuple) and isinstance(other, tuple) and len(taken) == len(other):
        pairs = ((_line(one), _line(two)) for one, two in zip(taken, other, strict=True))
        return next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
    return as_text(taken), as_text(other)


def _line(item: object) -> str:
    if not isinstance(item, Line):
        return ""
    return " ".join((item.name, as_text(item.amount), as_text(item.tax)))
