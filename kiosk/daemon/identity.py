"""The terminal's certificate while the daemon runs: taken up when it comes, replaced in time.

`kiosk enroll` writes it from a process of its own; the daemon sees the file change and goes
on with it, without a restart. Renewal is the daemon's own: with a third of the lifetime
left, at most the days in the settings, it asks for the next one until it has it.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from central.client import CentralClient
from central.enrolling import renew
from central.failure import Failure
from central.identity import Identity, IdentityFiles, IdentityInUse, UnusableIdentity
from central.tls import Access
from config.schema import Service, Settings
from kiosk.clock import Clock
from kiosk.logs import fact

FOLDER = "identity"
"""In the terminal's state folder."""
LOOK_EVERY_S = 2.0
RETRY_S = 900.0
"""Between attempts to renew: there are days of them."""

_log = logging.getLogger(__name__)


class LinkView(Protocol):
    """What is to be known, and told, about the link."""

    @property
    def is_down(self) -> bool:
        """Whether asking now would be in vain."""
        ...

    def ask_again(self) -> None:
        """Something changed: the next probe may succeed where the last did not."""
        ...


class IdentityKeeper:
    """Keeps the client at the newest identity, and the identity valid."""

    def __init__(
        self,
        state_dir: Path,
        service: Service,
        clock: Clock,
        link: LinkView,
        *,
        spread: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._files = IdentityFiles(state_dir / FOLDER)
        self._service = service
        self._clock = clock
        self._link = link
        self._spread = spread
        self._stamp = self._files.stamp()
        self._next_try_at = clock.monotonic()
        self.identity = self._load()

    @property
    def words(self) -> str:
        """How the identity stands, for a technician."""
        if self.identity is None:
            return "not enrolled"
        days_left = (self.identity.not_after - self._clock.now()) / timedelta(days=1)
        return f"terminal {self.identity.terminal}, certificate for {days_left:.0f} more days"

    @property
    def left(self) -> timedelta | None:
        """How long the certificate is good for; None before enrolment."""
        return None if self.identity is None else self.identity.not_after - self._clock.now()

    def access(self) -> Access | None:
        """How to reach the service; None before enrolment."""
        return _access(self._files, self.identity, self._service)

    async def run(self, client: CentralClient) -> None:
        """Look after it until cancelled."""
        while True:
            await self.look(client)
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self, client: CentralClient) -> None:
        """Take up an identity that was written meanwhile; renew one that ends soon."""
        stamp = self._files.stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            await self._take_up(client, await asyncio.to_thread(self._load))
        identity = self.identity
        if identity is None or self._link.is_down or self._clock.monotonic() < self._next_try_at:
            return
        if self._clock.now() >= due_at(identity, self._service.renew_before_days):
            await self._renew(client, identity)

    async def _renew(self, client: CentralClient, identity: Identity) -> None:
        self._next_try_at = self._clock.monotonic() + RETRY_S * self._spread(0.5, 1.5)
        try:
            with self._files.held():
                answer = await renew(self._files, client, identity)
        except (OSError, IdentityInUse) as error:
            fact(_log, "identity.not_renewed", why=type(error).__name__)
            return
        if not isinstance(answer, Identity):
            fact(_log, "identity.not_renewed", why=_word(answer))
            return
        self._stamp = self._files.stamp()
        fact(_log, "identity.renewed", until=f"{answer.not_after:%Y-%m-%d}")
        await self._take_up(client, answer)

    async def _take_up(self, client: CentralClient, identity: Identity | None) -> None:
        self.identity = identity
        await client.move(self.access())
        self._link.ask_again()
        if identity is not None:
            fact(_log, "identity.taken_up", terminal=identity.terminal)

    def _load(self) -> Identity | None:
        try:
            return self._files.load()
        except (OSError, UnusableIdentity) as error:
            fact(_log, "identity.unusable", why=type(error).__name__)
            return None


def terminal_access(settings: Settings) -> Access | None:
    """How a command reaches the service as this terminal; None before enrolment.

    Raises:
        OSError: a file cannot be read.
        UnusableIdentity: the identity is damaged.
    """
    files = IdentityFiles(Path(settings.paths.state_dir) / FOLDER)
    return _access(files, files.load(), settings.service)


def _access(files: IdentityFiles, identity: Identity | None, service: Service) -> Access | None:
    if identity is None:
        return None
    ca_pem = Path(service.ca_file).read_text(encoding="utf-8") if service.ca_file else ""
    return files.access(identity, service.url, ca_pem)


def due_at(identity: Identity, renew_before_days: float) -> datetime:
    """When the next certificate should be asked for."""
    lifetime = identity.not_after - identity.not_before
    return identity.not_after - min(timedelta(days=renew_before_days), lifetime / 3)


def _word(failure: Failure) -> str:
    return type(failure).__name__
