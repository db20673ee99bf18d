"""Printers, a scanner and a keypad together, with a socket to steer them by."""

from pathlib import Path
from typing import Self, assert_never

from drivers.simulated import steering as s
from drivers.simulated.a4 import SimulatedA4
from drivers.simulated.control import ControlSocket
from drivers.simulated.keypad import SimulatedKeypad
from drivers.simulated.model import PrinterModel, model_for_width
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.scanner import SimulatedScanner
from drivers.simulated.slips import Slip

PRINTER_NAME = "printer"
SECOND_PRINTER_NAME = "printer2"
SCANNER_NAME = "scanner"
KEYPAD_NAME = "keypad"
CONTROL_NAME = "control.sock"


class SimulatedDevices:
    """The hardware of a terminal, for one that has none. A context manager, or start and stop.

    `printer`, `printer2`, `scanner`, `keypad` and `a4` can be steered directly from any thread;
    another process steers them over `control_path` with `control.Steering`.

    Args:
        directory: gets `printer`, `printer2`, `scanner`, `keypad` (the devices) and
            `control.sock`.
        fonts_dir: holds NotoSansSC-Regular.otf and NotoSansSC-Bold.otf.
        out_dir: where the slips go; those of the second printer into `printer2` in it, pages of
            A4 into `a4`.
        width_mm: paper of 80 or 58 mm; used when no model is given.
        model: what kind of printer, where the usual one will not do.
        baud: pace of the printer's line, None for as fast as it goes.
        second_printer: whether there is another one of the same kind.
        a4_port: where the A4 printer listens on loopback; 0 takes a free port.

    Raises:
        FontMissing: when a font is not there.
        ValueError: for another width.
    """

    def __init__(
        self,
        directory: Path,
        fonts_dir: Path,
        out_dir: Path,
        width_mm: int = 80,
        *,
        model: PrinterModel | None = None,
        baud: int | None = None,
        second_printer: bool = False,
        a4_port: int = 0,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        model = model or model_for_width(width_mm)
        self.printer = SimulatedPrinter(
            directory / PRINTER_NAME, fonts_dir, out_dir, model, baud=baud
        )
        self.printer2 = (
            SimulatedPrinter(
                directory / SECOND_PRINTER_NAME,
                fonts_dir,
                out_dir / SECOND_PRINTER_NAME,
                model,
                baud=baud,
            )
            if second_printer
            else None
        )
        self.a4 = SimulatedA4(out_dir / "a4", port=a4_port)
        self.scanner = SimulatedScanner(directory / SCANNER_NAME)
        self.keypad = SimulatedKeypad(directory / KEYPAD_NAME)
        self.control_path = directory / CONTROL_NAME
        self._control = ControlSocket(self.control_path, self.obey)

    def start(self) -> Self:
        """Devices first, then the socket to steer them by."""
        for printer in self._printers:
            printer.start()
        self.a4.start()
        self.scanner.start()
        self.keypad.start()
        self._control.start()
        return self

    def stop(self) -> None:
        """Stop all in reverse. Can be called again."""
        self._control.stop()
        self.keypad.stop()
        self.scanner.stop()
        self.a4.stop()
        for printer in reversed(self._printers):
            printer.stop()

    @property
    def _printers(self) -> tuple[SimulatedPrinter, ...]:
        return (self.printer,) if self.printer2 is None else (self.printer, self.printer2)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def obey(self, order: s.Order) -> s.Answer:
        """Carry out one order and say how it went.

        Raises:
            ValueError: when the order asks for what cannot be.
            DeviceStopped: when the devices are not running.
        """
        match order:
            case s.GetState():
                second = None if self.printer2 is None else self.printer2.state()
                return s.States(
                    printer=self.printer.state(),
                    printer2=second,
                    scanner=self.scanner.state(),
                    a4=self.a4.state(),
                    keypad=self.keypad.state(),
                )
            case s.GetSlips(after):
                return s.Slips(
                    tuple(
                        _line(slip, number)
                        for number, printer in enumerate(self._printers, 1)
                        for slip in printer.slips
                        if slip.number > after
                    )
                )
            case s.Scan() | s.ScannerGarbage() | s.UnplugScanner() | s.ReplugScanner():
                self._order_scanner(order)
            case s.PressKeypad(key):
                self.keypad.press(key)
            case s.UnplugKeypad():
                self.keypad.unplug()
            case s.ReplugKeypad():
                self.keypad.replug()
            case (
                s.A4PaperOut()
                | s.A4LoadPaper()
                | s.A4Fault()
                | s.A4FallSilent()
                | s.A4FinishJobs()
                | s.A4Heal()
            ):
                self._order_a4(order)
            case _:
                self._order_printer(order)
        return s.Obeyed()

    def _order_scanner(self, order: s.ScannerOrder) -> None:
        scanner = self.scanner
        match order:
            case s.Scan(data, suffix, split, pause_s):
                scanner.scan(data, suffix, split=split, pause_s=pause_s)
            case s.ScannerGarbage(data):
                scanner.garbage(data)
            case s.UnplugScanner():
                scanner.unplug()
            case s.ReplugScanner():
                scanner.replug()
            case _:
                assert_never(order)

    def _order_a4(self, order: s.A4Order) -> None:
        match order:
            case s.A4PaperOut(after_sheets):
                self.a4.paper_out(after_sheets)
            case s.A4LoadPaper():
                self.a4.load_paper()
            case s.A4Fault(reason, on):
                self.a4.fault(reason, on)
            case s.A4FallSilent(on):
                self.a4.fall_silent(on)
            case s.A4FinishJobs():
                self.a4.finish_jobs()
            case s.A4Heal():
                self.a4.heal()
            case _:
                assert_never(order)

    def _meant(self, order: s.PrinterOrder) -> SimulatedPrinter:
        if not 1 <= order.printer <= len(self._printers):
            raise ValueError(f"there is no printer {order.printer}")
        return self._printers[order.printer - 1]

    def _order_printer(self, order: s.PrinterOrder) -> None:
        printer = self._meant(order)
        match order:
            case s.PaperOut(after_bytes, after_lines):
                printer.paper_out(after_bytes=after_bytes, after_lines=after_lines)
            case s.LoadPaper():
                printer.load_paper()
            case s.PaperNearEnd(on):
                printer.paper_near_end(on)
            case s.TearOff():
                printer.tear_off()
            case s.TakeSlip():
                printer.take_slip()
            case s.LeaveSlips(on):
                printer.leave_slips(on)
            case s.JamPresenter(on):
                printer.jam_presenter(on)
            case s.OpenCover():
                printer.open_cover()
            case s.CloseCover():
                printer.close_cover()
            case s.JamCutter():
                printer.jam_cutter()
            case s.FreeCutter():
                printer.free_cutter()
            case s.HeadHot(on):
                printer.head_hot(on)
            case s.HardwareError(on):
                printer.hardware_error(on)
            case s.HoldFeedButton(on):
                printer.hold_feed_button(on)
            case s.UnplugPrinter():
                printer.unplug()
            case s.ReplugPrinter():
                printer.replug()
            case s.PowerOff():
                printer.power_off()
            case s.PowerOn():
                printer.power_on()
            case s.HealPrinter():
                printer.heal()
            case _:
                self._order_manners(order)

    def _order_manners(self, order: s.MannersOrder) -> None:
        printer = self._meant(order)
        match order:
            case s.DelayAnswers(seconds):
                printer.delay_answers(seconds)
            case s.SplitAnswers(on):
                printer.split_answers(on)
            case s.FallSilent(on):
                printer.fall_silent(on)
            case s.StopReading(on):
                printer.stop_reading(on)
            case s.SupportProcessId(on):
                printer.support_process_id(on)
            case s.SendUnasked(data):
                printer.send_unasked(data)
            case _:
                assert_never(order)


def _line(slip: Slip, printer: int) -> s.SlipLine:
    return s.SlipLine(
        number=slip.number,
        complete=slip.complete,
        ending=slip.ending,
        text=slip.text,
        codes=slip.codes,
        picture=str(slip.picture),
        text_file=str(slip.text_file),
        printer=printer,
    )
