"""A receipt of 40 Chinese lines, from the intent to the proof, beside python-escpos.

usage: PYTHONPATH=. python benches/bench_drivers.py [--rounds 50] [--prints 5] [--baud 115200]

The printer is the simulated one on a pseudo-terminal that takes bytes at the given speed; its
paper is instant, so that what is measured is the line and the drivers.
"""

import argparse
import logging
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import escpos.printer
from PIL import Image, ImageDraw

from drivers.deadline import Deadline
from drivers.links.link import write_all
from drivers.links.serial import SerialLink, SerialSettings
from drivers.printers import commands
from drivers.printers.encode import Slip, encode
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.outcome import Proven
from drivers.printers.paper import Align, Document, Element, Pair, Qr, Rule, Size, Text
from drivers.printers.profile import Charset, Cutter, Profile
from drivers.printers.raster import Bitmap, raster_blocks
from drivers.printers.status import Ready
from drivers.printers.tag import job_tag
from drivers.simulated.model import PrinterModel
from drivers.simulated.printer import SimulatedPrinter

_escpos: Any = escpos.printer  # no types

BITS_PER_BYTE = 10
LINE = "开票内容第{:02d}行 货物或应税劳务 壹贰叁 123456.78"
CODE = "01,32,,24112000000000000001,100.00,20260101,,A1B2,"
PROFILE = Profile(
    name="bench", title="", source="", charset=Charset.GB18030, native_qr=True, near_end=True,
    cutter=Cutter.FULL, cut_feed_lines=4, process_id=True, asb=True,
)  # fmt: skip
FONT_DOTS = 24


def texts() -> list[str]:
    return [LINE.format(number) for number in range(36)]


def document() -> Document:
    """40 lines and a code."""
    elements: list[Element] = [Text("发票查验结果", Size.TALL, Align.CENTRE, bold=True), Rule()]
    elements += [Text(text) for text in texts()]
    elements += [Pair("合计", "123456.78"), Rule(), Qr(CODE)]
    return Document(tuple(elements))


def ours(glyphs: FontGlyphs) -> bytes:
    return encode(document(), PROFILE, glyphs).body


def escpos_text() -> bytes:
    """The same slip by python-escpos, as its documentation writes one."""
    paper = _escpos.Dummy()
    paper.set(align="center", bold=True, double_height=True)
    paper.text("发票查验结果\n")
    paper.set(align="left", bold=False, normal_textsize=True)
    paper.text("-" * 48 + "\n")
    for text in texts():
        paper.text(text + "\n")
    paper.text("合计" + " " * 35 + "123456.78\n" + "-" * 48 + "\n")
    paper.set(align="center")
    paper.qr(CODE, size=6, native=True)
    return paper.output


def picture(font: FontFile) -> Image.Image:
    lines = ["发票查验结果", "-" * 48, *texts(), "合计  123456.78", "-" * 48]
    paper = Image.new("1", (PROFILE.dots, 30 * len(lines)), 1)
    pen = ImageDraw.Draw(paper)
    face = font.at(FONT_DOTS)
    for place, text in enumerate(lines):
        pen.text((0, 30 * place), text, fill=0, font=face)
    return paper


def escpos_raster(font: FontFile) -> bytes:
    paper = _escpos.Dummy()
    paper.image(picture(font), impl="bitImageRaster", center=False)
    return paper.output


