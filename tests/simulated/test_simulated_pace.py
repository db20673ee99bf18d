"""How fast simulated printers are, and whose name they bear."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from printer_bench import INSTANT, Bench

from drivers.printers.profile import load_profile, profile_names
from drivers.simulated.model import MODEL_80_MM, PROFILE_OF_WIDTH, model_for_width, model_like
from drivers.simulated.paper import Ending, Piece
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.slips import SlipTray

CUT = b"\x1dVA\x00"
PROOF = b"\x1d(H\x06\x0000abcd"
PROVEN = b"\x37\x22abcd\x00"


@pytest.mark.parametrize("name", profile_names())
def test_the_printer_of_a_profile_says_a_name_that_the_profile_knows(
    new_bench: Callable[..., Bench], name: str
) -> None:
    profile = load_profile(name)
    bench = new_bench(model_like(profile))
    said = bench.send(b"\x1dIC")
    assert not profile.models or said[1:-1].decode() in profile.models
    bench.send(b"x" * profile.columns + b"\n")
    assert bench.send(PROOF) + bench.later(2.0) == (PROVEN if profile.process_id else b"")
    assert bench.engine.unprintable == ()


@pytest.mark.parametrize("width_mm", PROFILE_OF_WIDTH)
def test_the_usual_printer_of_a_width_obeys_its_profile(width_mm: int) -> None:
    profile = load_profile(PROFILE_OF_WIDTH[width_mm])
    assert model_for_width(width_mm) == model_like(profile)
    assert model_for_width(width_mm).columns == profile.columns


def test_a_line_that_is_looked_at_late_is_as_fast_as_its_speed(
    tmp_path: Path, fonts_dir: Path
) -> None:
    now = [100.0]
    printer = SimulatedPrinter(
        tmp_path / "p", fonts_dir, tmp_path / "out", INSTANT, baud=9600, clock=lambda: now[0]
    )
    taken = 0
    while taken < 9600:
        room = printer.room_bytes(now[0])
        if room:
            printer.received(b"x" * room, now[0])
        taken += room
        now[0] += 0.007  # the thread comes too late each time
    assert now[0] - 100.0 == pytest.approx(10.0, abs=0.05)


def test_a_line_that_was_idle_has_saved_nothing_up(tmp_path: Path, fonts_dir: Path) -> None:
    printer = SimulatedPrinter(
        tmp_path / "p", fonts_dir, tmp_path / "out", INSTANT, baud=9600, clock=lambda: 0.0
    )
    printer.received(b"x" * 32, 50.0)
    assert printer.room_bytes(50.02) == 0
    assert printer.room_bytes(50.04) > 0


def test_a_line_saves_nothing_up_between_two_short_questions(
    tmp_path: Path, fonts_dir: Path
) -> None:
    printer = SimulatedPrinter(
        tmp_path / "p", fonts_dir, tmp_path / "out", INSTANT, baud=9600, clock=lambda: 0.0
    )
    printer.received(b"\x10\x04\x01", 50.0)  # 3.1 ms
    printer.received(b"x" * 32, 50.009)
    assert printer.room_bytes(50.009 + 0.033) == 0
    assert printer.room_bytes(50.009 + 0.034) > 0


def test_a_mechanism_that_is_looked_at_late_does_not_pause(
    new_bench: Callable[..., Bench],
) -> None:
    bench = new_bench(replace(MODEL_80_MM, speed_mm_s=100.0, cut_s=0.0))
    bench.send(b"x\n" * 100 + PROOF)
    said = b""
    while not said:  # 3.75 mm a line take 37.5 ms; the thread comes up to 4 ms later
        at = bench.engine.next_event_at()
        assert at is not None
        bench.now = at + 0.004
        bench.engine.work(bench.now)
        said = bench.heard()
    assert said == PROVEN
    assert bench.now - 100.0 == pytest.approx(3.75, abs=0.01)


def test_a_slip_that_cannot_be_written_is_not_passed_over(tmp_path: Path) -> None:
    tray = SlipTray(tmp_path / "out", INSTANT)
    (tmp_path / "out").rmdir()
    tray.keep(Piece((), complete=True, ending=Ending.CUT))
    with pytest.raises(OSError, match="slip-0001"):
        _ = tray.slips
    assert tray.count == 1
