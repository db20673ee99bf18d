"""What a person who applies for an invoice is shown, and what they ask for there.

Values are words and numbers; the screen finds the sentences (`kiosk.text`). Amounts are yuan
with tax.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from einvoice.kinds import Kind
from kiosk.message_parts import CannotPrint, Part, TicketView


class ApplicationTold(Part, frozen=True, tag="application_told"):
    """What became of an application, told by its ticket.

    Attributes:
        ticket: that it was asked with.
        state: "taken" (the platform has not answered), "issued" or "refused".
        total_with_tax: that was applied for.
        number, issued_on: of the invoice, when issued; the number is the platform's.
        words: why it was refused, as the platform says it to the seller: in Chinese.
    """

    ticket: TicketView
    state: str
    total_with_tax: Decimal
    number: str = ""
    issued_on: date | None = None
    words: str = ""
    cannot_print: CannotPrint | None = None


class SoldItem(Part, frozen=True):
    """Something that the business sells: its id, and its name and tax rate as registered."""

    id: str
    name: str
    rate: Decimal


class EnterTaxId(Part, frozen=True, tag="enter_tax_id"):
    """The person types a tax id, or holds up a code that has one.

    Attributes:
        whose: "seller" (who applies) or "buyer" (whom it is made out to).
        said: why the last one led nowhere: key of its sentence; "" at first.
    """

    whose: str
    said: str = ""


class AskingFor(Part, frozen=True, tag="asking_for"):
    """A question is on its way: about a "seller", a "buyer", or a "title" behind a code."""

    what: str


class ChooseItem(Part, frozen=True, tag="choose_item"):
    """What was sold: one of what the business has registered."""

    seller: str
    items: tuple[SoldItem, ...]


class ChooseKind(Part, frozen=True, tag="choose_kind"):
    """Which kind of invoice, for a business that may issue several."""

    kinds: tuple[Kind, ...]


class EnterPrice(Part, frozen=True, tag="enter_price"):
    """The person types how much was paid.

    Attributes:
        item: what was sold.
        at_most: more than this cannot be accepted now.
        without_service: `at_most` is what is left of the allowance while the service is away.
        too_much: the last one was more.
    """

    item: str
    at_most: Decimal
    without_service: bool = False
    too_much: bool = False


class GiveTitle(Part, frozen=True, tag="give_title"):
    """Whom the invoice is made out to: a title card or a code from an app is held up.

    Attributes:
        may_be_person: it can be made out to a person without a tax id.
        said: why the last one led nowhere: key of its sentence; "" at first.
    """

    may_be_person: bool = True
    said: str = ""


class EnterName(Part, frozen=True, tag="enter_name"):
    """The person types the name of the buyer, whom no code and no register names.

    Attributes:
        tax_id: that was typed before.
        why: "not_known" (nobody of this tax id is registered) or "unavailable".
    """

    tax_id: str
    why: str


class ApplicationReview(Part, frozen=True, tag="application_review"):
    """All that will be applied for, for a last look.

    Attributes:
        buyer: name of the title; `buyer_tax_id` is "" for a person.
        without_service: it will be accepted within the allowance, and handed on later.
    """

    seller: str
    kind: Kind
    item: SoldItem
    buyer: str
    buyer_tax_id: str
    total_with_tax: Decimal
    without_service: bool = False
    is_name_typed: bool = False
    """The name of the buyer was typed here, and nobody has checked it."""
    cannot_print: CannotPrint | None = None


class ApplicationKept(Part, frozen=True, tag="application_kept"):
    """The application is accepted, durable already; the ticket tells the number later.

    Attributes:
        ticket: that was given.
        application: what was applied for.
    """

    ticket: TicketView
    application: ApplicationReview
    cannot_print: CannotPrint | None = None


class NotAccepted(Part, frozen=True, tag="not_accepted"):
    """Why nothing is accepted, and what can be done.

    Attributes:
        why: a value of `kiosk.daemon.allowance.NotGranted`, or "not_registered", "too_often".
        seller: the business; "" while it is not known.
        at_most: what could be accepted, where more was wanted.
    """

    why: str
    seller: str = ""
    at_most: Decimal | None = None


ApplyingSituation = (
    ApplicationTold
    | EnterTaxId
    | AskingFor
    | ChooseItem
    | ChooseKind
    | EnterPrice
    | GiveTitle
    | EnterName
    | ApplicationReview
    | ApplicationKept
    | NotAccepted
)


# --- what the screen asks for ----------------------------------------------------------------


class StartApplying(Part, frozen=True, tag="start_applying"):
    """申请开票."""

    turn: int


class SubmitTaxId(Part, frozen=True, tag="submit_tax_id"):
    """The typed tax id. Checked again by the daemon."""

    turn: int
    tax_id: Annotated[str, msgspec.Meta(max_length=32)]


class TakeItem(Part, frozen=True, tag="take_item"):
    """What was sold, by its id."""

    turn: int
    item: str


class TakeKind(Part, frozen=True, tag="take_kind"):
    """The kind of invoice."""

    turn: int
    kind: Kind


class SubmitPrice(Part, frozen=True, tag="submit_price"):
    """The typed amount, yuan with tax. Checked again by the daemon."""

    turn: int
    yuan: Decimal


class TypeBuyer(Part, frozen=True, tag="type_buyer"):
    """输入购买方税号."""

    turn: int


class SubmitName(Part, frozen=True, tag="submit_name"):
    """The typed name of the buyer. Checked again by the daemon."""

    turn: int
    name: Annotated[str, msgspec.Meta(max_length=100)]


class MakeOutToPerson(Part, frozen=True, tag="make_out_to_person"):
    """开给个人."""

    turn: int


class Apply(Part, frozen=True, tag="apply"):
    """提交申请, and print the receipt of it."""

    turn: int


ApplyingIntent = (
    StartApplying
    | SubmitTaxId
    | TakeItem
    | TakeKind
    | SubmitPrice
    | TypeBuyer
    | SubmitName
    | MakeOutToPerson
    | Apply
)
