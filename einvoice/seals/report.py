"""What a check of a file's seals showed: a closed outcome, and every step's finding."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from einvoice import verdict


class Outcome(Enum):
    """What is true about the seals of a file."""

    GENUINE_SEAL = "genuine_seal"
    """Whole, sealed by somebody pinned as trusted, and nothing of it is left unsealed."""
    PARTLY_COVERED = "partly_covered"
    """As GENUINE_SEAL, but parts of the file are outside the seal and may be anybody's."""
    UNKNOWN_SIGNER = "unknown_signer"
    """Whole as its signer left it; who that is, the terminal cannot confirm."""
    TEST_SEAL = "test_seal"
    """Whole, and sealed with a key for trials: not an invoice."""
    TAMPERED = "tampered"
    """Something is not as it was signed."""
    NOT_SIGNED = "not_signed"
    """There is no seal. True of every 数电票 in OFD or PDF: says nothing against it."""
    CANNOT_VERIFY = "cannot_verify"
    """There may be a seal, but it cannot be checked here. Says nothing about the invoice."""

    @property
    def key(self) -> str:
        """The key of the sentence that says it."""
        return f"seal_{self.value.removesuffix('_seal')}"


class Step(Enum):
    """One thing that was looked at. For OFD, the steps in the order of their doing."""

    CONTAINER = "container"
    """The file: readable, no entry twice, no escaping path, within the limits."""
    STRUCTURE = "structure"
    """The signature's own parts can be read, and their algorithms are known."""
    DIGESTS = "digests"
    """Every file that the signature lists is as listed."""
    SEAL_FILE = "seal_file"
    """Seal.esl, where there is one, is the seal within the signature."""
    DATA_HASH = "data_hash"
    """The list itself is as signed."""
    SIGNATURE = "signature"
    """The signature was made with the signer's key."""
    SEAL = "seal"
    """The seal was made with its maker's key."""
    HOLDER = "holder"
    """The seal names the signer as one who may use it."""
    VALIDITY = "validity"
    """Certificate and seal were valid when it was signed."""
    TRUST = "trust"
    """Signer, or maker of the seal, is pinned."""
    COVERAGE = "coverage"
    """Everything in the file is listed."""
    TAX_BUREAU = "tax_bureau"
    """The signer's tax bureau is that of the invoice's region."""


class Result(Enum):
    """What a step showed."""

    PASSED = "passed"
    FAILED = "failed"
    NOTED = "noted"
    """Unusual, and no reason to refuse."""
    NOT_DONE = "not_done"
    """Does not apply, or an earlier step left nothing to look at."""


@dataclass(frozen=True, slots=True)
class StepFinding:
    """One step and what it showed.

    Attributes:
        step: what was looked at.
        result: what it showed.
        note: key of the sentence that says more ("entry_changed"); empty if none.
        subjects: the entries, names or identifiers that the note is about.
    """

    step: Step
    result: Result
    note: str = ""
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SealHolder:
    """Who signed, as the certificate says. The certificate is what counts, not the words.

    Attributes:
        subject, issuer: common names.
        certificate_sha256: in hexadecimal; what a trust file pins.
        serial: the certificate's serial number, in hexadecimal.
        tax_bureau: 11 digits, 1 + region + zeros; empty where it is not given.
        seal_name: the words of the seal; empty where there is no seal.
        seal_maker: common name of the seal's maker; empty where there is no seal.
        seal_maker_sha256: the maker's certificate, as above; empty where there is no seal.
    """

    subject: str
    issuer: str
    certificate_sha256: str
    serial: str
    tax_bureau: str = ""
    seal_name: str = ""
    seal_maker: str = ""
    seal_maker_sha256: str = ""


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature of the file.

    Attributes:
        name: where it stands: a path in an OFD, a field in a PDF.
        outcome: what is true about this signature.
        findings: every step, in order.
        holder: who signed; None where that cannot be read.
        signed_at: the signer's own word about the time, aware; None where it gives none.
        covered: names of what it protects and what is as it was signed.
        uncovered: names of what it leaves out.
        changed: names of what is not as it was signed.
    """

    name: str
    outcome: Outcome
    findings: tuple[StepFinding, ...]
    holder: SealHolder | None = None
    signed_at: datetime | None = None
    covered: frozenset[str] = frozenset()
    uncovered: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SealReport:
    """A file's seals.

    Attributes:
        outcome: the least favourable of its signatures: a second one may cover the page
            with its own picture, so a good one does not make up for it.
        findings: what concerns the file as a whole.
        signatures: each signature, in the file's order.
    """

    outcome: Outcome
    findings: tuple[StepFinding, ...] = ()
    signatures: tuple[SignatureReport, ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        """What is not as some signature signed it."""
        return _joined(report.changed for report in self.signatures)

    @property
    def uncovered(self) -> tuple[str, ...]:
        """What some signature leaves out."""
        return _joined(report.uncovered for report in self.signatures)

    @property
    def evidence(self) -> verdict.Evidence:
        """The same as one line of an answer; the note is the outcome's key."""
        return verdict.Evidence(verdict.Check.SEAL, _AS_EVIDENCE[self.outcome], self.outcome.key)


# From the worst down: what a file's outcome is when its signatures differ, or a
# signature's when its steps do.
SEVERITY = (
    Outcome.TAMPERED,
    Outcome.CANNOT_VERIFY,
    Outcome.TEST_SEAL,
    Outcome.UNKNOWN_SIGNER,
    Outcome.PARTLY_COVERED,
    Outcome.GENUINE_SEAL,
    Outcome.NOT_SIGNED,
)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The least favourable outcome; NOT_SIGNED when there is none."""
    return min(outcomes, key=SEVERITY.index, default=Outcome.NOT_SIGNED)


def _joined(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


_AS_EVIDENCE = {
    Outcome.GENUINE_SEAL: verdict.Finding.AGREES,
    Outcome.PARTLY_COVERED: verdict.Finding.NOTED,
    Outcome.UNKNOWN_SIGNER: verdict.Finding.NOTED,
    Outcome.TEST_SEAL: verdict.Finding.DIFFERS,
    Outcome.TAMPERED: verdict.Finding.DIFFERS,
    Outcome.NOT_SIGNED: verdict.Finding.NOT_CHECKED,
    Outcome.CANNOT_VERIFY: verdict.Finding.NOT_CHECKED,
}
