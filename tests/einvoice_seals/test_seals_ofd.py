"""Each step fails alone, and the report says which and why."""

from datetime import UTC, datetime, timedelta

import pytest
from seal_fixtures import (
    ENTRIES,
    HOLDER,
    MAKER,
    PAGE,
    PINS_HOLDER,
    PINS_MAKER,
    PINS_NOBODY,
    STRANGER,
    TRIAL,
    seal,
    sha256_of,
    signed,
)

from central.sandbox.mint.ofd_signer import (
    SIGNED_AT,
    pack,
    pack_pairs,
    sign_with_seal,
)
from central.sandbox.mint.seals import SealVersion, make_seal
from einvoice.documents.container import Container
from einvoice.seals import (
    Outcome,
    Result,
    SealReport,
    SignatureReport,
    Step,
    StepFinding,
    TrustStore,
    check_ofd,
    region_of,
)
from einvoice.seals.judging import outcome_of
from einvoice.verdict import Check, Finding

LIST = "Doc_0/Signs/Signatures.xml"
SIGNATURE_XML = "Doc_0/Signs/Sign_0/Signature.xml"
SIGNED_VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"
SEAL_FILE = "Doc_0/Signs/Sign_0/Seal.esl"


def only(report: SealReport) -> SignatureReport:
    (signature,) = report.signatures
    return signature


def finding(report: SealReport, step: Step) -> StepFinding:
    (found,) = [finding for finding in only(report).findings if finding.step is step]
    return found


@pytest.mark.parametrize("version", SealVersion)
def test_a_whole_seal_of_a_pinned_maker_is_genuine(version: SealVersion) -> None:
    report = check_ofd(signed(version).packed(), PINS_MAKER)
    assert report.outcome is Outcome.GENUINE_SEAL
    assert {finding.result for finding in only(report).findings} == {Result.PASSED}
    assert finding(report, Step.TRUST).note == "maker_pinned"
    assert only(report).covered >= set(ENTRIES)
    assert report.evidence.check is Check.SEAL
    assert report.evidence.finding is Finding.AGREES


def test_a_pinned_signer_needs_no_pinned_maker() -> None:
    report = check_ofd(signed().packed(), PINS_HOLDER)
    assert report.outcome is Outcome.GENUINE_SEAL
    assert finding(report, Step.TRUST).note == "signer_pinned"


def test_the_report_names_who_signed_and_when() -> None:
    signature = only(check_ofd(signed().packed(), PINS_NOBODY))
    assert signature.signed_at == SIGNED_AT
    assert signature.holder is not None
    assert signature.holder.subject == "样例省税务局"
    assert signature.holder.certificate_sha256 == sha256_of(HOLDER.certificate)
    assert signature.holder.seal_maker_sha256 == sha256_of(MAKER.certificate)
    assert signature.holder.tax_bureau == "13300000000"


def test_without_pins_the_signer_is_unknown_not_false() -> None:
    report = check_ofd(signed().packed(), PINS_NOBODY)
    assert report.outcome is Outcome.UNKNOWN_SIGNER
    assert report.changed == ()
    assert report.evidence.finding is Finding.NOTED


def test_a_maker_is_not_a_signer() -> None:
    pins_holder_as_maker = TrustStore(makers=frozenset({sha256_of(HOLDER.certificate)}))
    pins_maker_as_signer = TrustStore(signers=frozenset({sha256_of(MAKER.certificate)}))
    for trust in (pins_holder_as_maker, pins_maker_as_signer):
        assert check_ofd(signed().packed(), trust).outcome is Outcome.UNKNOWN_SIGNER


def test_a_seal_for_trials_is_refused_even_when_pinned() -> None:
    maker, holder = TRIAL.issue("maker"), TRIAL.issue("holder")
    file = sign_with_seal(ENTRIES, make_seal(maker, holder)).packed()
    pinned = TrustStore(
        makers=frozenset({sha256_of(maker.certificate)}),
        signers=frozenset({sha256_of(holder.certificate)}),
    )
    for trust in (pinned, PINS_NOBODY):
        assert check_ofd(file, trust).outcome is Outcome.TEST_SEAL


def test_the_operator_can_name_further_keys_for_trials() -> None:
    trust = TrustStore(
        makers=PINS_MAKER.makers, test_certificates=frozenset({sha256_of(MAKER.certificate)})
    )
    assert check_ofd(signed().packed(), trust).outcome is Outcome.TEST_SEAL


