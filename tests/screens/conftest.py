"""One portrait window for the tests that press buttons."""

from collections.abc import Iterator

import pytest
from offscreen import Stage


@pytest.fixture(scope="session")
def only_stage() -> Stage:
    return Stage((1080, 1920))


@pytest.fixture
def stage(only_stage: Stage) -> Iterator[Stage]:
    yield only_stage
    only_stage.frame.disconnected()
    only_stage.settle()
    only_stage.sent.clear()
