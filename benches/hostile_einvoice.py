"""What files that were built to hurt take: each in a process of its own, time and memory.

usage: PYTHONPATH=. python benches/hostile_einvoice.py [--only WORD] [--cut-step N]

A child reads one file as the terminal does (fields, QR pictures, seals, screening) and says how
much processor time it took, which a busy machine does not add to, and by how much its memory
grew above what it had with everything imported. The limits are two seconds and 64 MB. Files
cut at every byte share one child.
"""

import argparse
import base64
import gc
import io
import json
import logging
import multiprocessing
import struct
import sys
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from central.sandbox.mint import Mint
from einvoice.documents import Reading, SeveralInvoices, Unreadable, read
from einvoice.documents.pdf import SIGNATURE
from einvoice.file_seals import seals_of
from einvoice.kinds import Kind
from einvoice.qr_pictures import decode_qr
from einvoice.screening import screen_reading
from einvoice.seals import TrustStore

LIMIT_S, LIMIT_MB = 2.0, 64.0
TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, tzinfo=UTC)
FONT = Path(__file__).parents[1] / "build" / "fonts" / "NotoSansSC-Regular.otf"
Parts = dict[str, bytes]
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def look(data: bytes) -> str:
    """Everything that the terminal does with a file; gives what came of it."""
    outcome = read(data, decode_qr=decode_qr)
    if isinstance(outcome, Reading):
        screen_reading(outcome, TODAY)
    for _ in seals_of(data, TrustStore.parse(""), NOW):
        pass
    match outcome:
        case Reading():
            return "read"
        case SeveralInvoices():
            return f"{len(outcome.readings)} invoices"
        case Unreadable(cause):
            return cause.value


def packed(parts: Mapping[str, bytes]) -> bytes:
    return packed_pairs(parts.items())


def packed_pairs(pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """As `packed`; a name may come twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return file.getvalue()


def ofd_parts(kind: Kind = Kind.ORDINARY_ELECTRONIC) -> Parts:
    with zipfile.ZipFile(io.BytesIO(Mint("hostile").invoice(kind).ofd())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def ofd_of_lines(lines: int) -> bytes:
    return Mint("lines").invoice(Kind.ORDINARY_ELECTRONIC, lines=lines).ofd()


def pdf_of_lines(lines: int) -> bytes:
    return Mint("lines").invoice(lines=lines).pdf(FONT) if FONT.exists() else b""


def with_part(name: str, content: str | bytes) -> bytes:
    written = content.encode() if isinstance(content, str) else content
    return packed({**ofd_parts(), name: written})


def page(objects: str) -> str:
    return f'{XML}<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016">{objects}</ofd:Page>'


def text(at: int, written: str, steps: str = "") -> str:
    return (
        f'<ofd:TextObject ID="{at}" Boundary="{at % 200} {at % 130} 9 9" Size="3">'
        f'<ofd:TextCode X="0" Y="3" DeltaX="{steps}">{written}</ofd:TextCode></ofd:TextObject>'
    )


def many_pages(count: int, *, distinct: bool) -> bytes:
    listed = "".join(
        f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at if distinct else 0}/Content.xml"/>'
        for at in range(count)
    )
    parts = ofd_parts()
    document = parts["Doc_0/Document.xml"].decode()
    head, _, rest = document.partition("<ofd:Pages>")
    tail = rest.partition("</ofd:Pages>")[2]
    parts["Doc_0/Document.xml"] = f"{head}<ofd:Pages>{listed}</ofd:Pages>{tail}".encode()
    if distinct:
        content = parts["Doc_0/Pages/Page_0/Content.xml"]
        for at in range(min(count, 1_900)):
            parts[f"Doc_0/Pages/Page_{at}/Content.xml"] = content
    return packed(parts)


def png(width: int, height: int) -> bytes:
    """A black picture that packs to almost nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(3 * width)) * height, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def many_pictures(width: int, height: int) -> bytes:
    drawn = "".join(
        f'<ofd:ImageObject ID="{at}" Boundary="1 1 20 20" ResourceID="{at}"/>' for at in range(20)
    )
    media = "".join(
        f'<ofd:MultiMedia ID="{at}"><ofd:MediaFile>{at}.png</ofd:MediaFile></ofd:MultiMedia>'
        for at in range(20)
    )
    res = f'{XML}<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="Res">{media}</ofd:Res>'
    pictures = {f"Doc_0/Res/{at}.png": png(width, height) for at in range(20)}
    return packed(
        {
            **ofd_parts(Kind.DIGITAL_SPECIAL),
            "Doc_0/Pages/Page_0/Content.xml": page(drawn).encode(),
            "Doc_0/DocumentRes.xml": res.encode(),
            **pictures,
        }
    )