@pytest.mark.parametrize("name", [*ENTRIES, SEAL_FILE])
def test_a_changed_entry_is_named(name: str) -> None:
    entries = dict(signed().entries)
    entries[name] = entries[name].replace(b"<", b" <", 1) + b"\n"
    report = check_ofd(pack(entries), PINS_MAKER)
    assert report.outcome is Outcome.TAMPERED
    assert report.changed[0] == name
    assert report.evidence.finding is Finding.DIFFERS


@pytest.mark.parametrize("name", [PAGE, SEAL_FILE])
def test_a_missing_entry_is_named(name: str) -> None:
    entries = dict(signed().entries)
    del entries[name]
    report = check_ofd(pack(entries), PINS_MAKER)
    assert report.outcome is Outcome.TAMPERED
    assert name in report.changed


def test_a_changed_list_of_digests_is_seen_even_where_it_fits_the_files() -> None:
    original = signed()
    forged = sign_with_seal({**ENTRIES, PAGE: b"<ofd:Page>99.00</ofd:Page>"}, seal())
    entries = {**forged.entries, SIGNED_VALUE: original.entries[SIGNED_VALUE]}
    report = check_ofd(pack(entries), PINS_MAKER)
    assert report.outcome is Outcome.TAMPERED
    assert finding(report, Step.DIGESTS).result is Result.PASSED
    assert finding(report, Step.DATA_HASH).result is Result.FAILED
    assert report.changed == (SIGNATURE_XML,)
    assert only(report).covered == frozenset()


def test_a_seal_lifted_from_another_file_is_refused() -> None:
    file = sign_with_seal(ENTRIES, seal(), signer=STRANGER).packed()
    report = check_ofd(file, PINS_MAKER)
    assert report.outcome is Outcome.TAMPERED
    assert finding(report, Step.SIGNATURE).result is Result.PASSED
    assert finding(report, Step.HOLDER).note == "seal_of_another"
    assert finding(report, Step.TRUST).note == "unknown"


def test_a_seal_forged_under_a_pinned_maker_s_certificate_is_refused() -> None:
    forger = type(MAKER)(STRANGER.key, MAKER.certificate)
    report = check_ofd(sign_with_seal(ENTRIES, make_seal(forger, HOLDER)).packed(), PINS_MAKER)
    assert report.outcome is Outcome.TAMPERED
    assert finding(report, Step.SEAL).result is Result.FAILED


def test_a_signature_forged_under_a_pinned_signer_s_certificate_is_refused() -> None:
    forger = type(HOLDER)(STRANGER.key, HOLDER.certificate)
    report = check_ofd(sign_with_seal(ENTRIES, seal(), signer=forger).packed(), PINS_HOLDER)
    assert report.outcome is Outcome.TAMPERED
    assert finding(report, Step.SIGNATURE).result is Result.FAILED


def test_another_seal_file_than_the_signed_one_is_refused() -> None:
    entries = dict(sign_with_seal(ENTRIES, seal(), left_out=(SEAL_FILE,)).entries)
    assert check_ofd(pack(entries), PINS_MAKER).outcome is Outcome.GENUINE_SEAL
    entries[SEAL_FILE] = make_seal(MAKER, HOLDER, name="another picture").der
    report = check_ofd(pack(entries), PINS_MAKER)
    assert report.outcome is Outcome.TAMPERED
    assert report.changed == (SEAL_FILE,)


def test_a_holder_may_be_named_by_digest() -> None:
    by_digest = make_seal(MAKER, HOLDER, holder_by_digest=True)
    assert (
        check_ofd(sign_with_seal(ENTRIES, by_digest).packed(), PINS_MAKER).outcome
        is Outcome.GENUINE_SEAL
    )
    lifted = sign_with_seal(ENTRIES, by_digest, signer=STRANGER).packed()
    assert check_ofd(lifted, PINS_MAKER).outcome is Outcome.TAMPERED


def test_what_the_list_leaves_out_is_named() -> None:
    left_out = ("Doc_0/Tpls/Tpl_0/Content.xml", "OFD.xml")
    file = sign_with_seal(ENTRIES, seal(), left_out=left_out).packed()
    report = check_ofd(file, PINS_MAKER)
    assert report.outcome is Outcome.PARTLY_COVERED
    assert set(report.uncovered) == set(left_out)
    assert not only(report).covered & set(left_out)


