"""The receipt printers of this terminal, and what becomes of a slip that they are given.

All calls here block; they belong on the printers' own thread.
"""

from dataclasses import dataclass

from drivers.deadline import Deadline
from drivers.printers.consumption import Supply, paper_of_slip_mm
from drivers.printers.encode import Slip, encode
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import GlyphDrawer
from drivers.printers.outcome import Failed, PrintOutcome
from drivers.printers.pair import PrinterPair, Station, Which
from drivers.printers.paper import Document
from drivers.printers.profile import Profile
from drivers.printers.status import Cause, NotReady, PrinterStatus, Ready

FIRST, SECOND = "printer", "printer2"
"""Names of the printers: their sections in the settings."""


@dataclass(frozen=True, slots=True)
class ReceiptPrinter:
    """One configured printer: the device, its model, its paper, what draws the glyphs it lacks.

    Attributes:
        name: `FIRST` or `SECOND`.
    """

    name: str
    device: EscposPrinter
    profile: Profile
    glyphs: GlyphDrawer
    supply: Supply

    def encode(self, document: Document) -> Slip:
        """The document as this model's bytes."""
        return encode(document, self.profile, self.glyphs)


@dataclass(frozen=True, slots=True)
class Printed:
    """How a print ended.

    Attributes:
        outcome: what the printer proved.
        printer: name of the one that has the slip, or the fault.
        paper_mm: paper that the whole slip needs there.
    """

    outcome: PrintOutcome
    printer: str
    paper_mm: float = 0.0


def print_on(printers: tuple[ReceiptPrinter, ...], tag: bytes, document: Document) -> Printed:
    """Print on the first; on the second only what the first could not even begin."""
    match printers:
        case ():
            return Printed(Failed(Cause.DISCONNECTED, untouched=True), FIRST)
        case (only,):
            slip = only.encode(document)
            outcome = only.device.print(tag, slip.body, only.device.deadline_for(slip))
            return Printed(outcome, only.name, paper_of_slip_mm(slip.height_mm, only.profile))
        case _:
            return _print_on_pair(printers[0], printers[1], tag, document)


def _print_on_pair(
    first: ReceiptPrinter, second: ReceiptPrinter, tag: bytes, document: Document
) -> Printed:
    slips: list[Slip] = []

    def slip_for(profile: Profile) -> Slip:
        slips.append(encode(document, profile, first.glyphs))
        return slips[-1]

    stations = (Station(one.device, one.profile) for one in (first, second))
    ended = PrinterPair(*stations).print(tag, slip_for)
    printer, slip = (first, slips[0]) if ended.printer is Which.FIRST else (second, slips[-1])
    paper_mm = paper_of_slip_mm(slip.height_mm, printer.profile)
    return Printed(ended.outcome, printer.name, paper_mm)


def ask_status(printer: ReceiptPrinter, within_s: float, *, may_recover: bool) -> PrinterStatus:
    """How a printer is; one whose blade was freed is told to go on, where that is allowed."""
    status = printer.device.status(Deadline(within_s))
    if may_recover and status == NotReady(Cause.CUTTER_JAM):
        return printer.device.recover(Deadline(within_s))
    return status


def together(statuses: tuple[PrinterStatus, ...]) -> PrinterStatus:
    """How printing is: as the first that can print; if none can, as the first."""
    if not statuses:
        return NotReady(Cause.DISCONNECTED)
    return next((one for one in statuses if isinstance(one, Ready)), statuses[0])
