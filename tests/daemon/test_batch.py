"""Several invoices in a row, and one slip for all of them."""

import pytest
from visit_kit import INVOICE_TEXT, TICKET, Hall, answered, put_off

from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.stage import MAX_RESULTS


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def ask(hall: Hall, number: int, verdict: Verdict = Verdict.NORMAL) -> m.VerdictShown:
    """Hold up the n-th invoice; UNAVAILABLE is put off with a ticket."""
    hall.visit.scanned(INVOICE_TEXT.replace("0018,", f"{number:04d},"))
    await hall.settle()
    result = put_off() if verdict is Verdict.UNAVAILABLE else answered(verdict)
    hall.desk.verifications[-1][1].set_result(result)
    await hall.settle()
    shown = hall.situation
    assert isinstance(shown, m.VerdictShown)
    return shown


async def batch(hall: Hall) -> m.BatchShown:
    hall.visit.intend(m.ShowBatch(hall.turn))
    shown = hall.situation
    assert isinstance(shown, m.BatchShown)
    return shown


async def test_one_invoice_is_no_batch(hall: Hall) -> None:
    assert (await ask(hall, 1)).in_visit == 1
    hall.visit.intend(m.ShowBatch(hall.turn))
    assert isinstance(hall.situation, m.VerdictShown)


async def test_all_invoices_of_a_visit_come_on_one_slip(hall: Hall) -> None:
    await ask(hall, 1)
    hall.visit.intend(m.VerifyAnother(hall.turn))
    assert (await ask(hall, 2, Verdict.VOID)).in_visit == 2
    shown = await batch(hall)
    assert [line.verdict for line in shown.lines] == [Verdict.NORMAL, Verdict.VOID]
    await hall.print()
    await hall.printed()
    hall.visit.intend(m.GoBack(hall.turn))
    assert isinstance(hall.situation, m.BatchShown)


async def test_the_slip_of_all_is_no_copy_of_the_slip_of_one(hall: Hall) -> None:
    await ask(hall, 1)
    await ask(hall, 2)
    await hall.print()
    await hall.printed()
    hall.visit.intend(m.GoBack(hall.turn))
    await batch(hall)
    await hall.print()
    first, second = hall.desk.prints
    assert first[0] != second[0]
    assert second[1] == 0


async def test_the_same_invoice_again_counts_once_with_its_last_answer(hall: Hall) -> None:
    await ask(hall, 1, Verdict.NOT_FOUND)
    await ask(hall, 2)
    assert (await ask(hall, 1)).in_visit == 2
    assert [line.verdict for line in (await batch(hall)).lines] == [Verdict.NORMAL] * 2


async def test_a_ticket_given_in_a_batch_keeps_its_code(hall: Hall) -> None:
    await ask(hall, 1, Verdict.UNAVAILABLE)
    await ask(hall, 2)
    await batch(hall)
    await hall.print()
    assert hall.desk.tickets[-1] == (TICKET,)


async def test_fifty_are_the_most(hall: Hall) -> None:
    for number in range(MAX_RESULTS):
        await ask(hall, number)
    assert (await ask(hall, MAX_RESULTS)).in_visit == MAX_RESULTS
    full = await batch(hall)
    assert (len(full.lines), full.is_full) == (MAX_RESULTS, True)


async def test_nothing_is_left_for_the_next_person(hall: Hall) -> None:
    await ask(hall, 1)
    await ask(hall, 2)
    hall.visit.intend(m.GoHome(hall.turn))
    assert (await ask(hall, 3)).in_visit == 1


async def test_a_batch_that_was_being_printed_when_the_terminal_stopped(hall: Hall) -> None:
    await ask(hall, 1, Verdict.UNAVAILABLE)
    await ask(hall, 2)
    shown = await batch(hall)
    again = Hall()
    again.visit.resume(shown, "SF-03-261124-0001", 0, (TICKET,))
    again.visit.intend(m.Reprint(again.turn))
    await again.settle()
    assert again.desk.prints[0][0] == "SF-03-261124-0001"
    assert again.desk.tickets[-1] == (TICKET,)


async def test_home_says_that_the_visit_goes_on_and_how_to_end_it(hall: Hall) -> None:
    await ask(hall, 1)
    hall.visit.intend(m.VerifyAnother(hall.turn))
    assert hall.situation == m.Home(in_visit=1)
    hall.visit.intend(m.ShowBatch(hall.turn))
    assert isinstance(hall.situation, m.BatchShown)
    hall.visit.intend(m.GoBack(hall.turn))
    hall.visit.intend(m.GoHome(hall.turn))
    assert hall.situation == m.Home()
    hall.visit.intend(m.ShowBatch(hall.turn))
    assert hall.situation == m.Home(), "nothing of the person before can be opened"


async def test_what_was_found_out_does_not_wait_on_home_longer_than_a_verdict(hall: Hall) -> None:
    await ask(hall, 1)
    hall.visit.intend(m.VerifyAnother(hall.turn))
    hall.pass_seconds(60)
    assert hall.now.idle is not None
    hall.pass_seconds(45)
    assert hall.situation == m.Home()
    assert (await ask(hall, 2)).in_visit == 1


async def test_the_way_back_leads_to_a_home_that_says_so_too(hall: Hall) -> None:
    await ask(hall, 1)
    await hall.print()
    await hall.printed()
    hall.visit.intend(m.GoBack(hall.turn))
    hall.visit.intend(m.GoBack(hall.turn))
    assert hall.situation == m.Home(in_visit=1)
