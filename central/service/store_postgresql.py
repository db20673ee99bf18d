"""PostgreSQL: for a city, with its replicas and its point-in-time recovery.

One session writes and holds an advisory lock on the database, so a second service is
refused, and a service that lost its session can write nothing by it. That a commit is
on the disk when it returns (fsync, synchronous_commit) is read back, never assumed.
When the server goes away, requests are refused until it is back; nothing restarts.
"""

import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

import msgspec
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg.types.string import TextLoader

from central.service.partitions import tend_inbox
from central.service.schema import SchemaTooNew
from central.service.schema_postgresql import migrate_postgresql
from central.service.store import (
    Act,
    Connection,
    ConstraintBroken,
    Job,
    Rows,
    Store,
    StoreUnavailable,
    Value,
    run_jobs,
)

_log = logging.getLogger(__name__)

T = TypeVar("T")
Session = psycopg.Connection[TupleRow]

READERS = 2
LOCK = 0x6B696F736B  # "kiosk": who holds it writes this database
LOCK_MAY_TAKE_MS = 1000
"""The server takes a moment to see that the session of a service that just ended is gone."""
WORTH_A_COPY = 20
"""Rows: COPY takes two exchanges with the server where a prepared statement takes one, but each
row costs it half."""
_SETTINGS = {
    "application_name": "invoice-central",
    "connect_timeout": "5",
    # A server that vanished without a word is given up before the terminals give up on us.
    "tcp_user_timeout": "6000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
}
_SESSION = (
    # For the server's side of the same: a lock must not outlive a service that vanished.
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 3",
    "SET statement_timeout = '7s'",
    "SET idle_in_transaction_session_timeout = '10s'",
    "SET client_encoding = 'UTF8'",
    "SET TimeZone = 'UTC'",
)
_DURABLE = (
    ("fsync", ("on",)),
    ("synchronous_commit", ("on", "local", "remote_write", "remote_apply")),
)
_UNAVAILABLE = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)


class PostgresqlConnection:
    """See `Connection`."""

    def __init__(self, session: Session) -> None:
        session.cursor_factory = psycopg.RawCursor
        # As SQLite gives them: text.
        session.adapters.register_loader("uuid", TextLoader)
        self.session = session

    def execute(self, sql: str, parameters: Sequence[Value] = (), /) -> Rows:
        """See `Connection`."""
        values = [int(v) if isinstance(v, bool) else v for v in parameters]
        try:
            return _Rows(self.session.execute(_numbered(sql), values or None))
        except psycopg.IntegrityError as error:
            raise _broken(error) from None  # its text repeats values

    def insert(self, table: str, rows: Sequence[Mapping[str, str | int | float | None]]) -> int:
        """See `Connection`."""
        if not rows:
            return 0
        columns = ", ".join(rows[0])
        sql = (
            f"INSERT INTO {table} ({columns}) SELECT {columns}"  # noqa: S608  # names are ours
            f" FROM json_populate_recordset(NULL::{table}, ?) ON CONFLICT DO NOTHING"
        )
        return self.execute(sql, (msgspec.json.encode(rows).decode(),)).rowcount

    def insert_new(
        self, table: str, rows: Sequence[Mapping[str, str | int | float | None]]
    ) -> bool:
        """See `Connection`."""
        if len(rows) < WORTH_A_COPY:
            return self.insert(table, rows) == len(rows)
        statement = f"COPY {table} ({', '.join(rows[0])}) FROM STDIN {_COPY_OPTIONS}"
        try:
            with self.session.cursor() as cursor, cursor.copy(statement.encode()) as copy:
                copy.write(_copied(rows))
        except psycopg.errors.UniqueViolation:
            return False
        except psycopg.IntegrityError as error:
            raise _broken(error) from None  # its text repeats values
        return True

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Value]:
        """See `Connection`."""
        # An array literal takes the column's own type, where a list would be text[].
        quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
        return f"{column} = ANY(?)", "{" + ",".join(f'"{value}"' for value in quoted) + "}"


