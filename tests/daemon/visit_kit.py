"""A visit with everything around it in the test's hand."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from central.contract_people import LookUpBy, Title
from drivers.documents.outcome import A4Outcome, A4Progress
from drivers.printers.outcome import PrintOutcome, Proven
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.ticket import Ticket
from einvoice.verdict import Answer, Source, Verdict
from kiosk import messages as m
from kiosk.clock import BEIJING
from kiosk.daemon.a4 import A4Document
from kiosk.daemon.allowance import Application, NotGranted
from kiosk.daemon.applying_desk import NoTitle, SellerFound, SellerRefused
from kiosk.daemon.audit import Note, unnoted
from kiosk.daemon.inquiry import Answered, PutOff, TicketFound
from kiosk.daemon.keeping import Kept, NotKept
from kiosk.daemon.own_desk import File, Linked, Listed, NotHad
from kiosk.daemon.stations import FIRST, Printed
from kiosk.daemon.surroundings import Limits, Place
from kiosk.daemon.visit import Visit
from kiosk.preview.preview import NoPicture, Picture
from kiosk.stick.found import PdfOnStick
from kiosk.stick.reading import Read

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
INVOICE_TEXT = "01,32,,26112000000000000018,106.00,20261123,,A1B2"
INVOICE = InvoiceReference(
    Kind.DIGITAL_ORDINARY, "26112000000000000018", date(2026, 11, 23), amount=Decimal("106.00")
)
TICKET = Ticket("SF-03-261124-0007", "0123456789AB")
LIMITS = Limits(idle_s=120, idle_large_text_s=300, idle_result_s=60, warning_s=45, reprints=2)


class HandClock:
    """Moved by the test only."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.at_s)

    def monotonic(self) -> float:
        return self.at_s


def answered(verdict: Verdict = Verdict.NORMAL) -> Answered:
    return Answered(Answer(verdict, Source.TAX_SERVICE, NOON))


def put_off() -> PutOff:
    return PutOff(Answer(Verdict.UNAVAILABLE, Source.TERMINAL, NOON), Kept(TICKET, NOON))


class HandDesk:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.verifications: list[tuple[InvoiceReference, asyncio.Future[Answered | PutOff]]] = []
        self.look_ups: list[tuple[Ticket, asyncio.Future[TicketFound]]] = []
        self.cases: list[
            tuple[tuple[InvoiceReference, Verdict, bool, str], asyncio.Future[Kept | NotKept]]
        ] = []
        self.prints: list[tuple[str, int, str, asyncio.Future[Printed | None]]] = []
        self.tickets: list[tuple[Ticket, ...]] = []
        self.staff_calls: list[str] = []
        self.called: asyncio.Future[bool] | None = None
        self.ended = 0
        self.numbers = 0
        self.disk_full = False

    async def verify(self, reference: InvoiceReference) -> Answered | PutOff:
        future: asyncio.Future[Answered | PutOff] = asyncio.get_running_loop().create_future()
        self.verifications.append((reference, future))
        return await future

    async def open_case(
        self, reference: InvoiceReference, verdict: Verdict, typed: bool, address: str
    ) -> Kept | NotKept:
        future: asyncio.Future[Kept | NotKept] = asyncio.get_running_loop().create_future()
        self.cases.append(((reference, verdict, typed, address), future))
        return await future

    async def ticket(self, ticket: Ticket) -> TicketFound:
        future: asyncio.Future[TicketFound]
        future = asyncio.get_running_loop().create_future()
        self.look_ups.append((ticket, future))
        return await future

    async def next_print(self, slip: str) -> tuple[str, int] | None:
        if self.disk_full:
            return None
        if not slip:
            self.numbers += 1
            slip = f"SF-03-261124-{self.numbers:04d}"
        return slip, sum(printed == slip for printed, *_ in self.prints)

    async def print(
        self,
        shown: m.Printable,
        slip: str,
        copy: int,
        tickets: tuple[Ticket, ...],
        language: str,
    ) -> Printed | None:
        future: asyncio.Future[Printed | None] = asyncio.get_running_loop().create_future()
        self.tickets.append(tickets)
        self.prints.append((slip, copy, language, future))
        return await future

    async def call_staff(self, situation: str) -> bool:
        self.staff_calls.append(situation)
        self.called = asyncio.get_running_loop().create_future()
        return await self.called

    async def visit_ended(self) -> None:
        self.ended += 1


