"""Whatever was promised is kept: after SIGKILL, and after any power cut of a recorded run."""

import itertools
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benches.torture.powerloss import Disk, Said, promises, record
from offline_queue import KeyRing, Limits, Outbox, State

VICTIM = Path(__file__).with_name("victim.py")
LIMITS = Limits(free_bytes=0, ballast_bytes=0)

# The proof asks for thousands (docs/offline-queue.md); every run of the tests does some.
KILLS = int(os.environ.get("QUEUE_KILLS", "12"))
CUTS = int(os.environ.get("QUEUE_CUTS", "60"))


def check_promises(path: Path, ring: KeyRing, said: list[str]) -> None:
    """Every promise is kept, nothing was changed, and the queue still works."""
    outbox = Outbox.open(path, ring, limits=LIMITS)
    try:
        promised = [line.split() for line in said if " " in line]
        for what, op_id in promised:
            state = outbox.state_of(op_id)
            assert state is not None, f"{what} {op_id} is lost"
            assert what == "put" or state is State.DONE, f"{op_id} would be sent again"
        waiting = outbox.counts().waiting
        entries = outbox.due(1_000_000, 1 << 40)
        assert len(entries) == waiting
        assert outbox.parked() == []
        put = [op_id for what, op_id in promised if what == "put"]
        still = [entry.op_id for entry in entries]
        assert [op_id for op_id in still if op_id in set(put)] == [
            op_id for op_id in put if op_id in set(still)
        ]
    finally:
        outbox.close()


@pytest.mark.slow
@pytest.mark.timeout(3_600 if KILLS > 100 else 120)
def test_a_killed_process_breaks_no_promise(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    ring = KeyRing.create_file(key_file)
    said: list[str] = []
    for round_number in range(KILLS):
        rnd = random.Random(round_number)
        with subprocess.Popen(
            [sys.executable, VICTIM, tmp_path, key_file, str(round_number), "1000000"],
            stdout=subprocess.PIPE,
            text=True,
        ) as victim:
            assert victim.stdout is not None
            lines = itertools.islice(victim.stdout, rnd.randrange(80))
            said.extend(line.strip() for line in lines)
            victim.kill()
            rest = victim.stdout.read()
        # The last line may be cut: it was not said whole, so it promised nothing.
        said += rest.splitlines()[: rest.count("\n")]
        check_promises(tmp_path / "outbox.db", ring, said)
        # Checked and never lost again from here on; what was settled may be pruned from memory.
        said = said[-500:]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace records the writes")
@pytest.mark.timeout(3_600 if CUTS > 200 else 120)
@pytest.mark.parametrize("strict", [False, True])
def test_a_power_cut_breaks_no_promise(tmp_path: Path, strict: bool) -> None:
    key_file = tmp_path / "key"
    ring = KeyRing.create_file(key_file)
    lived = tmp_path / "lived"
    lived.mkdir()
    command = [sys.executable, str(VICTIM), str(lived), str(key_file), "7", "400"]
    events = record(command, lived, tmp_path / "strace.log")
    assert sum(isinstance(event, Said) for event in events) > 400
    rnd = random.Random(11)
    moments = sorted(rnd.randrange(len(events) + 1) for _ in range(CUTS))
    disk = Disk(strict=strict)
    replayed = 0
    for number, moment in enumerate(moments):
        for event in events[replayed:moment]:
            disk.replay(event)
        replayed = moment
        after = tmp_path / f"after-{number}"
        after.mkdir()
        disk.cut(rnd, after)
        check_promises(after / "outbox.db", ring, promises(events[:moment]))
        shutil.rmtree(after)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace records the writes")
def test_the_recorder_finds_a_promise_that_was_not_synced(tmp_path: Path) -> None:
    lived = tmp_path / "lived"
    lived.mkdir()
    careless = (
        "import os, sys; f = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY);"
        "os.write(f, b'kept'); os.write(1, b'put kept')"
    )
    events = record([sys.executable, "-c", careless, str(lived / "f")], lived, tmp_path / "log")
    assert promises(events) == ["put kept"]
    found: set[bytes] = set()
    for seed in range(40):
        disk = Disk(strict=True)
        for event in events:
            disk.replay(event)
        after = tmp_path / f"after-{seed}"
        after.mkdir()
        disk.cut(random.Random(seed), after)
        found.add((after / "f").read_bytes() if (after / "f").exists() else b"no file")
    assert found == {b"kept", b"", b"no file"}
