"""A clock that tests turn, and an outbox to turn it for."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from offline_queue import KeyRing, Limits, Outbox

BEIJING = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)

# No ballast and no wish for free space: tests that want them say so.
SMALL = Limits(free_bytes=0, ballast_bytes=0)


class TurnedClock:
    """Wall, monotonic and boot, each moved by hand."""

    def __init__(self, wall: datetime = NOON, monotonic_s: float = 1_000.0) -> None:
        self._wall = wall
        self._monotonic_s = monotonic_s
        self._boot = 1

    def wall(self) -> datetime:
        return self._wall

    def monotonic_s(self) -> float:
        return self._monotonic_s

    @property
    def boot_id(self) -> str:
        return f"boot-{self._boot}"

    def pass_s(self, seconds: float) -> None:
        self._wall += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def step_wall(self, seconds: float) -> None:
        self._wall += timedelta(seconds=seconds)

    def reboot(self, monotonic_s: float = 5.0) -> None:
        self._boot += 1
        self._monotonic_s = monotonic_s


class Bench:
    """One outbox that can be closed, opened again, and looked at from outside."""

    def __init__(self, directory: Path, limits: Limits = SMALL) -> None:
        self.path = directory / "outbox.db"
        self.clock = TurnedClock()
        self.ring = KeyRing.new()
        self.limits = limits
        self.outbox = self._open()

    def _open(self) -> Outbox:
        return Outbox.open(self.path, self.ring, clock=self.clock, limits=self.limits)

    def reopen(self) -> Outbox:
        self.outbox.close()
        self.outbox = self._open()
        return self.outbox

    def put(self, body: str = "{}", key: str = "a", kind: str = "act") -> str:
        return self.outbox.put(kind, key, body, at=self.clock.wall()).op_id

    def due_ids(self, limit: int = 100) -> list[str]:
        return [entry.op_id for entry in self.outbox.due(limit, 1 << 20)]


BenchMaker = Callable[..., Bench]


def body_of(number: int) -> str:
    return json.dumps({"id": number, "pad": "x" * 200})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
