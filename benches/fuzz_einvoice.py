"""Coverage-guided fuzzing of everything that reads a stranger's text or file, with atheris.

usage: PYTHONPATH=. python benches/fuzz_einvoice.py TARGET [CORPUS] [libFuzzer options]

TARGET is one of the keys of `TARGETS`; the corpus folder is made and filled with minted seeds
if it is not there. `make fuzz` runs every target for a while. What is looked for: anything
raised, an input that takes longer than the limit of two seconds, and growing memory.

An OFD is fuzzed by its parts, since a fuzzer that changes bytes of a ZIP changes little but
checksums: the first two bytes of an input name a minted OFD and one of its parts, and the rest
becomes the content of that part.
"""

import importlib
import io
import logging
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

atheris: Any = importlib.import_module("atheris")  # in no environment but that of `make fuzz`

with atheris.instrument_imports(include=["einvoice"]):
    from central.sandbox.mint import Mint
    from einvoice import qr
    from einvoice.documents import Reading, read
    from einvoice.file_seals import seals_of
    from einvoice.kinds import Kind
    from einvoice.screening import screen_reading
    from einvoice.seals import TrustStore

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
NOBODY = TrustStore.parse("")
DIGITAL = (Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY)
ISSUED_BY_CODE = (Kind.ORDINARY_ELECTRONIC, Kind.SPECIAL_ELECTRONIC, Kind.TOLL)
TRAVEL = (Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR)
EVERY = (*DIGITAL, *TRAVEL, *ISSUED_BY_CODE)
FONT = Path(__file__).parents[1] / "build" / "fonts" / "NotoSansSC-Regular.otf"


@dataclass(frozen=True, slots=True)
class Target:
    """Something to be fuzzed.

    Attributes:
        run: takes any bytes and must not raise.
        seeds: inputs to begin with.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]


def fuzz_text(data: bytes) -> None:
    """A scanned text, in the encodings that scanners send."""
    for encoding in ("utf-8", "gb18030"):
        qr.parse(data.decode(encoding, "surrogateescape"))


def fuzz_file(data: bytes) -> None:
    """A file: read, screened, and its seals checked."""
    outcome = read(data)
    if isinstance(outcome, Reading):
        screen_reading(outcome, TODAY)
    for _ in seals_of(data, NOBODY, NOW):
        pass


def fuzz_part(data: bytes) -> None:
    """An OFD with one part replaced."""
    if len(data) < 2:
        return
    wholes = _ofds()
    parts = dict(wholes[data[0] % len(wholes)])
    parts[sorted(parts)[data[1] % len(parts)]] = data[2:]
    fuzz_file(_packed(parts))


@cache
def _ofds() -> tuple[Mapping[str, bytes], ...]:
    return tuple(_parts(Mint("fuzz").invoice(kind).ofd()) for kind in EVERY)


def _parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def text_seeds() -> Iterator[bytes]:
    """One QR of every kind, and what else is held up."""
    for kind in EVERY:
        yield Mint("fuzz").invoice(kind).qr().encode()
    yield b"$015ZCN56ewPC8+PC8+PC8+PC8+OTM3RA==$"
    yield b"https://dppt.beijing.chinatax.gov.cn:8443/v/2_24112000000048542163_20240528"
    yield b"FPXP1:SF-03-261124-0042:7K3M9PQ2XZ4T:NR"


def xml_seeds() -> Iterator[bytes]:
    """数电票 XML, and `original_invoice.xml`."""
    for kind in DIGITAL:
        yield Mint("fuzz").invoice(kind).xml()
    for whole in _ofds():
        yield from (part for name, part in whole.items() if "original" in name)


def xbrl_seeds() -> Iterator[bytes]:
    """Instances of each taxonomy."""
    for kind in EVERY:
        yield Mint("fuzz").invoice(kind).xbrl()


def part_seeds() -> Iterator[bytes]:
    """Every part of every minted OFD under its own two numbers."""
    for number, whole in enumerate(_ofds()):
        for at, name in enumerate(sorted(whole)):
            yield bytes((number, at)) + whole[name]


def zip_seeds() -> Iterator[bytes]:
    """Whole OFDs, and a ZIP of two forms."""
    for kind in (Kind.DIGITAL_SPECIAL, Kind.ORDINARY_ELECTRONIC):
        yield Mint("fuzz").invoice(kind).ofd()
    yield Mint("fuzz").invoice().zip()


def pdf_seeds() -> Iterator[bytes]:
    """A PDF of every kind; none where the fonts were not set up."""
    if FONT.exists():
        for kind in EVERY:
            yield Mint("fuzz").invoice(kind, lines=1).pdf(FONT)


TARGETS: Mapping[str, Target] = {
    "text": Target(fuzz_text, text_seeds),
    "xml": Target(fuzz_file, xml_seeds),
    "xbrl": Target(fuzz_file, xbrl_seeds),
    "ofd": Target(fuzz_part, part_seeds),
    "zip": Target(fuzz_file, zip_seeds),
    "pdf": Target(fuzz_file, pdf_seeds),
}


def main() -> None:
    """Fuzz one target until libFuzzer's own options say so."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"{__doc__}\ntargets: {' '.join(TARGETS)}")
    name, rest = sys.argv[1], sys.argv[2:]
    target = TARGETS[name]
    folders = [word for word in rest if not word.startswith("-")]
    corpus = Path(folders[0] if folders else tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    logging.disable(logging.CRITICAL)
    options = [word for word in rest if word.startswith("-")]
    limits = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=131072"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, *options], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
