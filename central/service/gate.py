"""Who asks, and how much they may: looked at before anything of a request is read.

The terminal is the one that its certificate names. The certificate was verified against
the authority for terminals by the handshake; here it must also stand in the register, be valid
now and not have ended, at every request.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from aiohttp import web

from central.contract import HEADER_INSTANCE, HEADER_TERMINAL, ProblemCode
from central.service.alerts import AlertKind, Alerts
from central.service.china import utc_now
from central.service.limits import Limits, NotFoundGuard, TokenBucket
from central.service.problems import ProblemError
from central.service.registry import Ended, Registered, Registry
from central.service.terminal_authority import fingerprint_of

MAX_INSTANCE_CHARS = 64
INSTANCES_REMEMBERED = 4
RETURNS_TOLD = 2
"""A process that restarts never comes back as an earlier one; one late request may."""


class Asking(Enum):
    """What for; each has its own limit."""

    QUESTION = "question"
    BATCH = "batch"
    CERTIFICATE = "certificate"


@dataclass(slots=True)
class _Terminal:
    """What is remembered of one terminal while the service runs."""

    questions: TokenBucket
    batches: TokenBucket
    certificates: TokenBucket
    not_found: NotFoundGuard
    instances: deque[str] = field(default_factory=lambda: deque(maxlen=INSTANCES_REMEMBERED))
    returns: int = 0


class Gate:
    """Admits requests of enrolled terminals."""

    def __init__(
        self,
        registry: Registry,
        alerts: Alerts,
        limits: Limits,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._registry = registry
        self._alerts = alerts
        self._limits = limits
        self._now = now
        self._terminals: dict[str, _Terminal] = {}

    async def admit(self, request: web.Request, asking: Asking) -> Registered:
        """The terminal that asks, by its certificate.

        Raises:
            ProblemError: it may not, or not now.
            StoreUnavailable: that its new certificate is in use could not be written down.
        """
        registered = await self._identify(request)
        terminal = self._terminal(registered.terminal)
        match asking:
            case Asking.QUESTION:
                bucket = terminal.questions
            case Asking.BATCH:
                bucket = terminal.batches
            case Asking.CERTIFICATE:
                bucket = terminal.certificates
        wait_s = bucket.take()
        if wait_s > 0:
            self._alerts.tell(AlertKind.TOO_MANY_QUESTIONS, registered.terminal, asking.value)
            raise ProblemError(ProblemCode.RATE_LIMITED, asking.value, retry_after_s=wait_s)
        return registered

    async def _identify(self, request: web.Request) -> Registered:
        """The certificate that a request came with, once it is known to count.

        Raises:
            ProblemError: there is none, or it does not count; the code says why.
            StoreUnavailable: see `admit`.
        """
        tls = request.get_extra_info("ssl_object")
        der = None if tls is None else tls.getpeercert(binary_form=True)
        if der is None:
            raise ProblemError(ProblemCode.CERTIFICATE_MISSING)
        registered = self._registry.find(fingerprint_of(der))
        if registered is None:
            self._alerts.tell(AlertKind.UNREGISTERED_CERTIFICATE, detail=fingerprint_of(der))
            raise ProblemError(ProblemCode.CERTIFICATE_UNKNOWN, "not in the register")
        self._check(registered)
        claimed = request.headers.get(HEADER_TERMINAL, registered.terminal)
        if claimed != registered.terminal:
            self._alerts.tell(AlertKind.TERMINAL_MISMATCH, registered.terminal, repr(claimed))
            raise ProblemError(ProblemCode.TERMINAL_MISMATCH)
        self._note_instance(registered.terminal, request.headers.get(HEADER_INSTANCE, ""))
        if registered.first_used_at is None:
            await self._registry.first_used(registered, self._now())
        return registered

    def may_look(self, terminal: str) -> None:
        """Whether the terminal has not asked for too much that does not exist.

        Raises:
            ProblemError: it has; the time until it may ask again comes with it.
        """
        wait_s = self._terminal(terminal).not_found.wait_s
        if wait_s > 0:
            self._alerts.tell(AlertKind.TOO_MANY_NOT_FOUND, terminal)
            raise ProblemError(ProblemCode.TOO_MANY_NOT_FOUND, retry_after_s=wait_s)

    def not_found(self, terminal: str, asked: str) -> None:
        """The terminal asked for something, named by a digest, that is not there."""
        self._terminal(terminal).not_found.note(asked)

    def guessed(self, terminal: str) -> None:
        """The terminal tried too often to show that one invoice is somebody's."""
        self._alerts.tell(AlertKind.PROOFS_GUESSED, terminal)

    def _check(self, registered: Registered) -> None:
        """Raises ProblemError when the certificate does not count now."""
        certificate, now = registered.certificate, self._now()
        match registered.ended:
            case Ended.REVOKED:
                self._refuse(
                    registered, AlertKind.REVOKED_CERTIFICATE, ProblemCode.CERTIFICATE_REVOKED
                )
            case Ended.SUPERSEDED:
                self._refuse(
                    registered, AlertKind.SUPERSEDED_CERTIFICATE, ProblemCode.CERTIFICATE_SUPERSEDED
                )
            case None:
                pass
        if now < certificate.not_before:
            self._refuse(registered, AlertKind.CLOCK, ProblemCode.CERTIFICATE_NOT_YET_VALID)
        if now >= certificate.not_after:
            self._refuse(registered, AlertKind.EXPIRED_CERTIFICATE, ProblemCode.CERTIFICATE_EXPIRED)

    def _refuse(self, registered: Registered, kind: AlertKind, code: ProblemCode) -> None:
        self._alerts.tell(kind, registered.terminal, registered.certificate.fingerprint)
        raise ProblemError(code)

    def _note_instance(self, number: str, instance: str) -> None:
        """Two machines with one certificate: each comes back after the other was there."""
        terminal = self._terminal(number)
        seen = terminal.instances
        if not instance or len(instance) > MAX_INSTANCE_CHARS or (seen and seen[-1] == instance):
            return
        if instance in seen:
            seen.remove(instance)
            terminal.returns += 1
            if terminal.returns >= RETURNS_TOLD:
                self._alerts.tell(AlertKind.TWO_MACHINES, number)
        seen.append(instance)

    def _terminal(self, number: str) -> _Terminal:
        known = self._terminals.get(number)
        if known is None:
            limits = self._limits
            known = self._terminals[number] = _Terminal(
                TokenBucket(limits.questions),
                TokenBucket(limits.batches),
                TokenBucket(limits.certificates),
                NotFoundGuard(limits.not_found),
            )
        return known
