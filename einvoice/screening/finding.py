"""What a rule found."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from einvoice import verdict
from einvoice.documents.model import DocumentField, Place, Value
from einvoice.masked_fields import masked
from einvoice.screening.rules import Rule, Severity


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """One rule that does not hold, with both values.

    Attributes:
        rule: which one.
        field: the field that it is about.
        stated: what the invoice says. May be a name or a tax id: mask it before showing.
        expected: what this was compared with; empty where the rule compares with nothing.
        line: the line of the invoice, counted from 1; 0 for the invoice as a whole.
        stated_at, expected_at: where in the file the two stood, for rules over places.
    """

    rule: Rule
    field: DocumentField
    stated: str = dataclasses.field(default="", repr=False)
    expected: str = dataclasses.field(default="", repr=False)
    line: int = 0
    stated_at: Place | None = None
    expected_at: Place | None = None

    @property
    def sentence(self) -> str:
        """The English sentence with both values in it."""
        return self.rule.sentence.format(stated=self.stated, expected=self.expected, line=self.line)


def by_weight(findings: Iterable[RuleFinding]) -> tuple[RuleFinding, ...]:
    """Findings with the heaviest first, else in the order found."""
    return tuple(sorted(findings, key=lambda found: _ORDER.index(found.rule.severity)))


def evidence(findings: Iterable[RuleFinding]) -> verdict.Evidence:
    """All findings of a screening as one line of an answer, for anybody to see.

    The note is the heaviest's id; both values of each are in `compared`, masked.
    """
    found = by_weight(findings)
    if not found:
        return verdict.Evidence(verdict.Check.SCREENING, verdict.Finding.AGREES)
    compared = tuple(
        verdict.Compared(
            one.field.value,
            masked(one.field, one.stated),
            masked(one.field, one.expected),
            one.rule.id,
            one.line,
        )
        for one in found
    )
    heaviest = found[0].rule
    return verdict.Evidence(
        verdict.Check.SCREENING, _AS_EVIDENCE[heaviest.severity], heaviest.id, compared
    )


def as_text(value: Value | None) -> str:
    """A field's value for a sentence: amounts with two decimals, dates as YYYY-MM-DD.

    Lines, trips and itineraries are too long for one and give how many they are, or nothing.
    """
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:.2f}" if value == round(value, 2) else f"{value:f}"
        case bool():
            return "red" if value else "blue"
        case date():
            return value.isoformat()
        case Enum():
            return value.name.lower()
        case str():
            return value
        case tuple():
            return str(len(value))
        case _:
            return ""


_ORDER = (Severity.DIFFERS, Severity.WARN, Severity.NOTE)
_AS_EVIDENCE = {
    Severity.DIFFERS: verdict.Finding.DIFFERS,
    Severity.WARN: verdict.Finding.NOTED,
    Severity.NOTE: verdict.Finding.NOTED,
}