class HandOwnDesk:
    """Answers about one's own invoices, and prints them, when the test says so.

    `asked`: what was asked, in order, each with the future that answers it.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[object, ...], asyncio.Future[Any]]] = []
        self.progress: Callable[[A4Progress], None] = lambda _: None
        self.cancelled = 0

    async def _ask(self, *what: object) -> Any:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.asked.append((what, future))
        return await future

    async def look_up(self, by: LookUpBy, value: str, secret: str = "") -> Listed | NotHad:
        return await self._ask(by, value, secret)

    async def file_of_found(self, token: str) -> File | NotHad:
        return await self._ask("found", token)

    async def file_of_reference(self, reference: InvoiceReference, tax: Decimal) -> File | NotHad:
        return await self._ask("reference", reference, tax)

    async def link(self, token: str) -> Linked | NotHad:
        return await self._ask("link", token)

    async def mail(self, token: str, address: str) -> bool:
        return await self._ask("mail", token, address)

    async def picture(self, pdf: bytes) -> Picture | NoPicture:
        return Picture(b"png of " + pdf, 90, 60, 1)

    async def print_a4(
        self, document: A4Document, on_progress: Callable[[A4Progress], None]
    ) -> A4Outcome | None:
        self.progress = on_progress
        return await self._ask("a4", document)

    def cancel_a4(self) -> None:
        self.cancelled += 1


class HandApplyingDesk:
    """Knows businesses, buyers and codes; accepts what it is told to."""

    def __init__(self) -> None:
        self.sellers: dict[str, SellerFound | SellerRefused] = {}
        self.titles: dict[str, Title | NoTitle] = {}
        self.answers = asyncio.Event()
        self.answers.set()
        self.result: Kept | NotKept | NotGranted = Kept(TICKET, NOON)
        self.applied: list[tuple[Application, bool]] = []

    async def seller(self, tax_id: str) -> SellerFound | SellerRefused:
        await self.answers.wait()
        return self.sellers.get(tax_id, SellerRefused("not_registered"))

    async def buyer(self, tax_id: str) -> Title | NoTitle:
        await self.answers.wait()
        return self.titles.get(tax_id, NoTitle("not_known"))

    async def title(self, code: str) -> Title | NoTitle:
        await self.answers.wait()
        return self.titles.get(code, NoTitle("not_known"))

    async def apply(self, application: Application, *, asked: bool) -> Kept | NotKept | NotGranted:
        self.applied.append((application, asked))
        return self.result


class HandSticks:
    """Reads sticks, and draws their files, when the test says so."""

    def __init__(self) -> None:
        self.reads: list[tuple[Path, asyncio.Future[Read]]] = []
        self.pages: list[tuple[tuple[Path, PdfOnStick], asyncio.Future[bytes | NotHad]]] = []

    async def read(self, stick: Path) -> Read:
        future: asyncio.Future[Read] = asyncio.get_running_loop().create_future()
        self.reads.append((stick, future))
        return await future

    async def a4_page(self, stick: Path, file: PdfOnStick) -> bytes | NotHad:
        future: asyncio.Future[bytes | NotHad] = asyncio.get_running_loop().create_future()
        self.pages.append(((stick, file), future))
        return await future


class Hall:
    """The visit under test, and what the screen was shown."""

    def __init__(
        self,
        note: Note = unnoted,
        *,
        can_type_names: bool = False,
        takes_sticks: bool = True,
    ) -> None:
        self.clock = HandClock()
        self.desk = HandDesk()
        self.applying = HandApplyingDesk()
        self.shows: list[m.Show] = []
        self.stick_desk = HandSticks()
        place = Place("示范办税服务厅", "Demo Hall", "03", "zh")
        self.own = HandOwnDesk()
        self.visit = Visit(
            self.desk,
            place,
            self.clock,
            own=self.own,
            limits=LIMITS,
            applying=self.applying,
            show=self.shows.append,
            note=note,
            sticks=self.stick_desk if takes_sticks else None,
            can_type_names=can_type_names,
        )

    @property
    def now(self) -> m.Show:
        return self.visit.shown

    @property
    def situation(self) -> m.Situation:
        return self.visit.shown.situation

    @property
    def turn(self) -> int:
        return self.visit.shown.turn

    async def settle(self) -> None:
        """Let every task run until all wait for the test."""
        for _ in range(10):
            await asyncio.sleep(0)

    def pass_seconds(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.at_s += 1
            self.visit.tick()

    async def scan(self, result: Answered | PutOff | None = None) -> None:
        """Hold up the invoice and let the desk answer."""
        self.visit.scanned(INVOICE_TEXT)
        await self.settle()
        self.desk.verifications[-1][1].set_result(result or answered())
        await self.settle()

    async def own_answers(self, answer: object) -> tuple[object, ...]:
        """Answer the newest question about an own invoice; what it was."""
        await self.settle()
        what, future = self.own.asked[-1]
        future.set_result(answer)
        await self.settle()
        return what

    async def print(self) -> None:
        """Press the print button; the desk has not answered yet."""
        self.visit.intend(m.PrintSlip(self.turn))
        await self.settle()

    async def printed(self, outcome: PrintOutcome | None = None, printer: str = FIRST) -> None:
        self.desk.prints[-1][3].set_result(Printed(outcome or Proven(), printer))
        await self.settle()
