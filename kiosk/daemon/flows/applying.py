"""A registered business applies for an invoice: who, what, how much, for whom, and the receipt.

What was entered is kept in this flow until the application is accepted or the visit ends; none
of it is in a situation that comes after. Codes that are held up are taken where they are asked
for, and everywhere else they are what they always are.
"""

import re
from decimal import Decimal

from central.contract_people import MAX_NAME_CHARS, ItemSold, Title
from einvoice import qr
from einvoice.kinds import Kind
from einvoice.tax_ids import LENGTHS, TaxIdForm, read_tax_id
from einvoice.title_card import TitleCard
from einvoice.title_names import typed_name
from kiosk import applying_messages as a
from kiosk import messages as m
from kiosk.daemon.acts import ApplicationRefused, RequestNotKept
from kiosk.daemon.allowance import FEN, Application, NotGranted
from kiosk.daemon.applying_desk import ApplyingDesk, NoTitle, SellerFound, SellerRefused
from kiosk.daemon.applying_draft import Draft
from kiosk.daemon.flows.paper import PaperFlow
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.stage import Stage

PERSON_TITLE = Title("个人")
"""How an invoice to somebody without a tax id is made out."""
_APP_CODE = re.compile(r"(2[5-9]|30)[0-9]{14,22}")
"""A payment code of Alipay: 16 to 24 digits, beginning with 25 to 30 (its documentation)."""


