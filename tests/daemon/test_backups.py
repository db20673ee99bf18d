"""Copies are made, proven, sent sealed, and lead back: nothing is lost, nothing is done twice."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from central.client import CentralClient
from central.contract import BackupPartTaken
from central.failure import Failure, NoTime
from central.sandbox.own_terminal import own_terminal
from central.sandbox.platform import SandboxPlatform
from central.service.running import RunningService, run_service
from central.tls import Access
from config.load import load
from config.schema import Settings
from kiosk.cli import main
from kiosk.clock import BEIJING
from kiosk.daemon import acts, journal
from kiosk.daemon.audit import Audit
from kiosk.daemon.backups import Backups, Plan
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.opening import open_queue
from kiosk.daemon.sealed_copy import open_copy, seal_copy
from offline_queue.backup import backups
from offline_queue.entry import Done
from offline_queue.errors import FullBecause, OutboxFull
from offline_queue.sealing import KeyRing, SealBroken

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)


class HandClock:
    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


class Shelf:
    """Takes parts; fails when told."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, int, int, bytes]] = []
        self.fails: Failure | None = None

    async def put_backup_part(
        self, backup_id: str, part: int, parts: int, content: bytes, within_s: float
    ) -> BackupPartTaken | Failure:
        assert within_s > 0
        if self.fails is not None:
            return self.fails
        self.parts.append((backup_id, part, parts, content))
        return BackupPartTaken("r", "s")


class Terminal:
    def __init__(self, folder: Path, second_place: Path) -> None:
        self.state = folder
        self.second_place = second_place
        self.clock = HandClock()
        self.shelf = Shelf()
        self.notes: list[acts.Act] = []
        self.ring, self.outbox = open_queue(folder)
        plan = Plan(folder / "queue.db", second_place, timedelta(hours=1), 3, timedelta(hours=6))
        self.backups = Backups(
            plan,
            self.ring,
            self.clock,
            self.shelf,
            note=self.notes.append,
            link_is_down=lambda: False,
        )

    def owe(self, number: int) -> str:
        return self.outbox.put("test", f"key-{number}", f'{{"n":{number}}}', at=NOON).op_id

    def kiosk(self, *arguments: str, **settings: str) -> Result:
        environment = {
            "KIOSK__PATHS__STATE_DIR": str(self.state),
            "KIOSK__BACKUP__FOLDER": str(self.second_place),
            **settings,
        }
        return CliRunner().invoke(main, arguments, env=environment)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "state", tmp_path / "second")


async def test_a_copy_is_made_proven_sent_and_told(terminal: Terminal) -> None:
    terminal.owe(1)
    made = await terminal.backups.make()
    assert made is not None
    assert terminal.backups.second_place.trouble == ""
    assert [(part, parts) for _, part, parts, _ in terminal.shelf.parts] == [(1, 1)]
    assert [acts.act_id(one) for one in terminal.notes] == ["backup.made", "backup.made"]
    listed = terminal.kiosk("backup", "verify").output
    assert "sound: 1 operations, 0 traces" in listed


async def test_the_copy_at_the_service_opens_only_with_the_terminals_key(
    terminal: Terminal,
) -> None:
    terminal.owe(1)
    made = await terminal.backups.make()
    assert made is not None
    ((backup_id, _, _, sealed),) = terminal.shelf.parts
    assert b"SQLite" not in sealed
    assert open_copy([sealed], backup_id, terminal.ring) == made.read_bytes()
    with pytest.raises(SealBroken):
        open_copy([sealed], "another-id", terminal.ring)


async def test_uploads_rest_between_and_a_lost_link_only_delays_them(terminal: Terminal) -> None:
    terminal.shelf.fails = NoTime()
    await terminal.backups.make()
    assert terminal.backups.service.word == "FAILED: notime (last good: none yet)"
    terminal.shelf.fails = None
    terminal.clock.time += timedelta(hours=1)
    await terminal.backups.make()
    terminal.clock.time += timedelta(hours=1)
    await terminal.backups.make()
    assert len(terminal.shelf.parts) == 1
    terminal.clock.time += timedelta(hours=5)
    await terminal.backups.make()
    assert len(terminal.shelf.parts) == 2
    assert len(backups(terminal.second_place)) == 3


