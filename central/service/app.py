"""The paths of the service. Each handler reads one message, does one thing, answers one message."""

import asyncio
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

import msgspec
from aiohttp import web

from central.contract import (
    MAX_BACKUP_PART_BYTES,
    MAX_BODY_BYTES,
    MAX_OPERATIONS,
    OP_STAFF_CALLED,
    PATH_AUTHORITY,
    PATH_BACKUP,
    PATH_BACKUP_LIST,
    PATH_BACKUP_PART,
    PATH_CERTIFICATE,
    PATH_ENROLMENT,
    PATH_HEALTH,
    PATH_OPENAPI,
    PATH_OPERATIONS,
    PATH_PING,
    PATH_TICKET,
    PATH_VERIFY,
    VERSION,
    AuthorityRequest,
    BackupListAnswer,
    BackupListRequest,
    BackupPart,
    BackupPartAnswer,
    BackupPartRequest,
    BackupPartTaken,
    CertificateRequest,
    EnrolmentRequest,
    HealthAnswer,
    KeptBackup,
    OperationsAnswer,
    OperationsRequest,
    PingAnswer,
    ProblemCode,
    Receipt,
    TicketRequest,
    TicketState,
    VerifyAnswer,
    VerifyRequest,
    batch_digest,
    sha256_hex,
    sha256_of,
)
from central.convert import ruling_of
from central.service import audit_heads, inbox
from central.service.alerts import AlertKind, Alerts
from central.service.applications import ApplicationWorker
from central.service.backups import BackupShelf, NotABackup
from central.service.bodies import Seal
from central.service.bundles import BundlePaths
from central.service.china import utc_now
from central.service.document_letters import DocumentLetters
from central.service.enrolment import Enrolment
from central.service.gate import Asking, Gate
from central.service.intake import Sent, take_all
from central.service.openapi import document
from central.service.order_paths import OrderPaths
from central.service.people_paths import PeoplePaths
from central.service.problems import ProblemError, problems
from central.service.reading import MAX_ECHOED_CHARS, body_of, decoded, echoed, json_of
from central.service.store import Store
from central.service.tickets import TicketWorker, ticket_answer
from central.service.verification import PERSON_WAITS_S, Verification
from central.service.versions import versions
from central.service.waiting_room import Priority, WaitingRoom
from einvoice.verdict import Verdict

_log = logging.getLogger(__name__)


