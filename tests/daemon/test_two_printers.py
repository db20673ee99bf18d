"""Two printers: the second takes only what the first could not begin; each counts its paper."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from printing_kit import SLIP, PrintRoom, settings_for, two_printers
from visit_kit import Hall

from config.schema import Settings
from drivers.printers.outcome import Failed, Proven
from drivers.printers.paper import Document, Text
from drivers.printers.status import Cause, NotReady, Ready
from drivers.simulated.printer import SimulatedPrinter
from kiosk import messages as m
from kiosk.daemon.printing import TrialRefused
from kiosk.daemon.stations import FIRST, SECOND

Printers = tuple[PrintRoom, SimulatedPrinter, SimulatedPrinter]


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Printers]:
    with two_printers(tmp_path) as (first, second):
        room = PrintRoom(tmp_path, settings_for(tmp_path))
        await room.printing.start()
        yield room, first, second
        await room.close()


async def test_the_first_prints_while_it_can(hall: Printers) -> None:
    room, first, second = hall
    printed = await room.printing.print(room.slip())
    assert printed is not None
    assert (printed.outcome, printed.printer) == (Proven(), FIRST)
    assert (len(first.slips), len(second.slips)) == (1, 0)


async def test_without_paper_in_the_first_the_slip_is_the_seconds_and_people_can_print(
    hall: Printers,
) -> None:
    room, first, second = hall
    first.paper_out()
    await room.printing.refresh()
    assert room.printing.status == Ready()
    assert room.printing.statuses[FIRST] == NotReady(Cause.PAPER_OUT)
    assert (FIRST, "paper_out") in room.told
    printed = await room.printing.print(room.slip())
    assert printed is not None
    assert (printed.outcome, printed.printer) == (Proven(), SECOND)
    assert (len(first.slips), len(second.slips)) == (0, 1)


async def test_what_broke_off_in_the_first_is_not_printed_on_the_second(hall: Printers) -> None:
    room, first, second = hall
    first.paper_out(after_lines=3)
    long = Document(tuple(Text(f"第 {n} 行") for n in range(30)))
    printed = await room.printing.print(room.slip(long))
    assert printed is not None
    assert printed.outcome == Failed(Cause.PAPER_OUT)
    assert (printed.printer, second.slips) == (FIRST, ())


async def test_with_neither_printer_nothing_can_be_printed(hall: Printers) -> None:
    room, first, second = hall
    first.paper_out()
    second.open_cover()
    await room.printing.refresh()
    assert room.statuses[-1] == NotReady(Cause.PAPER_OUT)
    printed = await room.printing.print(room.slip())
    assert printed is not None
    assert (printed.outcome, printed.printer) == (Failed(Cause.PAPER_OUT), FIRST)


async def test_a_trial_goes_to_the_printer_that_is_meant_and_to_none_that_is_not_there(
    hall: Printers,
) -> None:
    room, first, second = hall
    assert await room.printing.print_trial(SECOND, SLIP) == Proven()
    assert (len(first.slips), len(second.slips)) == (0, 1)
    second.paper_out()
    assert await room.printing.print_trial(SECOND, SLIP) == Failed(Cause.PAPER_OUT)
    assert first.slips == ()
    with pytest.raises(TrialRefused):
        await room.printing.print_trial("printer3", SLIP)


async def test_paper_is_counted_where_it_was_used_and_kept_over_a_restart(
    tmp_path: Path, hall: Printers
) -> None:
    room, _, _ = hall
    for _ in range(2):
        assert await room.printing.print(room.slip()) is not None
    used_mm = room.printing.paper.forecast(FIRST).left_mm
    assert used_mm < 75_000
    assert room.printing.paper.forecast(SECOND).left_mm == 75_000
    room.outbox.close()
    again = PrintRoom(tmp_path, settings_for(tmp_path))
    await again.printing.paper.load()
    assert again.printing.paper.forecast(FIRST).left_mm == used_mm
    await again.printing.paper.changed(FIRST)
    again.outbox.close()
    third = PrintRoom(tmp_path, settings_for(tmp_path))
    await third.printing.paper.load()
    assert third.printing.paper.forecast(FIRST).left_mm == 75_000
    third.outbox.close()


async def test_a_roll_that_runs_low_is_told_once_by_the_count_and_by_the_sensor(
    tmp_path: Path,
) -> None:
    with two_printers(tmp_path) as (first, _):
        room = PrintRoom(tmp_path, settings_for(tmp_path, second=False, more="roll_m = 5"))
        await room.printing.start()
        assert room.levels == []
        while not room.levels:
            assert await room.printing.print(room.slip()) is not None
        left = room.printing.paper.forecast(FIRST)
        assert room.levels == [(FIRST, "few")]
        assert left.left_slips == 20
        await room.printing.paper.changed(FIRST)
        assert room.levels[-1] == (FIRST, "plenty")
        first.paper_near_end()
        await room.printing.refresh()
        assert room.levels[-1] == (FIRST, "few")
        await room.close()


async def test_a_terminal_without_a_printer_says_so(tmp_path: Path) -> None:
    room = PrintRoom(tmp_path, Settings())
    await room.printing.start()
    assert room.statuses == [NotReady(Cause.DISCONNECTED)]
    printed = await room.printing.print(room.slip())
    assert printed is not None
    assert printed.outcome == Failed(Cause.DISCONNECTED)
    await room.close()


async def test_a_person_is_told_at_which_outlet_to_look() -> None:
    hall = Hall()
    await hall.scan()
    await hall.print()
    await hall.printed(printer=SECOND)
    assert isinstance(hall.situation, m.PrintEnded)
    assert hall.situation.is_second


async def test_a_pulled_cable_is_said_before_the_printer_is_asked_again(
    hall: Printers, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, first, second = hall
    monkeypatch.setattr("kiosk.daemon.printing.WATCH_EVERY_S", 3600.0)
    asked = asyncio.Event()
    ask = room.printing.refresh

    async def ask_and_tell() -> None:
        await ask()
        asked.set()

    monkeypatch.setattr(room.printing, "refresh", ask_and_tell)
    watching = asyncio.create_task(room.printing.watch())
    await asked.wait()
    first.unplug()
    second.unplug()
    async with asyncio.timeout(60):
        while room.printing.status != NotReady(Cause.DISCONNECTED):
            await asyncio.sleep(0.01)
    watching.cancel()
    assert room.statuses[-1] == NotReady(Cause.DISCONNECTED)
