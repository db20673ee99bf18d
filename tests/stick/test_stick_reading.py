"""A stick read by the confined process: what is on it, and what a hostile one costs."""

import asyncio
import io
import sys
import zipfile
from pathlib import Path

import pytest
from stick_kit import TODAY, digital, put, sealed

from central.sandbox.mint import Breakage
from einvoice.verdict import Check, Evidence, Finding
from kiosk.stick import reading
from kiosk.stick.found import FileRead
from kiosk.stick.reading import StickUnreadable, read_stick


async def test_invoices_are_read_sealed_and_screened(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", digital())
    put(tmp_path, "b.ofd", sealed())
    put(tmp_path, "c.xml", digital(Breakage.WRONG_TOTAL))
    put(tmp_path, "d.pdf", b"%PDF-1.7 and nothing else")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb.xml", bytes(64 * 1024 * 1024))
    put(tmp_path, "e.zip", bomb.getvalue())
    read = await read_stick(tmp_path, TODAY)
    assert read.is_whole
    right, old, wrong, damaged, bombed = read.files
    (invoice,) = right.invoices
    assert invoice.reference is not None
    assert invoice.reference.is_complete
    assert invoice.evidence[0].check is Check.SEAL
    assert invoice.evidence[1] == Evidence(Check.SCREENING, Finding.AGREES)
    assert "*" in invoice.buyer_masked
    assert old.invoices[0].evidence[0].note == "seal_test"
    assert any(one.finding is Finding.DIFFERS for one in wrong.invoices[0].evidence)
    assert damaged.cause
    assert bombed.cause
    assert bombed.invoices == ()


async def test_a_stick_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StickUnreadable):
        await read_stick(tmp_path / "pulled out", TODAY)


def reader(tmp_path: Path, code: str) -> Path:
    """A reader that behaves as one does that a hostile file has broken."""
    program = tmp_path / "reader"
    program.write_text(
        f"#!{sys.executable}\nimport os, sys, time\nfirst = int(sys.argv[5])\n{code}"
    )
    program.chmod(0o700)
    return program


WALKED = b'{"type":"walked","files":3,"left_out":{}}\n'


async def test_a_file_that_ends_the_reader_costs_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"""
out = sys.stdout.buffer
out.write({WALKED!r})
for number in range(first, 3):
    if number == 1:
        out.flush(); os._exit(9)
    out.write(b'{{"type":"read","number":%d,"cause":"damaged"}}\\n' % number)
"""
    monkeypatch.setattr(sys, "executable", str(reader(tmp_path, code)))
    read = await read_stick(tmp_path, TODAY)
    assert [one.cause for one in read.files] == ["damaged", "limit", "damaged"]


@pytest.mark.parametrize(
    "said",
    [
        b'{"type":"read","number":7}\n',
        b"not a message\n",
        b'{"type":"walked","files":3}\n',
        b"x" * 300_000,
    ],
)
async def test_a_reader_that_says_anything_else_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    code = f"sys.stdout.buffer.write({WALKED!r} + {said!r})"
    monkeypatch.setattr(sys, "executable", str(reader(tmp_path, code)))
    read = await read_stick(tmp_path, TODAY)
    assert all(one == FileRead(one.number, cause="limit") for one in read.files)


async def test_a_reader_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"sys.stdout.buffer.write({WALKED!r})\nsys.stdout.flush()\ntime.sleep(600)"
    monkeypatch.setattr(sys, "executable", str(reader(tmp_path, code)))
    monkeypatch.setattr(reading, "FILE_WITHIN_S", 0.05)
    async with asyncio.timeout(20):
        read = await read_stick(tmp_path, TODAY)
    assert [one.cause for one in read.files] == ["limit", "limit", "limit"]


async def test_a_stick_that_is_pulled_out_in_the_middle_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = b'{"type":"read","number":0,"cause":"gone"}\n'
    code = f"sys.stdout.buffer.write({WALKED!r} + {gone!r})"
    monkeypatch.setattr(sys, "executable", str(reader(tmp_path, code)))
    read = await read_stick(tmp_path, TODAY)
    assert not read.is_whole
    assert len(read.files) == 1
