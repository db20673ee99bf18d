"""A terminal whose devices are simulated, for whoever does something to it."""

from collections.abc import Generator
from pathlib import Path

import pytest

from drivers.simulated.devices import SimulatedDevices
from kiosk.fonts import fonts_dir


@pytest.fixture
def devices(tmp_path: Path) -> Generator[SimulatedDevices]:
    with SimulatedDevices(tmp_path / "devices", fonts_dir(), tmp_path / "slips") as simulated:
        yield simulated
