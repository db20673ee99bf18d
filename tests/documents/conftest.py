"""An A4 printer, and its driver."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from a4_kit import printer_at

from drivers.documents.a4_printer import A4Printer
from drivers.simulated.a4 import SimulatedA4


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedA4]:
    with SimulatedA4(tmp_path / "out", sheet_s=0.0) as simulated:
        yield simulated


@pytest.fixture
def printer(device: SimulatedA4) -> A4Printer:
    return printer_at(device.uri)
