"""My invoice: found by what only its holder has, seen as a picture, and taken along.

What was found and fetched is held in `Person.own`, so it goes with the visit. An answer that comes
when the person has gone on is dropped.
"""

from decimal import Decimal

import msgspec

from central.contract_people import FoundInvoice, LookUpBy, is_address
from einvoice import qr
from einvoice.invoice import InvoiceReference
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk.daemon.acts import OwnInvoiceAsked
from kiosk.daemon.own_desk import File, Linked, Listed, NotHad, Own, OwnDesk
from kiosk.daemon.stage import Question, Stage
from kiosk.daemon.views import reference_of
from kiosk.preview.preview import NoPicture

MAY_REPEAT = frozenset({"unavailable", "unreachable", "busy", "link_down"})
"""Asking once more can help; the rest is an answer."""
_WAITS_FOR_A_CODE = (o.WaysShown, o.EnterOrder, o.FoundShown, o.AskTax, o.FetchFailed)
SHOWN_CODE_DIGITS = range(16, 25)
SHOWN_CODE_BEGINS = tuple(str(first) for first in range(25, 31))
"""支付宝: a code that is shown to pay has 16 to 24 digits and begins with 25 to 30 (its open
platform, alipay.trade.pay, auth_code)."""


class OwnInvoiceFlow:
    """Finds an invoice, asks for the proof, shows it, and hands it to a phone or a mailbox."""

    def __init__(self, stage: Stage, desk: OwnDesk) -> None:
        self._stage = stage
        self._desk = desk
        self._link_ends_s = 0.0

    def intend(self, intent: m.Intent) -> bool:
        """Whatever leads to the invoice, and away with it."""
        stage, situation = self._stage, self._stage.situation
        match intent:
            case o.StartOwn():
                if isinstance(situation, m.Home):
                    stage.person.own = Own()
                    stage.step_to(o.WaysShown())
            case o.StartOrder():
                if isinstance(situation, o.WaysShown):
                    stage.step_to(o.EnterOrder())
            case m.StartEntry():
                if not isinstance(situation, o.WaysShown):
                    return False
                stage.step_to(m.EnterNumber(today=stage.clock.now().date(), for_own=True))
            case o.SubmitOrder(_, number):
                if isinstance(situation, o.EnterOrder):
                    self._look_up(LookUpBy.ORDER, number)
            case m.SubmitReference(_, view):
                if not (isinstance(situation, m.EnterNumber) and situation.for_own):
                    return False
                self._ask_tax(reference_of(view))
            case o.SubmitTax(_, tax):
                if isinstance(situation, o.AskTax):
                    self._prove(tax)
            case o.ChooseInvoice(_, line):
                if isinstance(situation, o.FoundShown):
                    self._choose(line)
            case o.FetchAgain():
                if isinstance(situation, o.FetchFailed) and situation.may_repeat:
                    self._repeat()
            case o.TakeToPhone():
                if isinstance(situation, o.OwnInvoice) and situation.can_link:
                    self._ask("link", self._linked)
            case o.StartMail():
                if isinstance(situation, o.OwnInvoice) and situation.can_mail:
                    stage.step_to(m.EnterAddress(for_file=True))
            case m.SubmitAddress(_, address):
                if not (isinstance(situation, m.EnterAddress) and situation.for_file):
                    return False
                self._mail(address)
            case _:
                return False
        return True

    def scanned(self, text: str) -> bool:
        """A code was held up; whether it was meant for this."""
        if self._stage.person.own is None:
            return False
        if not isinstance(self._stage.situation, _WAITS_FOR_A_CODE):
            return False
        digits = text.strip()
        if is_shown_code(digits):
            self._look_up(LookUpBy.SHOWN_CODE, digits)
            return True
        match qr.parse(text):
            case qr.InvoiceCode(reference=reference):
                self._ask_tax(reference)
            case qr.TicketCode(number=number, secret=secret):
                self._look_up(LookUpBy.TICKET, number, secret)
            case qr.OrderCode(text=number):
                self._look_up(LookUpBy.ORDER, number)
            case _:
                return False
        return True

    def tick(self) -> None:
        """A link's time passes."""
        stage = self._stage
        shown = stage.situation
        is_over = stage.clock.monotonic() >= self._link_ends_s
        if isinstance(shown, o.PhoneLink) and shown.url and is_over:
            stage.go(msgspec.structs.replace(shown, url=""))

    # --- questions -----------------------------------------------------------------------

    def _ask(self, what: str, question: Question) -> None:
        self._stage.person.again = (what, question)
        asking = o.Fetching(what=what)
        self._stage.step_to(asking)
        self._stage.start(question(asking))

    def _repeat(self) -> None:
        if self._stage.person.again is not None:
            what, question = self._stage.person.again
            asking = o.Fetching(what=what)
            self._stage.go(asking)
            self._stage.start(question(asking))

    def _look_up(self, by: LookUpBy, value: str, secret: str = "") -> None:
        self._stage.person.own = Own()
        # Without those that were asked before: 返回 leads to the ways.
        self._keep_back(m.Home, o.WaysShown)
        if isinstance(self._stage.situation, o.FoundShown | o.FetchFailed | o.AskTax):
            self._stage.go(o.WaysShown())
            self._keep_back(m.Home)

        person = self._stage.person

        async def question(asking: o.Fetching) -> None:
            said = await self._desk.look_up(by, value, secret)
            self._note(by.value, said)
            if self._stage.situation is not asking:
                return
            if isinstance(said, NotHad):
                self._failed("list", said)
                return
            person.own = Own(found=said.invoices)
            if len(said.invoices) == 1:
                only = said.invoices[0]
                person.again = ("file", lambda asking: self._chosen(asking, only))
                await self._chosen(asking, only)
                return
            self._keep_back(m.Home, o.WaysShown)
            self._stage.go(o.FoundShown(lines=tuple(map(_line, said.invoices))))

        self._ask("list", question)

    def _choose(self, line: int) -> None:
        own = self._stage.person.own
        if own is not None and 0 <= line < len(own.found):
            chosen = own.found[line]
            self._ask("file", lambda asking: self._chosen(asking, chosen))

    async def _chosen(self, asking: o.Fetching, chosen: FoundInvoice) -> None:
        said = await self._desk.file_of_found(chosen.token)
        self._note("found", said)
        if self._stage.situation is asking:
            await self._had(asking, said, _line(chosen))

    def _ask_tax(self, reference: InvoiceReference) -> None:
        stage = self._stage
        stage.person.own = Own(reference=reference)
        self._keep_back(m.Home, o.WaysShown, m.EnterNumber)
        if isinstance(stage.situation, o.AskTax | o.FetchFailed | o.FoundShown):
            stage.go(o.AskTax(number=reference.number))
        else:
            stage.step_to(o.AskTax(number=reference.number))

    def _prove(self, tax: Decimal) -> None:
        own = self._stage.person.own
        if own is None or own.reference is None or not tax.is_finite():
            return
        reference = own.reference

        async def question(asking: o.Fetching) -> None:
            said = await self._desk.file_of_reference(reference, tax)
            self._note("reference", said)
            if self._stage.situation is not asking:
                return
            if said == NotHad("not_entitled"):
                if self._stage.person.back:
                    self._stage.person.back.pop()
                self._stage.go(o.AskTax(number=reference.number, is_wrong=True))
                return
            line = o.FoundLine(number=reference.number, issued_on=reference.issued_on)
            await self._had(asking, said, line)

        self._ask("file", question)

    async def _had(self, asking: o.Fetching, said: File | NotHad, line: o.FoundLine) -> None:
        """A file has come, or not: show it, with its picture."""
        stage = self._stage
        own = stage.person.own
        if isinstance(said, NotHad) or own is None:
            self._failed("file", said if isinstance(said, NotHad) else NotHad("unreachable"))
            return
        drawn = await self._desk.picture(said.pdf) if said.pdf else NoPicture.TOO_LARGE
        if stage.situation is not asking:
            return
        own.pdf, own.token, own.a4_number = said.pdf, said.token, ""
        self._keep_back(m.Home, o.WaysShown, o.FoundShown)
        has_picture = not isinstance(drawn, NoPicture)
        stage.touched()
        stage.go(
            o.OwnInvoice(
                line=line,
                at=stage.clock.now(),
                picture=drawn.png if has_picture else b"",
                why_no_picture="" if has_picture else drawn.value,
                pages=drawn.pages if has_picture else 0,
                has_file=bool(said.pdf),
                can_link=True,
                can_mail=stage.around.sends_mail,
                slip=stage.around.slip_means,
                a4=stage.around.a4_means,
            )
        )

    async def _linked(self, asking: o.Fetching) -> None:
        stage = self._stage
        own = stage.person.own
        said = NotHad("not_entitled") if own is None else await self._desk.link(own.token)
        if stage.situation is not asking:
            return
        match said:
            case NotHad():
                self._failed("link", said)
            case Linked(url, good_for):
                self._link_ends_s = stage.clock.monotonic() + good_for.total_seconds()
                stage.touched()
                stage.go(o.PhoneLink(url=url, good_until=stage.clock.now() + good_for))

    def _mail(self, address: str) -> None:
        stage = self._stage
        if address and not is_address(address):
            return
        if not address:
            stage.step_back()
            return

        async def ordered(asking: o.Fetching, token: str) -> None:
            kept = await self._desk.mail(token, address)
            if stage.situation is not asking:
                return
            invoice = next((b for b in stage.person.back if isinstance(b, o.OwnInvoice)), None)
            self._keep_back(m.Home, o.WaysShown, o.FoundShown, o.OwnInvoice)
            if not kept or invoice is None:
                self._failed("mail", NotHad("not_kept"))
                return
            stage.go(o.MailOrdered(number=invoice.line.number))

        # The address is held by nobody: where no letter could be ordered it is typed again.
        if stage.person.own is not None:
            asking = o.Fetching(what="mail")
            stage.step_to(asking)
            stage.start(ordered(asking, stage.person.own.token))

    # --- ends ----------------------------------------------------------------------------

    def _failed(self, what: str, said: NotHad) -> None:
        stage = self._stage
        stage.touched()
        may_repeat = said.why in MAY_REPEAT and what != "mail"
        stage.go(o.FetchFailed(what=what, why=said.why, may_repeat=may_repeat))

    def _keep_back(self, *kinds: type) -> None:
        person = self._stage.person
        person.back = [one for one in person.back if isinstance(one, kinds)]

    def _note(self, by: str, said: Listed | File | NotHad) -> None:
        outcome = said.why if isinstance(said, NotHad) else "done"
        self._stage.note(OwnInvoiceAsked(self._stage.visit_id, by, outcome))


def is_shown_code(text: str) -> bool:
    """Whether a scanned text is a code that is shown in an app for paying.

    Bare digits of this length are an order number elsewhere; 京东's begin otherwise.
    """
    right = text.isascii() and text.isdigit() and len(text) in SHOWN_CODE_DIGITS
    return right and text.startswith(SHOWN_CODE_BEGINS)


def _line(one: FoundInvoice) -> o.FoundLine:
    return o.FoundLine(
        number=one.number,
        issued_on=one.issued_on,
        total_with_tax=one.total_with_tax,
        seller_masked=one.seller_masked,
        is_red=one.is_red,
    )
