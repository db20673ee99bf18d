"""A whole terminal for the tests of this folder."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from started_terminal import whole_terminal
from whole_terminal import WholeTerminal

sys.path.append(str(Path(__file__).parents[1] / "documents"))  # CUPS's own printer is there


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeTerminal]:
    os.environ.pop("WAYLAND_DISPLAY", None)
    with whole_terminal(tmp_path_factory.mktemp("terminal")) as started:
        yield started


@pytest.fixture
def at_home(terminal: WholeTerminal) -> WholeTerminal:
    """The terminal with everything well and nobody at it."""
    terminal.everything_well()
    return terminal
