"""Printers and scanners to try, and the fonts they need."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial
from printer_bench import INSTANT, Bench

from drivers.simulated.devices import SimulatedDevices
from drivers.simulated.glyphs import GlyphFont
from drivers.simulated.model import PrinterModel
from drivers.simulated.printer import SimulatedPrinter


@pytest.fixture(scope="session")
def fonts_dir() -> Path:
    given = os.environ.get("KIOSK_FONTS")
    return Path(given) if given else Path(__file__).parents[2] / "build" / "fonts"


@pytest.fixture(scope="session")
def font(fonts_dir: Path) -> GlyphFont:
    return GlyphFont(fonts_dir)


@pytest.fixture(scope="session")
def new_bench(font: GlyphFont) -> Callable[..., Bench]:
    def make(model: PrinterModel = INSTANT) -> Bench:
        return Bench(model, font)

    return make


@pytest.fixture
def bench(new_bench: Callable[..., Bench]) -> Bench:
    return new_bench()


@pytest.fixture
def printer(tmp_path: Path, fonts_dir: Path) -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(tmp_path / "printer", fonts_dir, tmp_path / "out", INSTANT) as device:
        yield device


@pytest.fixture
def line(printer: SimulatedPrinter) -> Iterator[serial.Serial]:
    with serial.Serial(str(printer.path), timeout=5, write_timeout=5, exclusive=True) as port:
        yield port


@pytest.fixture
def devices(tmp_path: Path, fonts_dir: Path) -> Iterator[SimulatedDevices]:
    with SimulatedDevices(
        tmp_path / "dev", fonts_dir, tmp_path / "out", model=INSTANT
    ) as simulated:
        yield simulated
