"""The screen beside a bare Kivy window and beside Chromium with an equal page, in one run.

usage: PYTHONPATH=. python -m benches.bench_screen [--touches 30] [--scans 20] [--idle-s 20]

On one virtual display (1080x1920, drawn by the processor), one after the other:

- ours: `kiosk screen` beside a daemon that runs already, as Chromium has no daemon to wait for;
- bare: `benches/bare_window.py`, one button and nothing else: what Kivy costs by itself;
- Chromium in kiosk mode with a page that has our home's boxes, words and font.

For each: from the start of its process until the page's card stands on the screen and answers a
touch; resident memory of its processes, shared pages divided among them (PSS); processor time of
a page that stands still; from a touch until the touched place looks different.

Then scan to verdict: from the moment at which the simulated scanner has been told to send, until
the verdict's colour is on the screen, beside the same question asked directly at the service.
"""

import argparse
import asyncio
import html
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageFilter

from benches.x11_eyes import Eyes
from central.client import CentralClient
from config.load import load
from einvoice.qr import InvoiceCode, parse
from einvoice.verdict import Answer
from kiosk.daemon.identity import terminal_access
from kiosk.simulation.demo import DemoTerminal, Ports
from kiosk.simulation.display import virtual_display
from kiosk.simulation.robot import NotSeen, Robot, Seen, SeenWidget
from kiosk.simulation.steer import Steer
from kiosk.supervisor import kiosk_command

SIZE_PX = (1080, 1920)
START_WITHIN_S = 120.0
ANSWER_WITHIN_S = 30.0
SETTLED_AFTER_S = 3.0
HELD_S = 0.3
BETWEEN_TOUCHES_S = 1.0
"""A touch just after a page has come is thrown away by ours: it was meant for the page before."""
LED_ON_WITHIN_S = 1.0
FONT = Path("build/fonts/NotoSansSC-Regular.otf").resolve()
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
CARD = "home.enter"
LEAST_GREEN = 10
"""More green than red, of 255: the ground of a good verdict has 14."""


class Place(NamedTuple):
    """Where the card is touched and looked at, px from the top left."""

    x: int
    y: int


class Costs(NamedTuple):
    """What one subject takes. Seconds, MiB, share of a core."""

    start_s: float
    pss_mib: float
    idle_share: float
    touch_s: list[float]


