"""One portrait window for the tests that press buttons, and the survey of all screens."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from offscreen import Stage
from survey import SIZES, SURVEY_WITHIN_S, View

SURVEY = Path(__file__).with_name("survey.py")


@pytest.fixture(scope="session")
def only_stage() -> Stage:
    return Stage((1080, 1920))


@pytest.fixture
def stage(only_stage: Stage) -> Iterator[Stage]:
    yield only_stage
    only_stage.frame.disconnected()
    only_stage.settle()
    only_stage.sent.clear()


@pytest.fixture(scope="session")
def surveys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[View]]:
    folder = tmp_path_factory.mktemp("survey")
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    running = {
        size: subprocess.Popen(
            [sys.executable, str(SURVEY), size, str(folder / size), "", "", "compare"],
            env=env,
            stderr=subprocess.PIPE,
        )
        for size in SIZES
    }
    taken: dict[str, list[View]] = {}
    for size, process in running.items():
        _, errors = process.communicate(timeout=SURVEY_WITHIN_S)
        assert process.returncode == 0, errors.decode()[-2000:]
        taken[size] = msgspec.json.decode((folder / size).read_bytes(), type=list[View])
    return taken
