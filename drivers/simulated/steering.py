"""What can be ordered of the simulated devices, and what they answer: one JSON line each.

The orders are the methods of the simulated devices, as values, so that another
process (a test, the steering page of a training terminal) can give them.
"""

import msgspec

from drivers.simulated.a4_state import A4State
from drivers.simulated.keypad import KeypadState
from drivers.simulated.paper import Ending
from drivers.simulated.printer import PrinterState
from drivers.simulated.scanner import ScannerState


class _Order(msgspec.Struct, frozen=True, tag_field="order", forbid_unknown_fields=True):
    """Base of all orders: the name of the class, in snake case, is the field `order`."""


class _PrinterOrder(_Order, frozen=True, kw_only=True):
    """Base of the orders to a receipt printer. `printer` is 1, or 2 for the second."""

    printer: int = 1


class PaperOut(_PrinterOrder, frozen=True, tag="paper_out"):
    """The paper ends: now, or after so many more bytes or lines."""

    after_bytes: int | None = None
    after_lines: int | None = None


class LoadPaper(_PrinterOrder, frozen=True, tag="load_paper"):
    """A full roll is put in."""


class PaperNearEnd(_PrinterOrder, frozen=True, tag="paper_near_end"):
    """The roll is nearly used up, or not."""

    on: bool = True


class TearOff(_PrinterOrder, frozen=True, tag="tear_off"):
    """A person tears off what hangs in the printer."""


class TakeSlip(_PrinterOrder, frozen=True, tag="take_slip"):
    """A hand takes the slip that the presenter holds out."""


class LeaveSlips(_PrinterOrder, frozen=True, tag="leave_slips"):
    """Nobody takes slips out of the presenter any more, or they are taken again."""

    on: bool = True


class JamPresenter(_PrinterOrder, frozen=True, tag="jam_presenter"):
    """Paper sticks in the presenter, or is taken out of it."""

    on: bool = True


class OpenCover(_PrinterOrder, frozen=True, tag="open_cover"):
    """The cover is opened."""


class CloseCover(_PrinterOrder, frozen=True, tag="close_cover"):
    """The cover is closed."""


class JamCutter(_PrinterOrder, frozen=True, tag="jam_cutter"):
    """The next cut fails."""


class FreeCutter(_PrinterOrder, frozen=True, tag="free_cutter"):
    """What stuck in the blade is taken out."""


class HeadHot(_PrinterOrder, frozen=True, tag="head_hot"):
    """The head is too hot, or has cooled down."""

    on: bool = True


class HardwareError(_PrinterOrder, frozen=True, tag="hardware_error"):
    """An error that only a technician can clear, or its end."""

    on: bool = True


class HoldFeedButton(_PrinterOrder, frozen=True, tag="hold_feed_button"):
    """Somebody holds the feed button, or lets it go."""

    on: bool = True


class DelayAnswers(_PrinterOrder, frozen=True, tag="delay_answers"):
    """Every answer comes so much later."""

    seconds: float


class SplitAnswers(_PrinterOrder, frozen=True, tag="split_answers"):
    """Every byte of an answer comes by itself, or not."""

    on: bool = True


class FallSilent(_PrinterOrder, frozen=True, tag="fall_silent"):
    """Print but say nothing, or speak again."""

    on: bool = True


class StopReading(_PrinterOrder, frozen=True, tag="stop_reading"):
    """Take no byte from the line, or take them again."""

    on: bool = True


class SupportProcessId(_PrinterOrder, frozen=True, tag="support_process_id"):
    """Answer GS ( H, or not."""

    on: bool


class SendUnasked(_PrinterOrder, frozen=True, tag="send_unasked"):
    """Put bytes on the line that nobody asked for. In JSON: base64."""

    data: bytes


class UnplugPrinter(_PrinterOrder, frozen=True, tag="unplug_printer"):
    """Pull the printer's plug out."""


class ReplugPrinter(_PrinterOrder, frozen=True, tag="replug_printer"):
    """Put the printer's plug back in."""


class PowerOff(_PrinterOrder, frozen=True, tag="power_off"):
    """The printer loses its power, and with it its buffer."""


class PowerOn(_PrinterOrder, frozen=True, tag="power_on"):
    """The printer's power comes back."""


class HealPrinter(_PrinterOrder, frozen=True, tag="heal_printer"):
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


class PressKeypad(_Order, frozen=True, tag="press_keypad"):
    """A finger presses a key of the tactile keypad: a word of `drivers.keypads.keys.KeypadKey`."""

    key: str


class UnplugKeypad(_Order, frozen=True, tag="unplug_keypad"):
    """Pull the keypad's plug out."""


class ReplugKeypad(_Order, frozen=True, tag="replug_keypad"):
    """Put the keypad's plug back in."""


class A4PaperOut(_Order, frozen=True, tag="a4_paper_out"):
    """The tray of the A4 printer is empty after so many more sheets."""

    after_sheets: int = 0


class A4LoadPaper(_Order, frozen=True, tag="a4_load_paper"):
    """Paper is put into the tray; the job goes on."""


class A4Fault(_Order, frozen=True, tag="a4_fault"):
    """A printer-state-reason that stops the A4 printer (media-jam, cover-open), or its end."""

    reason: str
    on: bool = True


class A4FallSilent(_Order, frozen=True, tag="a4_fall_silent"):
    """The A4 printer accepts connections and says nothing, or speaks again."""

    on: bool = True


class A4FinishJobs(_Order, frozen=True, tag="a4_finish_jobs"):
    """All pages of its jobs are out at once, if nothing stops it."""


class A4Heal(_Order, frozen=True, tag="a4_heal"):
    """Everything about the A4 printer in order again."""


class GetState(_Order, frozen=True, tag="get_state"):
    """How do all devices stand?"""


class GetSlips(_Order, frozen=True, tag="get_slips"):
    """Which slips with a higher number came out?"""

    after: int = 0


MannersOrder = (
    DelayAnswers | SplitAnswers | FallSilent | StopReading | SupportProcessId | SendUnasked
)
"""How the printer behaves on the line."""

PresenterOrder = TakeSlip | LeaveSlips | JamPresenter

PrinterOrder = (
    PaperOut
    | LoadPaper
    | PaperNearEnd
    | TearOff
    | PresenterOrder
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
KeypadOrder = PressKeypad | UnplugKeypad | ReplugKeypad
A4Order = A4PaperOut | A4LoadPaper | A4Fault | A4FallSilent | A4FinishJobs | A4Heal
Question = GetState | GetSlips
Order = PrinterOrder | ScannerOrder | KeypadOrder | A4Order | Question


class _Answer(msgspec.Struct, frozen=True, tag_field="answer"):
    """Base of all answers."""


class Obeyed(_Answer, frozen=True, tag="obeyed"):
    """It is done."""


class Refused(_Answer, frozen=True, tag="refused"):
    """It cannot be done, and why."""

    reason: str


class States(_Answer, frozen=True, tag="states"):
    """How all devices stand. `printer2` only where there is a second printer."""

    printer: PrinterState
    scanner: ScannerState
    a4: A4State
    keypad: KeypadState
    printer2: PrinterState | None = None


class SlipLine(msgspec.Struct, frozen=True):
    """One slip, as `slips.Slip`, with its files as paths. Numbers are those of its printer."""

    number: int
    complete: bool
    ending: Ending
    text: str
    codes: tuple[str, ...]
    picture: str
    text_file: str
    printer: int = 1


class Slips(_Answer, frozen=True, tag="slips"):
    """Slips, the oldest of each printer first."""

    slips: tuple[SlipLine, ...]


Answer = Obeyed | Refused | States | Slips
