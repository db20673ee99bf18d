"""What somebody responsible for the terminals must see: attempts that should not happen.

An alert is counted per kind, terminal and hour, so that an attack cannot fill the disk.
No personal data: what was asked is not kept, only that too much was.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from central.service.china import utc_now
from central.service.store import Connection, Store, StoreUnavailable

_log = logging.getLogger(__name__)

RETRY_S = 5.0
MAX_DETAIL_CHARS = 200


class AlertKind(Enum):
    """What happened. The value is the key of a sentence."""

    FOREIGN_CERTIFICATE = "foreign_certificate"
    """Somebody came with a certificate of another authority."""
    UNREGISTERED_CERTIFICATE = "unregistered_certificate"
    """Signed by our authority, and not in the register: its key may be in other hands."""
    REVOKED_CERTIFICATE = "revoked_certificate"
    SUPERSEDED_CERTIFICATE = "superseded_certificate"
    """A certificate was used that its terminal has left behind: there is a copy."""
    EXPIRED_CERTIFICATE = "expired_certificate"
    CLOCK = "clock"
    """A certificate of ours is not valid yet: the service's clock may have jumped back."""
    TERMINAL_MISMATCH = "terminal_mismatch"
    TWO_MACHINES = "two_machines"
    """Two machines take turns with one certificate."""
    CODE_REUSED = "code_reused"
    """A used enrolment code was shown with another key."""
    CODE_FOR_ANOTHER = "code_for_another"
    CODES_GUESSED = "codes_guessed"
    TOO_MANY_QUESTIONS = "too_many_questions"
    TOO_MANY_NOT_FOUND = "too_many_not_found"
    PROOFS_GUESSED = "proofs_guessed"
    """It was tried too often to show that one invoice is somebody's."""
    LINKS_GUESSED = "links_guessed"
    """One address opened many links that are none."""
    APPLICATION_REFUSED = "application_refused"
    """An invoice that was applied for at a terminal will not be issued."""
    APPLICATION_LATE = "application_late"
    """An application is open for more than a day."""
    ORDER_REFUSED = "order_refused"
    """A terminal was given settings or a command that it refused: changed, another's, over, or
    given again."""
    STAFF_CALLED = "staff_called"
    """Somebody at a terminal asks for help."""
    LETTER_NOT_SENT = "letter_not_sent"
    """An answer by letter was given up. Its ticket still tells it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """So many of a kind within an hour.

    Attributes:
        terminal: whom it is about; empty when that is not known.
        detail: of the newest, for technicians.
    """

    kind: AlertKind
    terminal: str
    first_at: datetime
    last_at: datetime
    count: int
    detail: str


class Alerts:
    """Takes alerts without making anybody wait; `run` writes them down."""

    def __init__(self, store: Store, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._now = now
        self._pending: dict[tuple[AlertKind, str, str], Alert] = {}
        self._news = asyncio.Event()

    def tell(self, kind: AlertKind, terminal: str = "", detail: str = "") -> None:
        """Something happened that should not."""
        now = self._now()
        detail = detail[:MAX_DETAIL_CHARS]
        key = (kind, terminal, _hour(now))
        known = self._pending.get(key)
        if known is None:
            _log.warning("alert kind=%s terminal=%s detail=%s", kind.value, terminal, detail)
        first_at, count = (now, 0) if known is None else (known.first_at, known.count)
        self._pending[key] = Alert(kind, terminal, first_at, now, count + 1, detail)
        self._news.set()

    async def run(self) -> None:
        """Writes down what was told, until cancelled. While the disk fails, it waits."""
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self.flush()
            except StoreUnavailable:
                self._news.set()
                await asyncio.sleep(RETRY_S)

    async def flush(self) -> None:
        """Writes down what was told so far.

        Raises:
            StoreUnavailable: it is still pending.
        """
        taken = self._pending
        self._pending = {}
        try:
            await self._store.write(lambda connection: _write(connection, taken))
        except StoreUnavailable:
            self._pending = {**taken, **self._pending}
            raise

    async def newest(self, limit: int = 100) -> tuple[Alert, ...]:
        """The newest alerts, the newest first."""
        return await self._store.read(lambda connection: _newest(connection, limit))


def _hour(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H")


def _write(connection: Connection, alerts: dict[tuple[AlertKind, str, str], Alert]) -> None:
    for (kind, terminal, hour), alert in alerts.items():
        connection.execute(
            "INSERT INTO alerts (kind, terminal, hour, first_at, last_at, count, detail)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, terminal, hour) DO UPDATE SET"
            " last_at = excluded.last_at, detail = excluded.detail,"
            " count = alerts.count + excluded.count",
            (
                kind.value,
                terminal,
                hour,
                alert.first_at.isoformat(),
                alert.last_at.isoformat(),
                alert.count,
                alert.detail,
            ),
        )


def _newest(connection: Connection, limit: int) -> tuple[Alert, ...]:
    rows = connection.execute(
        "SELECT kind, terminal, first_at, last_at, count, detail FROM alerts"
        " ORDER BY last_at DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return tuple(
        Alert(
            AlertKind(kind),
            terminal,
            datetime.fromisoformat(first_at),
            datetime.fromisoformat(last_at),
            count,
            detail,
        )
        for kind, terminal, first_at, last_at, count, detail in rows
    )
