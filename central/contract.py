"""Every message between a terminal and the central service, once.

JSON over HTTPS. Each request carries an id that its answer echoes, together with
a digest of what was asked, so that a page of somebody else's (a captive portal, a
proxy's cache, another request's answer) is never taken for an answer of ours.
Errors are problem documents (RFC 9457) with a stable `code`.
"""

import hashlib
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum

import msgspec

from central.contract_tickets import ApplicationView, CaseView
from central.message import Message, Moment
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Check, Finding, Source, Verdict

VERSION = 1
"""Version of this contract. A service refuses a newer one with `version_unsupported`."""
OLDEST_VERSION = 1
"""The oldest that a service still speaks; it refuses older ones with `version_too_old`."""

PATH_PING = "/v1/ping"
PATH_VERIFY = "/v1/verify"
PATH_OPERATIONS = "/v1/operations"
PATH_TICKET = "/v1/ticket"
PATH_BACKUP = "/v1/backup"
PATH_BACKUP_LIST = "/v1/backup/list"
PATH_BACKUP_PART = "/v1/backup/part"
PATH_OPENAPI = "/v1/openapi.json"
PATH_HEALTH = "/v1/health"
PATH_AUTHORITY = "/v1/enrolment/authority"
PATH_ENROLMENT = "/v1/enrolment"
PATH_CERTIFICATE = "/v1/certificate"
OPEN_PATHS = frozenset({PATH_OPENAPI, PATH_HEALTH, PATH_AUTHORITY, PATH_ENROLMENT})
"""What may be asked without a terminal's certificate; everything else needs one."""

MAX_OPERATIONS = 500
"""Operations in one batch."""
MAX_BACKUP_PART_BYTES = 128 * 1024
"""Of one part of a backup: on a line of 20 KB/s it arrives within the service's patience."""
MAX_BACKUP_PARTS = 256
"""Parts of one backup: 32 MiB, packed and sealed."""
MAX_BODY_BYTES = 1 << 20
"""Bytes of one request's body, after decompression."""
MAX_ANSWER_BYTES = 1 << 20
"""Bytes of one answer's body; a longer one is not an answer of ours."""

HEADER_CONTRACT = "X-Contract"
"""The version that the terminal speaks, in decimal. Without it, the path's."""
HEADER_TERMINAL = "X-Terminal"
"""The number in the terminal's settings. It gives no right: who asks is said by the certificate.
One that differs from the certificate's is refused, and somebody is told."""
HEADER_INSTANCE = "X-Instance"
"""Drawn anew whenever a terminal's process starts: two that take turns with one certificate
are two machines."""

MAX_FIELD_CHARS = 64
"""Of a number, a code or a check code. Whether it is right is another question."""

TYPE_PROBLEM = "application/problem+json"


class Reference(Message, frozen=True):
    """An invoice reference on the wire. Amounts are decimal strings, dates ISO 8601."""

    kind: Kind
    number: str
    issued_on: date
    code: str = ""
    amount: Decimal | None = None
    check_code: str = ""

    def __post_init__(self) -> None:
        """Refuses what no invoice has and what would be costly to write out or to keep."""
        if max(len(self.number), len(self.code), len(self.check_code)) > MAX_FIELD_CHARS:
            raise ValueError("a field is too long")
        if self.amount is not None and not -8 <= _exponent(self.amount) <= 0:
            raise ValueError("the amount is not a plain number")

    @classmethod
    def of(cls, reference: InvoiceReference) -> "Reference":
        """The wire form of an invoice reference."""
        return cls(
            kind=reference.kind,
            number=reference.number,
            issued_on=reference.issued_on,
            code=reference.code,
            amount=reference.amount,
            check_code=reference.check_code,
        )

    def to_invoice(self) -> InvoiceReference:
        """The invoice reference that this names."""
        return InvoiceReference(
            kind=self.kind,
            number=self.number,
            issued_on=self.issued_on,
            code=self.code,
            amount=self.amount,
            check_code=self.check_code,
        )