@pytest.mark.parametrize(
    "name", ["Doc_0/Res/new.png", "Doc_0/Signs/hidden.xml", "Doc_0/Signs/Sign_0/hidden.xml"]
)
def test_an_added_entry_is_outside_the_seal_wherever_it_hides(name: str) -> None:
    report = check_ofd(pack({**signed().entries, name: b"new"}), PINS_MAKER)
    assert report.outcome is Outcome.PARTLY_COVERED
    assert report.uncovered == (name,)


def test_a_certificate_that_has_expired_since_is_only_noted() -> None:
    report = check_ofd(signed().packed(), PINS_MAKER, now=datetime(2026, 11, 1, tzinfo=UTC))
    assert report.outcome is Outcome.GENUINE_SEAL
    assert finding(report, Step.VALIDITY).result is Result.NOTED


@pytest.mark.parametrize(
    ("signed_at", "note"),
    [
        (datetime(2019, 12, 31, tzinfo=UTC), "certificate_not_valid_then"),
        (datetime(2020, 1, 15, tzinfo=UTC), "seal_not_valid_then"),
        (datetime(2023, 1, 2, tzinfo=UTC), "certificate_not_valid_then"),
    ],
)
def test_signed_outside_the_validity_is_not_trusted(signed_at: datetime, note: str) -> None:
    file = sign_with_seal(ENTRIES, seal(), signed_at=signed_at).packed()
    report = check_ofd(file, PINS_MAKER)
    assert report.outcome is Outcome.UNKNOWN_SIGNER
    assert finding(report, Step.VALIDITY).note == note


def test_local_time_marked_as_utc_does_not_put_a_signature_after_the_end() -> None:
    seven_hours_late = datetime(2023, 1, 1, 7, tzinfo=UTC)
    file = sign_with_seal(ENTRIES, seal(), signed_at=seven_hours_late).packed()
    assert check_ofd(file, PINS_MAKER).outcome is Outcome.GENUINE_SEAL


def test_a_signature_from_the_future_is_not_trusted() -> None:
    report = check_ofd(signed().packed(), PINS_MAKER, now=SIGNED_AT - timedelta(days=1))
    assert report.outcome is Outcome.UNKNOWN_SIGNER
    assert finding(report, Step.VALIDITY).note == "signed_in_the_future"


def test_a_tax_bureau_of_another_region_is_noted_and_no_more() -> None:
    elsewhere = {**ENTRIES, "OFD.xml": ENTRIES["OFD.xml"].replace(b"03300", b"01100")}
    report = check_ofd(sign_with_seal(elsewhere, seal()).packed(), PINS_MAKER)
    assert report.outcome is Outcome.GENUINE_SEAL
    assert finding(report, Step.TAX_BUREAU).result is Result.NOTED
    same_file = sign_with_seal(elsewhere, seal()).packed()
    told = check_ofd(same_file, PINS_MAKER, invoice_region=region_of("033002000211", ""))
    assert finding(told, Step.TAX_BUREAU).result is Result.PASSED


@pytest.mark.parametrize(
    ("code", "number", "region"),
    [
        ("033002000211", "83089647", "3300"),
        ("3300191130", "83089647", "3300"),
        ("", "24112000000048542163", "11"),
        ("", "83089647", ""),
        ("０３３００２０００２１１", "", ""),
    ],
)
def test_the_region_stands_in_code_or_number(code: str, number: str, region: str) -> None:
    assert region_of(code, number) == region


@pytest.mark.parametrize("method", ["SM3", "sm3", "1.2.156.10197.1.401"])
def test_sm3_goes_by_two_names(method: str) -> None:
    file = sign_with_seal(ENTRIES, seal(), check_method=method).packed()
    assert check_ofd(file, PINS_MAKER).outcome is Outcome.GENUINE_SEAL


@pytest.mark.parametrize("method", ["", "MD5", "1.3.14.3.2.26"])
def test_other_digests_are_not_guessed_at(method: str) -> None:
    report = check_ofd(sign_with_seal(ENTRIES, seal(), check_method=method).packed(), PINS_MAKER)
    assert report.outcome is Outcome.CANNOT_VERIFY
    assert finding(report, Step.STRUCTURE).note == "digest_method_unknown"


def test_no_signature_is_said_plainly() -> None:
    report = check_ofd(pack(ENTRIES), PINS_MAKER)
    assert report.outcome is Outcome.NOT_SIGNED
    assert report.evidence.finding is Finding.NOT_CHECKED


