"""One real service process for all tests that only ask it."""

from collections.abc import Generator
from pathlib import Path

import pytest
from central_kit import ServiceProcess


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Generator[ServiceProcess]:
    directory: Path = tmp_path_factory.mktemp("central") / "service"
    process = ServiceProcess(directory).start()
    yield process
    assert process.stop() == 0
