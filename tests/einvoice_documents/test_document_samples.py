"""Public sample files, where they are at hand: what each is known to say."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from einvoice import documents
from einvoice.documents import Cause, Reading, Trouble, Unreadable
from einvoice.kinds import Kind

SHARED = Path(os.environ.get("KIOSK_SHARED", Path(__file__).parents[2].parent / "shared"))
SAMPLES = SHARED / "samples"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")


def read(name: str) -> Reading:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    outcome = documents.read(path.read_bytes())
    assert isinstance(outcome, Reading), outcome
    return outcome


@needs_samples
@pytest.mark.parametrize(
    ("name", "kind", "code", "number", "issued_on", "amounts", "lines"),
    [
        (
            "ofd-10-chongqing-testca-signed.ofd",
            Kind.ORDINARY_ELECTRONIC,
            "050001700111",
            "99999951",
            date(2020, 10, 10),
            ("300.00", "18.00", "318.00"),
            3,
        ),
        (
            "ofd-10-chongqing-testca-100lines.ofd",
            Kind.ORDINARY_ELECTRONIC,
            "050001700111",
            "12235358",
            date(2020, 8, 5),
            ("10000.00", "600.00", "10600.00"),
            100,
        ),
        (
            "ofd-10-beijing-testca-partial-cover.ofd",
            Kind.ORDINARY_ELECTRONIC,
            "011002680026",
            "71500013",
            date(2020, 2, 20),
            ("9709.00", "291.00", "10000.00"),
            100,
        ),
        (
            "ofd-10-zhejiang-xbrl-attach-signed.ofd",
            Kind.ORDINARY_ELECTRONIC,
            "033002200211",
            "99934328",
            date(2022, 9, 1),
            ("9.91", "1.29", "11.20"),
            1,
        ),
        (
            "ofd-31-beijing-digital-unsigned.ofd",
            Kind.DIGITAL_SPECIAL,
            "",
            "24112000000048542163",
            date(2024, 5, 28),
            ("4197.17", "251.83", "4449.00"),
            1,
        ),
        (
            "xml-einvoice-mof-official-special-v0.2.xml",
            Kind.DIGITAL_SPECIAL,
            "",
            "23440000000000100001",
            date(2023, 2, 23),
            ("2.00", "0.12", "2.12"),
            1,
        ),
    ],
)
def test_a_sample_is_read_without_contradiction(
    name: str,
    kind: Kind,
    code: str,
    number: str,
    issued_on: date,
    amounts: tuple[str, str, str],
    lines: int,
) -> None:
    reading = read(name)
    invoice = reading.invoice
    assert (invoice.kind, invoice.code, invoice.number) == (kind, code, number)
    assert invoice.issued_on == issued_on
    assert (invoice.amount_without_tax, invoice.tax, invoice.total_with_tax) == tuple(
        map(Decimal, amounts)
    )
    assert len(invoice.lines) == lines
    assert sum(line.amount or 0 for line in invoice.lines) == invoice.amount_without_tax
    assert reading.disagreements == ()
    assert {problem.trouble for problem in reading.problems} <= {Trouble.NAME_REPAIRED}


@needs_samples
def test_every_sample_ends_in_a_reading_or_a_reason() -> None:
    for path in sorted(SAMPLES.iterdir()):
        outcome = documents.read(path.read_bytes())
        if not isinstance(outcome, Reading):
            assert isinstance(outcome, Unreadable)
            assert outcome.cause in {Cause.NOT_AN_INVOICE, Cause.UNKNOWN_FORMAT}


@needs_samples
@pytest.mark.parametrize(
    "name", ["ofd-10-chongqing-testca-signed.ofd", "ofd-31-beijing-digital-unsigned.ofd"]
)
def test_the_qr_picture_of_a_sample_agrees(name: str) -> None:
    zxingcpp = pytest.importorskip("zxingcpp")
    image = pytest.importorskip("PIL.Image")
    from io import BytesIO

    texts: list[str] = []

    def decode(data: bytes) -> str:
        found = zxingcpp.read_barcodes(image.open(BytesIO(data)).convert("L"))
        texts.extend(code.text for code in found)
        return found[0].text if found else ""

    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    outcome = documents.read(path.read_bytes(), decode_qr=decode)
    assert isinstance(outcome, Reading)
    assert [text[:3] for text in texts] == ["01,"]
    assert outcome.disagreements == ()
