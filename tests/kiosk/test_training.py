"""A training in the place of a terminal: nothing real is touched, and it ends by itself."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.schema import Paths, Settings
from kiosk.clock import BEIJING
from kiosk.commands.training import training
from kiosk.daemon.accounts.pins import is_weak
from kiosk.daemon.accounts.roster import StaffRole, read_roster
from kiosk.daemon.opening import open_queue
from kiosk.simulation import training as t
from offline_queue.audit import last_records
from offline_queue.database import open_reader
from offline_queue.errors import OwnedElsewhere

PLAN = t.Plan(by="1001", hours=4)


class Hours:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.s = 100.0

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 9, 0, tzinfo=BEIJING)

    def monotonic(self) -> float:
        return self.s


class FakeStage:
    panel_url = "http://127.0.0.1:0"

    def __init__(self, begun: Callable[[], Awaitable[None]]) -> None:
        self._begun = begun
        self.stopped = 0

    async def start(self) -> None:
        await self._begun()

    async def stop(self) -> None:
        self.stopped += 1


class Terminal:
    """A terminal that served, and what a training does to it."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.real = Settings(paths=Paths(state_dir=str(self.state)))
        self.folder = t.training_folder(self.real, "")
        self.clock = Hours()
        self.stages: list[FakeStage] = []
        open_queue(self.state)[1].close()

    def owe(self) -> None:
        _, outbox = open_queue(self.state)
        outbox.put("print", "slip", "{}", at=datetime.now(UTC))
        outbox.close()

    async def train(self, begun: Callable[[], Awaitable[None]], plan: t.Plan = PLAN) -> t.Because:
        def stage(folder: Path, real: Settings) -> FakeStage:
            assert real is self.real
            assert not folder.exists()
            folder.mkdir()
            (folder / "slip.png").write_bytes(b"made up")
            self.stages.append(FakeStage(begun))
            return self.stages[-1]

        return await t.run_training(self.real, plan, self.clock, self.folder, stage)

    async def until_over(self) -> None:
        self.clock.s += PLAN.hours * 3600

    @property
    def told(self) -> list[tuple[str, dict[str, str]]]:
        connection = open_reader(self.state / "queue.db")
        records = last_records(connection, 50)
        connection.close()
        return [(one.event, dict(one.fields)) for one in reversed(records)]

    @property
    def operations(self) -> list[tuple[object, ...]]:
        connection = open_reader(self.state / "queue.db")
        rows = connection.execute("select * from operations order by seq").fetchall()
        connection.close()
        return rows

    @property
    def files(self) -> dict[str, bytes]:
        """All but the queue itself, which holds the audit too."""
        found = (path for path in self.state.rglob("*") if path.is_file())
        return {str(one): one.read_bytes() for one in found if not one.name.startswith("queue.db")}


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


async def test_it_ends_by_itself_and_leaves_only_its_two_entries(terminal: Terminal) -> None:
    terminal.owe()
    # The first entry of an audit makes its key: that is none of the training's doing.
    await terminal.train(terminal.until_over, t.Plan("1001", 4, anyway=True))
    operations, files, told = terminal.operations, terminal.files, terminal.told
    assert await terminal.train(terminal.until_over, t.Plan("1001", 4, anyway=True)) is (
        t.Because.TIME_OVER
    )
    assert [stage.stopped for stage in terminal.stages] == [1, 1]
    assert (terminal.operations, terminal.files) == (operations, files)
    assert len(operations) == 1
    assert not terminal.folder.exists()
    assert terminal.told[len(told) :] == [
        ("training.begun", {"by": "1001", "minutes": "240", "owed": "1"}),
        ("training.ended", {"because": "time_over"}),
    ]


async def test_the_terminal_cannot_run_beside_it_and_can_after_it(terminal: Terminal) -> None:
    async def begun() -> None:
        with pytest.raises(OwnedElsewhere):
            open_queue(terminal.state)
        os.kill(os.getpid(), signal.SIGTERM)

    assert await terminal.train(begun) is t.Because.STOPPED
    open_queue(terminal.state)[1].close()


async def test_it_does_not_begin_beside_a_terminal_that_runs(terminal: Terminal) -> None:
    _, outbox = open_queue(terminal.state)
    with pytest.raises(t.TrainingRefused, match="is running"):
        await terminal.train(terminal.until_over)
    outbox.close()
    assert terminal.stages == []


async def test_it_does_not_begin_while_something_waits_to_be_sent(terminal: Terminal) -> None:
    terminal.owe()
    with pytest.raises(t.TrainingRefused, match="1 operations are not sent yet"):
        await terminal.train(terminal.until_over)
    assert (terminal.stages, terminal.told) == ([], [])


async def test_one_that_cannot_be_run_is_over_at_once(terminal: Terminal) -> None:
    async def begun() -> None:
        raise OSError("no screen")

    with pytest.raises(OSError, match="no screen"):
        await terminal.train(begun)
    assert terminal.stages[0].stopped == 1
    assert terminal.told[-1] == ("training.ended", {"because": "failed"})
    assert not terminal.folder.exists()


async def test_one_that_never_gets_ready_is_over_in_time(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(t, "START_WITHIN_S", 0.01)
    with pytest.raises(TimeoutError):
        await terminal.train(asyncio.Event().wait)  # pyright: ignore[reportArgumentType]
    assert terminal.told[-1] == ("training.ended", {"because": "failed"})


async def test_what_a_killed_one_left_is_not_taken_over(terminal: Terminal) -> None:
    terminal.folder.mkdir()
    (terminal.folder / "slip.png").write_bytes(b"of another training")
    await terminal.train(terminal.until_over)
    assert not terminal.folder.exists()


def test_what_names_anything_real_is_forgotten() -> None:
    environment = {
        "KIOSK_SETTINGS": "/etc/kiosk/terminal.toml",
        "KIOSK__SERVICE__URL": "https://real",
        "KIOSK_FONTS": "/fonts",
        "CENTRAL_DATABASE": "postgresql://real",
        "CREDENTIALS_DIRECTORY": "/run/credentials",
        "DISPLAY": ":0",
    }
    t.forget_what_is_real(environment, "")
    assert environment == {"KIOSK_FONTS": "/fonts", "DISPLAY": ":0"}


def test_its_terminal_has_the_halls_name_and_staff_of_its_own(tmp_path: Path) -> None:
    real = Settings(paths=Paths(state_dir=str(tmp_path / "state")))
    t.whole_terminal(tmp_path / "training", real)
    (who,) = read_roster(tmp_path / "training/terminal").accounts
    assert (who.number, who.role) == (t.STAFF_NUMBER, StaffRole.SUPERVISOR)
    assert not is_weak(t.STAFF_PIN, t.STAFF_NUMBER)


@pytest.mark.parametrize("by", ["", "two words", "1001\nANYWAY=--anyway", "a" * 33])
def test_who_answers_for_it_is_a_sign_and_nothing_else(by: str) -> None:
    from click.testing import CliRunner

    for command in ("start", "run"):
        ran = CliRunner().invoke(training, [command, "--by", by])
        assert ran.exit_code == 2
        assert "at most 32" in ran.output
