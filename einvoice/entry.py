"""Typing an invoice's fields on a keypad, one question at a time.

The number comes first, because its length decides what else is asked: 20 digits are
a 数电票 (date, total with tax); 8 digits need the 发票代码, whose own rule names the
kind and so whether the amount or the check code is asked for. Where the code names no
kind the person is asked which of the two stands on the invoice.

An `Entry` never changes; every key gives the next one. What is typed is never thrown
away by going back.
"""

import calendar
import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from einvoice.fields import Field, KnownFields
from einvoice.invoice import InvoiceReference
from einvoice.kinds import FourthField, Kind
from einvoice.money import VERIFIED_DIGITS, in_fen
from einvoice.numbers import kind_of_code, read_digital_number, read_old_code
from einvoice.reasons import Note, Reason

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "-", "back", "clear"]

OLD_NUMBER = 8
DIGITAL_NUMBER = 20
CODE_LENGTHS = (10, 12)
DATE_LENGTH = 8
CHECK_CODE_LENGTHS = (6, 20)
"""The last six are asked for; who types all twenty is understood too."""

FIRST_YEAR = 1994
"""Year of the first VAT invoices: nothing was issued before."""

_LONGEST = {
    Field.NUMBER: DIGITAL_NUMBER,
    Field.CODE: max(CODE_LENGTHS),
    Field.ISSUED_ON: DATE_LENGTH,
    Field.CHECK_CODE: max(CHECK_CODE_LENGTHS),
}
_AMOUNT_WHILE_TYPED = re.compile(
    rf"-?(?:(?:0|[1-9][0-9]{{0,{VERIFIED_DIGITS - 1}}})(?:\.[0-9]{{0,2}})?)?"
)
_AMOUNT = re.compile(r"-?[0-9]+(?:\.[0-9]{0,2})?")


