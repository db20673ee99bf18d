"""A slip that a presenter holds out: taken, drawn back in, or left; and what people are told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from printing_kit import SLIP, PrintRoom
from visit_kit import Hall, HandClock

from config.load import load
from drivers.printers.outcome import Proven
from drivers.printers.presenter import Bezel
from drivers.printers.profile import load_profile
from drivers.printers.status import Ready
from drivers.simulated.model import model_like
from drivers.simulated.paper import Ending
from drivers.simulated.printer import SimulatedPrinter
from kiosk import messages as m
from kiosk.daemon import held_slips
from kiosk.daemon.health import fault_of_printer
from kiosk.daemon.held_slips import Fate, fate_of
from kiosk.fonts import fonts_dir

MODEL = replace(
    model_like(load_profile("custom-vkp80")), speed_mm_s=None, cut_s=0.0, taken_after_s=None
)
WAIT_S = 20.0


class Presented:
    """The daemon's printing with a kiosk printer."""

    def __init__(self, folder: Path, device: SimulatedPrinter) -> None:
        file = folder / "terminal.toml"
        file.write_text(f'[printer]\naddress = "{device.path}"\nprofile = "custom-vkp80"\n')
        self.device = device
        self.room = PrintRoom(folder, load([file]))

    async def print(self) -> str:
        slip = self.room.slip()
        printed = await self.room.printing.print(slip)
        assert printed is not None
        assert printed.outcome == Proven(waits=True)
        return slip.number

    async def fate(self, number: str) -> Fate:
        async with asyncio.timeout(WAIT_S):
            while True:
                told = [fate for slip, _, fate in self.room.fates if slip == number]
                if told:
                    return told[0]
                await asyncio.sleep(0.01)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Presented]:
    with SimulatedPrinter(tmp_path / "printer", fonts_dir(), tmp_path / "out", MODEL) as device:
        presented = Presented(tmp_path, device)
        await presented.room.printing.start()
        yield presented
        await presented.room.close()


async def test_a_slip_that_a_hand_takes_is_taken(at: Presented) -> None:
    number = await at.print()
    at.device.take_slip()
    assert await at.fate(number) is Fate.TAKEN


async def test_a_slip_that_nobody_takes_is_drawn_in(
    at: Presented, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_slips, "TAKE_WITHIN_S", 0.0)
    number = await at.print()
    assert await at.fate(number) is Fate.RETRACTED
    assert [slip.ending for slip in at.device.slips] == [Ending.RETRACTED]


async def test_the_next_print_draws_in_what_is_still_held_out(at: Presented) -> None:
    first = await at.print()
    second = await at.print()
    assert at.room.fates == [(first, 0, Fate.RETRACTED)]
    at.device.take_slip()
    assert await at.fate(second) is Fate.TAKEN
    assert [slip.ending for slip in at.device.slips] == [Ending.RETRACTED, Ending.CUT]


async def test_a_slip_that_cannot_be_drawn_in_is_a_fault_until_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_slips, "TAKE_WITHIN_S", 0.0)
    monkeypatch.setattr("drivers.printers.asking._RETRACT_S", 0.3)
    model = replace(MODEL, retracts=False)
    with SimulatedPrinter(tmp_path / "printer", fonts_dir(), tmp_path / "out", model) as device:
        at = Presented(tmp_path, device)
        await at.room.printing.start()
        assert await at.fate(await at.print()) is Fate.LEFT
        await at.room.printing.refresh()
        assert at.room.told[-1] == ("printer", "slip_left")
        assert fault_of_printer(at.room.printing.status) == "printer_slip_left"
        device.take_slip()
        await at.room.printing.refresh()
        assert at.room.printing.status == Ready()
        await at.room.close()


async def test_a_trial_slip_that_nobody_takes_is_drawn_in_and_is_nobodys_news(
    at: Presented, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_slips, "TAKE_WITHIN_S", 0.0)
    assert await at.room.printing.print_trial("printer", SLIP) == Proven(waits=True)
    await asyncio.to_thread(at.device.wait_for_slips, 1)
    assert [slip.ending for slip in at.device.slips] == [Ending.RETRACTED]
    assert at.room.fates == []


async def test_a_slip_that_the_stop_of_the_terminal_left_there_is_drawn_in(
    at: Presented, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at.print()
    await at.room.close()
    monkeypatch.setattr(held_slips, "TAKE_WITHIN_S", 0.0)
    at.room = PrintRoom(tmp_path, load([tmp_path / "terminal.toml"]))
    await at.room.printing.start()
    await asyncio.to_thread(at.device.wait_for_slips, 1)
    assert [slip.ending for slip in at.device.slips] == [Ending.RETRACTED]


@pytest.mark.parametrize(
    ("said", "after", "fate"),
    [
        ([Bezel.EMPTY], Bezel.EMPTY, Fate.TAKEN),
        ([Bezel.HOLDS_SLIP], Bezel.EMPTY, Fate.RETRACTED),
        ([Bezel.HOLDS_SLIP], Bezel.HOLDS_SLIP, Fate.LEFT),
        ([Bezel.HOLDS_SLIP], Bezel.SILENT, Fate.UNKNOWN),
        ([Bezel.SILENT], Bezel.EMPTY, Fate.UNKNOWN),
    ],
)
async def test_silence_is_never_taken_and_never_drawn_in(
    said: list[Bezel], after: Bezel, fate: Fate
) -> None:
    hurry = asyncio.Event()
    hurry.set()

    async def look() -> Bezel:
        return said.pop(0)

    async def retract() -> Bezel:
        return after

    assert await fate_of(look, retract, HandClock(), hurry) is fate


async def test_who_is_still_here_is_told_and_may_print_again() -> None:
    hall = Hall()
    await hall.scan()
    await hall.print()
    await hall.printed(Proven(waits=True))
    ended = hall.situation
    assert isinstance(ended, m.PrintEnded)
    hall.visit.slip_held(ended.slip, 0, Fate.TAKEN)
    assert hall.situation == ended
    hall.visit.slip_held(ended.slip, 0, Fate.RETRACTED)
    shown = hall.situation
    assert isinstance(shown, m.PrintEnded)
    assert (shown.outcome, shown.not_taken, shown.can_reprint) == ("proven", "retracted", True)
    hall.visit.intend(m.Reprint(hall.turn))
    await hall.settle()
    assert hall.desk.prints[-1][:2] == (ended.slip, 1)


async def test_the_next_person_is_told_nothing_of_it() -> None:
    hall = Hall()
    await hall.scan()
    await hall.print()
    await hall.printed(Proven(waits=True))
    ended = hall.situation
    assert isinstance(ended, m.PrintEnded)
    hall.visit.end()
    hall.visit.slip_held(ended.slip, 0, Fate.RETRACTED)
    assert isinstance(hall.situation, m.Home)
