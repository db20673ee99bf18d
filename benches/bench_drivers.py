"""A receipt of 40 Chinese lines, from the intent to the proof, beside python-escpos.

usage: PYTHONPATH=. python benches/bench_drivers.py [--rounds 50] [--prints 5] [--baud 115200]

The printer is the simulated one, a process of its own, on a pseudo-terminal that takes bytes at
the given speed. It prints twice: at the paper speed of its profile, and with paper that takes no
time, so that only the line and the drivers are measured.
"""

import argparse
import logging
import multiprocessing
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from multiprocessing.connection import Connection
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
from drivers.printers.profile import load_profile
from drivers.printers.raster import Bitmap, raster_blocks
from drivers.printers.status import Ready
from drivers.printers.tag import job_tag
from drivers.simulated.model import PrinterModel, model_like
from drivers.simulated.printer import SimulatedPrinter

_escpos: Any = escpos.printer  # no types

BITS_PER_BYTE = 10
LINE = "开票内容第{:02d}行 货物或应税劳务 壹贰叁 123456.78"
CODE = "01,32,,24112000000000000001,100.00,20260101,,A1B2,"
PROFILE = load_profile("epson-tm-t82iii")
PACED = model_like(PROFILE)
INSTANT = replace(PACED, speed_mm_s=None, cut_s=0.0)
FONT_DOTS = 24


@contextmanager
def device(
    folder: Path, fonts: Path, model: PrinterModel, baud: int | None = None
) -> Iterator[Path]:
    """A simulated printer in a process of its own: its path. All its slips must be whole."""
    path = folder / "printer"
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.Process(target=be_printer, args=(path, fonts, model, baud, its))
    process.start()
    ours.recv()
    try:
        yield path
    finally:
        ours.send("end")
        whole = ours.recv()
        process.join()
    assert whole


def be_printer(
    path: Path, fonts: Path, model: PrinterModel, baud: int | None, its: Connection
) -> None:
    with SimulatedPrinter(path, fonts, path.parent / "out", model, baud=baud) as printer:
        its.send("ready")
        its.recv()
        its.send(all(slip.complete for slip in printer.slips))


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
    with redirect_stdout(StringIO()):  # it complains of every picture
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


@dataclass(frozen=True)
class Times:
    """Seconds of one way to print.

    Attributes:
        taken_s: from the intent to the proof, each print.
        written_s: the same bytes written at once until the printer's tag comes: no driver.
        wire_s: what the bytes need on the line.
        paper_s: what the paper needs by the profile, and the simulated cut.
    """

    taken_s: list[float]
    written_s: list[float]
    wire_s: float
    paper_s: float


def print_times(fonts: Path, prints: int, baud: int, model: PrinterModel) -> Times:
    glyphs = FontGlyphs([FontFile(fonts / "NotoSansSC-Regular.otf")])
    taken: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        device(Path(folder), fonts, model, baud) as path,
    ):
        printer = EscposPrinter(SerialLink(SerialSettings(str(path), baud)), PROFILE)
        slip = Slip(b"", 0.0)
        for number in range(-1, prints):  # one to warm up: fonts, the identity
            begin = time.perf_counter()
            slip = encode(document(), PROFILE, glyphs)
            outcome = printer.print(job_tag(str(number)), slip.body, printer.deadline_for(slip))
            taken.append(time.perf_counter() - begin)
            assert isinstance(outcome, Proven), outcome
        printer.close()
        paper_s = 0.0 if model.speed_mm_s is None else printer.paper_s(slip.height_mm) + model.cut_s
        written = [written_s(path, slip.body, baud) for _ in range(prints)]
    return Times(taken[1:], written, len(slip.body) * BITS_PER_BYTE / baud, paper_s)


def written_s(path: Path, body: bytes, baud: int) -> float:
    link = SerialLink(SerialSettings(str(path), baud))
    link.open()
    tag = b"abcd"
    begin = time.perf_counter()
    write_all(link, body + commands.cut(PROFILE) + commands.process_id(tag), Deadline(10))
    heard = b""
    while tag not in heard:
        heard += link.read(Deadline(10))
    taken_s = time.perf_counter() - begin
    link.close()
    return taken_s


def report_printing(times: Times, baud: int, paper: str) -> None:
    median_s = statistics.median(times.taken_s)
    goal_s = 1.15 * times.wire_s + times.paper_s
    print(f"\n| intent to proof at {baud}, {paper}, {len(times.taken_s)} prints | s |\n|---|---|")
    print(f"| the bytes alone | {times.wire_s:.3f} |")
    if times.paper_s:
        print(f"| the paper and the cut | {times.paper_s:.3f} |")
    print(f"| written at once, until the printer says done | {min(times.written_s):.3f} |")
    print(f"| encode, ask, print, prove: median | {median_s:.3f} |")
    print(f"| longest | {max(times.taken_s):.3f} |")
    print(f"| goal: 1.15 × bytes + paper | {goal_s:.3f} |")
    print(f"| median ÷ (bytes + paper) | {median_s / (times.wire_s + times.paper_s):.2f} |")


def status_ms(fonts: Path, rounds: int, folder: Path) -> tuple[float, float]:
    """One whole status, ours (DLE EOT 1-4) and python-escpos's (two of its questions)."""
    with device(folder, fonts, INSTANT) as path:
        printer = EscposPrinter(SerialLink(SerialSettings(str(path))), PROFILE)
        assert printer.status(Deadline(5)) == Ready()
        mine = median_ms(lambda: printer.status(Deadline(5)), rounds)
        printer.close()
        theirs = _escpos.Serial(str(path), timeout=1)
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
    logging.disable()  # python-escpos warns too
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}; medians of {asked.rounds}\n"
    )
    report_encoding(asked.fonts, asked.rounds, asked.baud)
    for model, paper in ((PACED, f"paper at {PROFILE.speed_mm_s:.0f} mm/s"), (INSTANT, "no paper")):
        report_printing(
            print_times(asked.fonts, asked.prints, asked.baud, model), asked.baud, paper
        )
    with tempfile.TemporaryDirectory() as folder:
        mine_ms, other_ms = status_ms(asked.fonts, asked.rounds, Path(folder))
    print("\n| status, one round | ms |\n|---|---|")
    print(f"| ours: DLE EOT 1 to 4, all causes | {mine_ms:.2f} |")
    print(f"| python-escpos: is_online and paper_status | {other_ms:.0f} |")


if __name__ == "__main__":
    main()