def _exponent(amount: Decimal) -> int:
    """The exponent of a plain number of at most 20 digits, else 1."""
    _, digits, exponent = amount.as_tuple()
    return exponent if isinstance(exponent, int) and len(digits) <= 20 else 1


class ComparedField(Message, frozen=True):
    """Both values of one field that differs (see `einvoice.verdict.Compared`)."""

    field: str
    stated: str
    recorded: str = ""
    rule: str = ""
    line: int = 0


class EvidenceLine(Message, frozen=True):
    """One check and what it showed (see `einvoice.verdict.Evidence`).

    `compared` came later: a service that does not know it leaves it out, a terminal that does
    not know it goes without.
    """

    check: Check
    finding: Finding
    note: str = ""
    compared: tuple[ComparedField, ...] = ()


class Details(Message, frozen=True):
    """What the record says beside the verdict (see `einvoice.verdict.RecordDetails`)."""

    seller: str = ""
    buyer: str = ""
    total_with_tax: Decimal | None = None
    amount_without_tax: Decimal | None = None
    tax: Decimal | None = None
    red_on: date | None = None
    red_balance: Decimal | None = None
    void_on: date | None = None
    red_number: str = ""
    original_number: str = ""


class VerifyRequest(Message, frozen=True):
    """A person at a terminal waits for this answer."""

    request_id: str
    reference: Reference


class Ruling(Message, frozen=True):
    """A verdict as the service gives it."""

    verdict: Verdict
    source: Source
    at: Moment
    evidence: tuple[EvidenceLine, ...] = ()
    reason: str = ""
    details: Details | None = None


class RulingReason(StrEnum):
    """Reasons in a ruling that are the service's own; others are those of `einvoice.reasons`."""

    PLATFORM_DOWN = "platform_down"
    PLATFORM_SLOW = "platform_slow"
    """No answer in time; it may come later."""
    KIND_NOT_SUPPORTED = "kind_not_supported"
    FIELDS_REFUSED = "fields_refused"
    """The platform does not take what was entered, and does not say which of it."""


class VerifyAnswer(Message, frozen=True):
    """Echoes the request's id and the digest of its reference."""

    request_id: str
    reference_digest: str
    ruling: Ruling


class Operation(Message, frozen=True):
    """An act owed by a terminal. Its id, time and body were fixed when the person acted.

    Attributes:
        seq: the terminal's own running number.
        op_id: UUIDv7, lower-case with hyphens.
        kind: what it is ("verify.later", "print.outcome", ...); decides the body's shape.
        order_key: operations of one key are applied in the order of `seq`.
        at: the terminal's wall clock when the person acted, with offset.
        body: canonical JSON of the act, as text.
        sha256: hexadecimal SHA-256 of `body` in UTF-8.
    """

    seq: int
    op_id: str
    kind: str
    order_key: str
    at: Moment
    body: str
    sha256: str


class AuditReport(Message, frozen=True):
    """How far the terminal's own story goes, so that one that was cut or rolled back is seen.

    The story is a chain of hashes. `hash` is that of its newest record `n`. The proof is the
    hash that record `proof_n` has in the story as it stands now; `proof_n` is the number that
    the service named in its last answer (`OperationsAnswer.audit_n`), 0 for none yet.

    Attributes:
        n: number of the newest record; 0 when there is none.
        hash: its hash, 64 hexadecimal digits.
        generation: 1, and one more each time the terminal came back from a backup.
        proof_n, proof_hash: shows that the story goes on from where the service knows it.
    """

    n: int
    hash: str
    generation: int = 1
    proof_n: int = 0
    proof_hash: str = ""


class OperationsRequest(Message, frozen=True):
    """A batch, in the order of `seq`. `digest` is `batch_digest(operations)`."""

    batch_id: str
    digest: str
    operations: tuple[Operation, ...]
    audit: AuditReport | None = None


