"""Everything that the queue refuses or cannot do, one exception for each cause."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum


class OutboxError(Exception):
    """Base of all errors of this package."""


class FullBecause(Enum):
    """Why nothing more is taken."""

    COUNT = "count"  # as many operations are kept as the limits allow
    FREE_SPACE = "free_space"  # the disk has less free than the limits ask for
    DISK_FULL = "disk_full"  # the disk itself refused the write


class OutboxFull(OutboxError):
    """The operation was not taken, nothing was dropped, and the refusal is counted."""

    def __init__(self, because: FullBecause) -> None:
        super().__init__(because.value)
        self.because = because


class StorageFailed(OutboxError):
    """The database could not do it. An operation being put is to be taken as not kept."""


class DatabaseDamaged(StorageFailed):
    """The file is not a sound database: restore the newest backup (`backup.restore`)."""


class SettingNotTaken(StorageFailed):
    """SQLite did not take a setting that durability depends on."""


class SqliteUnsafe(StorageFailed):
    """This SQLite has the WAL-reset bug, and a second writer is configured."""


class OwnedElsewhere(StorageFailed):
    """Another process, or another `Outbox` of this one, owns the file."""


class BackupNotRestored(StorageFailed):
    """The file is a backup: `backup.restore` makes an outbox of it, copying it does not."""


class BackupRefused(StorageFailed):
    """A copy is not what it should be. The text says what is wrong with it."""


class OperationIdReused(OutboxError):
    """The same operation id was put before with another content."""


class UnknownOperation(OutboxError):
    """No operation of this id is kept, nor was one settled lately."""


# Primary result codes (sqlite.org/rescode.html): the low byte of an extended code.
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FAILED = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOMEM,
    }
)


def raise_typed(error: sqlite3.Error) -> None:
    """Raise ours for a storage error, by its code. SQLite's other errors are faults in code.

    Raises:
        OutboxFull: the disk is full.
        DatabaseDamaged: the file is not a sound database.
        StorageFailed: the disk or the file system refused.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        raise OutboxFull(FullBecause.DISK_FULL) from error
    if code in _DAMAGED:
        raise DatabaseDamaged(str(error)) from error
    if code in _FAILED:
        raise StorageFailed(f"{error.sqlite_errorname}: {error}") from error


@contextmanager
def typed_errors() -> Generator[None]:
    """Turn SQLite's storage errors into ours, as `raise_typed` does."""
    try:
        yield
    except sqlite3.Error as error:
        raise_typed(error)
        raise