def pdf_of(objects: Iterable[bytes], count: int) -> bytes:
    """A PDF without a table: readers look for its objects."""
    return (
        SIGNATURE
        + b"1.7\n"
        + b"\n".join(objects)
        + f"\ntrailer<</Size {count}/Root 1 0 R>>".encode()
    )


def pdf_pages(count: int) -> bytes:
    def objects() -> Iterator[bytes]:
        yield b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj"
        kids = b" ".join(b"%d 0 R" % at for at in range(4, count + 4))
        yield b"2 0 obj<</Type/Pages/Count %d/Kids[%b]>>endobj" % (count, kids)
        yield b"3 0 obj<</Length 9>>stream\nBT (a) Tj\nendstream endobj"
        for at in range(4, count + 4):
            yield b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R>>endobj" % at

    return pdf_of(objects(), count + 4)


def pdf_cycle() -> bytes:
    """Pages, files and forms that contain themselves."""
    itself = b"/Resources<</XObject<</A 3 0 R>>>>"
    return pdf_of(
        [
            b"1 0 obj<</Type/Catalog/Pages 2 0 R/AF 1 0 R/Names<</EmbeddedFiles 2 0 R>>>>endobj",
            b"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]/Parent 2 0 R%b>>endobj" % itself,
            b"3 0 obj<</Subtype/Form/Length 4%b>>stream\n/A Do\nendstream endobj" % itself,
        ],
        4,
    )


def pdf_bomb() -> bytes:
    """A table of references that unpacks to 200 MB."""
    packed_table = zlib.compress(bytes(200_000_000), 9)
    head = SIGNATURE + b"1.7\n"
    table = (
        b"1 0 obj<</Type/XRef/Size 40000000/W[1 2 2]/Root 2 0 R/Filter/FlateDecode/Length %d>>"
        b"stream\n%b\nendstream endobj\n" % (len(packed_table), packed_table)
    )
    return head + table + b"startxref\n%d\n%%%%EOF" % len(head)