@dataclass(frozen=True, slots=True)
class Typed:
    """The texts as they stand in the fields: digits only, the date as YYYYMMDD."""

    number: str = ""
    code: str = ""
    issued_on: str = ""
    amount: str = ""
    check_code: str = ""
    choice: FourthField | None = None

    def text(self, of: Field) -> str:
        """What stands in a field; empty for those that are not typed."""
        match of:
            case Field.NUMBER:
                return self.number
            case Field.CODE:
                return self.code
            case Field.ISSUED_ON:
                return self.issued_on
            case Field.AMOUNT:
                return self.amount
            case Field.CHECK_CODE:
                return self.check_code
            case Field.CHOICE_OF_FOURTH | Field.REVIEW:
                return ""

    def with_text(self, of: Field, text: str) -> "Typed":
        """The same with another text in one field."""
        match of:
            case Field.NUMBER:
                return replace(self, number=text)
            case Field.CODE:
                return replace(self, code=text)
            case Field.ISSUED_ON:
                return replace(self, issued_on=text)
            case Field.AMOUNT:
                return replace(self, amount=text)
            case Field.CHECK_CODE:
                return replace(self, check_code=text)
            case Field.CHOICE_OF_FOURTH | Field.REVIEW:
                return self


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no next step: the field, and the key of the sentence."""

    field: Field
    reason: Reason


class Steps(NamedTuple):
    """Where the person is: question `at` of `total`, from 1.

    `total` is None while it depends on what is not typed yet.
    """

    at: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is typed, and where the person is.

    Attributes:
        today: the date in China.
        typed: the texts.
        current: the field that the keys go to.
        known: what a scan gave before; its kind holds as long as number and code stay.
    """

    today: date
    typed: Typed = field(default_factory=Typed)
    current: Field = Field.NUMBER
    known: KnownFields = field(default_factory=KnownFields)

    @classmethod
    def begin(cls, today: date, known: KnownFields | None = None) -> "Entry":
        """A new entry, at the first field that is missing or wrong.

        Args:
            today: the date in China.
            known: what a scan has given already (`IncompleteInvoice.known`,
                `UnknownKindInvoice.known`, or the number of a delivery link).
        """
        if known is None:
            return cls(today)
        typed = Typed(
            number=_fitting(known.number, DIGITAL_NUMBER),
            code=_fitting(known.code, max(CODE_LENGTHS)),
            issued_on=f"{known.issued_on:%Y%m%d}" if known.issued_on else "",
            amount="" if known.amount is None else f"{known.amount:.2f}",
            check_code=known.check_code,
        )
        entry = cls(today, typed, known=known)
        while entry.current is not Field.REVIEW:
            following = entry.next()
            if isinstance(following, Problem):
                break
            entry = following
        return entry

    @property
    def path(self) -> tuple[Field, ...]:
        """The fields that will be asked for, as far as what is typed decides them."""
        if len(self.typed.number) > OLD_NUMBER:
            return (Field.NUMBER, Field.ISSUED_ON, Field.AMOUNT, Field.REVIEW)
        if len(self.typed.number) < OLD_NUMBER:
            return (Field.NUMBER,)
        if len(self.typed.code) not in CODE_LENGTHS:
            return (Field.NUMBER, Field.CODE)
        start = (Field.NUMBER, Field.CODE, Field.ISSUED_ON)
        if self._settled_kind is None:
            start = (*start, Field.CHOICE_OF_FOURTH)
        if self.kind is None:
            return start
        if self.kind.fourth_field is FourthField.CHECK_CODE:
            return (*start, Field.CHECK_CODE, Field.REVIEW)
        return (*start, Field.AMOUNT, Field.REVIEW)

    @property
    def kind(self) -> Kind | None:
        """The kind, once what is typed decides it."""
        if self._settled_kind is not None:
            return self._settled_kind
        if len(self.typed.number) != OLD_NUMBER or len(self.typed.code) not in CODE_LENGTHS:
            return None
        match self.typed.choice:
            case None:
                return None
            case FourthField.CHECK_CODE:
                return Kind.OLD_BY_CHECK_CODE
            case FourthField.AMOUNT_WITHOUT_TAX | FourthField.TOTAL_WITH_TAX:
                return Kind.OLD_BY_AMOUNT

    @property
    def _settled_kind(self) -> Kind | None:
        """The kind by the scan or by what is typed, without asking the person."""
        typed, known = self.typed, self.known
        is_digital = len(typed.number) == DIGITAL_NUMBER
        same = typed.number == known.number and typed.code == known.code
        if known.kind is not None and same and known.kind.is_digital is is_digital:
            return known.kind
        if is_digital:
            return Kind.DIGITAL_OTHER
        return kind_of_code(typed.code) if len(typed.number) == OLD_NUMBER else None

    @property
    def steps(self) -> Steps:
        """Which question this is, from 1, and of how many."""
        path = self.path
        asked = [step for step in path if step is not Field.REVIEW]
        index = len(asked) if self.current is Field.REVIEW else path.index(self.current) + 1
        if path[-1] is Field.REVIEW:
            return Steps(index, len(asked))
        # After the choice comes exactly one more question, whichever it is.
        return Steps(index, len(asked) + 1 if path[-1] is Field.CHOICE_OF_FOURTH else None)

    def press(self, key: Key) -> "Entry":
        """The entry after a key. A key that does not fit here changes nothing."""
        text = self.typed.text(self.current)
        if key == "back":
            changed = text[:-1]
        elif key == "clear":
            changed = ""
        else:
            starts_with_point = key == "." and text in ("", "-")
            changed = text + ("0." if starts_with_point else key)
            if not self._can_hold(changed):
                return self
        return replace(self, typed=self.typed.with_text(self.current, changed))

    def choose(self, fourth: FourthField) -> "Entry":
        """The entry after the person has said which field stands on the invoice."""
        if self.current is not Field.CHOICE_OF_FOURTH:
            return self
        return replace(self, typed=replace(self.typed, choice=fourth))

    def next(self) -> "Entry | Problem":
        """The next question, or why there is none yet. On the review: the same entry."""
        if self.current is Field.REVIEW:
            return self
        problem = self._problem_when_done(self.current)
        if problem is not None:
            return Problem(self.current, problem)
        path = self.path
        return replace(self, current=path[path.index(self.current) + 1])

    def back(self) -> "Entry":
        """The question before; on the first one the same entry."""
        path = self.path
        index = path.index(self.current)
        return replace(self, current=path[index - 1]) if index else self

    @property
    def problem(self) -> Reason | None:
        """What is certainly wrong already while the current field is being typed."""
        if self.current is Field.ISSUED_ON:
            return _date_problem(self.typed.issued_on, self.today)
        return None

    @property
    def note(self) -> Note | None:
        """What is unusual about the current field, once it is complete. Stops nobody."""
        match self.current:
            case Field.NUMBER if len(self.typed.number) == DIGITAL_NUMBER:
                findings = read_digital_number(self.typed.number, today=self.today).findings
            case Field.CODE if len(self.typed.code) in CODE_LENGTHS:
                findings = read_old_code(self.typed.code, today=self.today).findings
            case _:
                return None
        return next((finding for finding in findings if isinstance(finding, Note)), None)

    @property
    def is_complete_field(self) -> bool:
        """Whether `next` would go on from here."""
        return self.current is Field.REVIEW or self._problem_when_done(self.current) is None

    @property
    def reference(self) -> InvoiceReference | None:
        """The reference, once every field that is asked for is there."""
        path, kind = self.path, self.kind
        if kind is None or path[-1] is not Field.REVIEW:
            return None
        if any(self._problem_when_done(step) is not None for step in path[:-1]):
            return None
        typed = self.typed
        return InvoiceReference(
            kind=kind,
            number=typed.number,
            issued_on=_date(typed.issued_on),
            code="" if kind.is_digital else typed.code,
            amount=in_fen(Decimal(typed.amount)) if Field.AMOUNT in path else None,
            check_code=typed.check_code[-6:] if Field.CHECK_CODE in path else "",
        )

    def _can_hold(self, text: str) -> bool:
        """Whether a text may stand in the current field while it is typed."""
        if self.current is Field.AMOUNT:
            return _AMOUNT_WHILE_TYPED.fullmatch(text) is not None
        longest = _LONGEST.get(self.current, 0)
        return len(text) <= longest and text.isascii() and text.isdigit()

    def _problem_when_done(self, of: Field) -> Reason | None:
        """What is wrong with a field if nothing more is typed into it."""
        text = self.typed.text(of)
        match of:
            case Field.NUMBER:
                return _number_problem(text)
            case Field.CODE:
                if not text:
                    return Reason.CODE_MISSING
                return None if len(text) in CODE_LENGTHS else Reason.CODE_LENGTH
            case Field.ISSUED_ON:
                if not text:
                    return Reason.DATE_MISSING
                wrong = _date_problem(text, self.today)
                return wrong or (Reason.DATE_INCOMPLETE if len(text) < DATE_LENGTH else None)
            case Field.CHOICE_OF_FOURTH:
                return Reason.CHOICE_MISSING if self.typed.choice is None else None
            case Field.AMOUNT:
                if not text:
                    return Reason.AMOUNT_MISSING
                return None if _AMOUNT.fullmatch(text) else Reason.AMOUNT_MALFORMED
            case Field.CHECK_CODE:
                if not text:
                    return Reason.CHECK_CODE_MISSING
                return None if len(text) in CHECK_CODE_LENGTHS else Reason.CHECK_CODE_LENGTH
            case Field.REVIEW:
                return None


