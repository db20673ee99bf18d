"""Screening (智能审核): what in an invoice does not fit together, rule by rule.

Nothing here asks anybody, and nothing here can say that an invoice is false.
"""

from datetime import date

from einvoice.documents.model import Invoice, Reading
from einvoice.screening.arithmetic import arithmetic
from einvoice.screening.batch import BatchFinding, screen_batch
from einvoice.screening.finding import RuleFinding, by_weight, evidence
from einvoice.screening.identity import identity
from einvoice.screening.places import places
from einvoice.screening.rates import rates
from einvoice.screening.rules import RULES, SCREENING_IDS, Rule, Severity

__all__ = [
    "RULES",
    "SCREENING_IDS",
    "BatchFinding",
    "Rule",
    "RuleFinding",
    "Severity",
    "evidence",
    "screen",
    "screen_batch",
    "screen_reading",
]


def screen(invoice: Invoice, today: date) -> tuple[RuleFinding, ...]:
    """All rules over one invoice, the heaviest findings first.

    Args:
        invoice: as a file states it; fields that are missing are not looked at.
        today: the date in China.
    """
    return by_weight((*arithmetic(invoice), *identity(invoice, today), *rates(invoice)))


def screen_reading(reading: Reading, today: date) -> tuple[RuleFinding, ...]:
    """As `screen`, and whether the places of the file agree with each other.

    Args:
        reading: a file that was read.
        today: the date in China.
    """
    return by_weight((*places(reading), *screen(reading.invoice, today)))