def entity_flood() -> str:
    levels = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
    return f'{XML}<!DOCTYPE a [<!ENTITY e0 "lol">{levels}]><a>&e9;</a>'


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "zip: one entry of 100 MB": lambda: packed({"a.xml": bytes(100_000_000)}),
    "zip: 2,000 entries of 16 kB": lambda: packed(
        {f"{at}.xml": bytes(16_000) for at in range(2_000)}
    ),
    "zip: 60,000 entries": lambda: packed({str(at): b"" for at in range(60_000)}),
    "zip: 40 OFDs of 100 lines": lambda: packed(
        {f"{at}.ofd": ofd_of_lines(100) for at in range(40)}
    ),
    "zip: 40 PDFs": lambda: packed({f"{at}.pdf": pdf_of_lines(7) for at in range(40)}),
    "zip: zips in zips": lambda: packed({"a.zip": packed({"b.zip": packed({"c.zip": b"x" * 9})})}),
    "zip: 40 ZIPs of 2,000 names that are passed over": lambda: packed(
        {f"{at}.zip": packed({f"__MACOSX/{at}": b"" for at in range(2_000)}) for at in range(40)}
    ),
    "zip: every name twice": lambda: packed_pairs([*ofd_parts().items(), *ofd_parts().items()]),
    "zip: a path that escapes": lambda: packed({**ofd_parts(), "../../etc/passwd": b"x"}),
    "xml: entities": lambda: entity_flood().encode(),
    "xml: a file of the machine": lambda: (
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><EInvoice>&e;</EInvoice>'
    ),
    "xml: 50,000 levels": lambda: b"<a>" * 50_000 + b"</a>" * 50_000,
    "xml: 99,000 elements": lambda: b"<a>" + b"<b/>" * 98_000 + b"</a>",
    "xml: 90,000 attributes": lambda: (
        b"<a " + b" ".join(b'a%d="1"' % at for at in range(90_000)) + b"/>"
    ),
    "xml: 3 MB of one text": lambda: b"<EInvoice><EIid>" + b"1" * 3_000_000 + b"</EIid></EInvoice>",
    "xml: 3 MB of opening brackets": lambda: b"<" * 99_000,
    "xml: 3 MB of colons": lambda: b"<a " + b"b:" * 1_400_000 + b">",
    "xml: 3 MB of comments": lambda: b"<a>" + b"<!-- -->" * 90_000 + b"</a>",
    "xml: 3 MB of <! and blanks": lambda: b"<a><!" + b" " * 2_900_000,
    "xml: 4,000 lines": lambda: Mint("x").invoice(lines=4_000).xml(),
    "ofd: 10,000 pages of one part": lambda: many_pages(10_000, distinct=False),
    "ofd: 1,900 pages": lambda: many_pages(1_900, distinct=True),
    "ofd: 25,000 texts in one row": lambda: with_part(
        "Doc_0/Pages/Page_0/Content.xml", page(text(1, "名称：") * 15_000)
    ),
    "ofd: labels everywhere": lambda: with_part(
        "Doc_0/Pages/Page_0/Content.xml",
        page("".join(text(at, "名称：开票日期：2024年合计¥1.00") for at in range(14_000))),
    ),
    "ofd: 100 texts of 2,000 wide steps": lambda: with_part(
        "Doc_0/Pages/Page_0/Content.xml",
        page("".join(text(at, "1,234." * 330, "g 1999999999 99") for at in range(100))),
    ),
    "ofd: steps without end": lambda: with_part(
        "Doc_0/Pages/Page_0/Content.xml", page(text(1, "a" * 90, "g 1e300 1e300 " * 100_000))
    ),
    "ofd: attachments that list themselves": lambda: with_part(
        "Doc_0/Attachs/Attachments.xml",
        "<Attachments>" + "<Attachment><FileLoc>Attachments.xml</FileLoc></Attachment>" * 5_000
        + "</Attachments>",
    ),
    "ofd: tags that point at nothing": lambda: with_part(
        "Doc_0/Tags/Tag_Invoice.xml",
        "<eInvoice>" + '<Item><ObjectRef PageRef="1">9</ObjectRef></Item>' * 24_000 + "</eInvoice>",
    ),
    "ofd: 20 pictures of 4 megapixels": lambda: many_pictures(2_000, 1_999),
    "ofd: 20 pictures of 400 megapixels": lambda: many_pictures(20_000, 2_000),
    "ofd: QR as a picture in Base64": lambda: with_part(
        "Doc_0/Attachs/original_invoice.xml",
        f"<eInvoice><InvoiceNo>1</InvoiceNo><GraphCode>"
        f"{base64.b64encode(png(2_000, 1_999)).decode()}</GraphCode></eInvoice>",
    ),
    "seals: 10,000 signatures": lambda: with_part(
        "Doc_0/Signs/Signatures.xml",
        "<Signatures>" + '<Signature BaseLoc="Sign_0/Signature.xml"/>' * 10_000 + "</Signatures>",
    ),
    "seals: 8 MB of signature": lambda: with_part(
        "Doc_0/Signs/Sign_0/SignedValue.dat", b"\x30\x83\x7f\xff\xff" + b"\x30\x80" * 4_000_000
    ),
    "pdf: 10,000 pages": lambda: pdf_pages(10_000),
    "pdf: a page tree in a circle": pdf_cycle,
    "pdf: tables that unpack to 200 MB": pdf_bomb,
    "pdf: 8 MB of nothing": lambda: SIGNATURE + b"1.7\n" + b"0 0 obj " * 1_000_000,
    "pdf: 16 MB": lambda: SIGNATURE + bytes(16_000_000),
    "text: 16 MB of <": lambda: b"<" * 16_000_000,
}  # fmt: skip


