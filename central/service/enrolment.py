"""Enrolment: from a one-time code to a certificate, and from a certificate to the next.

Repeating a request changes nothing: the same code with the same key gives the same
certificate again, so a terminal that was cut off before the answer simply asks once more. A
used code with another key is refused, and somebody is told.
"""

import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from central.contract import (
    AuthorityAnswer,
    AuthorityRequest,
    CertificateAnswer,
    CertificateRequest,
    EnrolmentRequest,
    ProblemCode,
)
from central.enrolment_code import EnrolmentCode, NoEnrolmentCode, authority_proof
from central.service.alerts import AlertKind, Alerts
from central.service.china import utc_now
from central.service.limits import Limits, TokenBucket
from central.service.problems import ProblemError
from central.service.registry import Registered, Registry, insert, with_key
from central.service.store import Connection, Store
from central.service.terminal_authority import (
    TerminalAuthority,
    UnusableRequest,
    described,
    key_of,
    readable,
)
from central.unlock import office_key, terminal_key

ADDRESSES_REMEMBERED = 1024
MAX_TRIES = 5
"""Times that one code may be shown by a terminal that it is not for, before it is cancelled."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that was just issued. It is not kept anywhere: whoever asked must pass it on."""

    code: EnrolmentCode
    terminal: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the database holds of a code."""

    proof_key: str
    terminal: str
    expires_at: datetime
    tries: int
    used_at: str | None
    used_by_key: str | None
    cancelled_at: str | None


class Enrolment:
    """Issues codes, takes them back once, and issues certificates.

    Args:
        store: where codes are kept, hashed.
        registry: gets every certificate.
        authority: signs certificates.
        ca_file: what terminals shall trust: the service's authority.
        alerts: hears of codes that are tried out.
        limits: how many wrong codes may be shown.
        now: the present moment, aware.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        authority: TerminalAuthority,
        ca_file: Path,
        alerts: Alerts,
        limits: Limits,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._registry = registry
        self._authority = authority
        self._ca_file = ca_file
        self._alerts = alerts
        self._wrong_codes = limits.wrong_codes
        self._tries: OrderedDict[str, TokenBucket] = OrderedDict()
        self._now = now

    async def issue_code(self, terminal: str, valid_for: timedelta, url: str) -> IssuedCode:
        """A new code for a terminal; earlier unused ones of it are cancelled.

        Raises:
            StoreUnavailable: there is none.
        """
        ca = x509.load_pem_x509_certificate(self._ca_pem().encode())
        code = EnrolmentCode.new(url, ca.fingerprint(hashes.SHA256()).hex())
        now = self._now()
        expires_at = now + valid_for

        def act(connection: Connection) -> None:
            connection.execute(
                "UPDATE enrolment_codes SET cancelled_at = ? WHERE terminal = ?"
                " AND used_at IS NULL AND cancelled_at IS NULL",
                (now.isoformat(), terminal),
            )
            connection.execute(
                "INSERT INTO enrolment_codes (code_id, proof_key, terminal, issued_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (code.id, code.proof_key, terminal, now.isoformat(), expires_at.isoformat()),
            )

        await self._store.write(act)
        return IssuedCode(code, terminal, expires_at)

    async def authority(self, asked: AuthorityRequest, address: str) -> AuthorityAnswer:
        """Proves to whoever knows a code which authority to trust. `address` is the asker's.

        A used or expired code is answered too: that it is used is said to the one who shows it.

        Raises:
            ProblemError: there is no such code, or this address has shown too many wrong ones.
        """
        self._may_try(address)
        kept = await self._store.read(lambda connection: _kept(connection, asked.code_id))
        if kept is None:
            raise self._wrong_code(address)
        ca_pem = self._ca_pem()
        return AuthorityAnswer(
            asked.nonce, ca_pem, authority_proof(kept.proof_key, asked.nonce, ca_pem)
        )

    async def enrol(self, asked: EnrolmentRequest, address: str) -> CertificateAnswer:
        """A certificate for whoever shows a code that is good.

        Raises:
            ProblemError: the code or the request is not good; the code of it says why.
            StoreUnavailable: nothing was issued.
        """
        self._may_try(address)
        try:
            code = EnrolmentCode.of_secret(asked.code)
        except NoEnrolmentCode as error:
            raise self._wrong_code(address) from error
        csr = _readable(asked.csr_pem)
        given = await self._store.write(
            lambda connection: self._take_code(connection, code.id, asked.terminal, csr)
        )
        if isinstance(given, ProblemCode):
            raise self._refused(given, asked.terminal, address)
        self._registry.remember(given)
        return self._answer(asked.request_id, given)

    async def renew(self, asked: CertificateRequest, old: Registered) -> CertificateAnswer:
        """The next certificate of a terminal that has come with a good one.

        Raises:
            ProblemError: the request is not good, or its key is that of another certificate.
            StoreUnavailable: nothing was issued.
        """
        csr = _readable(asked.csr_pem)
        key = key_of(csr)
        if key == old.certificate.key_sha256:
            raise ProblemError(ProblemCode.REQUEST_UNUSABLE, "the key is not a new one")

        def act(connection: Connection) -> Registered:
            known = with_key(connection, old.terminal, key)
            if known is not None:
                return known  # asked again: the answer was lost
            new = self._issued(csr, old.terminal, old.machine)
            insert(connection, new)
            return new

        given = await self._store.write(act)
        self._registry.remember(given)
        return self._answer(asked.request_id, given)

    def _take_code(
        self,
        connection: Connection,
        code_id: str,
        terminal: str,
        csr: x509.CertificateSigningRequest,
    ) -> Registered | ProblemCode:
        """Within a transaction: the certificate, new or given before, or why there is none."""
        kept = _kept(connection, code_id)
        if kept is None:
            return ProblemCode.CODE_WRONG
        key = key_of(csr)
        if kept.used_at is not None:
            if kept.used_by_key != key or kept.terminal != terminal:
                return ProblemCode.CODE_USED
            return with_key(connection, terminal, key) or ProblemCode.CODE_USED
        if kept.cancelled_at is not None:
            return ProblemCode.CODE_CANCELLED
        if self._now() >= kept.expires_at:
            return ProblemCode.CODE_EXPIRED
        now = self._now().isoformat()
        if kept.terminal != terminal:
            connection.execute(
                "UPDATE enrolment_codes SET tries = tries + 1, cancelled_at ="
                " CASE WHEN tries + 1 >= ? THEN ? END WHERE code_id = ?",
                (MAX_TRIES, now, code_id),
            )
            return ProblemCode.CODE_FOR_ANOTHER
        new = self._issued(csr, terminal, str(uuid.uuid4()))
        insert(connection, new)
        connection.execute(
            "UPDATE enrolment_codes SET used_at = ?, used_by_key = ? WHERE code_id = ?",
            (now, key, code_id),
        )
        return new

    def _issued(
        self, csr: x509.CertificateSigningRequest, terminal: str, machine: str
    ) -> Registered:
        certificate = described(self._authority.issue(csr, terminal, machine))
        return Registered(certificate, terminal, machine, self._now())

    def _answer(self, request_id: str, given: Registered) -> CertificateAnswer:
        office = office_key(self._ca_file.parent)
        return CertificateAnswer(
            request_id,
            given.terminal,
            given.certificate.pem,
            self._ca_pem(),
            terminal_key(office, given.terminal).hex(),
        )

    def _ca_pem(self) -> str:
        return self._ca_file.read_text(encoding="ascii")

    def _may_try(self, address: str) -> None:
        bucket = self._tries.get(address)
        wait_s = 0.0 if bucket is None else bucket.wait_s
        if wait_s > 0:
            raise ProblemError(ProblemCode.TOO_MANY_TRIES, retry_after_s=wait_s)

    def _wrong_code(self, address: str) -> ProblemError:
        bucket = self._tries.setdefault(address, TokenBucket(self._wrong_codes))
        self._tries.move_to_end(address)
        if len(self._tries) > ADDRESSES_REMEMBERED:
            self._tries.popitem(last=False)
        bucket.take()
        if bucket.wait_s > 0:
            self._alerts.tell(AlertKind.CODES_GUESSED, detail=address)
        return ProblemError(ProblemCode.CODE_WRONG)

    def _refused(self, why: ProblemCode, terminal: str, address: str) -> ProblemError:
        match why:
            case ProblemCode.CODE_WRONG:
                return self._wrong_code(address)
            case ProblemCode.CODE_USED:
                self._alerts.tell(AlertKind.CODE_REUSED, terminal)
            case ProblemCode.CODE_FOR_ANOTHER:
                self._alerts.tell(AlertKind.CODE_FOR_ANOTHER, terminal)
            case _:
                pass
        return ProblemError(why)


def _readable(csr_pem: str) -> x509.CertificateSigningRequest:
    try:
        return readable(csr_pem)
    except UnusableRequest as error:
        raise ProblemError(ProblemCode.REQUEST_UNUSABLE, str(error)) from error


def _kept(connection: Connection, code_id: str) -> _Kept | None:
    row = connection.execute(
        "SELECT proof_key, terminal, expires_at, tries, used_at, used_by_key, cancelled_at"
        " FROM enrolment_codes WHERE code_id = ?",
        (code_id,),
    ).fetchone()
    if row is None:
        return None
    return _Kept(row[0], row[1], datetime.fromisoformat(row[2]), *row[3:])