@pytest.mark.parametrize(
    "refusal", [OSError(28, os.strerror(28)), OutboxFull(FullBecause.DISK_FULL)]
)
async def test_a_second_place_that_is_full_is_said_once_and_stops_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    def full(*_: object, **__: object) -> None:
        raise refusal

    with monkeypatch.context() as place:
        place.setattr("kiosk.daemon.backups.back_up", full)
        for _ in range(3):
            assert await terminal.backups.make() is None
    assert terminal.backups.second_place.word == (
        "FAILED: No space left on device (last good: none yet)"
    )
    assert [acts.act_id(one) for one in terminal.notes] == ["backup.failed"]
    terminal.owe(1)
    assert await terminal.backups.make() is not None
    assert terminal.backups.second_place.word == "2026-11-24 12:00"


async def test_copies_are_made_by_themselves_when_they_are_due(terminal: Terminal) -> None:
    terminal.clock.time = datetime.now(BEIJING) - timedelta(hours=2)
    await terminal.backups.make()
    before = len(backups(terminal.second_place))
    terminal.clock.time += timedelta(hours=2)
    running = asyncio.create_task(terminal.backups.run())
    async with asyncio.timeout(60):
        while len(backups(terminal.second_place)) == before:
            await asyncio.sleep(0.02)
    running.cancel()


@given(st.binary(max_size=400_000))
def test_a_copy_in_parts_is_whole_again_or_refused(content: bytes) -> None:
    ring = KeyRing.new()
    parts = seal_copy(content, "id", ring)
    assert open_copy(parts, "id", ring) == content
    if len(parts) > 1:
        with pytest.raises(SealBroken):
            open_copy(parts[1:], "id", ring)
        with pytest.raises(SealBroken):
            open_copy([parts[1], parts[0], *parts[2:]], "id", ring)


# --- the way back -----------------------------------------------------------------------