def measured(data: bytes) -> tuple[str, float, float]:
    """In this process: what came of it, seconds, and megabytes that memory grew at most."""
    before = forget_peak_mb()
    started = time.process_time()
    came = look(data)
    return came, time.process_time() - started, peak_mb() - before


def forget_peak_mb() -> float:
    """Let the peak begin at what the process holds now, and say how much that is."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_mb()


def peak_mb() -> float:
    """The most that this process held since then (proc(5): VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _child(data: bytes) -> tuple[str, float, float]:
    logging.disable(logging.CRITICAL)
    warm_up()
    return measured(data)


def warm_up() -> None:
    """Import everything that is imported late, and let caches fill."""
    look(Mint("warm").invoice(Kind.ORDINARY_ELECTRONIC).ofd())
    if FONT.exists():
        look(Mint("warm").invoice(lines=1).pdf(FONT))


def cuts() -> Iterator[tuple[str, bytes]]:
    """Whole files to be cut at every byte."""
    yield "xml", Mint("cut").invoice(lines=1).xml()
    yield "ofd", Mint("cut").invoice(Kind.ORDINARY_ELECTRONIC, lines=1).ofd()
    if FONT.exists():
        yield "pdf", Mint("cut").invoice(lines=1).pdf(FONT)


def _cut_child(asked: tuple[bytes, int]) -> tuple[int, float, float]:
    logging.disable(logging.CRITICAL)
    warm_up()
    data, step = asked
    before, longest = forget_peak_mb(), 0.0
    lengths = range(0, len(data), step)
    for length in lengths:
        started = time.process_time()
        look(data[:length])
        longest = max(longest, time.process_time() - started)
    return len(lengths), longest, peak_mb() - before


def main() -> None:
    warnings.simplefilter("ignore")  # two entries of one name are meant here
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--cut-step", type=int, default=7)
    options = parser.parse_args()
    beyond: list[str] = []
    print("| file | kB | what came of it | s | MB |\n|---|---|---|---|---|")
    spawned = multiprocessing.get_context("spawn")
    for name, make in HOSTILE.items():
        if options.only not in name:
            continue
        data = make()
        with spawned.Pool(1) as pool:
            came, seconds, grown = pool.apply(_child, (data,))
        # What the parent sent is in the child's memory too, before it is measured.
        print(
            f"| {name} | {len(data) // 1024:,} | {came} | {seconds:.2f} | {grown:.0f} |", flush=True
        )
        if seconds > LIMIT_S or grown > LIMIT_MB:
            beyond.append(name)
    for name, data in cuts():
        if options.only not in name:
            continue
        with spawned.Pool(1) as pool:
            count, longest, grown = pool.apply(_cut_child, ((data, options.cut_step),))
        row = f"| {name} cut {count:,} times | {len(data) // 1024} | nothing raised"
        print(f"{row} | {longest:.2f} | {grown:.0f} |")
        if longest > LIMIT_S or grown > LIMIT_MB:
            beyond.append(name)
    print(json.dumps({"beyond the limits": beyond}, ensure_ascii=False))
    sys.exit(bool(beyond))


if __name__ == "__main__":
    main()
