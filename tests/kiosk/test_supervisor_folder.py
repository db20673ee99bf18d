"""Where a supervisor hears its children."""

from pathlib import Path

from config.schema import Paths, Settings
from kiosk.terminal import sockets_folder

SETTINGS = Settings(paths=Paths(state_dir="/state"))


def test_in_the_state_folder_on_a_desk() -> None:
    assert sockets_folder(SETTINGS, {}) == Path("/state/notify")


def test_in_its_own_folder_under_systemd() -> None:
    given = {"RUNTIME_DIRECTORY": "/run/kiosk-screen:/run/other"}
    assert sockets_folder(SETTINGS, given) == Path("/run/kiosk-screen/notify")
