"""Simulated printers behind the daemon's own printing, on a real queue file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.load import load
from config.schema import Settings
from drivers.printers.paper import Document, Qr, Text
from drivers.printers.status import PrinterStatus
from drivers.simulated.model import PrinterModel
from drivers.simulated.printer import SimulatedPrinter
from kiosk.clock import SystemClock
from kiosk.daemon.devices import receipt_printers
from kiosk.daemon.held_slips import Fate
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.opening import open_queue
from kiosk.daemon.printing import Printing, Slip
from kiosk.fonts import fonts_dir

INSTANT = PrinterModel(speed_mm_s=None, cut_s=0.0)
SLIP = Document((Text("凭条"), Qr("01,32,,26112000000000000018")))


@contextmanager
def two_printers(folder: Path) -> Iterator[tuple[SimulatedPrinter, SimulatedPrinter]]:
    fonts = fonts_dir()
    with (
        SimulatedPrinter(folder / "printer", fonts, folder / "out", INSTANT) as first,
        SimulatedPrinter(folder / "printer2", fonts, folder / "out2", INSTANT) as second,
    ):
        yield first, second


def settings_for(folder: Path, *, second: bool = True, more: str = "") -> Settings:
    """Settings that name the simulated printers; `more` stands in the section of the first."""
    text = f'[printer]\naddress = "{folder}/printer"\nprofile = "epson-tm-t82iii"\n{more}\n'
    if second:
        text += f'[printer2]\naddress = "{folder}/printer2"\nprofile = "epson-tm-t82iii"\n'
    file = folder / "terminal.toml"
    file.write_text(text, encoding="utf-8")
    return load([file])


class PrintRoom:
    """The daemon's printing, and everything it told."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.sealer, self.outbox = open_queue(folder / "state")
        self.keeper = Keeper(self.outbox, self.sealer, "03", SystemClock())
        self.statuses: list[PrinterStatus] = []
        self.told: list[tuple[str, str]] = []
        self.levels: list[tuple[str, str]] = []
        self.fates: list[tuple[str, int, Fate]] = []
        self.printing = Printing(
            receipt_printers(settings),
            self.keeper,
            self.sealer,
            SystemClock(),
            on_status=self.statuses.append,
            on_printer=lambda printer, word: self.told.append((printer, word)),
            on_paper=lambda printer, level: self.levels.append((printer, level)),
            on_fate=lambda slip, copy, fate: self.fates.append((slip, copy, fate)),
        )
        self.numbers = 0

    def slip(self, document: Document = SLIP) -> Slip:
        self.numbers += 1
        return Slip(f"SF-03-261124-{self.numbers:04d}", 0, document, b"{}")

    async def close(self) -> None:
        await self.printing.close()
        self.outbox.close()
