"""The queue against a model of it that fits on a page: anything done to both looks the same."""

import dataclasses
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)
from queue_kit import SMALL, Bench

from offline_queue import Deferred, Done, Head, Outbox, OutboxFull, Parked, State

KEPT = 12
MEMORY = Path("/dev/shm")  # noqa: S108 (mkdtemp makes the name in it)
# Few in every run; as many as the profile says where thousands are asked for.
EXAMPLES = settings().max_examples if os.environ.get("HYPOTHESIS_PROFILE") else 80


@dataclass
class Model:
    """What one operation should be."""

    op_id: str
    key: str
    body: str
    state: State = State.WAITING
    wait_s: float | None = None  # as last deferred
    free_at: float = 0.0
    attempts: int = 0
    holds: bool = False


class Queue(RuleBasedStateMachine):
    """Rules are what the daemon, a crash, a boot and a clock can do."""

    ops = Bundle("ops")

    @initialize()
    def begin(self) -> None:
        # In memory: what a disk keeps is the subject of other tests, and syncs would cost minutes.
        self.directory = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        limits = dataclasses.replace(SMALL, kept=KEPT)
        self.bench = Bench(self.directory, limits)
        self.model: list[Model] = []
        self.refused = 0
        self.lives = 0

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            self.bench.outbox.close()
            shutil.rmtree(self.directory)

    @rule(target=ops, key=st.sampled_from("abc"), body=st.text(max_size=20))
    def put(self, key: str, body: str) -> str:
        kept = sum(m.state is not State.DONE for m in self.model)
        try:
            op_id = self.bench.put(body, key)
        except OutboxFull:
            assert kept == KEPT
            self.refused += 1
            return "01900000-0000-7000-8000-000000000000"
        assert kept < KEPT
        self.model.append(Model(op_id, key, body))
        return op_id

    @rule(op_id=ops)
    def done(self, op_id: str) -> None:
        self.bench.outbox.settle([Done(op_id, "new")])
        for m in self._named(op_id):
            m.state, m.holds = State.DONE, False

    @rule(op_id=ops)
    def park(self, op_id: str) -> None:
        self.bench.outbox.settle([Parked(op_id, "final")])
        for m in self._named(op_id):
            if m.state is State.WAITING:
                m.state, m.holds = State.PARKED, True
                m.attempts += 1

    @rule(op_id=ops, wait_s=st.sampled_from([0.0, 1.0, 50.0, 4_000.0]))
    def defer(self, op_id: str, wait_s: float) -> None:
        self.bench.outbox.settle([Deferred(op_id, wait_s, "later")])
        for m in self._named(op_id):
            if m.state is State.WAITING:
                m.free_at, m.wait_s = self._now + wait_s, wait_s
                m.attempts += 1

    @rule(op_ids=st.lists(ops, max_size=4), seed=st.randoms())
    def settle_mixed(self, op_ids: list[str], seed: object) -> None:
        """Done beats Parked beats Deferred, whatever the order in the batch."""
        kinds = [Done(o, "new") if n % 2 else Parked(o, "final") for n, o in enumerate(op_ids)]
        seed.shuffle(kinds)  # pyright: ignore[reportAttributeAccessIssue] (random.Random)
        self.bench.outbox.settle(kinds)
        for settlement in sorted(kinds, key=lambda s: isinstance(s, Parked)):
            for m in self._named(settlement.op_id):
                if isinstance(settlement, Done):
                    m.state, m.holds = State.DONE, False
                elif m.state is State.WAITING:
                    m.state, m.holds = State.PARKED, True
                    m.attempts += 1

    @rule(op_id=ops)
    def replay(self, op_id: str) -> None:
        for m in self._named(op_id):
            self.bench.outbox.replay(op_id)
            if m.state is State.PARKED:
                m.state, m.holds, m.attempts = State.WAITING, False, 0
                m.free_at, m.wait_s = 0.0, None

    @rule(op_id=ops)
    def release_key(self, op_id: str) -> None:
        for m in self._named(op_id):
            self.bench.outbox.release_key(op_id)
            m.holds = False

    @rule(op_id=consumes(ops))
    def put_the_same_again(self, op_id: str) -> None:
        for m in self._named(op_id):
            at = self.bench.clock.wall()
            again = self.bench.outbox.put("act", m.key, m.body, at=at, op_id=op_id)
            assert again.seq == self.model.index(m) + 1

    @rule(seconds=st.sampled_from([0.5, 30.0, 5_000.0]))
    def time_passes(self, seconds: float) -> None:
        self.bench.clock.pass_s(seconds)

    @rule(seconds=st.sampled_from([-1e7, -30.0, 30.0, 1e7]))
    def wall_clock_steps(self, seconds: float) -> None:
        self.bench.clock.step_wall(seconds)

    @rule()
    def restart(self) -> None:
        self.bench.reopen()

    @rule()
    def crash(self) -> None:
        """The process is gone in mid-air: another one opens the files as they lie."""
        self.lives += 1
        after = self.directory / f"life-{self.lives}"
        after.mkdir()
        for suffix in ("", "-wal"):
            before = self.bench.path.with_name(self.bench.path.name + suffix)
            if before.exists():
                shutil.copy(before, after / before.name)
        self.bench.outbox.close()
        self.bench.path = after / "outbox.db"
        self.bench.outbox = Outbox.open(
            self.bench.path, self.bench.ring, clock=self.bench.clock, limits=self.bench.limits
        )

    @rule(monotonic_s=st.sampled_from([0.0, 7.0, 1e6]))
    def boot(self, monotonic_s: float) -> None:
        self.bench.clock.reboot(monotonic_s)
        self.bench.reopen()
        cap = self.bench.limits.wait_after_boot_s
        for m in self.model:
            if m.state is State.WAITING and m.wait_s is not None:
                m.free_at = self._now + min(m.wait_s, cap)

    @invariant()
    def due_is_what_may_go(self) -> None:
        if not hasattr(self, "bench"):
            return
        due = self.bench.outbox.due(100, 1 << 20)
        assert [(e.op_id, e.body, e.attempts) for e in due] == [
            (m.op_id, m.body, m.attempts) for m in self._due_at(self._now)
        ]
        # A shorter batch is a prefix of the longer one.
        assert self.bench.outbox.due(2, 1 << 20) == due[:2]

    @invariant()
    def next_due_is_the_moment_something_goes(self) -> None:
        if not hasattr(self, "bench"):
            return
        wait_s = self.bench.outbox.next_due_in_s()
        moments = sorted({m.free_at for m in self.model if m.free_at > self._now})
        expected = next((t for t in [self._now, *moments] if self._due_at(t)), None)
        if expected is None:
            assert wait_s is None
        else:
            assert wait_s is not None
            assert abs(wait_s - (expected - self._now)) < 1e-6

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "bench"):
            return
        states = [self.bench.outbox.state_of(m.op_id) for m in self.model]
        assert states == [m.state for m in self.model]
        counts = self.bench.outbox.counts()
        assert (counts.waiting, counts.parked) == (
            states.count(State.WAITING),
            states.count(State.PARKED),
        )
        assert [p.op_id for p in self.bench.outbox.parked()] == [
            m.op_id for m in self.model if m.state is State.PARKED
        ]
        assert self.bench.outbox.head.seq == len(self.model)
        assert sum(r.count for r in self.bench.outbox.refusals()) == self.refused
        if not self.model:
            assert self.bench.outbox.head == Head(0, "00" * 32)

    @property
    def _now(self) -> float:
        return self.bench.clock.monotonic_s()

    def _named(self, op_id: str) -> list[Model]:
        return [m for m in self.model if m.op_id == op_id]

    def _due_at(self, now: float) -> list[Model]:
        held: set[str] = set()
        due: list[Model] = []
        for m in self.model:
            waits = m.state is State.WAITING and m.free_at > now
            if waits or (m.state is State.PARKED and m.holds):
                held.add(m.key)
            elif m.state is State.WAITING and m.key not in held:
                due.append(m)
        return due


Queue.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestQueue = Queue.TestCase