class Receipt(Enum):
    """What became of one operation."""

    NEW = "new"
    """Stored and applied now."""
    SEEN = "seen"
    """Stored and applied earlier: the same id with the same body."""
    CONFLICT = "conflict"
    """The same id with another body: final, a person must look."""
    REJECTED = "rejected"
    """Cannot ever be applied: final, a person must look."""
    LATER = "later"
    """Not now; try this one again later."""


class OperationReason(StrEnum):
    """The values of `OperationResult.reason`. A newer service may send others."""

    OP_ID_REUSED = "op_id_reused"
    """CONFLICT: this id was applied with another body or kind."""
    BEHIND_A_REFUSED_ONE = "behind_a_refused_one"
    """LATER: an earlier operation of the same order key was refused in this batch."""
    OP_ID_MALFORMED = "op_id_malformed"
    SEQ_OUT_OF_RANGE = "seq_out_of_range"
    ORDER_KEY_TOO_LONG = "order_key_too_long"
    ORDER_KEY_MALFORMED = "order_key_malformed"
    BODY_TOO_LONG = "body_too_long"
    BODY_MALFORMED = "body_malformed"
    SHA256_MISMATCH = "sha256_mismatch"
    KIND_UNKNOWN = "kind_unknown"
    """A newer service may take it: keep it."""
    FIELD_TOO_LONG = "field_too_long"
    TICKET_MALFORMED = "ticket_malformed"
    TICKET_EXISTS = "ticket_exists"
    """Another operation has given this ticket's number."""
    SECRET_SHA256_MALFORMED = "secret_sha256_malformed"  # noqa: S105
    OUTCOME_UNKNOWN = "outcome_unknown"
    COPY_OUT_OF_RANGE = "copy_out_of_range"
    CASE_NOT_OPEN_TO_WATCH = "case_not_open_to_watch"
    """Its verdict is no reason to ask again."""
    ADDRESS_MALFORMED = "address_malformed"
    APPLICATION_MALFORMED = "application_malformed"
    """No title, no items, or amounts that are none."""


class OperationResult(Message, frozen=True):
    """What became of one operation, by its id."""

    op_id: str
    receipt: Receipt
    reason: str = ""


class OperationsAnswer(Message, frozen=True):
    """Echoes the batch's id and digest; one result per operation, in the same order."""

    batch_id: str
    digest: str
    results: tuple[OperationResult, ...]
    audit_n: int = 0
    """Newest record of the terminal's story that the service holds as proven; 0 for none."""


class TicketRequest(Message, frozen=True):
    """Asks for a ticket's answer. The secret stands only in the ticket's QR."""

    request_id: str
    number: str
    secret: str


class TicketState(Enum):
    """Where a ticket stands."""

    ANSWERED = "answered"
    PENDING = "pending"
    """The service has it and the platform has not answered yet."""
    UNKNOWN = "unknown"
    """The service has not got it: the terminal that gave it may not have been able to send it."""


class TicketAnswer(Message, frozen=True):
    """Echoes the request's id and the ticket's number. Ruling and reference only when ANSWERED.

    Attributes:
        case: of a ticket for an invoice that is watched: PENDING while it is.
        application: of a ticket for an application, and then there is no ruling: PENDING
            until the platform has issued or refused.
    """

    request_id: str
    number: str
    state: TicketState
    registered_at: Moment | None = None
    reference: Reference | None = None
    ruling: Ruling | None = None
    case: CaseView | None = None
    application: ApplicationView | None = None


