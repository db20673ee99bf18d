"""Checking the signatures of an OFD, step by step, without a network.

Steps and their order follow what real files need: see `Step`. A signature is only ever as
good as its worst step, and a file as its worst signature.
"""

from dataclasses import dataclass
from datetime import datetime

from einvoice.documents import limits
from einvoice.documents.container import Container, ContainerError
from einvoice.seals import ofd_parts
from einvoice.seals.coverage import Compared, Coverage
from einvoice.seals.judging import changed_names, failed, noted, outcome_of, passed
from einvoice.seals.ofd_parts import ListedSignature, PartError, SignatureXml
from einvoice.seals.ofd_proof import Proof, read_proof
from einvoice.seals.report import (
    Outcome,
    SealHolder,
    SealReport,
    SignatureReport,
    Step,
    StepFinding,
    worst,
)
from einvoice.seals.trust import TrustStore
from einvoice.seals.validity import tax_bureau_fits, trust_in, validity

# References/@CheckMethod: the object identifier, or the word that some makers write.
_SM3_NAMES = frozenset({"1.2.156.10197.1.401", "sm3"})


def check_ofd(
    data: bytes | Container,
    trust: TrustStore,
    now: datetime | None = None,
    invoice_region: str = "",
) -> SealReport:
    """Check every signature of an OFD.

    Args:
        data: the file, or the container already opened; reading counts against its budget.
        trust: whose seals count.
        now: aware; a signature from the future is then noticed. None: not looked at.
        invoice_region: of the invoice inside, from `region_of`; empty: as OFD.xml says.

    Returns:
        A report, also for a file that is no OFD at all: CANNOT_VERIFY with the cause.
    """
    try:
        container = data if isinstance(data, Container) else Container.open(data)
    except ContainerError as bad:
        return _unreadable(ofd_parts.note_of(bad))
    if container.duplicates:
        # Readers differ about which of the two is shown, so no seal says anything clear.
        return _unreadable("duplicate_entry", *container.duplicates)
    try:
        root = ofd_parts.read_root(container)
        listed = [entry for name in root.lists for entry in ofd_parts.read_list(container, name)]
    except PartError as bad:
        return _unreadable(bad.note, bad.name)
    if len(listed) > limits.MAX_SIGNATURES:
        return _unreadable("limit_exceeded", ofd_parts.ROOT)
    opened = (passed(Step.CONTAINER),)
    if not listed:
        return SealReport(Outcome.NOT_SIGNED, opened)
    read = [_read(container, entry) for entry in listed]
    coverage = Coverage(container, free=_own_files(listed, read))
    circumstances = _Circumstances(
        container,
        coverage,
        invoice_region or root.region,
        trust,
        now,
        is_alone=len(listed) == 1,
    )
    reports = tuple(
        _uncheckable(entry, xml)
        if isinstance(xml, PartError)
        else _checked(entry, xml, circumstances)
        for entry, xml in zip(listed, read, strict=True)
    )
    return SealReport(worst(report.outcome for report in reports), opened, reports)


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What all signatures of one file share."""

    container: Container
    coverage: Coverage
    region: str
    trust: TrustStore
    now: datetime | None
    is_alone: bool


def _read(container: Container, entry: ListedSignature) -> SignatureXml | PartError:
    try:
        return ofd_parts.read_signature(container, entry.name)
    except PartError as bad:
        return bad


def _own_files(listed: list[ListedSignature], read: list[SignatureXml | PartError]) -> set[str]:
    """The files that make up the signatures. Nothing else in their folder is let off."""
    own = {name for entry in listed for name in (entry.name, entry.listed_in)}
    for xml in read:
        if isinstance(xml, SignatureXml):
            own |= {xml.signed_value, xml.seal_file}
    return own


def _checked(entry: ListedSignature, xml: SignatureXml, around: _Circumstances) -> SignatureReport:
    """Do all steps for one signature."""
    if xml.check_method.lower() not in _SM3_NAMES:
        return _uncheckable(entry, PartError("digest_method_unknown", xml.check_method))
    try:
        value = ofd_parts.read_entry(around.container, xml.signed_value)
        proof = read_proof(entry.name, xml, value, lambda: _seal_file(around.container, xml))
        compared = around.coverage.compare(
            {reference.name: reference.digest for reference in xml.references}
        )
    except PartError as bad:
        return _uncheckable(entry, bad)
    seal = proof.seal
    findings = (
        passed(Step.STRUCTURE),
        _digests(entry, compared, around),
        *proof.findings,
        validity(
            proof.signed_at,
            proof.signer,
            None if seal is None else (seal.valid_from, seal.valid_to),
            around.now,
        ),
        trust_in(around.trust, proof.signer, proof.vouching_maker),
        _coverage(compared),
        tax_bureau_fits(proof.signer.tax_bureau, around.region),
    )
    outcome = outcome_of(findings)
    return SignatureReport(
        name=entry.name,
        outcome=outcome,
        findings=findings,
        holder=_holder(proof),
        signed_at=proof.signed_at,
        covered=frozenset(compared.same) if proof.is_whole else frozenset(),
        uncovered=compared.left_out,
        changed=changed_names(findings),
    )


def _digests(entry: ListedSignature, compared: Compared, around: _Circumstances) -> StepFinding:
    if not compared.changed:
        return passed(Step.DIGESTS)
    if compared.changed == (entry.listed_in,) and not around.is_alone:
        # A later signature was added to the list, which this one had counted as protected.
        # Each is judged for itself, so the longer list hides nothing.
        return noted(Step.DIGESTS, "signature_list_grown", entry.listed_in)
    return failed(Step.DIGESTS, "entries_changed", *compared.changed)


def _coverage(compared: Compared) -> StepFinding:
    if compared.left_out:
        return failed(Step.COVERAGE, "entries_left_out", *compared.left_out)
    return passed(Step.COVERAGE)


def _seal_file(container: Container, xml: SignatureXml) -> bytes | None:
    if xml.seal_file not in container:
        return None
    return ofd_parts.read_entry(container, xml.seal_file)


def _holder(proof: Proof) -> SealHolder:
    signer, seal = proof.signer, proof.seal
    return SealHolder(
        subject=signer.subject,
        issuer=signer.issuer,
        certificate_sha256=signer.sha256,
        serial=f"{signer.serial:x}",
        tax_bureau=signer.tax_bureau,
        seal_name="" if seal is None else seal.name,
        seal_maker="" if seal is None else seal.maker.subject,
        seal_maker_sha256="" if seal is None else seal.maker.sha256,
    )


def _uncheckable(entry: ListedSignature, problem: PartError) -> SignatureReport:
    finding = failed(Step.STRUCTURE, problem.note, problem.name)
    return SignatureReport(entry.name, outcome_of([finding]), (finding,))


def _unreadable(note: str, *subjects: str) -> SealReport:
    finding = failed(Step.CONTAINER, note, *subjects)
    return SealReport(outcome_of([finding]), (finding,))
