"""Reading and checking invoices beside other readers, in one run: read the ratios.

usage: PYTHONPATH=. python benches/bench_einvoice.py [--rounds 15] [FILE.ofd …]

Files are minted; those named on the command line are measured too. Peers that are installed
are measured (see requirements-bench.in); a peer that fails on a file is shown as failing.
Times are the least processor time of a round of calls: a busy machine only adds to it.
"""

import argparse
import contextlib
import importlib
import io
import logging
import platform
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from central.sandbox.mint import Mint, MintedInvoice, sealing
from einvoice import qr
from einvoice.documents import read
from einvoice.kinds import Kind
from einvoice.seals import TrustStore, check_ofd, sm2

Act = Callable[[], object]
QR = "01,31,,24112000000048542163,4449.00,20240528,,B2B6"
LEAST_ROUND_S = 0.02


@dataclass(frozen=True, slots=True)
class Row:
    """One measured act; `ms` is None where it failed."""

    name: str
    ms: float | None


def least_ms(act: Act, rounds: int) -> float | None:
    """The least time of one call over some rounds, milliseconds; None if it raises."""
    return least_of({"": act}, rounds)[0].ms


def least_of(subjects: Mapping[str, Act], rounds: int) -> list[Row]:
    """The least time of one call of each, in rounds of all.

    Each round takes every subject once, so that what else the machine does, and how its caches
    suffer from it, falls on all alike.
    """
    calls = {name: _calls_of_a_round(act) for name, act in subjects.items()}
    best: dict[str, float] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for _ in range(rounds):
            for name, act in subjects.items():
                often = calls[name]
                if often == 0:
                    continue
                started = time.process_time()
                for _ in range(often):
                    act()
                took = (time.process_time() - started) / often * 1e3
                best[name] = min(best.get(name, took), took)
    return [Row(name, best.get(name)) for name in subjects]


def _calls_of_a_round(act: Act) -> int:
    """How many calls fill a round; 0 if it raises."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            act()
    except Exception as failed:  # noqa: BLE001 - a peer may raise anything; the table says so
        print(f"  {type(failed).__name__}: {str(failed)[:60]}", file=sys.stderr)
        return 0
    started = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        act()
    return max(1, int(LEAST_ROUND_S / max(time.process_time() - started, 1e-7)))


def peer(name: str) -> ModuleType | None:
    """A module that may not be installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"not installed: {name}", file=sys.stderr)
        return None


def table(title: str, rows: list[Row]) -> None:
    """The first row is the measure: every other is shown as a multiple of it."""
    measure = rows[0].ms
    print(f"\n| {title} | ms | ÷ first |\n|---|---|---|")
    for row in rows:
        if row.ms is None:
            print(f"| {row.name} | fails | |")
        else:
            ratio = f"{row.ms / measure:.2f}" if measure else ""
            print(f"| {row.name} | {row.ms:.4g} | {ratio} |")


def entries(file: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return len(archive.namelist())


def minted(kind: Kind, lines: int) -> MintedInvoice:
    return Mint("bench").invoice(kind, lines=lines)


def ofd_files(named: list[Path]) -> Iterator[tuple[str, bytes]]:
    yield "digital, 2 lines, 1 page", minted(Kind.DIGITAL_SPECIAL, 2).ofd()
    yield "old, signed, 2 lines, 1 page", minted(Kind.ORDINARY_ELECTRONIC, 2).ofd()
    yield "old, signed, 100 lines, 15 pages", minted(Kind.ORDINARY_ELECTRONIC, 100).ofd()
    for path in named:
        yield path.name, path.read_bytes()


def with_text(document: Any) -> object:
    """What ofdkit gives for an invoice, and the text of all its pages."""
    with document:
        return document.invoice(), document.text()


def bench_ofd(named: list[Path], trust: TrustStore, rounds: int) -> None:
    ofdkit: Any = peer("ofdkit")
    easyofd: Any = peer("easyofd.ofd")
    if easyofd is not None:
        importlib.import_module("loguru").logger.remove()
    for name, file in ofd_files(named):
        subjects: dict[str, Act] = {}
        if ofdkit is not None:
            subjects["ofdkit, reading"] = lambda file=file: ofdkit.extract_invoice(io.BytesIO(file))
            # The same pages are looked at as by us: reading alone loads those that tags point at.
            subjects["ofdkit, reading with the text of every page"] = lambda file=file: with_text(
                ofdkit.OFDDocument(io.BytesIO(file))
            )
        if easyofd is not None:
            subjects["easyofd, reading"] = lambda file=file: easyofd.OFD().read(file, fmt="binary")
        subjects["ours, reading"] = lambda file=file: read(file)
        subjects["ours, seals"] = lambda file=file: check_ofd(file, trust)
        subjects["ours, reading and seals"] = lambda file=file: (
            read(file),
            check_ofd(file, trust),
        )
        rows = least_of(subjects, rounds)
        table(f"OFD: {name} ({entries(file)} entries, {len(file) // 1024} kB)", rows)


def bench_xml(rounds: int) -> None:
    etree: Any = peer("lxml.etree")
    for lines in (2, 100):
        file = minted(Kind.DIGITAL_SPECIAL, lines).xml()
        rows = [Row("ours, whole invoice", least_ms(lambda file=file: read(file), rounds))]
        if etree is not None:
            bare = least_ms(lambda file=file: etree.fromstring(file), rounds)
            rows.insert(0, Row("lxml, bare tree", bare))
        table(f"数电票 XML, {lines} lines, {len(file) // 1024} kB", rows)


def bench_qr(rounds: int) -> None:
    rows = [
        Row("str.split", least_ms(lambda: QR.split(","), rounds)),
        Row("ours, typed answer", least_ms(lambda: qr.parse(QR), rounds)),
    ]
    table("QR", rows)


def bench_sm2(rounds: int) -> None:
    """One verification over a kilobyte, digest included."""
    message = bytes(1024)
    key = sealing().maker.key
    signature, point = sm2.Signature.parse(key.sign(message)), key.point
    public = b"".join(number.to_bytes(32, "big") for number in point)
    r, s = (number.to_bytes(32, "big") for number in (signature.r, signature.s))
    digest = sm2.message_digest(point, message)
    rows = [
        Row("ours", least_ms(lambda: sm2.verify(point, message, signature), rounds)),
        Row(
            "ours, without OpenSSL",
            least_ms(lambda: sm2.verify_in_python(point, digest, signature), rounds),
        ),
    ]
    gmalg: Any = peer("gmalg")
    if gmalg is not None:
        checker = gmalg.SM2(pk=b"\x04" + public, uid=sm2.DEFAULT_ID)
        rows.append(Row("gmalg", least_ms(lambda: checker.verify(message, r, s), rounds)))
    gmssl: Any = peer("gmssl.sm2")
    if gmssl is not None:
        naive = gmssl.CryptSM2("", public.hex())
        rows.append(Row("gmssl", least_ms(lambda: naive.verify((r + s).hex(), digest), rounds)))
    table("SM2, one verification", rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    by = "OpenSSL" if sm2.uses_openssl() else "Python"
    print(f"Python {platform.python_version()}, SM2 by {by}")
    trust = TrustStore.parse("")
    bench_ofd(options.files, trust, options.rounds)
    bench_xml(options.rounds)
    bench_qr(options.rounds)
    bench_sm2(options.rounds)


if __name__ == "__main__":
    main()