def our_raster(font: FontFile) -> bytes:
    """What is drawn when a printer has no Chinese at all: every line a picture."""
    drawn = picture(font).point(lambda dot: 255 - dot)
    return raster_blocks(Bitmap(PROFILE.dots // 8, drawn.tobytes()), PROFILE.max_raster_rows)


def median_ms(act: Callable[[], object], rounds: int) -> float:
    act()
    taken: list[float] = []
    for _ in range(rounds):
        begin = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def report_encoding(fonts: Path, rounds: int, baud: int) -> None:
    font = FontFile(fonts / "NotoSansSC-Regular.otf")
    glyphs = FontGlyphs([font])
    ways: list[tuple[str, Callable[[], bytes]]] = [
        ("text, ours", lambda: ours(glyphs)),
        ("text, python-escpos", escpos_text),
        ("picture, ours", lambda: our_raster(font)),
        ("picture, python-escpos", lambda: escpos_raster(font)),
    ]
    print(f"| 40 lines and a QR code | bytes | encode, ms | on the wire at {baud}, s |")
    print("|---|---|---|---|")
    for name, way in ways:
        count = len(way())
        wire_s = count * BITS_PER_BYTE / baud
        few = rounds if name.startswith("text") else max(3, rounds // 5)
        print(f"| {name} | {count:,} | {median_ms(way, few):.2f} | {wire_s:.2f} |")


def print_times(fonts: Path, prints: int, baud: int, folder: Path) -> tuple[list[float], float]:
    """Seconds from intent to proof for each print, and what the bytes alone need."""
    glyphs = FontGlyphs([FontFile(fonts / "NotoSansSC-Regular.otf")])
    model = PrinterModel(speed_mm_s=None, cut_s=0.0)
    taken: list[float] = []
    with SimulatedPrinter(folder / "p", fonts, folder / "out", model, baud=baud) as device:
        link = SerialLink(SerialSettings(str(device.path), baud))
        printer = EscposPrinter(link, PROFILE)
        slip = Slip(b"", 0.0)
        for number in range(prints):
            begin = time.perf_counter()
            slip = encode(document(), PROFILE, glyphs)
            outcome = printer.print(job_tag(str(number)), slip.body, printer.deadline_for(slip))
            taken.append(time.perf_counter() - begin)
            assert isinstance(outcome, Proven), outcome
            assert len(device.wait_for_slips(number + 1)) == number + 1
        assert all(made.complete for made in device.slips)
        printer.close()
    return taken, len(slip.body) * BITS_PER_BYTE / baud


def floor_times(fonts: Path, prints: int, baud: int, folder: Path) -> list[float]:
    """The same slip written at once, until the printer's tag comes: no driver, no proof."""
    glyphs = FontGlyphs([FontFile(fonts / "NotoSansSC-Regular.otf")])
    model = PrinterModel(speed_mm_s=None, cut_s=0.0)
    taken: list[float] = []
    with SimulatedPrinter(folder / "f", fonts, folder / "floor", model, baud=baud) as device:
        link = SerialLink(SerialSettings(str(device.path), baud))
        link.open()
        tag = b"abcd"
        body = ours(glyphs) + commands.cut(PROFILE) + commands.process_id(tag)
        for number in range(prints):
            begin = time.perf_counter()
            write_all(link, body, Deadline(10))
            heard = b""
            while tag not in heard:
                heard += link.read(Deadline(10))
            taken.append(time.perf_counter() - begin)
            device.wait_for_slips(number + 1)
        link.close()
    return taken


def status_ms(fonts: Path, rounds: int, folder: Path) -> tuple[float, float]:
    """One whole status, ours (DLE EOT 1-4) and python-escpos's (two of its questions)."""
    model = PrinterModel(speed_mm_s=None, cut_s=0.0)
    with SimulatedPrinter(folder / "s", fonts, folder / "out", model) as device:
        printer = EscposPrinter(SerialLink(SerialSettings(str(device.path))), PROFILE)
        assert printer.status(Deadline(5)) == Ready()
        mine = median_ms(lambda: printer.status(Deadline(5)), rounds)
        printer.close()
        theirs = _escpos.Serial(str(device.path), timeout=1)
        assert theirs.is_online()

        def ask() -> None:
            theirs.is_online()
            theirs.paper_status()

        other = median_ms(ask, 2)
        theirs.close()
    return mine, other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--prints", type=int, default=5)
    parser.add_argument("--baud", type=int, default=115_200)
    parser.add_argument("--fonts", type=Path, default=Path("build/fonts"))
    asked = parser.parse_args()
    logging.disable(logging.WARNING)  # python-escpos complains of every picture
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}; medians of {asked.rounds}\n"
    )
    report_encoding(asked.fonts, asked.rounds, asked.baud)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        taken, wire_s = print_times(asked.fonts, asked.prints, asked.baud, folder)
        floor_s = statistics.median(floor_times(asked.fonts, asked.prints, asked.baud, folder))
        mine_ms, other_ms = status_ms(asked.fonts, asked.rounds, folder)
    print(f"\n| intent to proof at {asked.baud}, {asked.prints} prints | s |\n|---|---|")
    print(f"| the bytes alone | {wire_s:.3f} |")
    print(f"| the bytes written at once, until the simulated printer says done | {floor_s:.3f} |")
    print(f"| encode, ask, print, prove: median | {statistics.median(taken):.3f} |")
    print(f"| longest | {max(taken):.3f} |")
    print(f"| median ÷ bytes alone | {statistics.median(taken) / wire_s:.2f} |")
    print(f"| median ÷ written at once | {statistics.median(taken) / floor_s:.2f} |")
    print("\n| status, one round | ms |\n|---|---|")
    print(f"| ours: DLE EOT 1 to 4, all causes | {mine_ms:.2f} |")
    print(f"| python-escpos: is_online and paper_status | {other_ms:.0f} |")


if __name__ == "__main__":
    main()