class Service:
    """What the handlers share.

    Args:
        store: the durable memory.
        verification: answers questions about invoices.
        tickets: is told when there are new tickets.
        applications: is told when there are new applications.
        document_letters: is told when files may be ordered by letter.
        room: bounds what is in work.
        backups: keeps terminals' sealed copies.
        gate: says who asks, and whether they may.
        enrolment: lets new terminals in.
        people: serves what people want beyond a verdict.
        orders: gives out what the office wants of terminals.
        bundles: keeps terminals' sealed support bundles.
        alerts: is told when somebody asks for help.
        seal: what people's addresses are sealed with; None for a service that sends no letters.
        now: the present moment, aware.
    """

    def __init__(
        self,
        store: Store,
        verification: Verification,
        tickets: TicketWorker,
        applications: ApplicationWorker,
        document_letters: DocumentLetters,
        room: WaitingRoom,
        backups: BackupShelf,
        gate: Gate,
        enrolment: Enrolment,
        people: PeoplePaths,
        orders: OrderPaths,
        bundles: BundlePaths,
        alerts: Alerts,
        seal: Seal | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._seal = seal
        self._store = store
        self._verification = verification
        self._tickets = tickets
        self._applications = applications
        self._document_letters = document_letters
        self._room = room
        self._backups = backups
        self._gate = gate
        self._enrolment = enrolment
        self._people = people
        self._orders = orders
        self._bundles = bundles
        self._alerts = alerts
        self._now = now
        self._document = msgspec.json.encode(document())

    def app(self) -> web.Application:
        """The application that serves this service."""
        app = web.Application(middlewares=[problems, versions], client_max_size=MAX_BODY_BYTES)
        app.router.add_get(PATH_PING, self.ping)
        app.router.add_get(PATH_OPENAPI, self.openapi)
        app.router.add_post(PATH_VERIFY, self.verify)
        app.router.add_post(PATH_OPERATIONS, self.operations)
        app.router.add_post(PATH_TICKET, self.ticket)
        app.router.add_post(PATH_BACKUP, self.backup)
        app.router.add_post(PATH_BACKUP_LIST, self.backup_list)
        app.router.add_post(PATH_BACKUP_PART, self.backup_part)
        app.router.add_get(PATH_HEALTH, self.health)
        app.router.add_post(PATH_AUTHORITY, self.authority)
        app.router.add_post(PATH_ENROLMENT, self.enrol)
        app.router.add_post(PATH_CERTIFICATE, self.certificate)
        self._people.add_to(app)
        self._orders.add_to(app)
        self._bundles.add_to(app)
        return app

    async def ping(self, request: web.Request) -> web.Response:
        """Proves that this service answers this terminal, now."""
        terminal = (await self._gate.admit(request, Asking.QUESTION)).terminal
        nonce = echoed(request.query.get("nonce", ""))
        is_sandbox = self._verification.is_sandbox
        waiting = self._orders.orders.waiting(terminal)
        return json_of(
            PingAnswer(
                nonce,
                VERSION,
                self._now(),
                is_sandbox=is_sandbox,
                sends_mail=self._seal is not None,
                issues=self._verification.issues,
                settings_serial=waiting.settings_serial,
                commands=waiting.commands,
            )
        )

    async def health(self, request: web.Request) -> web.Response:
        """Proves to anybody that this service runs, and says what time it has."""
        return json_of(HealthAnswer(echoed(request.query.get("nonce", "")), VERSION, self._now()))

    async def authority(self, request: web.Request) -> web.Response:
        """Tells a terminal that has a code whom to trust."""
        body = await body_of(request)
        async with self._room.enter(Priority.PERSON):
            asked = decoded(_AUTHORITY, body)
            echoed(asked.nonce)
            return json_of(await self._enrolment.authority(asked, request.remote or ""))

    async def enrol(self, request: web.Request) -> web.Response:
        """Gives a terminal its first certificate for a code."""
        body = await body_of(request)
        async with self._room.enter(Priority.PERSON):
            asked = decoded(_ENROLMENT, body)
            echoed(asked.request_id)
            return json_of(await self._enrolment.enrol(asked, request.remote or ""))

    async def certificate(self, request: web.Request) -> web.Response:
        """Gives a terminal its next certificate for the present one."""
        present = await self._gate.admit(request, Asking.CERTIFICATE)
        body = await body_of(request)
        async with self._room.enter(Priority.PERSON):
            asked = decoded(_CERTIFICATE, body)
            echoed(asked.request_id)
            return json_of(await self._enrolment.renew(asked, present))

    async def openapi(self, request: web.Request) -> web.Response:
        """The contract as an OpenAPI document."""
        return web.Response(body=self._document, content_type="application/json")

    async def verify(self, request: web.Request) -> web.Response:
        """What is true about one invoice."""
        terminal = (await self._gate.admit(request, Asking.QUESTION)).terminal
        self._gate.may_look(terminal)
        body = await body_of(request)
        async with self._room.enter(Priority.PERSON):
            asked = decoded(_VERIFY, body)
            echoed(asked.request_id)
            reference = asked.reference.to_invoice()
            answer = await self._verification.answer(reference)
        if answer.verdict in _TELLS_OF_GUESSING:
            self._gate.not_found(terminal, reference.digest)
        return json_of(VerifyAnswer(asked.request_id, reference.digest, ruling_of(answer)))

    async def ticket(self, request: web.Request) -> web.Response:
        """Where a ticket stands."""
        terminal = (await self._gate.admit(request, Asking.QUESTION)).terminal
        self._gate.may_look(terminal)
        body = await body_of(request)
        async with self._room.enter(Priority.PERSON):
            asked = decoded(_TICKET, body)
            echoed(asked.request_id, asked.number)
            answer = await self._store.read(lambda c: ticket_answer(c, asked), PERSON_WAITS_S)
        # Otherwise whoever is stopped from asking for invoices would ask for tickets of them.
        if answer.state is TicketState.UNKNOWN or (
            answer.ruling is not None and answer.ruling.verdict in _TELLS_OF_GUESSING
        ):
            self._gate.not_found(terminal, f"ticket {sha256_hex(asked.number + asked.secret)}")
        return json_of(answer)

    async def operations(self, request: web.Request) -> web.Response:
        """Takes a batch: when this answers, what it calls NEW or SEEN is on the disk."""
        terminal = (await self._gate.admit(request, Asking.BATCH)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.BACKLOG):
            asked = decoded(_OPERATIONS, body)
            echoed(asked.batch_id)
            if len(asked.operations) > MAX_OPERATIONS:
                raise ProblemError(ProblemCode.BODY_TOO_LARGE, f"over {MAX_OPERATIONS} operations")
            if asked.digest != batch_digest(asked.operations):
                raise ProblemError(ProblemCode.BODY_MALFORMED, "digest of the batch is wrong")
            told = asked.audit
            if told is not None and not audit_heads.is_sound(told):
                raise ProblemError(ProblemCode.BODY_MALFORMED, "audit report")
            examined = tuple(inbox.examine(operation, self._seal) for operation in asked.operations)
            sent = Sent(inbox.Batch(terminal, examined, self._now()), told)
            taken = await self._store.write_together(take_all, sent, weight=len(examined))
            await self._orders.orders.taken(sent, taken.results)
        if taken.alert is not None:
            _log.error(
                "audit.alert terminal=%s found=%s kept_n=%d told_n=%d",
                terminal,
                taken.alert.found.value,
                taken.alert.kept.n,
                taken.alert.told.n,
            )
        self._tickets.wake()
        self._applications.wake()
        self._document_letters.wake()
        for operation, result in zip(asked.operations, taken.results, strict=True):
            if operation.kind == OP_STAFF_CALLED and result.receipt is Receipt.NEW:
                called_at = operation.at.isoformat(timespec="seconds")
                self._alerts.tell(AlertKind.STAFF_CALLED, terminal, f"at {called_at}")
        for result in taken.results:
            if result.receipt in (Receipt.CONFLICT, Receipt.REJECTED):
                _log.warning(
                    "operation.refused terminal=%s op_id=%r receipt=%s reason=%s",
                    terminal,
                    result.op_id[:MAX_ECHOED_CHARS],
                    result.receipt.value,
                    result.reason,
                )
        return json_of(OperationsAnswer(asked.batch_id, asked.digest, taken.results, taken.audit_n))

    async def backup(self, request: web.Request) -> web.Response:
        """Keeps one part of a terminal's sealed backup: it is on the disk when this answers."""
        terminal = (await self._gate.admit(request, Asking.BATCH)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.BACKLOG):
            sent = decoded(_BACKUP, body)
            echoed(sent.request_id)
            if len(sent.content) > MAX_BACKUP_PART_BYTES:
                raise ProblemError(ProblemCode.BODY_TOO_LARGE, "part of a backup")
            if sent.sha256 != sha256_of(sent.content):
                raise ProblemError(ProblemCode.BODY_MALFORMED, "digest of the part is wrong")
            with _as_problems():
                await asyncio.to_thread(
                    self._backups.put, terminal, sent.backup_id, sent.part, sent.parts, sent.content
                )
        return json_of(BackupPartTaken(sent.request_id, sent.sha256))

    async def backup_list(self, request: web.Request) -> web.Response:
        """Which whole backups of a terminal are kept."""
        terminal = (await self._gate.admit(request, Asking.BATCH)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.BACKLOG):
            asked = decoded(_BACKUP_LIST, body)
            echoed(asked.request_id)
            with _as_problems():
                kept = await asyncio.to_thread(self._backups.kept, terminal)
        backups = tuple(
            KeptBackup(one.backup_id, one.parts, one.size_bytes, one.received_at) for one in kept
        )
        return json_of(BackupListAnswer(asked.request_id, backups))

    async def backup_part(self, request: web.Request) -> web.Response:
        """Gives one part of a terminal's own backup back."""
        terminal = (await self._gate.admit(request, Asking.BATCH)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.BACKLOG):
            asked = decoded(_BACKUP_PART, body)
            echoed(asked.request_id)
            with _as_problems():
                found = await asyncio.to_thread(
                    self._backups.part, terminal, asked.backup_id, asked.part
                )
        if found is None:
            raise ProblemError(ProblemCode.NOT_FOUND, "no such part of a backup")
        content, parts = found
        return json_of(
            BackupPartAnswer(
                asked.request_id,
                asked.backup_id,
                asked.part,
                parts,
                sha256_of(content),
                content,
            )
        )


_TELLS_OF_GUESSING = frozenset({Verdict.NOT_FOUND, Verdict.MISMATCH})
_AUTHORITY = msgspec.json.Decoder(AuthorityRequest)
_ENROLMENT = msgspec.json.Decoder(EnrolmentRequest)
_CERTIFICATE = msgspec.json.Decoder(CertificateRequest)
_VERIFY = msgspec.json.Decoder(VerifyRequest)
_BACKUP = msgspec.json.Decoder(BackupPart)
_BACKUP_LIST = msgspec.json.Decoder(BackupListRequest)
_BACKUP_PART = msgspec.json.Decoder(BackupPartRequest)
_TICKET = msgspec.json.Decoder(TicketRequest)
_OPERATIONS = msgspec.json.Decoder(OperationsRequest)


@contextmanager
def _as_problems() -> Generator[None]:
    """What the shelf of backups refuses or cannot do, as problems of the contract."""
    try:
        yield
    except NotABackup as error:
        raise ProblemError(ProblemCode.BODY_MALFORMED, str(error)) from error
    except OSError as error:
        _log.error("backup.not_kept error=%s", error.strerror)
        raise ProblemError(ProblemCode.STORE_UNAVAILABLE) from error
