"""Brightness by the kernel's backlight class, on a folder that looks like it."""

from pathlib import Path

import pytest

from drivers.backlight import LEAST_PERCENT, Backlight, Dark, Lit


def panel(folder: Path, name: str, kind: str, now: int, most: int) -> Path:
    made = folder / name
    made.mkdir(parents=True)
    (made / "brightness").write_text(f"{now}\n")
    (made / "max_brightness").write_text(f"{most}\n")
    (made / "type").write_text(f"{kind}\n")
    return made


def test_a_monitor_without_backlight_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "no_such_class"):
        assert Backlight(folder).read() is Dark.NO_BACKLIGHT
        assert Backlight(folder).set(50) is Dark.NO_BACKLIGHT


def test_percent_of_the_panels_own_most(tmp_path: Path) -> None:
    made = panel(tmp_path, "intel_backlight", "raw", 96000, 120000)
    assert Backlight(tmp_path).read() == Lit(80)
    assert Backlight(tmp_path).set(25) == Lit(25)
    assert int((made / "brightness").read_text()) == 30000


@pytest.mark.parametrize(
    ("asked", "percent"), [(0, LEAST_PERCENT), (-5, LEAST_PERCENT), (150, 100)]
)
def test_never_so_dark_that_nobody_finds_back(tmp_path: Path, asked: int, percent: int) -> None:
    panel(tmp_path, "acpi_video0", "firmware", 50, 100)
    assert Backlight(tmp_path).set(asked) == Lit(percent)


def test_the_firmwares_way_before_the_raw_one(tmp_path: Path) -> None:
    raw = panel(tmp_path, "a_raw", "raw", 10, 100)
    panel(tmp_path, "b_firmware", "firmware", 10, 100)
    assert Backlight(tmp_path).set(70) == Lit(70)
    assert (raw / "brightness").read_text() == "10\n"


@pytest.mark.parametrize("most", ["0\n", "", "many\n"])
def test_a_panel_that_makes_no_sense_is_refused_not_guessed(tmp_path: Path, most: str) -> None:
    made = panel(tmp_path, "odd", "raw", 1, 1)
    (made / "max_brightness").write_text(most)
    assert Backlight(tmp_path).read() is Dark.REFUSED


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    made = panel(tmp_path, "p", "raw", 1, 10)
    (made / "brightness").unlink()
    (made / "brightness").mkdir()  # opens for nobody, root included
    assert Backlight(tmp_path).read() is Dark.REFUSED
    assert Backlight(tmp_path).set(50) is Dark.REFUSED