class PingAnswer(Message, frozen=True):
    """Proves that the service itself answers, now."""

    nonce: str
    version: int
    server_time: Moment
    batch_advice: int = 50
    """Operations that the service would like in one batch."""
    is_sandbox: bool = False
    """Its answers come from made-up records: a terminal must not be open to the public with it."""
    sends_mail: bool = False
    """It can send letters: a person may leave an address for an answer."""
    issues: bool = False
    """A platform behind it issues: registered businesses may apply for invoices."""
    settings_serial: int = 0
    """The newest settings that the office signed for this terminal; 0 for none."""
    commands: int = 0
    """Commands of the office that wait for this terminal."""


class BackupPart(Message, frozen=True):
    """One part of a sealed copy of the terminal's queue. The service cannot open it.

    Attributes:
        backup_id: 1 to 64 of letters, digits and hyphen; a later one sorts after an earlier one.
        part, parts: which of how many, from 1.
        sha256: hexadecimal SHA-256 of `content`.
        content: at most `MAX_BACKUP_PART_BYTES`; base64 on the wire.
    """

    request_id: str
    backup_id: str
    part: int
    parts: int
    sha256: str
    content: bytes


class BackupPartTaken(Message, frozen=True):
    """The part is on the service's disk. Echoes the request's id and the digest."""

    request_id: str
    sha256: str


class BackupListRequest(Message, frozen=True):
    """Asks which copies of this terminal the service holds."""

    request_id: str


class KeptBackup(Message, frozen=True):
    """A whole copy that the service holds."""

    backup_id: str
    parts: int
    size_bytes: int
    received_at: Moment


class BackupListAnswer(Message, frozen=True):
    """The whole copies of this terminal, newest first."""

    request_id: str
    backups: tuple[KeptBackup, ...]


class BackupPartRequest(Message, frozen=True):
    """Asks for one part of a copy back."""

    request_id: str
    backup_id: str
    part: int


class BackupPartAnswer(Message, frozen=True):
    """One part of a copy; `sha256` is that of `content`."""

    request_id: str
    backup_id: str
    part: int
    parts: int
    sha256: str
    content: bytes


class HealthAnswer(Message, frozen=True):
    """Proves that the service runs and tells its time; says nothing about who asks."""

    nonce: str
    version: int
    server_time: Moment


class AuthorityRequest(Message, frozen=True):
    """A terminal that trusts nobody yet asks whom to trust, naming its one-time code by a hash.

    `code_id` is `EnrolmentCode.id`; `nonce` is drawn by the terminal.
    """

    code_id: str
    nonce: str


class AuthorityAnswer(Message, frozen=True):
    """The authority to trust from now on, and the proof that whoever issued the code says so.

    `proof` is `enrolment_code.authority_proof(code.proof_key, nonce, ca_pem)`.
    """

    nonce: str
    ca_pem: str
    proof: str


class EnrolmentRequest(Message, frozen=True):
    """A terminal shows its code and asks for a certificate for its own key.

    Attributes:
        code: the secret of the code, 16 characters.
        terminal: the number in the terminal's settings.
        csr_pem: PKCS #10 request for an EC P-256 key; only its key is looked at.
    """

    request_id: str
    code: str
    terminal: str
    csr_pem: str


class CertificateRequest(Message, frozen=True):
    """An enrolled terminal asks for the next certificate, for a new key."""

    request_id: str
    csr_pem: str


class CertificateAnswer(Message, frozen=True):
    """A terminal's certificate. The same key always gets the same certificate.

    Attributes:
        terminal: the number that the certificate names.
        certificate_pem: the certificate.
        ca_pem: the authorities to trust from now on, one or several.
        unlock_key: the terminal's key for codes that the office gives when a PIN is lost
            (`central.unlock`), hexadecimal; "" from a service that gives none.
    """

    request_id: str
    terminal: str
    certificate_pem: str
    ca_pem: str
    unlock_key: str = ""


