"""From findings to an outcome."""

from collections.abc import Iterable

from einvoice.seals.report import Outcome, Result, Step, StepFinding, worst
from einvoice.seals.trust import Standing


def passed(step: Step, note: str = "", *subjects: str) -> StepFinding:
    """The step found what should be."""
    return StepFinding(step, Result.PASSED, note, subjects)


def failed(step: Step, note: str, *subjects: str) -> StepFinding:
    """The step found something that spoils the signature."""
    return StepFinding(step, Result.FAILED, note, subjects)


def noted(step: Step, note: str, *subjects: str) -> StepFinding:
    """The step found something unusual that spoils nothing."""
    return StepFinding(step, Result.NOTED, note, subjects)


def not_done(step: Step, note: str = "") -> StepFinding:
    """The step had nothing to look at."""
    return StepFinding(step, Result.NOT_DONE, note)


def outcome_of(findings: Iterable[StepFinding]) -> Outcome:
    """What a signature is, given the findings of all its steps."""
    findings = tuple(findings)
    failures = [finding for finding in findings if finding.result is Result.FAILED]
    if failures:
        return worst(_meaning(finding) for finding in failures)
    good = {finding.step for finding in findings if finding.result in _GOOD}
    # A step that was left out is no proof of anything.
    return Outcome.GENUINE_SEAL if good >= _INDISPENSABLE else Outcome.CANNOT_VERIFY


def changed_names(findings: Iterable[StepFinding]) -> tuple[str, ...]:
    """Subjects of those findings that mean tampering, once each."""
    names = (
        name
        for finding in findings
        if finding.result is Result.FAILED and _meaning(finding) is Outcome.TAMPERED
        for name in finding.subjects
    )
    return tuple(dict.fromkeys(names))


def _meaning(failure: StepFinding) -> Outcome:
    if failure.step is Step.TRUST and failure.note == Standing.TEST.value:
        return Outcome.TEST_SEAL
    return _MEANING[failure.step]


_GOOD = frozenset({Result.PASSED, Result.NOTED})
_INDISPENSABLE = frozenset({Step.DIGESTS, Step.SIGNATURE, Step.VALIDITY, Step.TRUST, Step.COVERAGE})

_MEANING = {
    Step.CONTAINER: Outcome.CANNOT_VERIFY,
    Step.STRUCTURE: Outcome.CANNOT_VERIFY,
    Step.DIGESTS: Outcome.TAMPERED,
    Step.SEAL_FILE: Outcome.TAMPERED,
    Step.DATA_HASH: Outcome.TAMPERED,
    Step.SIGNATURE: Outcome.TAMPERED,
    Step.SEAL: Outcome.TAMPERED,
    # A whole seal beside a signer that it does not name was lifted from another file.
    Step.HOLDER: Outcome.TAMPERED,
    Step.VALIDITY: Outcome.UNKNOWN_SIGNER,
    Step.TRUST: Outcome.UNKNOWN_SIGNER,
    Step.COVERAGE: Outcome.PARTLY_COVERED,
    Step.TAX_BUREAU: Outcome.UNKNOWN_SIGNER,
}
