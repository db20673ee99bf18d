"""Faults that are really there: files, modes, disks, names and ports."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from central.tls import Access
from config.schema import Paths, Printer, Scanner, Settings
from kiosk.cli import main
from kiosk.daemon.acts import ScreenConnected
from kiosk.daemon.audit import Audit
from kiosk.daemon.opening import KEY_FILE, QUEUE_FILE, open_queue
from kiosk.health.disk import disk_faults
from kiosk.health.machine import library_faults, machine_faults, settings_faults
from kiosk.health.network import Stage, probe
from kiosk.staff import SOCKET_NAME

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state folder of a terminal that ran once."""
    folder = tmp_path / "state"
    _, outbox = open_queue(folder)
    Audit.open(outbox, folder)
    outbox.close()
    return folder


def found(state_dir: Path, now: datetime = NOW, *, deep: bool = False) -> set[str]:
    fonts = state_dir.parent / "fonts"
    fonts.mkdir(exist_ok=True)
    (fonts / "NotoSansSC-Regular.otf").touch()
    settings = Settings(paths=Paths(state_dir=str(state_dir), fonts_dir=str(fonts)))
    faults = machine_faults(settings, now, deep=deep)
    # What the machine that runs the tests is short of is not what is tested.
    return {one.id for one in faults} - {"not_enrolled", "disk_low", "disk_full"}


def test_a_folder_as_the_first_start_leaves_it_is_well(state: Path) -> None:
    assert found(state, deep=True) == set()


def test_the_folder_is_missing_or_open_to_others(state: Path) -> None:
    assert found(state / "no") == {"state_missing"}
    state.chmod(0o755)
    assert found(state) == {"state_open_to_others"}
    state.chmod(0o700)
    assert found(state) == set()


def test_a_key_that_others_read_is_damaged_or_gone_is_named(state: Path) -> None:
    key = state / KEY_FILE
    kept = key.read_bytes()
    key.chmod(0o644)
    assert found(state) == {"key_refused"}
    key.chmod(0o600)
    key.write_bytes(kept[:10])
    assert found(state) == {"key_refused"}
    key.unlink()
    assert found(state) == {"key_missing"}


def test_a_damaged_queue_is_named(state: Path) -> None:
    queue = state / QUEUE_FILE
    with queue.open("r+b") as file:
        file.write(b"no database at all".ljust(200, b"."))
    for beside in state.glob(f"{QUEUE_FILE}-*"):
        beside.unlink()
    assert "queue_damaged" in found(state)


async def test_a_story_that_was_changed_is_named_when_it_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    _, outbox = open_queue(folder)
    audit = Audit.open(outbox, folder)
    audit.note(ScreenConnected())
    await audit.flush()
    outbox.close()
    assert "audit_broken" not in found(folder, deep=True)
    with closing(sqlite3.connect(folder / QUEUE_FILE)) as connection:
        connection.execute("update audit set event = 'screen.gone' where n = 1")
        connection.commit()
    assert "audit_broken" in found(folder, deep=True)


def test_a_socket_that_others_reach_is_named(state: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(state / SOCKET_NAME))
        (state / SOCKET_NAME).chmod(0o666)
        assert found(state) == {"socket_open_to_others"}


def test_a_clock_before_this_version_is_named(state: Path) -> None:
    assert found(state, NOW - timedelta(days=400)) == {"clock_before_build"}


def test_old_libraries_are_named() -> None:
    assert [one.detail for one in library_faults((3, 8, 0), (1, 1, 1))] == [
        "OpenSSL 1.1.1",
        "SQLite 3.8.0",
    ]
    assert library_faults((3, 40, 1), (3, 0, 11)) == ()


def test_missing_fonts_and_devices_are_named(state: Path, tmp_path: Path) -> None:
    settings = Settings(
        printer=Printer(address="lp:/dev/kiosk/no-printer"),
        scanner=Scanner(address=str(tmp_path / "no-scanner")),
        paths=Paths(state_dir=str(state), fonts_dir=str(tmp_path)),
    )
    names = [one.id for one in machine_faults(settings, NOW)]
    assert names.count("device_missing") == 2
    assert "fonts_missing" in names


