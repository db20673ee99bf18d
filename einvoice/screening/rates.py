"""Which tax rates were in use when, as far as a source says so.

The first and the last day of a rate were confirmed from quotations of the documents named,
or are marked as unconfirmed. An unconfirmed bound only ever gives a note.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from einvoice.documents.model import DocumentField, Invoice
from einvoice.money import USUAL_RATES
from einvoice.screening import rules
from einvoice.screening.finding import RuleFinding


@dataclass(frozen=True, slots=True)
class Bound:
    """A first or last day.

    Attributes:
        day: inclusive.
        source: the document.
        is_confirmed: whether a quotation of it was seen.
    """

    day: date
    source: str
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class RateSpan:
    """A time in which a rate was in use.

    Attributes:
        rate: as a fraction.
        first, last: None where no bound is known.
    """

    rate: Decimal
    first: Bound | None = None
    last: Bound | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in this time."""
        return (self.first is None or self.first.day <= day) and (
            self.last is None or day <= self.last.day
        )


_CUT_2017 = "财税〔2017〕37号"
_CUT_2018 = "财税〔2018〕32号"
_CUT_2019 = "财政部 税务总局 海关总署公告2019年第39号"
_SMALL_2020 = "财政部 税务总局公告2020年第13号"
_SMALL_2023 = "财政部 税务总局公告2023年第19号"
_MAY_2018, _APRIL_2019 = date(2018, 5, 1), date(2019, 4, 1)
_DAY = timedelta(days=1)

RATE_SPANS: tuple[RateSpan, ...] = (
    RateSpan(Decimal("0.17"), last=Bound(_MAY_2018 - _DAY, _CUT_2018)),
    RateSpan(Decimal("0.11"), last=Bound(_MAY_2018 - _DAY, _CUT_2018)),
    RateSpan(Decimal("0.16"), Bound(_MAY_2018, _CUT_2018), Bound(_APRIL_2019 - _DAY, _CUT_2019)),
    RateSpan(Decimal("0.10"), Bound(_MAY_2018, _CUT_2018), Bound(_APRIL_2019 - _DAY, _CUT_2019)),
    # An older 13 % for farm products ended when it was joined with the 11 %.
    RateSpan(Decimal("0.13"), last=Bound(date(2017, 6, 30), _CUT_2017, is_confirmed=False)),
    RateSpan(Decimal("0.13"), Bound(_APRIL_2019, _CUT_2019)),
    RateSpan(Decimal("0.09"), Bound(_APRIL_2019, _CUT_2019)),
    RateSpan(
        Decimal("0.01"),
        Bound(date(2020, 3, 1), _SMALL_2020, is_confirmed=False),
        # The day is confirmed; that nothing prolongs it is not.
        Bound(date(2027, 12, 31), _SMALL_2023, is_confirmed=False),
    ),
)
"""Rates of `money.USUAL_RATES` that are not here have no bound that is known."""

_KNOWN = USUAL_RATES | {span.rate for span in RATE_SPANS}


def rates(invoice: Invoice) -> Iterator[RuleFinding]:
    """Lines whose rate was not in use on the date of issue. A red invoice keeps the old rate."""
    for number, line in enumerate(invoice.lines, start=1):
        rate = None if line.rate is None else line.rate.value
        if rate is None:
            continue
        if rate not in _KNOWN:
            yield RuleFinding(rules.RATE_UNUSUAL, DocumentField.LINES, percent(rate), line=number)
        elif invoice.issued_on is not None and not invoice.is_red:
            yield from _dated(rate, invoice.issued_on, number)


def percent(rate: Decimal) -> str:
    """A rate as people write it: `13%`, `1.5%`."""
    return f"{(rate * 100).normalize():f}%"


def _dated(rate: Decimal, day: date, number: int) -> Iterator[RuleFinding]:
    spans = [span for span in RATE_SPANS if span.rate == rate]
    if not spans or any(span.holds(day) for span in spans):
        return
    ends = [span.last for span in spans if span.last is not None and span.last.day < day]
    starts = [span.first for span in spans if span.first is not None and day < span.first.day]
    around = (*ends, *starts)
    if not all(bound.is_confirmed for bound in around):
        known = " / ".join(_words(span) for span in spans)
        rule, expected = rules.RATE_DATE_UNCONFIRMED, known
    elif ends:
        rule, expected = rules.RATE_AFTER_ITS_TIME, max(end.day for end in ends).isoformat()
    else:
        rule, expected = (
            rules.RATE_BEFORE_ITS_TIME,
            min(start.day for start in starts).isoformat(),
        )
    yield RuleFinding(rule, DocumentField.LINES, percent(rate), expected, number)


def _words(span: RateSpan) -> str:
    first = "" if span.first is None else span.first.day.isoformat()
    last = "" if span.last is None else span.last.day.isoformat()
    return f"{first}…{last}"