def tree(pid: int) -> list[int]:
    """A process and those that descend from it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text("ascii").split()]
    return found


def pss_mib(pid: int) -> float:
    """Memory of a tree of processes, each shared page divided among those who share it."""
    total = 0
    for one in tree(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def cpu_s(pid: int) -> float:
    """Processor time of a tree of processes so far."""
    ticks = 0
    for one in tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_A_SECOND


def until(seen: Callable[[], bool], what: str, within_s: float = ANSWER_WITHIN_S) -> float:
    """Look without a pause until something is so; gives the moment, s."""
    end = time.perf_counter() + within_s
    while time.perf_counter() < end:
        if seen():
            return time.perf_counter()
    raise TimeoutError(what)


class Bench:
    """One display, and what is measured on it."""

    def __init__(self, display: str, touches: int, idle_s: float) -> None:
        self._eyes = Eyes(display)
        self._environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        self._touches = touches
        self._idle_s = idle_s
        self._pause = threading.Event()

    def costs(
        self, command: list[str], place: Place, home: Callable[[], None], **more: str
    ) -> Costs:
        """Start something, look at it, touch it, end it.

        Args:
            command: starts it.
            place: a spot of the card that no word covers.
            home: brings the page back after a touch.
            more: environment variables.
        """
        drawn = self._drawn(command, place, more)
        self._eyes.move(*place)
        began = time.perf_counter()
        with self._started(command, place, more) as process:
            until(lambda: self._eyes.pixel(*place) == drawn, "the page", START_WITHIN_S)
            start_s = self._first_touch(place, home) - began
            touches = [self._touch(place, home) for _ in range(self._touches)]
            self._pause.wait(SETTLED_AFTER_S)
            memory = pss_mib(process.pid)
            before = cpu_s(process.pid)
            self._pause.wait(self._idle_s)
            idle = (cpu_s(process.pid) - before) / self._idle_s
        return Costs(start_s, memory, idle, touches)

    def _drawn(self, command: list[str], place: Place, more: dict[str, str]) -> int:
        """The card's colour, from a start that is not measured; files are in memory after it."""
        with self._started(command, place, more):
            self._pause.wait(SETTLED_AFTER_S)
            colour = self._eyes.pixel(*place)
            while True:
                self._pause.wait(SETTLED_AFTER_S)
                if self._eyes.pixel(*place) == colour:
                    return colour
                colour = self._eyes.pixel(*place)

    @contextmanager
    def _started(
        self, command: list[str], place: Place, more: dict[str, str]
    ) -> Iterator[subprocess.Popen[bytes]]:
        blank = self._eyes.pixel(*place)
        process = subprocess.Popen(
            command,
            env={**self._environment, **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until(lambda: self._eyes.pixel(*place) != blank, "something drawn", START_WITHIN_S)
            yield process
        finally:
            process.terminate()
            process.wait(ANSWER_WITHIN_S)
            until(lambda: self._eyes.pixel(*place) == blank, "an empty display")

    def _first_touch(self, place: Place, home: Callable[[], None]) -> float:
        """Touch until the page answers; gives the moment, s."""
        before = self._eyes.pixel(*place)
        end = time.perf_counter() + START_WITHIN_S
        while time.perf_counter() < end:
            self._eyes.move(*place)
            self._eyes.press()
            at = self._changed(place, before, HELD_S)
            self._eyes.lift()
            home()
            until(lambda: self._eyes.pixel(*place) == before, "the page again")
            if at is not None:
                return at
        raise TimeoutError("a page that answers")

    def _changed(self, place: Place, before: int, within_s: float) -> float | None:
        try:
            return until(lambda: self._eyes.pixel(*place) != before, "a change", within_s)
        except TimeoutError:
            return None

    def _touch(self, place: Place, home: Callable[[], None]) -> float:
        self._pause.wait(BETWEEN_TOUCHES_S)
        self._eyes.move(*place)
        before = self._eyes.pixel(*place)
        began = self._eyes.press()
        try:
            changed = until(lambda: self._eyes.pixel(*place) != before, "an answer")
        finally:
            self._eyes.lift()
        home()
        until(lambda: self._eyes.pixel(*place) == before, "the page again")
        return changed - began

    def pixel(self, place: Place) -> int:
        """What is there."""
        return self._eyes.pixel(*place)


# --- the subjects ---------------------------------------------------------------------------


def page(seen: Seen, folder: Path) -> Path:
    """Our home as a page of HTML: the same boxes, words and font."""
    buttons = [one for one in seen.widgets if _is_button(one)]
    parts: list[str] = []
    for one in seen.widgets:
        left, top, width, height = one.box
        if width < 1 or height < 1 or not (one.text or _is_button(one)):
            continue
        kind = "button" if one in buttons else "div"
        parts.append(
            f'<{kind} style="left:{left}px;top:{top}px;width:{width}px;height:{height}px">'
            f"{html.escape(one.text)}</{kind}>"
        )
    file = folder / "home.html"
    file.write_text(
        f"""<!doctype html><meta charset="utf-8"><style>
@font-face {{ font-family: Sans; src: url("file://{FONT}") }}
body {{ margin: 0; background: #F3F6FA; font: 38px/1.3 Sans; color: #0F1B2D; overflow: hidden }}
body > * {{ position: absolute; box-sizing: border-box; margin: 0; font: inherit }}
button {{ background: #FFFFFF; border: 2px solid #D5DDE8; border-radius: 24px; padding: 0 }}
button:active {{ background: #DCE7FB }}
</style>{"".join(parts)}""",
        encoding="utf-8",
    )
    return file


def _is_button(one: SeenWidget) -> bool:
    return one.cls in ("IntentCard", "PressButton", "ToolButton")


def _inside(card: SeenWidget) -> Place:
    left, top, _, height = card.box
    return Place(round(left) + 14, round(top + height / 2))


class Ours:
    """A daemon with its service and simulated devices; the screen is started by the bench."""

    def __init__(self, folder: Path, display: str) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.demo = DemoTerminal(
            folder / "state",
            folder / "slips",
            SIZE_PX,
            80,
            environment={"DISPLAY": display, "SDL_VIDEODRIVER": "x11"},
            ports=Ports.any(),
        )
        self.robot = Robot(display, self.demo.testport, 0.01)

    def start(self, *, with_screen: bool = False) -> None:
        """Start what is needed."""
        starting = self.demo.start(with_screen=with_screen)
        asyncio.run_coroutine_threadsafe(starting, self._loop).result(START_WITHIN_S)

    def stop(self) -> None:
        """End all of it."""
        asyncio.run_coroutine_threadsafe(self.demo.stop(), self._loop).result(START_WITHIN_S)

    def screen(self) -> list[str]:
        """What starts the screen alone."""
        settings = str(self.demo.settings_file)
        return [*kiosk_command("screen", "--settings", settings, "--windowed")]

    def home(self) -> None:
        """End the visit that a touch began."""
        try:
            self.robot.wait("the next page", lambda seen: seen.screen != "home", LED_ON_WITHIN_S)
        except NotSeen:
            return  # it was no press: the page was not ready
        self.robot.tap("footer.end")
        self.robot.wait("home", lambda seen: seen.screen == "home")

    def service_s(self, text: str, count: int) -> list[float]:
        """The question of a scan, asked directly at the service; seconds each."""
        asking = self._ask(text, count)
        return asyncio.run_coroutine_threadsafe(asking, self._loop).result(START_WITHIN_S)

    async def _ask(self, text: str, count: int) -> list[float]:
        code = parse(text)
        if not isinstance(code, InvoiceCode):
            raise TypeError(f"{text} is no invoice")
        settings = load((self.demo.settings_file,))
        access = terminal_access(settings)
        took: list[float] = []
        async with CentralClient.with_access(access, settings.terminal.number) as client:
            await client.verify(code.reference)
            for _ in range(count):
                began = time.perf_counter()
                answer = await client.verify(code.reference)
                took.append(time.perf_counter() - began)
                if not isinstance(answer, Answer):
                    raise TypeError(f"the service does not answer: {answer}")
        return took


# --- the run --------------------------------------------------------------------------------


def scans(bench: Bench, ours: Ours, count: int, folder: Path) -> tuple[list[float], list[float]]:
    """Scan to verdict on the screen, and the same questions at the service; seconds each."""
    steer = Steer(ours.demo.panel_url)
    text = next(one.text for one in steer.samples() if one.verdict == "NORMAL")

    def scan(number: int) -> None:
        # The same code within a moment is the same scan: its tail is new each time.
        steer.scan(f"{text}{number:04X}")

    def home() -> None:
        ours.robot.tap("footer.end")
        ours.robot.wait("home", lambda seen: seen.screen == "home")

    ours.robot.wait_for("home", START_WITHIN_S)
    scan(0)
    ours.robot.wait_for("verdict", ANSWER_WITHIN_S)
    threading.Event().wait(SETTLED_AFTER_S)
    place = green(ours.robot.picture(folder / "verdict.png"))
    colour = bench.pixel(place)
    took: list[float] = []
    for number in range(1, count + 1):
        home()
        threading.Event().wait(SETTLED_AFTER_S / 3)
        if bench.pixel(place) == colour:
            raise RuntimeError("home has the verdict's colour there")
        began = time.perf_counter()
        scan(number)
        took.append(until(lambda: bench.pixel(place) == colour, "the verdict") - began)
        ours.robot.wait_for("verdict")
    return took, ours.service_s(text, count)


def green(picture: Image.Image) -> Place:
    """A place in the middle of what only a good verdict paints.

    Raises:
        LookupError: nothing is green.
    """
    red, greens, _ = picture.convert("RGB").split()
    more = ImageChops.subtract(greens, red).point([255 * (by >= LEAST_GREEN) for by in range(256)])
    inner = more.filter(ImageFilter.MinFilter(9)).tobytes()
    for at, is_inner in enumerate(inner):
        if is_inner:
            return Place(at % picture.width, at // picture.width)
    raise LookupError("nothing green")


def row(name: str, costs: Costs) -> str:
    """One line of the table."""
    touch = statistics.median(costs.touch_s) * 1000
    worst = max(costs.touch_s) * 1000
    return (
        f"| {name} | {costs.start_s:.2f} s | {costs.pss_mib:.0f} MiB | {costs.idle_share:.2%} |"
        f" {touch:.0f} ms | {worst:.0f} ms |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--touches", type=int, default=30)
    parser.add_argument("--scans", type=int, default=20)
    parser.add_argument("--idle-s", type=float, default=20.0)
    wanted = parser.parse_args()
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as name, virtual_display(*SIZE_PX) as display:
        folder = Path(name)
        bench = Bench(display, wanted.touches, wanted.idle_s)
        ours = Ours(folder / "scans", display)
        ours.start(with_screen=True)
        try:
            took, service = scans(bench, ours, wanted.scans, folder)
            ours.robot.tap("footer.end")
            home = ours.robot.wait("home", lambda seen: seen.screen == "home")
        finally:
            ours.stop()
        card = next(one for one in home.widgets if one.tid == CARD)
        place = _inside(card)
        lines: list[str] = []
        alone = Ours(folder / "alone", display)
        alone.start()
        try:
            port = str(alone.demo.testport)
            costs = bench.costs(alone.screen(), place, alone.home, KIOSK_TESTPORT=port)
            lines.append(row("our home", costs))
        finally:
            alone.stop()
        box = [str(round(part)) for part in (*SIZE_PX, *card.box)]
        bare = [sys.executable, str(Path(__file__).with_name("bare_window.py")), *box]
        lines.append(row("bare Kivy window", bench.costs(bare, place, _stays)))
        if chromium is not None:
            command = [
                *(chromium, "--kiosk", "--no-first-run", "--disable-gpu-sandbox"),
                *(["--no-sandbox"] if os.getuid() == 0 else []),
                f"--user-data-dir={folder / 'profile'}",
                f"--window-size={SIZE_PX[0]},{SIZE_PX[1]}",
                page(home, folder).as_uri(),
            ]
            lines.append(row("Chromium, equal page", bench.costs(command, place, _stays)))
    print("| | start to answered touch | memory (PSS) | idle, of a core | touch | worst |")
    print("|---|---|---|---|---|---|")
    print("\n".join(lines))
    screen, direct = (statistics.median(part) * 1000 for part in (took, service))
    print(
        f"\nscan to verdict {screen:.0f} ms, service alone {direct:.0f} ms: {screen - direct:.0f}"
    )
    if chromium is None:
        print("Chromium is not installed (Debian: chromium): left out")
    return 0


def _stays() -> None:
    """The page does not change by a touch."""


if __name__ == "__main__":
    sys.exit(main())
