"""The settings that durability stands on, and who may open the file."""

import os
import sqlite3
from pathlib import Path

import pytest

from offline_queue import database
from offline_queue.database import Ownership, open_reader, open_writer
from offline_queue.errors import OwnedElsewhere, SettingNotTaken, SqliteUnsafe, StorageFailed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.db"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("busy_timeout", 5_000),
        ("wal_autocheckpoint", 1_000),
        ("foreign_keys", 1),
    ],
)
def test_the_writer_is_set_to_survive_a_power_cut(
    path: Path, pragma: str, value: str | int
) -> None:
    connection = open_writer(path)
    assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)
    connection.close()


def test_a_setting_that_is_not_taken_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # In memory there is no WAL: SQLite answers "memory" and says nothing.
    monkeypatch.setattr(database, "_WRITER_SETTINGS", (("journal_mode", "memory", "wal"),))
    with pytest.raises(SettingNotTaken, match="journal_mode is 'memory'"):
        open_writer(path)


@pytest.mark.parametrize(
    ("version", "second_writer", "refused"),
    [
        ((3, 40, 1), True, True),
        ((3, 51, 2), True, True),
        ((3, 51, 3), True, False),
        ((3, 40, 1), False, False),
    ],
)
def test_a_second_writer_needs_an_sqlite_without_the_wal_reset_bug(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, int, int],
    second_writer: bool,
    refused: bool,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    if refused:
        with pytest.raises(SqliteUnsafe):
            open_writer(path, second_writer=second_writer)
        assert not path.exists()
    else:
        open_writer(path, second_writer=second_writer).close()


def test_the_file_is_never_readable_by_others(path: Path) -> None:
    before = os.umask(0)
    try:
        connection = open_writer(path)
        connection.execute("CREATE TABLE t (x)")
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    connection.close()
    assert modes == {"some.db": 0o600, "some.db-wal": 0o600, "some.db-shm": 0o600}


def test_the_log_has_its_length_from_the_beginning(path: Path) -> None:
    wal = path.with_name("some.db-wal")
    connection = open_writer(path)
    laid = wal.stat().st_size
    connection.execute("CREATE TABLE t (x)")
    for _ in range(300):
        connection.execute("INSERT INTO t VALUES (zeroblob(16000))")
    assert wal.stat().st_size == laid > 1_000 * 4_096, "it was folded in and written over"
    connection.close()
    connection = open_writer(path)
    assert wal.stat().st_size == laid
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (300,)
    connection.close()


def test_a_log_that_holds_something_is_not_touched(path: Path, tmp_path: Path) -> None:
    connection = open_writer(path)
    connection.execute("CREATE TABLE t AS SELECT 1 AS x")
    after = tmp_path / "after"
    after.mkdir()
    for name in ("some.db", "some.db-wal"):
        (after / name).write_bytes((tmp_path / name).read_bytes())
    connection.close()
    connection = open_writer(after / "some.db")
    assert connection.execute("SELECT x FROM t").fetchone() == (1,)
    connection.close()


def test_without_room_no_log_is_laid(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_ROOM_FOR_WAL", 1 << 40)
    connection = open_writer(path)
    connection.execute("CREATE TABLE t (x)")
    assert path.with_name("some.db-wal").stat().st_size < 100_000
    connection.close()


def test_a_reader_reads_and_cannot_write(path: Path) -> None:
    writer = open_writer(path)
    writer.execute("CREATE TABLE t (x)")
    writer.execute("INSERT INTO t VALUES (1)")
    reader = open_reader(path)
    assert reader.execute("SELECT x FROM t").fetchone() == (1,)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("INSERT INTO t VALUES (2)")
    reader.close()
    writer.close()


def test_a_reader_makes_no_file(path: Path) -> None:
    with pytest.raises(StorageFailed):
        open_reader(path)
    assert not path.exists()


def test_ownership_ends_when_it_is_given_up(path: Path) -> None:
    first = Ownership(path)
    with pytest.raises(OwnedElsewhere):
        Ownership(path)
    first.give_up()
    first.give_up()
    Ownership(path).give_up()
