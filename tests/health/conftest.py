"""A terminal whose devices are simulated, for whoever does something to it."""

from collections.abc import Generator
from pathlib import Path

import pytest

from drivers.printers.profile import load_profile
from drivers.simulated.devices import SimulatedDevices
from drivers.simulated.model import model_like
from kiosk.fonts import fonts_dir


@pytest.fixture
def devices(tmp_path: Path) -> Generator[SimulatedDevices]:
    model = model_like(load_profile("epson-tm-t88"))  # as `daemon_kit` sets it up
    where = (tmp_path / "devices", fonts_dir(), tmp_path / "slips")
    with SimulatedDevices(*where, model=model) as simulated:
        yield simulated
