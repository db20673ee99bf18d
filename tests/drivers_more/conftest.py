"""What the devices of these tests need."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def fonts_dir() -> Path:
    given = os.environ.get("KIOSK_FONTS")
    return Path(given) if given else Path(__file__).parents[2] / "build" / "fonts"
