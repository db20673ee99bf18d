"""What can be ordered of the simulated devices, and what they answer: one JSON line each.

The orders are the methods of the simulated printer and scanner, as values, so that another
process (a test, the steering page of a training terminal) can give them.
"""

import msgspec

from drivers.simulated.paper import Ending
from drivers.simulated.printer import PrinterState
from drivers.simulated.scanner import ScannerState


class _Order(msgspec.Struct, frozen=True, tag_field="order", forbid_unknown_fields=True):
    """Base of all orders: the name of the class, in snake case, is the field `order`."""


class PaperOut(_Order, frozen=True, tag="paper_out"):
    """The paper ends: now, or after so many more bytes or lines."""

    after_bytes: int | None = None
    after_lines: int | None = None


class LoadPaper(_Order, frozen=True, tag="load_paper"):
    """A full roll is put in."""


class PaperNearEnd(_Order, frozen=True, tag="paper_near_end"):
    """The roll is nearly used up, or not."""

    on: bool = True


class TearOff(_Order, frozen=True, tag="tear_off"):
    """A person tears off what hangs in the printer."""


class OpenCover(_Order, frozen=True, tag="open_cover"):
    """The cover is opened."""


class CloseCover(_Order, frozen=True, tag="close_cover"):
    """The cover is closed."""


class JamCutter(_Order, frozen=True, tag="jam_cutter"):
    """The next cut fails."""


class FreeCutter(_Order, frozen=True, tag="free_cutter"):
    """What stuck in the blade is taken out."""


class HeadHot(_Order, frozen=True, tag="head_hot"):
    """The head is too hot, or has cooled down."""

    on: bool = True


class HardwareError(_Order, frozen=True, tag="hardware_error"):
    """An error that only a technician can clear, or its end."""

    on: bool = True


class HoldFeedButton(_Order, frozen=True, tag="hold_feed_button"):
    """Somebody holds the feed button, or lets it go."""

    on: bool = True


class DelayAnswers(_Order, frozen=True, tag="delay_answers"):
    """Every answer comes so much later."""

    seconds: float


class SplitAnswers(_Order, frozen=True, tag="split_answers"):
    """Every byte of an answer comes by itself, or not."""

    on: bool = True


class FallSilent(_Order, frozen=True, tag="fall_silent"):
    """Print but say nothing, or speak again."""

    on: bool = True


class StopReading(_Order, frozen=True, tag="stop_reading"):
    """Take no byte from the line, or take them again."""

    on: bool = True


class SupportProcessId(_Order, frozen=True, tag="support_process_id"):
    """Answer GS ( H, or not."""

    on: bool


class SendUnasked(_Order, frozen=True, tag="send_unasked"):
    """Put bytes on the line that nobody asked for. In JSON: base64."""

    data: bytes


class UnplugPrinter(_Order, frozen=True, tag="unplug_printer"):
    """Pull the printer's plug out."""


class ReplugPrinter(_Order, frozen=True, tag="replug_printer"):
    """Put the printer's plug back in."""


class PowerOff(_Order, frozen=True, tag="power_off"):
    """The printer loses its power, and with it its buffer."""


class PowerOn(_Order, frozen=True, tag="power_on"):
    """The printer's power comes back."""


class HealPrinter(_Order, frozen=True, tag="heal_printer"):
    """Everything about the printer in order again."""


class Scan(_Order, frozen=True, tag="scan"):
    """A person holds up a code. In JSON data and suffix are base64."""

    data: bytes
    suffix: bytes = b"\r"
    split: tuple[int, ...] = ()
    pause_s: float = 0.005


class ScannerGarbage(_Order, frozen=True, tag="scanner_garbage"):
    """Noise on the scanner's line. In JSON: base64."""

    data: bytes


class UnplugScanner(_Order, frozen=True, tag="unplug_scanner"):
    """Pull the scanner's plug out."""


class ReplugScanner(_Order, frozen=True, tag="replug_scanner"):
    """Put the scanner's plug back in."""


class GetState(_Order, frozen=True, tag="get_state"):
    """How do both devices stand?"""


class GetSlips(_Order, frozen=True, tag="get_slips"):
    """Which slips with a higher number came out?"""

    after: int = 0


MannersOrder = (
    DelayAnswers | SplitAnswers | FallSilent | StopReading | SupportProcessId | SendUnasked
)
"""How the printer behaves on the line."""

PrinterOrder = (
    PaperOut
    | LoadPaper
    | PaperNearEnd
    | TearOff
    | OpenCover
    | CloseCover
    | JamCutter
    | FreeCutter
    | HeadHot
    | HardwareError
    | HoldFeedButton
    | UnplugPrinter
    | ReplugPrinter
    | PowerOff
    | PowerOn
    | HealPrinter
    | MannersOrder
)
ScannerOrder = Scan | ScannerGarbage | UnplugScanner | ReplugScanner
Question = GetState | GetSlips
Order = PrinterOrder | ScannerOrder | Question


class _Answer(msgspec.Struct, frozen=True, tag_field="answer"):
    """Base of all answers."""


class Obeyed(_Answer, frozen=True, tag="obeyed"):
    """It is done."""


class Refused(_Answer, frozen=True, tag="refused"):
    """It cannot be done, and why."""

    reason: str


class States(_Answer, frozen=True, tag="states"):
    """How both devices stand."""

    printer: PrinterState
    scanner: ScannerState


class SlipLine(msgspec.Struct, frozen=True):
    """One slip, as `slips.Slip`, with its files as paths."""

    number: int
    complete: bool
    ending: Ending
    text: str
    codes: tuple[str, ...]
    picture: str
    text_file: str


class Slips(_Answer, frozen=True, tag="slips"):
    """Slips, the oldest first."""

    slips: tuple[SlipLine, ...]


Answer = Obeyed | Refused | States | Slips
