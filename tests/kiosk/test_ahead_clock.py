"""A clock that a simulation moves forward."""

from pathlib import Path

from kiosk.clock import AheadClock


def test_it_is_ahead_by_what_stands_in_its_file_and_its_wall_clock_is_not(tmp_path: Path) -> None:
    file = tmp_path / "ahead"
    clock = AheadClock(file)
    before, wall = clock.monotonic(), clock.now()
    file.write_text("1000000.5")
    assert clock.monotonic() - before >= 1_000_000.5
    assert (clock.now() - wall).total_seconds() < 1_000_000