def test_a_disk_that_does_not_answer_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for place in (tmp_path / "unmounted", loop):
        assert [one.id for one in disk_faults(place)] == ["disk_unreadable"]


@as_root
def test_a_full_and_a_read_only_disk_are_named(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=300,mode=0700", "none", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("this container may not mount")
    try:
        settings = Settings(paths=Paths(state_dir=str(disk)))
        assert "disk_full" in {one.id for one in machine_faults(settings, NOW)}
        for number in range(100):
            (disk / str(number)).touch()
        assert "disk_no_inodes" in {one.id for one in machine_faults(settings, NOW)}
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert "disk_read_only" in {one.id for one in machine_faults(settings, NOW)}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[printer\n", "settings_not_toml"),
        ("[printer]\nbaud = 7\n", "settings_wrong"),
        ('[printer]\nprofile = "no-such"\n', "settings_device"),
    ],
)
def test_wrong_settings_are_named_with_their_place(tmp_path: Path, text: str, name: str) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text(text, encoding="utf-8")
    _, faults = settings_faults([file], {})
    assert [one.id for one in faults] == [name]
    file.write_text("", encoding="utf-8")
    assert settings_faults([file], {})[1] == ()


def test_missing_settings_and_wrong_variables_are_named(tmp_path: Path) -> None:
    assert [one.id for one in settings_faults([tmp_path / "no"], {})[1]] == ["settings_missing"]
    _, faults = settings_faults([], {"KIOSK__PRINTER__BAUD": "fast"})
    assert [one.id for one in faults] == ["settings_environment"]


def test_the_doctor_says_what_is_wrong_and_what_to_do(state: Path) -> None:
    state.chmod(0o750)
    environment = {"KIOSK__PATHS__STATE_DIR": str(state)}
    said = CliRunner().invoke(main, ["doctor"], env=environment)
    assert said.exit_code == 1
    assert "[daemon_not_running]" in said.output
    assert "chmod 700" in said.output
    read = json.loads(CliRunner().invoke(main, ["doctor", "--json"], env=environment).output)
    by_id = {one["id"]: one for one in read["faults"]}
    assert by_id["state_open_to_others"]["grave"] is False
    assert by_id["not_enrolled"]["area"] == "certificate"
    chinese = CliRunner().invoke(main, ["doctor", "--language", "zh"], env=environment).output
    assert "终端程序未运行" in chinese


# --- the way to the service -------------------------------------------------------------------


@pytest.fixture
def somebody() -> Iterator[socket.socket]:
    """A port that is listened at, by nobody who answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening


def gone(url: str, within_s: float = 5.0) -> list[Stage]:
    access = Access(url, "")
    return asyncio.run(probe(access, "03", lambda: NOW, within_s))


def ended(stages: list[Stage]) -> tuple[str, str]:
    """The stage at which the way ended, and the fault there."""
    (end,) = (stage for stage in stages if stage.fault is not None)
    assert end.fault is not None
    return end.name, end.fault.id


def test_a_name_that_is_not_known_ends_the_way_at_the_first_stage() -> None:
    stages = gone("https://no-such-host.invalid:8443", within_s=30.0)
    assert ended(stages) == ("dns", "network_dns")
    assert [stage.what for stage in stages[1:]] == ["not tried"] * 4


def test_a_port_at_which_nobody_listens_is_named() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert ended(gone(f"https://127.0.0.1:{port}")) == ("tcp", "network_refused")


def test_who_listens_and_says_nothing_is_named(somebody: socket.socket) -> None:
    port = somebody.getsockname()[1]
    assert ended(gone(f"https://127.0.0.1:{port}", within_s=0.5)) == ("tls", "network_slow")


async def test_who_does_not_speak_tls_is_named() -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    stages = await probe(Access(f"https://127.0.0.1:{port}", ""), "03", lambda: NOW)
    server.close()
    assert ended(stages) == ("tls", "network_captive")
