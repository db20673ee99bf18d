"""Whether an application for an invoice can be accepted here, and if not, why.

The service's register has the last word in any case. What is judged here is what may be
promised to the person now: with the service just asked, or within what it allowed beforehand.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from central.contract_people import MAX_ITEMS, IssuingTerms, ItemSold, Title
from einvoice.kinds import Kind

TERMS_LAST_AT_MOST = timedelta(days=31)
"""Whatever a service says: as long as the register lets terms be good for."""
FEN = Decimal("0.01")


class NotGranted(Enum):
    """Why an application is not accepted. The value is the key of the sentence."""

    NO_TERMS = "no_terms"
    """What the business may do is not known here, and the service cannot be asked."""
    OLD_TERMS = "old_terms"
    """What is known of the business is too old to be relied on without the service."""
    CLOCK = "clock"
    """Nobody can say whether it is too old: this terminal's clock is doubtful."""
    KIND = "kind"
    """The business may not issue this kind."""
    ITEMS = "items"
    """No item, too many, or one that the business does not sell."""
    AMOUNT = "amount"
    """Not an amount above zero in whole fen."""
    TAX_ID = "tax_id"
    """A special invoice needs the buyer's tax id."""
    LIMIT = "limit"
    """More than one invoice of this business may be."""
    ALLOWANCE = "allowance"
    """With what the service has not got yet, more than may be accepted without it."""


@dataclass(frozen=True, slots=True)
class Application:
    """What a business applies for. Amounts are yuan with tax.

    Attributes:
        seller_tax_id: the business.
        kind: what is to be issued.
        title: whom it is made out to.
        items: what was sold.
    """

    seller_tax_id: str
    kind: Kind
    title: Title
    items: tuple[ItemSold, ...]

    @property
    def total(self) -> Decimal:
        """Of all items, yuan with tax."""
        return sum((one.total_with_tax for one in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class Known:
    """What this terminal knows of a business.

    Attributes:
        terms: as the service gave them.
        received_at: when, by this terminal's clock.
        owed: yuan of the applications that the service has not got yet.
    """

    terms: IssuingTerms
    received_at: datetime
    owed: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be accepted without the service, yuan with tax, never below zero."""
        return max(Decimal(0), self.terms.offline_allowance - self.owed)


@dataclass(frozen=True, slots=True)
class Moment:
    """What this terminal knows of the time.

    Attributes:
        now: by its clock.
        not_before: the newest moment that it has written down before.
        agrees: whether its clock agreed with the service's when they were last compared; None
            when nobody has compared them since the start.
    """

    now: datetime
    not_before: datetime
    agrees: bool | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether the clock cannot be relied on: it is known to be wrong, or went back.

        A clock that was once ahead leaves moments that are still to come: after it was compared
        and agrees, they prove nothing.
        """
        if self.agrees is None:
            return self.now < self.not_before
        return not self.agrees


def standing(known: Known | None, moment: Moment, *, asked: bool) -> NotGranted | None:
    """Whether anything at all can be accepted for a business now.

    Args:
        known: of the business.
        moment: what is known of the time.
        asked: the service has just said the terms, and can be reached.
    """
    if known is None:
        return NotGranted.NO_TERMS
    if asked:
        return None
    if moment.is_doubtful or moment.now < known.received_at:
        return NotGranted.CLOCK
    good_until = min(known.terms.good_until, known.received_at + TERMS_LAST_AT_MOST)
    return NotGranted.OLD_TERMS if moment.now >= good_until else None


def judged(
    application: Application, known: Known | None, moment: Moment, *, asked: bool
) -> NotGranted | None:
    """Why an application cannot be accepted; None if it can.

    With the service at hand one application at a time may be on its way to it. As soon as one
    of the business has not arrived there, the next counts against the allowance, whatever
    the link seems to be.
    """
    refusal = standing(known, moment, asked=asked)
    if refusal is not None or known is None:
        return refusal
    terms = known.terms
    sold = {one.id for one in terms.items}
    if application.kind not in terms.kinds:
        return NotGranted.KIND
    if not 1 <= len(application.items) <= MAX_ITEMS or any(
        one.item not in sold for one in application.items
    ):
        return NotGranted.ITEMS
    if not all(_is_price(one.total_with_tax) for one in application.items):
        return NotGranted.AMOUNT
    if application.kind is Kind.DIGITAL_SPECIAL and not application.title.tax_id:
        return NotGranted.TAX_ID
    if application.total > terms.limit:
        return NotGranted.LIMIT
    is_alone = asked and known.owed == 0
    if not is_alone and application.total > known.left:
        return NotGranted.ALLOWANCE
    return None


def _is_price(yuan: Decimal) -> bool:
    return yuan.is_finite() and yuan > 0 and yuan == yuan.quantize(FEN)
