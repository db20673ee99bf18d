"""While the glass is wiped, nothing that touches it means anything."""

from visit_kit import INVOICE_TEXT, Hall

from kiosk import messages as m


async def test_a_cloth_on_the_screen_starts_no_visit_and_the_seconds_are_counted() -> None:
    hall = Hall()
    assert hall.visit.lock_for_cleaning(30)
    assert hall.now.cleaning == m.CleaningLock(seconds_left=30)
    before = hall.turn
    hall.visit.intend(m.StartEntry(before))
    hall.visit.intend(m.CallStaff())
    hall.visit.scanned(INVOICE_TEXT)
    hall.visit.unreadable("not_text")
    await hall.settle()
    hall.pass_seconds(10)
    assert hall.situation == m.Home()
    assert (hall.turn, hall.desk.verifications, hall.desk.staff_calls) == (before, [], [])
    assert hall.now.cleaning == m.CleaningLock(seconds_left=20)


async def test_it_unlocks_by_itself() -> None:
    hall = Hall()
    hall.visit.lock_for_cleaning(30)
    hall.pass_seconds(29)
    assert hall.now.cleaning == m.CleaningLock(seconds_left=1)
    hall.pass_seconds(1)
    assert hall.now.cleaning is None
    hall.visit.intend(m.StartEntry(hall.turn))
    assert isinstance(hall.situation, m.EnterNumber)


async def test_nobody_is_locked_out_of_what_they_are_doing() -> None:
    hall = Hall()
    hall.visit.intend(m.StartEntry(hall.turn))
    assert not hall.visit.lock_for_cleaning(30)
    assert hall.now.cleaning is None