class _Rows:
    """A cursor that answers "no row" where there are none, as SQLite's does."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: psycopg.Cursor[TupleRow]) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def fetchone(self) -> TupleRow | None:
        return self._cursor.fetchone() if self._cursor.description else None

    def fetchall(self) -> list[TupleRow]:
        return self._cursor.fetchall() if self._cursor.description else []

    def __iter__(self):
        return iter(self.fetchall())


class PostgresqlStore(Store):
    """A database of a PostgreSQL server, written by this process alone."""

    def __init__(self, url: str) -> None:
        """Connects, takes the lock, and brings the tables to the newest form.

        Raises:
            StoreUnavailable: the server is away or not durable, or another service writes there.
        """
        super().__init__(readers=READERS)
        self._url = url
        self._at = place(url)
        self._writing: PostgresqlConnection | None = None
        self._reading = threading.local()
        self._opened: list[Session] = []
        self._opened_lock = threading.Lock()
        try:
            migrate_postgresql(self._writer_connection().session)
        except (*_UNAVAILABLE, psycopg.ProgrammingError, SchemaTooNew) as error:
            self._close_connections()
            raise StoreUnavailable(f"{self._at}: {error}") from error
        except StoreUnavailable:
            self._close_connections()
            raise
        self._writer.start()

    def _commit(self, jobs: list[Job]) -> list[object]:
        try:
            connection = self._begun()
            results = run_jobs(connection, jobs, _UNAVAILABLE)
            connection.execute("COMMIT")
        except _UNAVAILABLE as error:
            self._drop_writer()
            raise StoreUnavailable(f"{self._at}: {_first_line(error)}") from error
        return results

    def _begun(self) -> PostgresqlConnection:
        """A connection inside a new transaction; a session that died meanwhile is replaced."""
        connection = self._writer_connection()
        try:
            connection.execute("BEGIN")
        except _UNAVAILABLE:
            self._drop_writer()
            connection = self._writer_connection()
            connection.execute("BEGIN")
        return connection

    def _writer_connection(self) -> PostgresqlConnection:
        if self._writing is None:
            connection = self._connect()
            for name, values in _DURABLE:
                (found,) = connection.execute(f"SHOW {name}").fetchone()
                if found not in values:
                    raise StoreUnavailable(f"{self._at}: {name} is {found}")
            try:
                connection.execute(f"SET lock_timeout = {LOCK_MAY_TAKE_MS}")
                connection.execute(f"SELECT pg_advisory_lock({LOCK})")
                connection.execute("SET lock_timeout = '5s'")
            except psycopg.errors.LockNotAvailable as error:
                raise StoreUnavailable(f"{self._at}: another service is running here") from error
            _log.info("store.connected at=%s", self._at)
            self._writing = connection
        return self._writing

    def _drop_writer(self) -> None:
        if self._writing is not None:
            self._discard(self._writing.session)
            self._writing = None

    def _read(self, act: Act[T]) -> T:
        try:
            return self._retried(act)
        except _UNAVAILABLE as error:
            raise StoreUnavailable(f"{self._at}: {_first_line(error)}") from error

    def _retried(self, act: Act[T]) -> T:
        """Runs the act; once more when the session turns out to have died meanwhile."""
        found: PostgresqlConnection | None = getattr(self._reading, "connection", None)
        if found is not None:
            try:
                return act(found)
            except _UNAVAILABLE:
                if not found.session.broken:
                    raise
                self._reading.connection = None
                self._discard(found.session)
        connection = self._connect("SET default_transaction_read_only = on")
        self._reading.connection = connection
        return act(connection)

    def _connect(self, *settings: str) -> PostgresqlConnection:
        settled = make_conninfo("", **{**_SETTINGS, **conninfo_to_dict(self._url)})
        session: Session = psycopg.connect(settled, autocommit=True)
        with self._opened_lock:
            self._opened.append(session)
        connection = PostgresqlConnection(session)
        for setting in (*_SESSION, *settings):
            connection.execute(setting)
        return connection

    def _discard(self, session: Session) -> None:
        with self._opened_lock:
            self._opened.remove(session)
        session.close()

    def _scrub(self) -> bool:
        # Old states of rows are the server's to vacuum. What a person must not be found by is
        # sealed, and its key is not in the database.
        try:
            self._writer_connection().execute("VACUUM cases")
        except _UNAVAILABLE as error:
            self._drop_writer()
            raise StoreUnavailable(f"{self._at}: {_first_line(error)}") from error
        return True

    def _tend_inbox(self, connection: Connection, now: datetime) -> None:
        tend_inbox(connection, now)

    def _give_up(self) -> None:
        with self._opened_lock:
            sessions = list(self._opened)
        for session in sessions:
            with socket.socket(fileno=os.dup(session.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)

    def _close_connections(self) -> None:
        with self._opened_lock:
            sessions, self._opened = self._opened, []
        for session in sessions:
            session.close()


def place(url: str) -> str:
    """Host, port and name of a database, for logs: never its password.

    Raises:
        ValueError: this is no address.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ValueError("not an address of a PostgreSQL database") from None  # may hold a password
    host, port, name = (parts.get(key) or "-" for key in ("host", "port", "dbname"))
    return f"postgresql host={host} port={port} dbname={name}"


_BETWEEN, _NULL = "\x1f", "\x1e"
_COPY_OPTIONS = r"(DELIMITER E'\x1f', NULL E'\x1e')"
_MEANS_SOMETHING = re.compile(r"[\\\r\n\x1e\x1f]")


def _copied(rows: Sequence[Mapping[str, str | int | float | None]]) -> str:
    """Lines of COPY's text format (postgresql.org/docs/15/sql-copy.html, "Text Format").

    A character that means something to COPY hardly ever comes: it is looked for in all lines at
    once, not in each value.
    """
    lines = [_line(row.values()) for row in rows]
    found = len(_MEANS_SOMETHING.findall("".join(lines)))
    if found != len(rows) * (len(rows[0]) - 1):
        lines = [_BETWEEN.join(map(_escaped, row.values())) for row in rows]
    return "\n".join(lines) + "\n"


def _line(values: Collection[str | int | float | None]) -> str:
    return _BETWEEN.join(map(_escaped if None in values else str, values))


def _escaped(value: str | int | float | None) -> str:
    if value is None:
        return _NULL
    return _MEANS_SOMETHING.sub(lambda m: f"\\x{ord(m[0]):02x}", str(value))


def _broken(error: psycopg.IntegrityError) -> ConstraintBroken:
    return ConstraintBroken(f"{error.diag.constraint_name}: {error.diag.message_primary}")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


@lru_cache(maxsize=512)
def _numbered(sql: str) -> bytes:
    """The statement with `$1`, `$2`, … for each `?`."""
    numbers = iter(range(1, sql.count("?") + 1))
    step: Callable[[re.Match[str]], str] = lambda _: f"${next(numbers)}"  # noqa: E731
    return re.sub(r"\?", step, sql).encode()