class ApplyFlow:
    """Asks one thing after the other, and accepts.

    Args:
        stage: where the visit takes place.
        desk: asks the service, and accepts.
        paper: prints.
        can_type_names: names can be typed in Chinese here.
    """

    def __init__(
        self, stage: Stage, desk: ApplyingDesk, paper: PaperFlow, *, can_type_names: bool
    ) -> None:
        self._stage = stage
        self._desk = desk
        self._paper = paper
        self._can_type_names = can_type_names
        self._applied: a.ApplicationReview | None = None

    def intend(self, intent: m.Intent) -> bool:
        """申请开票, and each of its steps."""
        shown = self._stage.situation
        match intent:
            case a.StartApplying():
                if isinstance(shown, m.Home) and shown.can_apply:
                    self._stage.person.draft = Draft()
                    self._stage.step_to(a.EnterTaxId(whose="seller"))
            case a.SubmitTaxId(_, tax_id):
                if isinstance(shown, a.EnterTaxId):
                    self._take_tax_id(shown, tax_id)
            case a.TakeItem(_, item):
                if isinstance(shown, a.ChooseItem):
                    self._take_item(item)
            case a.TakeKind(_, kind):
                if isinstance(shown, a.ChooseKind) and kind in shown.kinds:
                    self._take_kind(kind)
            case a.SubmitPrice(_, yuan):
                if isinstance(shown, a.EnterPrice):
                    self._take_price(shown, yuan)
            case a.TypeBuyer():
                if isinstance(shown, a.GiveTitle):
                    self._stage.step_to(a.EnterTaxId(whose="buyer"))
            case a.SubmitName(_, text):
                name = typed_name(text)
                if isinstance(shown, a.EnterName) and name is not None:
                    self._take_title(Title(name, shown.tax_id), typed=True)
            case a.MakeOutToPerson():
                if isinstance(shown, a.GiveTitle) and shown.may_be_person:
                    self._take_title(PERSON_TITLE)
            case a.Apply():
                if isinstance(shown, a.ApplicationReview):
                    self._apply(shown)
            case _:
                return False
        return True

    def scanned(self, text: str, read: qr.Scanned) -> bool:
        """A code was held up; whether it is what this flow asks for."""
        shown = self._stage.situation
        tax_id = read.tax_id if isinstance(read, TitleCard) else text
        match shown:
            case a.EnterTaxId(whose="seller") if _plausible(tax_id):
                self._take_tax_id(shown, tax_id)
            case a.EnterTaxId(whose="buyer") | a.EnterName() | a.GiveTitle() if isinstance(
                read, TitleCard
            ):
                self._take_card(read)
            case a.GiveTitle() if _APP_CODE.fullmatch(text.strip()):
                self._ask(a.AskingFor("title"), text.strip())
            case _:
                return False
        return True

    def tick(self) -> None:
        """What was entered goes when the person goes back to the beginning."""
        if isinstance(self._stage.situation, m.Home):
            self._stage.person.draft = None

    @property
    def _draft(self) -> Draft:
        """The draft of who is here."""
        person = self._stage.person
        if person.draft is None:
            person.draft = Draft()
        return person.draft

    # --- who -------------------------------------------------------------------------------

    def _take_tax_id(self, shown: a.EnterTaxId, text: str) -> None:
        tax_id = _plausible(text)
        if tax_id:
            self._ask(a.AskingFor(shown.whose), tax_id)

    def _ask(self, asking: a.AskingFor, value: str) -> None:
        before = self._stage.situation
        # 返回 from what comes leads to where the question was put.
        self._stage.person.back.append(before)
        self._stage.go(asking)
        self._stage.start(self._asked(asking, value))

    async def _asked(self, asking: a.AskingFor, value: str) -> None:
        draft, needs_tax_id = self._draft, self._draft.kind is Kind.DIGITAL_SPECIAL
        match asking.what:
            case "seller":
                result = await self._desk.seller(value)
            case "buyer":
                result = await self._desk.buyer(value)
            case _:
                result = await self._desk.title(value)
        stage = self._stage
        if stage.situation is not asking:
            return
        stage.touched()
        match result:
            case SellerFound():
                draft.seller = result
                self._show_items(result)
            case SellerRefused(why):
                stage.note(ApplicationRefused(stage.visit_id, why))
                stage.go(a.NotAccepted(why))
            case Title(tax_id="") if needs_tax_id:
                self._again("needs_tax_id")
            case Title():
                self._take_title(result)
            case NoTitle(why) if (
                self._can_type_names and asking.what == "buyer" and why in _NAME_CAN_BE_TYPED
            ):
                stage.go(a.EnterName(value, why))
            case NoTitle(why):
                self._again(why)

    def _again(self, why: str) -> None:
        """The question once more, with why the last one led nowhere."""
        before = self._stage.person.back.pop()
        if isinstance(before, a.EnterTaxId):
            self._stage.go(a.EnterTaxId(before.whose, said=why))
        elif isinstance(before, a.GiveTitle):
            self._stage.go(a.GiveTitle(before.may_be_person, said=why))

    # --- what ------------------------------------------------------------------------------

    def _show_items(self, seller: SellerFound) -> None:
        terms = seller.known.terms
        items = tuple(a.SoldItem(one.id, one.name, one.rate) for one in terms.items)
        self._stage.go(a.ChooseItem(terms.name, items))

    def _take_item(self, item_id: str) -> None:
        seller = self._draft.seller
        if seller is None:
            return
        terms = seller.known.terms
        item = next((one for one in terms.items if one.id == item_id), None)
        if item is None:
            return
        self._draft.item = item
        if len(terms.kinds) > 1:
            self._stage.step_to(a.ChooseKind(terms.kinds))
        elif terms.kinds:
            self._take_kind(terms.kinds[0])

    def _take_kind(self, kind: Kind) -> None:
        self._draft.kind = kind
        at_most, is_allowance = self._at_most()
        if self._draft.item is None:
            return
        if at_most <= 0:
            why = NotGranted.ALLOWANCE.value
            self._stage.note(ApplicationRefused(self._stage.visit_id, why))
            self._stage.step_to(a.NotAccepted(why, self._seller_name, at_most))
            return
        self._stage.step_to(a.EnterPrice(self._draft.item.name, at_most, is_allowance))

    def _take_price(self, shown: a.EnterPrice, yuan: Decimal) -> None:
        if not (yuan.is_finite() and yuan > 0 and yuan == yuan.quantize(FEN)):
            return
        if yuan > shown.at_most:
            again = a.EnterPrice(shown.item, shown.at_most, shown.without_service, too_much=True)
            self._stage.go(again)
            return
        self._draft.yuan = yuan
        self._stage.step_to(a.GiveTitle(self._draft.kind is not Kind.DIGITAL_SPECIAL))

    @property
    def _seller_name(self) -> str:
        seller = self._draft.seller
        return "" if seller is None else seller.known.terms.name

    def _at_most(self) -> tuple[Decimal, bool]:
        """What one application may be now, and whether that is what the allowance leaves."""
        seller = self._draft.seller
        if seller is None:
            return Decimal(0), False
        known = seller.known
        if (seller.asked and not self._stage.around.link_down and known.owed == 0) or (
            known.left >= known.terms.limit
        ):
            return known.terms.limit, False
        return known.left, True

    # --- for whom --------------------------------------------------------------------------

    def _take_card(self, card: TitleCard) -> None:
        while isinstance(self._stage.situation, a.EnterTaxId | a.EnterName):
            self._stage.step_back()
        shown = self._stage.situation
        may_be_person = isinstance(shown, a.GiveTitle) and shown.may_be_person
        if card.crc_ok is False or len(card.name) > MAX_NAME_CHARS:
            self._stage.go(a.GiveTitle(may_be_person, said="damaged"))
        elif not card.tax_id and not may_be_person:
            self._stage.go(a.GiveTitle(may_be_person, said="needs_tax_id"))
        else:
            fields = (card.address_phone, card.bank_account)
            address, bank = (one if len(one) <= MAX_NAME_CHARS else "" for one in fields)
            self._take_title(Title(card.name, card.tax_id, address=address, bank=bank))

    def _take_title(self, title: Title, *, typed: bool = False) -> None:
        self._draft.title, self._draft.is_name_typed = title, typed
        review = self._review()
        if review is not None:
            self._stage.step_to(review)

    def _review(self) -> a.ApplicationReview | None:
        draft, stage = self._draft, self._stage
        if (
            draft.seller is None
            or draft.item is None
            or draft.kind is None
            or draft.yuan is None
            or draft.title is None
        ):
            return None
        return a.ApplicationReview(
            seller=draft.seller.known.terms.name,
            kind=draft.kind,
            item=a.SoldItem(draft.item.id, draft.item.name, draft.item.rate),
            buyer=draft.title.name,
            buyer_tax_id=draft.title.tax_id,
            total_with_tax=draft.yuan,
            without_service=stage.around.link_down or not draft.seller.asked,
            is_name_typed=draft.is_name_typed,
            cannot_print=stage.around.cannot_print,
        )

    # --- the application itself --------------------------------------------------------------

    def _apply(self, review: a.ApplicationReview) -> None:
        draft = self._draft
        # Without its slip nobody could ever ask for the number.
        if not self._stage.around.can_print or self._applied is review:
            return
        if draft.seller is None or draft.title is None:
            return
        self._applied = review
        application = Application(
            draft.seller.known.terms.tax_id,
            review.kind,
            draft.title,
            (ItemSold(review.item.id, review.total_with_tax),),
        )
        self._stage.start(self._kept(review, application, asked=draft.seller.asked))

    async def _kept(
        self, review: a.ApplicationReview, application: Application, *, asked: bool
    ) -> None:
        stage = self._stage
        try:
            result = await self._desk.apply(application, asked=asked)
        finally:
            self._applied = None
        if stage.situation is not review:
            return  # the person has gone on; what was kept is kept
        match result:
            case NotKept(why):
                stage.note(RequestNotKept(stage.visit_id, why))
                stage.go(m.KeepFailed())
            case NotGranted():
                stage.note(ApplicationRefused(stage.visit_id, result.value))
                at_most = self._at_most()[0] if result in _ABOUT_AMOUNTS else None
                stage.step_to(a.NotAccepted(result.value, review.seller, at_most))
            case Kept(ticket, registered_at):
                person = stage.person
                person.draft = None
                person.ticket = ticket
                person.back = [one for one in person.back if isinstance(one, m.Home)]
                kept = a.ApplicationKept(
                    ticket=m.TicketView(number=ticket.number, registered_at=registered_at),
                    application=review,
                    cannot_print=stage.around.cannot_print,
                )
                stage.go(kept)
                self._paper.print(kept)


_NAME_CAN_BE_TYPED = ("not_known", "unavailable")
_ABOUT_AMOUNTS = (NotGranted.LIMIT, NotGranted.ALLOWANCE)


def _plausible(text: str) -> str:
    """A tax id in capitals; "" for what cannot be one."""
    tax_id = read_tax_id(text).value
    if tax_id is None or tax_id.form is TaxIdForm.OTHER or len(tax_id.text) not in LENGTHS:
        return ""
    return tax_id.text
