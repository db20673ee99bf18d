"""Public sample files, where they are at hand: outcomes as their notes say."""

import os
from pathlib import Path

import pytest

from einvoice.seals import Outcome, Result, SealReport, Step, TrustStore, check_ofd, check_xml
from einvoice.seals.ses import Seal
from einvoice.seals.sm2 import verify

SHARED = Path(os.environ.get("KIOSK_SHARED", Path(__file__).parents[3] / "shared"))
SAMPLES = SHARED / "samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample files here")

ZHEJIANG_PLATFORM = "e2fe7487bf191ea3afe886bebcec776ff36c43bcf9578d00b875d7327aa16d95"
TRUST = TrustStore.parse(f'[[signer]]\nsha256 = "{ZHEJIANG_PLATFORM}"\n')


def check(name: str) -> SealReport:
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"no {name} here")
    return check_ofd(path.read_bytes(), TRUST)


@pytest.mark.parametrize(
    ("name", "outcome", "uncovered"),
    [
        ("ofd-10-zhejiang-xbrl-attach-signed.ofd", Outcome.GENUINE_SEAL, set[str]()),
        ("ofd-10-chongqing-testca-signed.ofd", Outcome.TEST_SEAL, set[str]()),
        ("ofd-10-chongqing-testca-100lines.ofd", Outcome.TEST_SEAL, {"OFD.xml"}),
        (
            "ofd-10-beijing-testca-partial-cover.ofd",
            Outcome.TEST_SEAL,
            {"Doc_0/TPLS/TPL_0/Content.xml", "Doc_0/TPLS/TPL_1/Content.xml"},
        ),
        ("ofd-noninvoice-sesv4-all-protected.ofd", Outcome.UNKNOWN_SIGNER, set[str]()),
        ("ofd-31-beijing-digital-unsigned.ofd", Outcome.NOT_SIGNED, set[str]()),
    ],
)
def test_sample_outcomes(name: str, outcome: Outcome, uncovered: set[str]) -> None:
    report = check(name)
    assert report.outcome is outcome
    assert set(report.uncovered) == uncovered
    assert report.changed == ()
    spoiled = {Step.TRUST, Step.COVERAGE}
    for signature in report.signatures:
        failures = {f.step for f in signature.findings if f.result is Result.FAILED}
        assert failures <= spoiled


def test_the_seal_of_version_1_is_signed_over_three_elements() -> None:
    path = SAMPLES / "seal-v1.esl"
    if not path.is_file():
        pytest.skip("no seal of version 1 here")
    seal = Seal.parse(path.read_bytes())
    assert seal.maker.key is not None
    assert verify(seal.maker.key, seal.maker_signed_der, seal.value)


def test_the_emptied_signature_of_the_ministry_s_sample_is_not_signed() -> None:
    path = SAMPLES / "xml-einvoice-mof-official-special-v0.2.xml"
    if not path.is_file():
        pytest.skip("no XML sample here")
    assert check_xml(path.read_bytes()).outcome is Outcome.NOT_SIGNED
