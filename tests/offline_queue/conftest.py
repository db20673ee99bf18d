from collections.abc import Iterator
from pathlib import Path

import pytest
from queue_kit import SMALL, Bench, BenchMaker

from offline_queue import Limits


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[BenchMaker]:
    made: list[Bench] = []

    def make(limits: Limits = SMALL) -> Bench:
        made.append(Bench(tmp_path, limits))
        return made[-1]

    yield make
    for bench in made:
        bench.outbox.close()


@pytest.fixture
def bench(make_bench: BenchMaker) -> Bench:
    return make_bench()
