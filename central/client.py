"""The terminal's side of the central service.

One deadline holds over each whole call: name lookup, connecting, a peer that
trickles, everything. An answer counts only when it proves that it is the answer of
our service to this question: its certificate, status, type, echoed id and digest.
Expected faults are values (`central.failure`), never exceptions.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar

import aiohttp
from yarl import URL

from central.client_bundles import BundlesClient
from central.client_orders import OrdersClient
from central.client_people import PeopleClient
from central.contract import (
    HEADER_CONTRACT,
    HEADER_INSTANCE,
    HEADER_TERMINAL,
    PATH_BACKUP,
    PATH_BACKUP_LIST,
    PATH_BACKUP_PART,
    PATH_CERTIFICATE,
    PATH_HEALTH,
    PATH_OPERATIONS,
    PATH_PING,
    PATH_TICKET,
    PATH_VERIFY,
    VERSION,
    AuditReport,
    BackupListAnswer,
    BackupListRequest,
    BackupPart,
    BackupPartAnswer,
    BackupPartRequest,
    BackupPartTaken,
    CertificateAnswer,
    CertificateRequest,
    HealthAnswer,
    Message,
    Operation,
    OperationsAnswer,
    OperationsRequest,
    PingAnswer,
    Reference,
    TicketAnswer,
    TicketRequest,
    TicketState,
    VerifyAnswer,
    VerifyRequest,
    batch_digest,
    sha256_of,
)
from central.convert import answer_of
from central.exchange import Trace, exchange, failure_of, reuse_trace
from central.failure import Bar, Failure, NotAdmitted, NoTime, NotOurs
from central.lookup import OwnThreadsResolver
from central.tls import Access
from einvoice.invoice import InvoiceReference
from einvoice.verdict import Answer

CONNECTION_KEPT_S = 60.0
"""Shorter than the time after which routers forget an idle connection without a word."""
PERSON_CONNECTIONS = 4

M = TypeVar("M", bound=Message)


class CentralClient:
    """Asks the central service. Use as an async context manager, from one event loop.

    People's questions and owed operations have connections of their own: a large batch
    on a thin line never stands before somebody's question.

    Args:
        base_url: "https://host:port".
        ca_file: PEM of the authority that the service's certificate must come from; nothing
            else is trusted.
        terminal: this terminal's number, as its settings have it.
        new_id: makes ids for requests.
        identity_file: this terminal's certificate and key; None before enrolment.

    Raises:
        ValueError: `base_url` is not an https address.
        OSError: a file cannot be read; ssl.SSLError (a kind of it) when it is no PEM.
    """

    def __init__(
        self,
        base_url: str,
        ca_file: Path,
        terminal: str,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
        *,
        identity_file: Path | None = None,
    ) -> None:
        access = Access(base_url, ca_file.read_text(encoding="utf-8"), identity_file)
        self._set_up(access, terminal, new_id)

    @classmethod
    def with_access(cls, access: Access | None, terminal: str) -> Self:
        """A client of a terminal that may not be enrolled yet: then nobody is asked.

        Raises:
            OSError: as for the class.
        """
        made = cls.__new__(cls)
        made._set_up(access, terminal, lambda: str(uuid.uuid4()))
        return made

    def _set_up(self, access: Access | None, terminal: str, new_id: Callable[[], str]) -> None:
        self._headers = {
            HEADER_TERMINAL: terminal,
            HEADER_CONTRACT: str(VERSION),
            HEADER_INSTANCE: new_id(),
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # answers are short, and nothing need be unpacked
        }
        self._new_id = new_id
        self._access = access
        self._tls = None if access is None else access.context()
        self._resolver: OwnThreadsResolver | None = None
        self._lines: _Lines | None = None

    async def __aenter__(self) -> Self:
        self._resolver = OwnThreadsResolver()
        self._lines = self._new_lines(self._resolver)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lines is not None:
            await self._lines.close()
        if self._resolver is not None:
            await self._resolver.close()

    async def move(self, access: Access | None) -> None:
        """From now on ask there, as whom `access` says; what is under way ends as it began.

        Raises:
            OSError: as for the class; nothing was changed.
        """
        if self._resolver is None or self._lines is None:
            raise RuntimeError("the client is used outside its `async with`")
        self._tls = None if access is None else access.context()
        self._access = access
        old, self._lines = self._lines, self._new_lines(self._resolver)
        await old.retire()

    async def verify(self, reference: InvoiceReference, within_s: float = 3.0) -> Answer | Failure:
        """What the service says about one invoice."""
        asked = VerifyRequest(self._new_id(), Reference.of(reference))
        answer = await self._ask("people", PATH_VERIFY, asked, VerifyAnswer, within_s)
        if not isinstance(answer, VerifyAnswer):
            return answer
        if answer.request_id != asked.request_id:
            return NotOurs("request_id")
        if answer.reference_digest != reference.digest:
            return NotOurs("digest")
        return answer_of(answer.ruling)

    async def ticket(
        self, number: str, secret: str, within_s: float = 3.0
    ) -> TicketAnswer | Failure:
        """Where a ticket stands.

        With state ANSWERED, `reference` and `ruling` are there, or the `application`.
        """
        asked = TicketRequest(self._new_id(), number, secret)
        answer = await self._ask("people", PATH_TICKET, asked, TicketAnswer, within_s)
        if not isinstance(answer, TicketAnswer):
            return answer
        if answer.request_id != asked.request_id or answer.number != number:
            return NotOurs("request_id")
        is_ruled = answer.ruling is not None and answer.reference is not None
        is_whole = is_ruled or answer.application is not None
        if answer.state is TicketState.ANSWERED and not is_whole:
            return NotOurs("answer_without_ruling")
        return answer

    async def send(
        self,
        operations: tuple[Operation, ...],
        batch_id: str,
        within_s: float,
        audit: AuditReport | None = None,
    ) -> OperationsAnswer | Failure:
        """Hands over a batch. An OperationsAnswer has one result per operation, in order."""
        asked = OperationsRequest(batch_id, batch_digest(operations), operations, audit)
        answer = await self._ask("backlog", PATH_OPERATIONS, asked, OperationsAnswer, within_s)
        if not isinstance(answer, OperationsAnswer):
            return answer
        if answer.batch_id != batch_id:
            return NotOurs("batch_id")
        if answer.digest != asked.digest:
            return NotOurs("digest")
        if [r.op_id for r in answer.results] != [o.op_id for o in operations]:
            return NotOurs("results")
        return answer

    async def ping(self, within_s: float = 5.0) -> PingAnswer | Failure:
        """Whether the service itself answers, end to end."""
        nonce = self._new_id()
        answer = await self._ask("people", PATH_PING, nonce, PingAnswer, within_s)
        if isinstance(answer, PingAnswer) and answer.nonce != nonce:
            return NotOurs("nonce")
        return answer

    async def put_backup_part(
        self, backup_id: str, part: int, parts: int, content: bytes, within_s: float
    ) -> BackupPartTaken | Failure:
        """Hands over one part of a sealed backup; it is on the service's disk when this answers."""
        asked = BackupPart(self._new_id(), backup_id, part, parts, sha256_of(content), content)
        answer = await self._ask("backlog", PATH_BACKUP, asked, BackupPartTaken, within_s)
        if not isinstance(answer, BackupPartTaken):
            return answer
        if (answer.request_id, answer.sha256) != (asked.request_id, asked.sha256):
            return NotOurs("request_id")
        return answer

    async def backups(self, within_s: float) -> BackupListAnswer | Failure:
        """The whole backups of this terminal that the service holds, newest first."""
        asked = BackupListRequest(self._new_id())
        answer = await self._ask("backlog", PATH_BACKUP_LIST, asked, BackupListAnswer, within_s)
        if isinstance(answer, BackupListAnswer) and answer.request_id != asked.request_id:
            return NotOurs("request_id")
        return answer

    async def backup_part(
        self, backup_id: str, part: int, within_s: float
    ) -> BackupPartAnswer | Failure:
        """One part of a backup of this terminal."""
        asked = BackupPartRequest(self._new_id(), backup_id, part)
        answer = await self._ask("backlog", PATH_BACKUP_PART, asked, BackupPartAnswer, within_s)
        if not isinstance(answer, BackupPartAnswer):
            return answer
        if (answer.request_id, answer.backup_id, answer.part) != (
            asked.request_id,
            backup_id,
            part,
        ):
            return NotOurs("request_id")
        if answer.sha256 != sha256_of(answer.content):
            return NotOurs("digest")
        return answer

    async def renew(self, csr_pem: str, within_s: float = 20.0) -> CertificateAnswer | Failure:
        """The next certificate, for the key in a PKCS #10 request; the present one asks for it."""
        asked = CertificateRequest(self._new_id(), csr_pem)
        answer = await self._ask("people", PATH_CERTIFICATE, asked, CertificateAnswer, within_s)
        if isinstance(answer, CertificateAnswer) and answer.request_id != asked.request_id:
            return NotOurs("request_id")
        return answer

    async def clock_lead(
        self, now: Callable[[], datetime], within_s: float = 5.0
    ) -> timedelta | Failure:
        """How far the service's clock is ahead of ours, whatever certificates say of the time.

        For a terminal that believes the service's certificate to be of another time: one of
        the two clocks is wrong, and this says by how much. Nothing else is asked in this way.
        """
        if self._access is None or self._resolver is None:
            return NotAdmitted(Bar.NOT_ENROLLED)
        nonce = self._new_id()
        connector = aiohttp.TCPConnector(
            ssl=self._access.context(any_time=True), resolver=self._resolver, limit=1
        )
        try:
            async with (
                asyncio.timeout(within_s),
                aiohttp.ClientSession(connector=connector) as session,
            ):
                url = URL(self._access.url).with_path(PATH_HEALTH)
                answer = await exchange(session, url, nonce, HealthAnswer)
        except TimeoutError:
            return NoTime()
        except aiohttp.ClientError as error:
            return failure_of(error)
        if not isinstance(answer, HealthAnswer):
            return answer
        if answer.nonce != nonce:
            return NotOurs("nonce")
        return answer.server_time - now()

    def _new_lines(self, resolver: OwnThreadsResolver) -> "_Lines":
        def session(connections: int) -> aiohttp.ClientSession:
            return aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    ssl=self._tls or True,
                    limit=connections,
                    resolver=resolver,
                    keepalive_timeout=CONNECTION_KEPT_S,
                ),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                # Ours is one deadline around everything, in `_ask`.
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                trace_configs=[reuse_trace()],
            )

        return _Lines(session(PERSON_CONNECTIONS), session(1))

    @property
    def people(self) -> PeopleClient:
        """What people want beyond a verdict."""
        return PeopleClient(self._ask_for_person, self._new_id)

    @property
    def orders(self) -> OrdersClient:
        """What the office wants of this terminal."""
        return OrdersClient(self._ask_for_office, self._new_id)

    @property
    def bundles(self) -> BundlesClient:
        """Where support bundles go."""
        return BundlesClient(self._ask_for_office, self._new_id)

    async def _ask_for_office(
        self, path: str, asked: Message, answer_type: type[M], within_s: float
    ) -> M | Failure:
        return await self._ask("backlog", path, asked, answer_type, within_s)

    async def _ask_for_person(
        self, path: str, asked: Message, answer_type: type[M], within_s: float
    ) -> M | Failure:
        return await self._ask("people", path, asked, answer_type, within_s)

    async def _ask(
        self,
        line: Literal["people", "backlog"],
        path: str,
        asked: Message | str,
        answer_type: type[M],
        within_s: float,
    ) -> M | Failure:
        """One question within one deadline. A str is a nonce and makes it a GET."""
        if self._lines is None:
            raise RuntimeError("the client is used outside its `async with`")
        if self._access is None:
            return NotAdmitted(Bar.NOT_ENROLLED)
        url = URL(self._access.url).with_path(path)
        async with self._lines.used() as lines:
            session = lines.people if line == "people" else lines.backlog
            try:
                async with asyncio.timeout(within_s):
                    trace = Trace()
                    try:
                        return await exchange(session, url, asked, answer_type, trace)
                    except aiohttp.ClientConnectionError as error:
                        # A kept connection that the other side had closed meanwhile says nothing
                        # about the service. All our questions may be repeated.
                        if not trace.reused or isinstance(error, aiohttp.ClientConnectorError):
                            raise
                    return await exchange(session, url, asked, answer_type, Trace())
            except TimeoutError:
                return NoTime()
            except aiohttp.ClientError as error:
                return failure_of(error)


class _Lines:
    """The connections of one identity. Retired ones end with the last question on them."""

    def __init__(self, people: aiohttp.ClientSession, backlog: aiohttp.ClientSession) -> None:
        self.people = people
        self.backlog = backlog
        self._in_use = 0
        self._is_retired = False

    @asynccontextmanager
    async def used(self) -> AsyncGenerator[Self]:
        """Holds the connections open for one question."""
        self._in_use += 1
        try:
            yield self
        finally:
            self._in_use -= 1
            if self._is_retired and self._in_use == 0:
                await self.close()

    async def retire(self) -> None:
        """No new question goes here."""
        self._is_retired = True
        if self._in_use == 0:
            await self.close()

    async def close(self) -> None:
        """Ends the connections."""
        await self.people.close()
        await self.backlog.close()
