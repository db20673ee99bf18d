"""Sends letters that are due, whatever they say: once a minute, again while the server is away.

What a letter needs of a person lies sealed until the SMTP server took it, and is deleted in the
next commit. A service that is killed in between sends the letter once more, with the same
Message-ID: at least once, never lost.
"""

import asyncio
import hashlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from central.service.alerts import AlertKind, Alerts
from central.service.china import utc_now
from central.service.mail import Handed, Handing, Mail
from central.service.store import Connection, Store, StoreUnavailable

_log = logging.getLogger(__name__)

FIRST_PAUSE_S = 60.0
LONGEST_PAUSE_S = 3600.0
GIVEN_UP_AFTER = timedelta(days=3)
"""A mail server that is away longer is not coming back for this letter."""
LOOKED_AT_EVERY_S = 60.0
STORE_PAUSE_S = 5.0


class DueLetter(Protocol):
    """A letter whose time has come."""

    @property
    def name(self) -> str:
        """What logs and alerts call it; nothing personal."""
        ...

    @property
    def terminal(self) -> str:
        """Where it was ordered; "" where that is not said."""
        ...

    @property
    def tries(self) -> int:
        """How often the server was away."""
        ...

    @property
    def since_s(self) -> float:
        """From when on it is due, seconds since 1970."""
        ...


Due = TypeVar("Due", bound=DueLetter)


class LetterRounds(ABC, Generic[Due]):
    """Sends what is due, one letter after the other. Run it as one task.

    Args:
        store: where the letters are.
        mail: takes them; None when the service sends none: each is given up with an alert.
        alerts: are told of letters that could not be sent.
        now: the present moment, aware.
    """

    def __init__(
        self,
        store: Store,
        mail: Mail | None,
        alerts: Alerts,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._mail = mail
        self._alerts = alerts
        self._now = now
        self._news = asyncio.Event()
        # Also at the start: one that was killed may have deleted and not scrubbed.
        self._must_scrub = True

    def wake(self) -> None:
        """A letter may be due: look now."""
        self._news.set()

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            self._news.clear()
            pause_s = LOOKED_AT_EVERY_S
            try:
                while (
                    due := await self._store.read(lambda c: self._next_due(c, self._now()))
                ) is not None:
                    await self._send(due)
                if self._must_scrub:
                    self._must_scrub = not await self._store.scrub()
            except StoreUnavailable as error:
                _log.error("letters.store_unavailable error=%s", error)
                pause_s = STORE_PAUSE_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._news.wait()

    async def _send(self, due: Due) -> None:
        no_mail = Handing(Handed.REFUSED, "this service has no mail")
        handing = no_mail if self._mail is None else await self._handed(due, self._mail)
        now_s = self._now().timestamp()
        is_young = now_s - due.since_s < GIVEN_UP_AFTER.total_seconds()
        if handing.handed is Handed.LATER and is_young:
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(due.tries, 10))
            await self._store.write(lambda c: self._put_off(c, due, now_s + pause_s))
            _log.warning("letter.put_off tries=%d why=%s", due.tries + 1, handing.why)
            return
        await self._store.write(lambda c: self._forget(c, due))
        self._must_scrub = True
        if handing.handed is Handed.TAKEN:
            _log.info("letter.sent name=%s tries=%d", due.name, due.tries + 1)
        else:
            detail = f"{due.name}: {handing.why}"
            self._alerts.tell(AlertKind.LETTER_NOT_SENT, due.terminal, detail)

    @abstractmethod
    def _next_due(self, connection: Connection, now: datetime) -> Due | None:
        """The letter that is due longest."""

    @abstractmethod
    async def _handed(self, due: Due, mail: Mail) -> Handing:
        """Writes a letter and hands it over."""

    @abstractmethod
    def _put_off(self, connection: Connection, due: Due, later_s: float) -> None:
        """To another time, seconds since 1970, with a try more."""

    @abstractmethod
    def _forget(self, connection: Connection, due: Due) -> None:
        """Deletes what it needed of a person."""


def message_id(of: str, sender: str) -> str:
    """The same for the same letter, however often it is sent; tells nothing of what it is of."""
    name = hashlib.sha256(of.encode()).hexdigest()[:32]
    return f"<{name}@{sender.rpartition('@')[2]}>"
