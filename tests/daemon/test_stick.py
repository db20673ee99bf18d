"""A person plugs a USB stick in."""

from pathlib import Path

import pytest
from visit_kit import INVOICE, NOON, TICKET, Hall, answered, put_off

from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Answer, Check, Evidence, Finding, Source, Verdict
from kiosk import messages as m
from kiosk import stick_messages as s
from kiosk.daemon.inquiry import PutOff
from kiosk.daemon.keeping import NotKept
from kiosk.stick.found import FileRead, LeftOut, StickInvoice
from kiosk.stick.reading import Read, StickUnreadable

STICK = Path("/run/kiosk-stick/sdb1")
SEAL = Evidence(Check.SEAL, Finding.NOTED, "seal_unknown_signer")
ODD = Evidence(Check.SCREENING, Finding.DIFFERS, "total_sum")
OTHER = InvoiceReference(
    Kind.DIGITAL_ORDINARY, "26112000000000000026", INVOICE.issued_on, amount=INVOICE.amount
)


def on_stick(reference: InvoiceReference | None = INVOICE) -> StickInvoice:
    return StickInvoice(reference=reference, evidence=(SEAL, ODD))


def read(*invoices: StickInvoice, whole: bool = True, left: LeftOut | None = None) -> Read:
    files = tuple(FileRead(number, (one,)) for number, one in enumerate(invoices))
    return Read(files, left or LeftOut(), whole)


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def plug(hall: Hall, result: Read | None) -> None:
    hall.visit.stick_changed(STICK)
    await hall.settle()
    assert isinstance(hall.situation, s.StickReading)
    _, future = hall.stick_desk.reads[-1]
    if result is None:
        future.set_exception(StickUnreadable())
    else:
        future.set_result(result)
    await hall.settle()


async def answer_next(hall: Hall) -> None:
    hall.desk.verifications[-1][1].set_result(answered())
    await hall.settle()


async def test_one_invoice_is_shown_asked_about_and_keeps_what_its_file_showed(hall: Hall) -> None:
    await plug(hall, read(on_stick()))
    assert isinstance(hall.situation, s.StickShown)
    assert hall.desk.verifications == []  # nobody is asked before the person says so
    hall.visit.intend(s.VerifyStick(hall.turn))
    await hall.settle()
    await answer_next(hall)
    verdict = hall.situation
    assert isinstance(verdict, m.VerdictShown)
    said = {line.note: line.finding for line in verdict.evidence}
    assert said["seal_unknown_signer"] is Finding.NOTED
    assert said["total_sum"] is Finding.DIFFERS
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, s.StickShown)


async def test_several_are_asked_about_in_turn_and_end_on_one_slip(hall: Hall) -> None:
    await plug(hall, read(on_stick(), on_stick(None), on_stick(OTHER)))
    hall.visit.intend(s.VerifyStick(hall.turn))
    await hall.settle()
    await answer_next(hall)
    hall.desk.verifications[-1][1].set_result(put_off())
    await hall.settle()
    batch = hall.situation
    assert isinstance(batch, m.BatchShown)
    assert [line.verdict for line in batch.lines] == [Verdict.NORMAL, Verdict.UNAVAILABLE]
    await hall.print()
    assert hall.desk.tickets == [(TICKET,)]


async def test_whoever_ends_while_it_is_asked_is_followed_by_nobodys_invoices(hall: Hall) -> None:
    await plug(hall, read(on_stick(), on_stick(OTHER)))
    hall.visit.intend(s.VerifyStick(hall.turn))
    await hall.settle()
    hall.visit.intend(m.GoHome(hall.turn))
    await answer_next(hall)
    assert hall.situation == m.Home()
    assert len(hall.desk.verifications) == 1


async def test_a_full_disk_ends_the_questions(hall: Hall) -> None:
    await plug(hall, read(on_stick(), on_stick(OTHER)))
    hall.visit.intend(s.VerifyStick(hall.turn))
    await hall.settle()
    answer = Answer(Verdict.UNAVAILABLE, Source.TERMINAL, NOON)
    hall.desk.verifications[-1][1].set_result(PutOff(answer, NotKept("disk_full")))
    await hall.settle()
    assert isinstance(hall.situation, m.KeepFailed)
    assert len(hall.desk.verifications) == 1


async def test_pulled_out_in_the_middle_what_was_read_is_shown_as_not_all(hall: Hall) -> None:
    hall.visit.stick_changed(STICK)
    await hall.settle()
    hall.visit.stick_changed(None)
    hall.stick_desk.reads[-1][1].set_result(read(on_stick(), whole=False))
    await hall.settle()
    assert isinstance(hall.situation, s.StickShown)
    assert hall.situation.is_gone
    await plug(hall, None)
    assert hall.situation == s.StickShown(invoices=(), is_gone=True)


async def test_what_was_left_is_counted_and_a_stick_full_of_invoices_is_cut(hall: Hall) -> None:
    many = tuple(on_stick(OTHER) for _ in range(53))
    await plug(hall, read(*many, left=LeftOut(too_many=4, too_large=2, special=1, is_more=True)))
    shown = hall.situation
    assert isinstance(shown, s.StickShown)
    assert (len(shown.invoices), shown.left_out, shown.is_more) == (50, 10, True)


async def test_a_stick_waits_until_what_runs_for_the_person_has_ended(hall: Hall) -> None:
    await hall.scan()
    await hall.print()
    hall.visit.stick_changed(STICK)
    assert isinstance(hall.situation, m.Printing)
    await hall.printed()
    assert isinstance(hall.situation, m.PrintEnded)
    hall.pass_seconds(1)
    assert isinstance(hall.situation, s.StickReading)


async def test_pulled_out_before_its_turn_it_is_forgotten(hall: Hall) -> None:
    await hall.scan()
    await hall.print()
    hall.visit.stick_changed(STICK)
    hall.visit.stick_changed(None)
    await hall.printed()
    hall.pass_seconds(1)
    assert isinstance(hall.situation, m.PrintEnded)


async def test_a_stick_left_behind_starts_nothing_for_the_next_person(hall: Hall) -> None:
    await plug(hall, read(on_stick()))
    hall.pass_seconds(60 + 45)
    assert hall.situation == m.Home()
    hall.pass_seconds(5)
    assert hall.situation == m.Home()
    assert INVOICE.number not in repr(hall.visit._stage.person)


@pytest.mark.parametrize("takes", [True, False], ids=["taken", "not_taken"])
async def test_help_speaks_of_sticks_only_where_the_hall_takes_them(*, takes: bool) -> None:
    hall = Hall(takes_sticks=takes)
    hall.visit.intend(m.OpenHelp(hall.turn, "use"))
    assert hall.situation == m.Help("use", takes_sticks=takes)