async def test_a_wiped_terminal_comes_back_from_the_second_place(
    terminal: Terminal, tmp_path: Path
) -> None:
    sent, waiting = terminal.owe(1), terminal.owe(2)
    assert await terminal.backups.make() is not None
    terminal.outbox.settle([Done(sent, "new")])
    keys = tmp_path / "safe"
    keys.mkdir()
    Audit.open(terminal.outbox, terminal.state)
    for name in ("queue.key", "audit.key"):
        (keys / name).write_bytes((terminal.state / name).read_bytes())
        (keys / name).chmod(0o600)
    assert terminal.kiosk("backup", "restore").exit_code == 3  # it is running
    terminal.outbox.close()
    for path in terminal.state.iterdir():
        path.unlink()
    lost = terminal.kiosk("backup", "restore")
    assert (lost.exit_code, "--keys" in lost.output) == (1, True)
    done = terminal.kiosk("backup", "restore", "--keys", str(keys), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["waiting"] == 2
    _, outbox = open_queue(terminal.state)
    assert outbox.generation == 2
    # Both are asked about again, under the ids that they always had.
    assert [entry.op_id for entry in outbox.due(10, 1 << 20)] == [sent, waiting]
    outbox.close()


def test_after_a_restore_no_slip_number_comes_twice(terminal: Terminal) -> None:
    keeper = Keeper(terminal.outbox, terminal.ring, "03", terminal.clock)
    assert not keeper.follow_restore(1)
    before, _ = keeper.next_print("")
    assert keeper.follow_restore(2)
    after, _ = keeper.next_print("")
    assert (before[-4:], after[-4:]) == ("0001", "1002")
    assert not keeper.follow_restore(2)
    next_, _ = keeper.next_print("")
    assert next_[-4:] == "1003"


def test_what_is_over_is_forgotten_and_what_is_owed_is_not(terminal: Terminal) -> None:
    keeper = Keeper(terminal.outbox, terminal.ring, "03", terminal.clock)
    job = journal.Job("job-1", "SF-03-261124-0001", 0, "k", NOON, None)
    keeper.begin_job(job)
    keeper.end_job(job, "proven", "")
    assert keeper.forget_before(NOON) == journal.Erased(0, 0)
    assert keeper.forget_before(NOON + timedelta(seconds=1)) == journal.Erased(1, 0)
    assert terminal.outbox.counts().waiting == 1


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[RunningService]:
    platform = SandboxPlatform(())
    async with run_service(tmp_path / "central", "127.0.0.1", 0, platform) as running:
        yield running


async def enrolled(service: RunningService, tmp_path: Path, folder: Path, number: str) -> Access:
    url = f"https://127.0.0.1:{service.port}"
    return await own_terminal(tmp_path / "central", url, folder, number)


async def test_a_terminal_whose_disks_are_all_lost_comes_back_from_the_service(
    terminal: Terminal, service: RunningService, tmp_path: Path
) -> None:
    settings = {
        "KIOSK__SERVICE__URL": f"https://127.0.0.1:{service.port}",
        "KIOSK__TERMINAL__NUMBER": "03",
    }
    own = await enrolled(service, tmp_path, terminal.state / "identity", "03")
    others = await enrolled(service, tmp_path, tmp_path / "others", "04")
    op_id = terminal.owe(1)
    made = await terminal.backups.make()
    assert made is not None
    content = made.read_bytes() + os.urandom(300_000)  # three parts; read as a whole, not opened
    async with CentralClient.with_access(own, "03") as client:
        for number, part in enumerate(parts := seal_copy(content, "a-1", terminal.ring), start=1):
            await client.put_backup_part("a-1", number, len(parts), part, 30)
        assert len(parts) == 3
        for _, number, count, part in terminal.shelf.parts:
            await client.put_backup_part("b-2", number, count, part, 30)
    async with CentralClient.with_access(others, "04") as other:
        assert (await other.backups(30)).backups == ()  # type: ignore[union-attr]  # it answers
    terminal.outbox.close()
    made.unlink()
    (terminal.state / "queue.db").unlink()
    listed = await asyncio.to_thread(terminal.kiosk, "backup", "list", "--service", **settings)
    assert [line.split()[-1] for line in listed.output.splitlines()] == ["b-2", "a-1"]
    wrong = await asyncio.to_thread(
        terminal.kiosk, "backup", "restore", "b-2", "--service", **settings
    )
    assert wrong.exit_code == 1  # sealed under another name: parts cannot be passed off
    assert list(terminal.state.glob("*.fetched")) == []
    async with CentralClient.with_access(own, "03") as client:
        for backup_id, number, count, part in terminal.shelf.parts:
            await client.put_backup_part(backup_id, number, count, part, 30)
    done = await asyncio.to_thread(terminal.kiosk, "backup", "restore", "--service", **settings)
    assert done.exit_code == 0, done.output
    _, outbox = open_queue(terminal.state)
    assert [entry.op_id for entry in outbox.due(10, 1 << 20)] == [op_id]
    outbox.close()


# --- what is held, and the end ----------------------------------------------------------


def test_the_report_says_what_is_held_and_until_when(terminal: Terminal) -> None:
    terminal.owe(1)
    Audit.open(terminal.outbox, terminal.state)
    held = json.loads(terminal.kiosk("privacy", "report", "--json").output)
    said = {one["what"]: one for one in held}
    (owed,) = [one for what, one in said.items() if what.startswith("acts that")]
    assert (owed["count"], owed["guarded"]) == (1, "sealed (AES-256-GCM)")
    assert "2026-11-24" in owed["what"]
    assert all(one["until"] and one["where"] for one in held)
    said = terminal.kiosk("privacy", "report").output
    assert "until" in said
    assert ": -1" not in said
    assert "day," not in said


async def test_a_terminal_is_ended_only_when_nothing_is_owed_and_on_a_clear_word(
    terminal: Terminal,
) -> None:
    terminal.owe(1)
    copy = await terminal.backups.make()
    assert copy is not None
    assert terminal.kiosk("decommission", "--yes").exit_code == 3
    terminal.outbox.close()
    assert terminal.kiosk("decommission").exit_code == 1
    assert "1 operations were not sent" in terminal.kiosk("decommission", "--yes").output
    assert copy.exists()
    assert terminal.kiosk("decommission", "--yes", "--even-if-owed").exit_code == 0
    assert not copy.exists()
    assert [path.name for path in terminal.state.iterdir()] == ["queue.db.lock"]


def test_settings_of_backup_and_retention_have_ranges() -> None:
    assert isinstance(load((), {}), Settings)
    for name, value in (("BACKUP__EVERY_MINUTES", "0"), ("RETENTION__DONE_DAYS", "0")):
        with pytest.raises(ValueError):
            load((), {f"KIOSK__{name}": value})