def _number_problem(text: str) -> Reason | None:
    if not text:
        return Reason.NUMBER_MISSING
    if len(text) not in (OLD_NUMBER, DIGITAL_NUMBER):
        return Reason.NUMBER_LENGTH
    return None if text.strip("0") else Reason.NUMBER_ZERO


def _fitting(digits: str, longest: int) -> str:
    """Digits of a scan, or nothing: a part of a longer number would be another number."""
    return digits if len(digits) <= longest and digits.isascii() and digits.isdigit() else ""


def _date(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _date_problem(text: str, today: date) -> Reason | None:
    """What is certain about the beginning of a date, typed as YYYYMMDD.

    Certain means: however it goes on, it will be no day from 1994 to today.
    """
    year = text[:4]
    years = [y for y in range(FIRST_YEAR, today.year + 1) if f"{y}".startswith(year)]
    if not years:
        full = len(year) == 4
        return Reason.DATE_IN_FUTURE if full and int(year) > today.year else Reason.DATE_YEAR
    month = text[4:6]
    if month[:1] > "1" or month == "00" or (len(month) == 2 and month > "12"):
        return Reason.DATE_MONTH
    day = text[6:8]
    if day:
        last = calendar.monthrange(years[0], int(month))[1]
        if day == "00" or day[0] > f"{last}"[0] or (len(day) == 2 and int(day) > last):
            return Reason.DATE_DAY
    # The earliest date with this beginning: 0 -> 01, 1 -> 10.
    earliest = {"": "01", "0": "01"}
    first_month = earliest.get(month, month.ljust(2, "0"))
    first_day = earliest.get(day, day.ljust(2, "0"))
    first = f"{years[0]}{first_month}{first_day}"
    return Reason.DATE_IN_FUTURE if first > f"{today:%Y%m%d}" else None