def test_a_name_that_comes_twice_makes_the_file_uncheckable() -> None:
    pairs = [*signed().entries.items(), (PAGE, b"<ofd:Page>99.00</ofd:Page>")]
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = pack_pairs(pairs)
    report = check_ofd(file, PINS_MAKER)
    assert report.outcome is Outcome.CANNOT_VERIFY
    assert report.findings[0].note == "duplicate_entry"
    assert report.findings[0].subjects == (PAGE,)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\0" * 1000])
def test_what_is_no_ofd_is_said_plainly(data: bytes) -> None:
    assert check_ofd(data, PINS_MAKER).outcome is Outcome.CANNOT_VERIFY


def test_an_opened_container_is_as_good_as_its_bytes() -> None:
    file = signed().packed()
    assert check_ofd(Container.open(file), PINS_MAKER) == check_ofd(file, PINS_MAKER)


def _with_second_signature(name: str, second: dict[str, bytes]) -> dict[str, bytes]:
    """The signed file with the signature of another copy beside its own."""
    entries = dict(signed().entries)
    entries[LIST] = entries[LIST].replace(
        b"</ofd:Signatures>",
        f'<ofd:Signature ID="2" BaseLoc="{name}/Signature.xml"/></ofd:Signatures>'.encode(),
    )
    for path in (SIGNATURE_XML, SIGNED_VALUE, SEAL_FILE):
        entries[path.replace("Sign_0", name)] = second[path].replace(b"Sign_0", name.encode())
    return entries


def test_a_good_signature_does_not_make_up_for_a_bad_one() -> None:
    stranger_s = sign_with_seal(ENTRIES, make_seal(STRANGER, STRANGER)).entries
    report = check_ofd(pack(_with_second_signature("Sign_1", dict(stranger_s))), PINS_MAKER)
    outcomes = [signature.outcome for signature in report.signatures]
    assert outcomes[0] is Outcome.GENUINE_SEAL
    assert outcomes[1] is not Outcome.GENUINE_SEAL
    assert report.outcome is outcomes[1]


def test_a_second_signature_cannot_claim_the_page_as_its_own_file() -> None:
    entries = dict(sign_with_seal(ENTRIES, seal(), left_out=(PAGE,)).entries)
    entries[LIST] = entries[LIST].replace(
        b"</ofd:Signatures>",
        f'<ofd:Signature ID="2" BaseLoc="/{PAGE}"/></ofd:Signatures>'.encode(),
    )
    assert check_ofd(pack(entries), PINS_MAKER).outcome is Outcome.CANNOT_VERIFY


def test_a_list_that_has_grown_since_is_not_tampering() -> None:
    # Some makers count the list itself as protected; a second signature then changes it.
    first = sign_with_seal(ENTRIES, seal(), lists_itself=True).entries
    assert check_ofd(pack(first), PINS_MAKER).outcome is Outcome.GENUINE_SEAL
    grown = dict(first)
    grown[LIST] = grown[LIST].replace(
        b"</ofd:Signatures>",
        b'<ofd:Signature ID="2" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>',
    )
    report = check_ofd(pack(grown), PINS_MAKER)
    assert report.outcome is Outcome.GENUINE_SEAL
    for signature in report.signatures:
        notes = {finding.note for finding in signature.findings}
        assert "signature_list_grown" in notes


def test_a_changed_list_beside_one_signature_is_tampering() -> None:
    entries = dict(sign_with_seal(ENTRIES, seal(), lists_itself=True).entries)
    entries[LIST] = entries[LIST].replace(b"<ofd:MaxSignId>1", b"<ofd:MaxSignId>2")
    report = check_ofd(pack(entries), PINS_MAKER)
    assert report.outcome is Outcome.TAMPERED
    assert report.changed == (LIST,)


def test_steps_that_were_left_out_prove_nothing() -> None:
    whole = only(check_ofd(signed().packed(), PINS_MAKER)).findings
    assert outcome_of(whole) is Outcome.GENUINE_SEAL
    for left_out in (Step.DIGESTS, Step.SIGNATURE, Step.VALIDITY, Step.TRUST, Step.COVERAGE):
        rest = [finding for finding in whole if finding.step is not left_out]
        assert outcome_of(rest) is Outcome.CANNOT_VERIFY
    assert outcome_of([]) is Outcome.CANNOT_VERIFY
