"""The register of terminals' certificates: what stands here is let in, whatever is signed.

All of it is in memory too: each request asks the register, so that a revocation holds for the
next request on a connection that has been open for days. Writing goes to the database
first. One service owns a database (see `central.service.store`), so nobody else changes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from central.service.store import Connection, Store
from central.service.terminal_authority import IssuedCertificate


class Ended(Enum):
    """Why a certificate no longer lets anybody in."""

    REVOKED = "revoked"
    """By the operator."""
    SUPERSEDED = "superseded"
    """The terminal has used a newer one."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One certificate.

    Attributes:
        machine: UUID of the enrolled machine.
        first_used_at: None while nobody has come with it.
        ended: None while it lets its terminal in.
    """

    certificate: IssuedCertificate
    terminal: str
    machine: str
    issued_at: datetime
    first_used_at: datetime | None = None
    ended: Ended | None = None
    ended_at: datetime | None = None


class Registry:
    """Every certificate that was issued, by fingerprint. Open with `Registry.load`."""

    def __init__(self, store: Store, known: Iterable[Registered]) -> None:
        self._store = store
        self._known: dict[str, Registered] = {}
        self._by_terminal: dict[str, set[str]] = {}
        for registered in known:
            self.remember(registered)

    @classmethod
    async def load(cls, store: Store) -> "Registry":
        """The register as it stands in the database.

        Raises:
            StoreUnavailable: it cannot be read.
        """
        return cls(store, await store.read(_all))

    def find(self, fingerprint: str) -> Registered | None:
        """The certificate of this fingerprint, if it was issued here."""
        return self._known.get(fingerprint)

    def of_terminal(self, terminal: str) -> tuple[Registered, ...]:
        """A terminal's certificates, the oldest first."""
        found = [self._known[name] for name in self._by_terminal.get(terminal, ())]
        return tuple(sorted(found, key=lambda one: one.issued_at))

    def terminals(self) -> tuple[str, ...]:
        """All terminals that ever had a certificate."""
        return tuple(sorted(self._by_terminal))

    def remember(self, registered: Registered) -> None:
        """Takes in what the database holds already (`insert` was committed)."""
        self._known[registered.certificate.fingerprint] = registered
        self._by_terminal.setdefault(registered.terminal, set()).add(
            registered.certificate.fingerprint
        )

    async def first_used(self, registered: Registered, at: datetime) -> None:
        """A terminal has come with a new certificate: its earlier ones have served.

        Raises:
            StoreUnavailable: nothing was changed.
        """
        older = tuple(
            one
            for one in self.of_terminal(registered.terminal)
            if one.ended is None and one.certificate != registered.certificate
        )
        mine = registered.certificate.fingerprint

        def act(connection: Connection) -> None:
            connection.execute(
                "UPDATE certificates SET first_used_at = ? WHERE fingerprint = ?",
                (at.isoformat(), mine),
            )
            _end(connection, older, Ended.SUPERSEDED, at)

        await self._store.write(act)
        self._known[mine] = replace(self._known[mine], first_used_at=at)
        self._note_ended(older, Ended.SUPERSEDED, at)

    async def revoke(self, terminal: str, at: datetime) -> int:
        """Ends all certificates of a terminal and its unused codes; how many ended.

        Raises:
            StoreUnavailable: nothing was changed.
        """
        ending = tuple(one for one in self.of_terminal(terminal) if one.ended is None)

        def act(connection: Connection) -> None:
            _end(connection, ending, Ended.REVOKED, at)
            connection.execute(
                "UPDATE enrolment_codes SET cancelled_at = ? WHERE terminal = ?"
                " AND used_at IS NULL AND cancelled_at IS NULL",
                (at.isoformat(), terminal),
            )

        await self._store.write(act)
        self._note_ended(ending, Ended.REVOKED, at)
        return len(ending)

    def _note_ended(self, ended: tuple[Registered, ...], why: Ended, at: datetime) -> None:
        for one in ended:
            name = one.certificate.fingerprint
            if self._known[name].ended is None:  # a revocation meanwhile says more
                self._known[name] = replace(self._known[name], ended=why, ended_at=at)


def insert(connection: Connection, registered: Registered) -> None:
    """Writes a new certificate inside the caller's transaction."""
    certificate = registered.certificate
    connection.execute(
        "INSERT INTO certificates (fingerprint, terminal, machine, key_sha256, pem, not_before,"
        " not_after, issued_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            certificate.fingerprint,
            registered.terminal,
            registered.machine,
            certificate.key_sha256,
            certificate.pem,
            certificate.not_before.isoformat(),
            certificate.not_after.isoformat(),
            registered.issued_at.isoformat(),
        ),
    )


def with_key(connection: Connection, terminal: str, key_sha256: str) -> Registered | None:
    """A terminal's certificate for this key that has not ended, as the database has it."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM certificates"  # noqa: S608 (our own names)
        " WHERE terminal = ? AND key_sha256 = ? AND ended IS NULL",
        (terminal, key_sha256),
    ).fetchall()
    return _registered(rows[-1]) if rows else None


def _end(connection: Connection, ending: tuple[Registered, ...], why: Ended, at: datetime) -> None:
    for one in ending:
        connection.execute(
            "UPDATE certificates SET ended = ?, ended_at = ?"
            " WHERE fingerprint = ? AND ended IS NULL",
            (why.value, at.isoformat(), one.certificate.fingerprint),
        )


_COLUMNS = (
    "pem, fingerprint, key_sha256, not_before, not_after, terminal, machine, issued_at,"
    " first_used_at, ended, ended_at"
)


def _all(connection: Connection) -> list[Registered]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM certificates")  # noqa: S608 (our own names)
    return [_registered(row) for row in rows.fetchall()]


def _registered(row: Any) -> Registered:
    return Registered(
        IssuedCertificate(
            row[0],
            row[1],
            row[2],
            datetime.fromisoformat(row[3]),
            datetime.fromisoformat(row[4]),
        ),
        row[5],
        row[6],
        datetime.fromisoformat(row[7]),
        None if row[8] is None else datetime.fromisoformat(row[8]),
        None if row[9] is None else Ended(row[9]),
        None if row[10] is None else datetime.fromisoformat(row[10]),
    )