class ProblemCode(Enum):
    """The values of `Problem.code`. A newer service may send others."""

    BODY_MALFORMED = "body_malformed"
    """The body is not the JSON that this path takes, or its digest is wrong."""
    BODY_TOO_LARGE = "body_too_large"
    """More than `MAX_BODY_BYTES` or `MAX_OPERATIONS`: send less at a time."""
    BODY_TOO_SLOW = "body_too_slow"
    CERTIFICATE_MISSING = "certificate_missing"
    """The terminal has shown none: it is not enrolled."""
    CERTIFICATE_UNKNOWN = "certificate_unknown"
    """Of another authority, or not in the service's register."""
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_SUPERSEDED = "certificate_superseded"
    """The terminal uses a newer one since; somebody has a copy, or an old disk was put in."""
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    """By the service's clock: a matter of clocks, not of rights."""
    TERMINAL_MISMATCH = "terminal_mismatch"
    """The terminal calls itself otherwise than its certificate does."""
    RATE_LIMITED = "rate_limited"
    """This terminal asks too often: come back after `Retry-After`."""
    TOO_MANY_NOT_FOUND = "too_many_not_found"
    """This terminal has asked for too many different invoices or tickets that do not exist."""
    CODE_WRONG = "code_wrong"
    """No such enrolment code was issued here."""
    CODE_USED = "code_used"
    CODE_EXPIRED = "code_expired"
    CODE_CANCELLED = "code_cancelled"
    """The terminal was revoked after it was issued, or it was tried too often."""
    CODE_FOR_ANOTHER = "code_for_another"
    """It was issued for a terminal with another number."""
    TOO_MANY_TRIES = "too_many_tries"
    """Too many wrong codes were shown: come back after `Retry-After`."""
    REQUEST_UNUSABLE = "request_unusable"
    """The certificate request is not one for an EC P-256 key, or is not signed by it."""
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    VERSION_UNSUPPORTED = "version_unsupported"
    """The terminal speaks a version that this service does not know yet."""
    VERSION_TOO_OLD = "version_too_old"
    """The terminal speaks a version that is no longer spoken here: it must be updated."""
    OVERLOADED = "overloaded"
    """Come back after the seconds in `Retry-After`."""
    STORE_UNAVAILABLE = "store_unavailable"
    """The database cannot be used (full, failing, away): not taken as far as the service knows."""


class Problem(Message, frozen=True):
    """RFC 9457. `code` is stable; `title` and `detail` are for logs, never for the public."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""


OP_VERIFY_LATER = "verify.later"
OP_PRINT_OUTCOME = "print.outcome"
OP_STAFF_CALLED = "staff.called"
OP_DEVICE_TROUBLE = "device.trouble"


class VerifyLater(Message, frozen=True):
    """Body of `verify.later`: verify this when you can; the person holds the ticket.

    `secret_sha256` is the hexadecimal SHA-256 of the ticket's secret.
    """

    ticket: str
    secret_sha256: str
    reference: Reference


class PrintOutcomeReport(Message, frozen=True):
    """Body of `print.outcome`. `slip` is the slip number; no personal data.

    `outcome` is "proven", "failed" or "unknown"; `why` the cause or the doubt.
    """

    slip: str
    outcome: str
    why: str = ""
    copy: int = 0
    """0 for the first print, n for the n-th reprint (补打)."""


class StaffCalled(Message, frozen=True):
    """Body of `staff.called`: somebody at the terminal asks for help."""

    situation: str


class DeviceTrouble(Message, frozen=True):
    """Body of `device.trouble`: a device changed its state; staff should see it."""

    device: str
    state: str


def sha256_hex(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of(content: bytes) -> str:
    """SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def batch_digest(operations: tuple[Operation, ...]) -> str:
    """SHA-256 over the ids and body digests of a batch in their order, hexadecimal."""
    whole = hashlib.sha256()
    for operation in operations:
        whole.update(f"{operation.op_id} {operation.sha256}\n".encode())
    return whole.hexdigest()


encode = msgspec.json.encode
"""Canonical enough for us: fields in the order of their declaration, no blanks."""
