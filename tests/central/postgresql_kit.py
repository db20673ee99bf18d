"""A real PostgreSQL server of the tests' own: durable, on a socket in a folder, nobody's else."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Self

import psycopg

STARTS_WITHIN_S = 60.0
_NUMBERS = count(1)

# Rows go, the record of the schema's steps stays; the order of tables does not matter.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT oid::regclass FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT relispartition AND relname <> 'schema_steps'
    LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
END $$
"""


def _program(name: str) -> str | None:
    """A program of the newest server that is installed; Debian keeps them off the path."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(installed, key=lambda p: float(p.parts[-3]), default=None)
    return str(newest) if newest else shutil.which(name)


def is_installed() -> bool:
    return _program("initdb") is not None and _program("postgres") is not None


def _user() -> pwd.struct_passwd:
    """The server refuses to run as root: then it runs as the package's own user."""
    return pwd.getpwuid(os.getuid()) if os.getuid() != 0 else pwd.getpwnam("postgres")


def _groups() -> list[int] | None:
    """No others, where root decides about them."""
    return [] if os.getuid() == 0 else None


class PostgresqlServer:
    """One server in one folder, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._has_shared = False
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def made(cls) -> Generator[Self]:
        """A new server that runs; it and its folder are gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 bytes
        user = _user()
        os.chown(folder, user.pw_uid, user.pw_gid)
        server = cls(folder)
        try:
            initdb = _program("initdb")
            assert initdb is not None
            subprocess.run(
                [
                    *(initdb, "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"),
                    *("-E", "UTF8", "--locale=C", "--no-sync"),
                ],
                check=True,
                stdout=subprocess.DEVNULL,
                cwd=folder,
                user=user.pw_uid,
                group=user.pw_gid,
                extra_groups=_groups(),
            )
            server.start()
            yield server
        finally:
            server.stop(signal.SIGKILL)  # at once: what it held is deleted
            shutil.rmtree(folder)

    def start(self) -> None:
        """Returns once it takes connections."""
        postgres = _program("postgres")
        assert postgres is not None
        user = _user()
        process = subprocess.Popen(
            [
                *(postgres, "-D", str(self.folder / "data"), "-k", str(self.folder)),
                *("-c", "listen_addresses=", "-c", "max_connections=40"),
                *("-c", "shared_buffers=32MB", "-c", "fsync=on", "-c", "synchronous_commit=on"),
            ],
            stderr=(self.folder / "log").open("ab"),
            cwd=self.folder,
            start_new_session=True,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=_groups(),
        )
        self._process = process
        deadline = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                log = (self.folder / "log").read_text()
                assert process.poll() is None, log
                assert time.monotonic() < deadline, log
                time.sleep(0.02)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends it: fast (SIGINT) or, with SIGKILL, all of its processes at once."""
        if self._process is None:
            return
        if how is signal.SIGKILL:
            self._signal_all(how)
        else:
            self._process.send_signal(how)
        self._process.wait(STARTS_WITHIN_S)
        self._process = None

    def pause(self, *, paused: bool) -> None:
        """Stops all of its processes where they stand, or lets them go on."""
        self._signal_all(signal.SIGSTOP if paused else signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        """To the server and each process it made; they are sessions of their own."""
        assert self._process is not None
        parent = self._process.pid
        os.kill(parent, number)  # first: it makes no more
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    os.kill(int(stat.parent.name), number)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def emptied(self) -> Generator[str]:
        """A database with our tables, the same for all tests; emptied after each."""
        if not self._has_shared:
            self.create("shared", "template")
            self._has_shared = True
        yield self.url("shared")
        with psycopg.connect(self.url("shared"), autocommit=True) as connection:
            connection.execute(_EMPTY)

    @contextmanager
    def fresh(self) -> Generator[str]:
        """A new database with our tables, for tests that change the tables themselves.

        It stays until the server goes: dropping one waits for a checkpoint.
        """
        yield self.create(f"test{next(_NUMBERS)}", "template")
