"""Every step that a person can be in, and how one of them gets there.

One row for each situation of `kiosk.messages`. The person who walks there leaves marks: numbers,
names, codes and an address that no other test person has.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from visit_kit import NOON, Hall, answered

from central.contract_people import FoundInvoice, IssuingTerms, Item, LookUpBy, Title
from central.contract_tickets import ApplicationState, ApplicationView
from drivers.documents.outcome import A4Proven, A4Ready
from drivers.printers.outcome import Proven
from einvoice import ticket, title_card
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.ticket import Ticket
from einvoice.title_card import TitleCard
from einvoice.verdict import Answer, Source, Verdict
from kiosk import applying_messages as a
from kiosk import guide_messages as g
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk import stick_messages as s
from kiosk.daemon.allowance import Known
from kiosk.daemon.applying_desk import SellerFound, SellerRefused
from kiosk.daemon.inquiry import ApplicationAnswered, PutOff, TicketOpen
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.own_desk import File, Linked, Listed, NotHad
from kiosk.daemon.stations import FIRST, Printed
from kiosk.daemon.views import reference_view
from kiosk.guides import Guide
from kiosk.stick.found import FileRead, LeftOut, StickInvoice
from kiosk.stick.reading import Read

NUMBER = "26112000000000770077"
SECOND_NUMBER = "26112000000000880088"
SCAN = f"01,32,,{NUMBER},7316.42,20261122,,"
SECOND_SCAN = f"01,32,,{SECOND_NUMBER},7316.43,20261122,,"
REFERENCE = InvoiceReference(
    Kind.DIGITAL_ORDINARY, NUMBER, date(2026, 11, 22), amount=Decimal("7316.42")
)
ORDER = "773311557799"
SHOWN_CODE = "287733115577991133"
ADDRESS = "marked.person@example.com"
SELLER, BUYER = "91110000MA00SHL15X", "91110105MA00TEST1X"
BUYER_NAME = "留痕示例科技有限公司"
PDF = b"%PDF of the marked person"
TOKEN = "MARKEDTOKEN"
LINK = "https://links.example/MARKEDLINK"
TICKET = Ticket("SF-03-261124-7733", "MARKEDSECRET")

MARKS = (
    NUMBER,
    SECOND_NUMBER,
    "7316.4",
    ORDER,
    SHOWN_CODE,
    ADDRESS,
    SELLER,
    BUYER,
    BUYER_NAME,
    "PDF of the marked person",
    TOKEN,
    LINK,
    TICKET.number,
    TICKET.secret,
)
"""What can be found again of the person who walked there."""

_STICK = Path("/run/kiosk-stick/sdb1")
_FOUND = (FoundInvoice(TOKEN, NUMBER), FoundInvoice(TOKEN + "2", SECOND_NUMBER))


async def full_hall() -> Hall:
    """A hall that offers everything, with one who reads English, large, white on black."""
    hall = Hall(can_type_names=True)
    hall.visit.a4_changed(A4Ready())
    hall.visit.service_sends_mail(sends_mail=True)
    hall.visit.service_issues(issues=True)
    hall.applying.sellers[SELLER] = SellerFound(Known(_terms(), NOON, Decimal(0)), asked=True)
    hall.applying.titles[BUYER] = Title(BUYER_NAME, BUYER)
    hall.applying.result = Kept(TICKET, NOON)
    hall.visit.intend(m.SetLanguage("en"))
    hall.visit.intend(m.SetLargeText(on=True))
    hall.visit.intend(m.SetHighContrast(on=True))
    return hall


def _terms() -> IssuingTerms:
    return IssuingTerms(
        SELLER,
        "留痕示例商贸有限公司",
        (Kind.DIGITAL_ORDINARY, Kind.DIGITAL_SPECIAL),
        (Item("meal", "餐饮服务", Decimal("0.06")),),
        limit=Decimal(10_000),
        offline_allowance=Decimal(20_000),
        good_until=NOON,
    )


async def answer_all(hall: Hall) -> None:
    """Everything that still runs for whoever asked comes to its end."""
    hall.applying.answers.set()
    answers = [
        *((future, answered()) for _, future in hall.desk.verifications),
        *((future, TicketOpen("pending", NOON)) for _, future in hall.desk.look_ups),
        *((future, Kept(TICKET, NOON)) for _, future in hall.desk.cases),
        *((future, Printed(Proven(), FIRST)) for *_, future in hall.desk.prints),
        *((future, _own_answer(what)) for what, future in hall.own.asked),
        *((future, _stick()) for _, future in hall.stick_desk.reads),
        *((future, PDF) for _, future in hall.stick_desk.pages),
    ]
    if hall.desk.called is not None:
        answers.append((hall.desk.called, True))
    for future, answer in answers:
        if not future.done():
            future.set_result(answer)  # type: ignore[arg-type]
    await hall.settle()


def _own_answer(what: tuple[object, ...]) -> object:
    match what[0]:
        case LookUpBy():
            return Listed(_FOUND)
        case "found" | "reference":
            return File(PDF, TOKEN)
        case "link":
            return Linked(LINK, timedelta(minutes=5))
        case "a4":
            return A4Proven(1)
        case _:
            return True


def _stick() -> Read:
    one = StickInvoice(reference=REFERENCE, evidence=())
    return Read((FileRead(0, (one,), pdf="7" * 64),), LeftOut(), True)


# --- how to get there ------------------------------------------------------------------------


async def press(hall: Hall, make: Callable[..., m.Intent], **fields: Any) -> None:
    hall.visit.intend(make(turn=hall.turn, **fields))
    await hall.settle()


async def scan(hall: Hall, text: str) -> None:
    hall.visit.scanned(text)
    await hall.settle()


async def verdict(hall: Hall, verdict: Verdict = Verdict.NORMAL) -> None:
    await scan(hall, SCAN)
    hall.desk.verifications[-1][1].set_result(answered(verdict))
    await hall.settle()


async def checking(hall: Hall) -> None:
    await scan(hall, SCAN)


async def keep_failed(hall: Hall) -> None:
    await scan(hall, SCAN)
    unavailable = Answer(Verdict.UNAVAILABLE, Source.TERMINAL, NOON)
    hall.desk.verifications[-1][1].set_result(PutOff(unavailable, NotKept("disk_full")))
    await hall.settle()


async def put_off(hall: Hall) -> None:
    await scan(hall, SCAN)
    unavailable = Answer(Verdict.UNAVAILABLE, Source.TERMINAL, NOON)
    hall.desk.verifications[-1][1].set_result(PutOff(unavailable, Kept(TICKET, NOON)))
    await hall.settle()


async def home_in_visit(hall: Hall) -> None:
    await verdict(hall)
    await press(hall, m.VerifyAnother)


async def enter_number(hall: Hall) -> None:
    await press(hall, m.StartEntry)


async def batch(hall: Hall) -> None:
    await verdict(hall)
    await scan(hall, SECOND_SCAN)
    await answer_all(hall)
    await press(hall, m.ShowBatch)


async def printing(hall: Hall) -> None:
    await verdict(hall)
    await press(hall, m.PrintSlip)


async def print_ended(hall: Hall) -> None:
    await printing(hall)
    await answer_all(hall)


async def ticket_waiting(hall: Hall) -> None:
    await scan(hall, ticket.to_text(TICKET))
    await answer_all(hall)


async def not_an_invoice(hall: Hall) -> None:
    await scan(hall, f"01,32,,{NUMBER},,,,")


async def help_shown(hall: Hall) -> None:
    await verdict(hall)
    await press(hall, m.OpenHelp, topic="use")


async def guide(hall: Hall) -> None:
    await help_shown(hall)
    await press(hall, g.OpenGuide, guide=next(iter(Guide)))


async def staff_coming(hall: Hall) -> None:
    await verdict(hall)
    hall.visit.intend(m.CallStaff())
    await hall.settle()


async def why_not_found(hall: Hall) -> None:
    await verdict(hall, Verdict.NOT_FOUND)
    await press(hall, m.FindReason)


async def watch_offered(hall: Hall) -> None:
    await why_not_found(hall)
    await press(hall, m.OfferWatch)
    await press(hall, m.StartAddress)
    await press(hall, m.SubmitAddress, address=ADDRESS)


async def watch_ordered(hall: Hall) -> None:
    await watch_offered(hall)
    await press(hall, m.OpenCase)


async def enter_address(hall: Hall) -> None:
    await watch_offered(hall)
    await press(hall, m.StartAddress)


async def case_kept(hall: Hall) -> None:
    await watch_ordered(hall)
    await answer_all(hall)
    await answer_all(hall)
    await press(hall, m.GoBack)


async def application_told(hall: Hall) -> None:
    await scan(hall, ticket.to_text(TICKET))
    told = ApplicationView(
        state=ApplicationState.ISSUED,
        total_with_tax=Decimal("7316.42"),
        number=NUMBER,
        issued_on=date(2026, 11, 22),
    )
    hall.desk.look_ups[-1][1].set_result(ApplicationAnswered(told, NOON))
    await hall.settle()


async def enter_tax_id(hall: Hall) -> None:
    await press(hall, a.StartApplying)


async def asking_for(hall: Hall) -> None:
    await enter_tax_id(hall)
    hall.applying.answers.clear()
    await press(hall, a.SubmitTaxId, tax_id=SELLER)


async def choose_item(hall: Hall) -> None:
    await enter_tax_id(hall)
    await press(hall, a.SubmitTaxId, tax_id=SELLER)


async def choose_kind(hall: Hall) -> None:
    await choose_item(hall)
    await press(hall, a.TakeItem, item="meal")


async def enter_price(hall: Hall) -> None:
    await choose_kind(hall)
    await press(hall, a.TakeKind, kind=Kind.DIGITAL_ORDINARY)


async def give_title(hall: Hall) -> None:
    await enter_price(hall)
    await press(hall, a.SubmitPrice, yuan=Decimal("7316.42"))


async def enter_name(hall: Hall) -> None:
    hall.applying.titles.clear()
    await give_title(hall)
    await press(hall, a.TypeBuyer)
    await press(hall, a.SubmitTaxId, tax_id=BUYER)


async def application_review(hall: Hall) -> None:
    await give_title(hall)
    await scan(hall, title_card.to_text(TitleCard(BUYER_NAME, BUYER, "", "")))


async def application_sent(hall: Hall) -> None:
    await application_review(hall)
    await press(hall, a.Apply)


async def application_kept(hall: Hall) -> None:
    await application_sent(hall)
    await answer_all(hall)
    await press(hall, m.GoBack)


async def not_accepted(hall: Hall) -> None:
    hall.applying.sellers[SELLER] = SellerRefused("not_registered")
    await choose_item(hall)


async def own_ways(hall: Hall) -> None:
    await press(hall, o.StartOwn)


async def own_number(hall: Hall) -> None:
    await own_ways(hall)
    await press(hall, m.StartEntry)


async def own_order(hall: Hall) -> None:
    await own_ways(hall)
    await press(hall, o.StartOrder)


async def fetching_list(hall: Hall) -> None:
    await own_order(hall)
    await press(hall, o.SubmitOrder, number=ORDER)


async def fetching_by_app(hall: Hall) -> None:
    await own_ways(hall)
    await scan(hall, SHOWN_CODE)


async def own_found(hall: Hall) -> None:
    await fetching_by_app(hall)
    await answer_all(hall)


async def own_tax(hall: Hall) -> None:
    await own_number(hall)
    await press(hall, m.SubmitReference, reference=reference_view(REFERENCE))


async def fetching_file(hall: Hall) -> None:
    await own_tax(hall)
    await press(hall, o.SubmitTax, tax=Decimal("414.14"))


async def own_invoice(hall: Hall) -> None:
    await own_found(hall)
    await press(hall, o.ChooseInvoice, line=0)
    await answer_all(hall)


async def own_failed(hall: Hall) -> None:
    await fetching_list(hall)
    await hall.own_answers(NotHad("busy"))


async def own_slip(hall: Hall) -> None:
    await own_invoice(hall)
    await press(hall, m.PrintSlip)
    await answer_all(hall)


async def fetching_link(hall: Hall) -> None:
    await own_invoice(hall)
    await press(hall, o.TakeToPhone)


async def own_phone(hall: Hall) -> None:
    await fetching_link(hall)
    await answer_all(hall)


async def own_address(hall: Hall) -> None:
    await own_invoice(hall)
    await press(hall, o.StartMail)


async def mailing(hall: Hall) -> None:
    await own_address(hall)
    await press(hall, m.SubmitAddress, address=ADDRESS)


async def own_mailed(hall: Hall) -> None:
    await mailing(hall)
    await answer_all(hall)


async def a4_running(hall: Hall) -> None:
    await own_invoice(hall)
    await press(hall, o.PrintA4)


async def a4_ended(hall: Hall) -> None:
    await a4_running(hall)
    await answer_all(hall)


async def stick_reading(hall: Hall) -> None:
    hall.visit.stick_changed(_STICK)
    await hall.settle()


async def stick(hall: Hall) -> None:
    await stick_reading(hall)
    await answer_all(hall)


async def stick_asked(hall: Hall) -> None:
    await stick(hall)
    await press(hall, s.VerifyStick)


async def stick_drawing(hall: Hall) -> None:
    await stick(hall)
    await press(hall, s.PrintStick)


async def stick_not_drawn(hall: Hall) -> None:
    await stick_drawing(hall)
    hall.stick_desk.pages[-1][1].set_result(NotHad("not_drawn"))
    await hall.settle()


async def stick_a4(hall: Hall) -> None:
    await stick_drawing(hall)
    await answer_all(hall)


async def stick_a4_ended(hall: Hall) -> None:
    await stick_a4(hall)
    await answer_all(hall)


async def out_of_service(hall: Hall) -> None:
    await checking(hall)
    hall.desk.verifications[-1][1].set_exception(ZeroDivisionError())
    await hall.settle()


@dataclass(frozen=True)
class Step:
    """A row: what is shown there, and how to get there from the beginning.

    Attributes:
        paper: paper comes out, so that the visit cannot be ended before it is out.
        ends_itself: it goes by itself and warns nobody.
    """

    shows: type[m.Situation]
    walk: Callable[[Hall], Awaitable[None]]
    paper: bool = False
    ends_itself: bool = False

    @property
    def name(self) -> str:
        return self.walk.__name__


STEPS = (
    Step(m.Home, home_in_visit),
    Step(m.EnterNumber, enter_number),
    Step(m.Checking, checking),
    Step(m.VerdictShown, verdict),
    Step(m.VerdictShown, put_off),
    Step(m.BatchShown, batch),
    Step(m.TicketWaiting, ticket_waiting),
    Step(m.NotAnInvoice, not_an_invoice),
    Step(m.KeepFailed, keep_failed),
    Step(m.Printing, printing, paper=True),
    Step(m.PrintEnded, print_ended),
    Step(m.Help, help_shown),
    Step(g.GuideShown, guide),
    Step(m.StaffComing, staff_coming),
    Step(m.WhyNotFound, why_not_found),
    Step(m.WatchOffered, watch_offered),
    Step(m.WatchOffered, watch_ordered),
    Step(m.EnterAddress, enter_address),
    Step(m.CaseKept, case_kept),
    Step(m.OutOfService, out_of_service, ends_itself=True),
    Step(a.ApplicationTold, application_told),
    Step(a.EnterTaxId, enter_tax_id),
    Step(a.AskingFor, asking_for),
    Step(a.ChooseItem, choose_item),
    Step(a.ChooseKind, choose_kind),
    Step(a.EnterPrice, enter_price),
    Step(a.GiveTitle, give_title),
    Step(a.EnterName, enter_name),
    Step(a.ApplicationReview, application_review),
    Step(m.Printing, application_sent, paper=True),
    Step(a.ApplicationKept, application_kept),
    Step(a.NotAccepted, not_accepted),
    Step(o.WaysShown, own_ways),
    Step(m.EnterNumber, own_number),
    Step(o.EnterOrder, own_order),
    Step(o.Fetching, fetching_list),
    Step(o.Fetching, fetching_by_app),
    Step(o.FoundShown, own_found),
    Step(o.AskTax, own_tax),
    Step(o.Fetching, fetching_file),
    Step(o.OwnInvoice, own_invoice),
    Step(o.FetchFailed, own_failed),
    Step(m.PrintEnded, own_slip),
    Step(o.Fetching, fetching_link),
    Step(o.PhoneLink, own_phone),
    Step(m.EnterAddress, own_address),
    Step(o.Fetching, mailing),
    Step(o.MailOrdered, own_mailed),
    Step(o.A4Running, a4_running, paper=True),
    Step(o.A4Ended, a4_ended),
    Step(s.StickReading, stick_reading),
    Step(s.StickShown, stick),
    Step(m.Checking, stick_asked),
    Step(o.Fetching, stick_drawing),
    Step(o.FetchFailed, stick_not_drawn),
    Step(o.A4Running, stick_a4, paper=True),
    Step(o.A4Ended, stick_a4_ended),
)
