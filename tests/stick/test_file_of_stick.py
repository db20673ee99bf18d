"""One file of a stick handed on: the very one that was read, or none."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from stick_kit import TODAY, digital, put

from central.sandbox.mint import Mint
from kiosk.stick.fetching import StickChanged, file_of_stick
from kiosk.stick.found import PdfOnStick
from kiosk.stick.reading import read_stick

FONT = Path(__file__).parents[2] / "build" / "fonts" / "NotoSansSC-Regular.otf"

PDF = b"%PDF-1.7 of a stranger" * 9000  # more than a pipe holds at once


def named(data: bytes, number: int = 1) -> PdfOnStick:
    return PdfOnStick(number, hashlib.sha256(data).hexdigest())


async def test_the_file_that_was_read_is_handed_on_whole(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", b"<x/>")
    put(tmp_path, "deeper/b.pdf", PDF)
    assert await file_of_stick(tmp_path, named(PDF)) == PDF


@pytest.mark.skipif(not FONT.exists(), reason="fonts are made at set-up")
async def test_the_reader_names_a_pdf_with_an_invoice_and_nothing_else(tmp_path: Path) -> None:
    pdf = Mint("stick").invoice().pdf(FONT)
    put(tmp_path, "a.xml", digital())
    put(tmp_path, "b.pdf", pdf)
    put(tmp_path, "c.pdf", PDF)
    xml, invoice, other = (await read_stick(tmp_path, TODAY)).files
    assert invoice.invoices
    assert invoice.pdf == named(pdf).sha256
    assert (xml.pdf, other.pdf) == (None, None)


def changed(path: Path) -> None:
    path.write_bytes(PDF[:-1] + b"!")


def taken_away(path: Path) -> None:
    path.unlink()


def led_elsewhere(path: Path) -> None:
    elsewhere = path.parent.parent / "elsewhere.pdf"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def made_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("meanwhile", [changed, taken_away, led_elsewhere, made_a_pipe])
async def test_what_is_not_that_file_any_more_is_not_handed_on(
    tmp_path: Path, meanwhile: Callable[[Path], None]
) -> None:
    stick = tmp_path / "stick"
    put(stick, "a.pdf", PDF)
    meanwhile(stick / "a.pdf")
    with pytest.raises(StickChanged):
        await file_of_stick(stick, named(PDF, 0))


async def test_a_stick_that_does_not_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = tmp_path / "reader"
    silent.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n")
    silent.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(silent))
    with pytest.raises(StickChanged):
        await file_of_stick(tmp_path, named(PDF, 0), within_s=0.05)


async def test_one_that_hands_on_without_end_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = tmp_path / "reader"
    endless.write_text("#!/bin/sh\nexec cat /dev/zero\n")
    endless.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(endless))
    with pytest.raises(StickChanged):
        await file_of_stick(tmp_path, named(PDF, 0))
