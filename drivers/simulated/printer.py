"""A receipt printer that is not there: real bytes on a pseudo-terminal, paper in a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.simulated.clock import Clock, monotonic_clock
from drivers.simulated.engine import PrinterEngine
from drivers.simulated.glyphs import GlyphFont
from drivers.simulated.model import MODEL_80_MM, PrinterModel
from drivers.simulated.pty_device import PtyDevice
from drivers.simulated.sensors import Sensors
from drivers.simulated.slips import Slip, SlipTray

_BITS_PER_BYTE = 10
"""8N1: a start bit, eight of data, a stop bit."""
_THROTTLED_READ_BYTES = 32
_PORT_HOLDS_S = 0.01
"""A serial port goes on taking bytes in while this program's thread comes to look a little late."""


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What a person standing before the printer would see, and what was ordered."""

    plugged: bool
    powered: bool
    offline: bool
    paper_end: bool
    near_end: bool
    cover_open: bool
    cutter_error: bool
    cutter_jammed: bool
    head_hot: bool
    hardware_error: bool
    feed_button: bool
    slip_at_output: bool
    """The presenter holds a slip out."""
    silent: bool
    deaf: bool
    answer_delay_s: float
    split_answers: bool
    process_id: bool
    buffered_bytes: int
    automatic_status: int
    slips: int
    unprintable: tuple[str, ...]
    """What the host asked for last that this printer has no way to print."""
    without_effect: tuple[str, ...]
    """The last commands that show nothing here, unknown ones among them."""


class SimulatedPrinter(PtyDevice):
    """A printer on a pseudo-terminal, and every way in which it can be made to fail.

    All methods can be called from any thread while clients print. Those that order a fault
    return when the fault is there.

    Args:
        link: the stable path of the device.
        fonts_dir: holds NotoSansSC-Regular.otf and NotoSansSC-Bold.otf.
        out_dir: where the slips go.
        model: what kind of printer.
        baud: pace of the line in bits a second, None for as fast as it goes.
        clock: seconds, for the pace of mechanism and line.

    Raises:
        FontMissing: when a font is not there.
    """

    def __init__(
        self,
        link: Path,
        fonts_dir: Path,
        out_dir: Path,
        model: PrinterModel = MODEL_80_MM,
        *,
        baud: int | None = None,
        clock: Clock = monotonic_clock,
    ) -> None:
        super().__init__(link, clock)
        self.model = model
        self.tray = SlipTray(out_dir, model)
        self._engine = PrinterEngine(model, GlyphFont(fonts_dir), self.tray.keep)
        self._baud = baud
        self._line_free_at = 0.0
        self._more_waits = False

    @property
    def slips(self) -> tuple[Slip, ...]:
        """All slips that came out in this run, the oldest first."""
        return self.tray.slips

    def wait_for_slips(self, count: int, timeout_s: float = 10.0) -> tuple[Slip, ...]:
        """All slips, as soon as `count` have come out.

        Raises:
            TimeoutError: when fewer came in time.
        """
        return self.tray.wait_for(count, timeout_s)

    def state(self) -> PrinterState:
        """How the printer stands now."""
        return self.ask(self._state)

    def _state(self) -> PrinterState:
        sensors, faults = self._engine.sensors, self._engine.faults
        return PrinterState(
            plugged=self.plugged,
            powered=self._engine.powered,
            offline=sensors.offline,
            paper_end=sensors.paper_end,
            near_end=sensors.near_end,
            cover_open=sensors.cover_open,
            cutter_error=sensors.cutter_error,
            cutter_jammed=faults.cutter_jammed,
            head_hot=sensors.head_hot,
            hardware_error=sensors.hardware_error,
            feed_button=sensors.feed_button,
            slip_at_output=self._engine.ejector.holds_slip,
            silent=faults.silent,
            deaf=faults.deaf,
            answer_delay_s=faults.answer_delay_s,
            split_answers=faults.split_answers,
            process_id=self.model.process_id and not faults.no_process_id,
            buffered_bytes=self._engine.buffered_bytes,
            automatic_status=self._engine.asb_mask,
            slips=self.tray.count,
            unprintable=self._engine.unprintable,
            without_effect=tuple(self._engine.without_effect),
        )

    # Paper

    def paper_out(self, *, after_bytes: int | None = None, after_lines: int | None = None) -> None:
        """The paper ends: now, or when so many more bytes or lines are printed.

        Raises:
            ValueError: when both are given, or one is negative.
        """
        if after_bytes is not None and after_lines is not None:
            raise ValueError("paper ends after bytes or after lines, not both")
        if (after_bytes or 0) < 0 or (after_lines or 0) < 0:
            raise ValueError("paper cannot have ended in the past")

        def order() -> None:
            if after_bytes is None and after_lines is None:
                self._engine.end_paper(self._clock())
            self._engine.faults.paper_out_after_bytes = after_bytes
            self._engine.faults.paper_out_after_lines = after_lines

        self.ask(order)

    def load_paper(self) -> None:
        """A full roll is put in. What waits in the buffer prints on it."""
        self._sense(_paper_loaded)

    def paper_near_end(self, on: bool = True) -> None:
        """The roll is nearly used up, or not."""

        def act(sensors: Sensors) -> None:
            sensors.near_end = on or sensors.paper_end

        self._sense(act)

    def tear_off(self) -> None:
        """A person tears off what hangs in the printer."""
        self.ask(lambda: self._engine.tear_off(self._clock()))

    # Presenter

    def take_slip(self) -> None:
        """A hand takes the slip that the presenter holds out."""
        self.ask(self._engine.ejector.take)

    def leave_slips(self, on: bool = True) -> None:
        """Nobody takes slips out of the presenter any more, or they are taken again."""
        self.ask(lambda: setattr(self._engine.faults, "slips_left", on))

    def jam_presenter(self, on: bool = True) -> None:
        """Paper sticks in the presenter: it says so, and draws nothing back in."""

        def order() -> None:
            self._engine.faults.ejector_jammed = on
            self._engine.faults.retracting_fails = on

        self.ask(order)

    # Mechanism

    def open_cover(self) -> None:
        """The cover is opened; in the middle of a print this also is an error."""

        def act(sensors: Sensors) -> None:
            sensors.cover_opened_in_print = self._engine.printing(self._clock())
            sensors.cover_open = True

        self._sense(act)

    def close_cover(self) -> None:
        """The cover is closed; printing goes on."""
        self._sense(_cover_closed)

    def jam_cutter(self) -> None:
        """Something gets into the blade: the next cut fails."""
        self.ask(lambda: setattr(self._engine.faults, "cutter_jammed", True))

    def free_cutter(self) -> None:
        """It is taken out again. The printer waits for DLE ENQ, or for power off and on."""
        self.ask(lambda: setattr(self._engine.faults, "cutter_jammed", False))

    def head_hot(self, on: bool = True) -> None:
        """The head is too hot to print, or has cooled down."""
        self._sense(lambda sensors: setattr(sensors, "head_hot", on))

    def hardware_error(self, on: bool = True) -> None:
        """An error that only a technician can clear."""
        self._sense(lambda sensors: setattr(sensors, "hardware_error", on))

    def hold_feed_button(self, on: bool = True) -> None:
        """Somebody holds the feed button: off-line without another cause."""
        self._sense(lambda sensors: setattr(sensors, "feed_button", on))

    # Manners on the line

    def delay_answers(self, seconds: float) -> None:
        """Every answer comes so much later."""
        self.ask(lambda: setattr(self._engine.faults, "answer_delay_s", max(0.0, seconds)))

    def split_answers(self, on: bool = True) -> None:
        """Every byte of an answer comes by itself."""
        self.ask(lambda: setattr(self._engine.faults, "split_answers", on))

    def fall_silent(self, on: bool = True) -> None:
        """Read and print, but say nothing."""
        self.ask(lambda: setattr(self._engine.faults, "silent", on))

    def stop_reading(self, on: bool = True) -> None:
        """Take no byte from the line, so that the host's writes stall."""
        self.ask(lambda: setattr(self._engine.faults, "deaf", on))

    def support_process_id(self, on: bool) -> None:
        """Answer GS ( H or, as most Chinese models, not."""
        self.ask(lambda: setattr(self._engine.faults, "no_process_id", not on))

    def send_unasked(self, data: bytes) -> None:
        """Put bytes on the line that nobody asked for."""
        self.ask(lambda: self._engine.send_unasked(data, self._clock()))

    # Power

    def power_off(self) -> None:
        """The power goes: buffer and settings are lost. The line stays, as on RS-232."""
        self.ask(self._engine.power_off)

    def power_on(self) -> None:
        """The power comes back. Most kiosk printers first cut off what hangs in them."""
        self.ask(lambda: self._engine.power_on(self._clock()))

    def heal(self) -> None:
        """Everything in order again: plugged, powered, paper in, no fault and none ordered."""
        self.ask(self._heal)

    def _heal(self) -> None:
        faults = self._engine.faults
        faults.paper_out_after_bytes = None
        faults.paper_out_after_lines = None
        faults.cutter_jammed = False
        faults.answer_delay_s = 0.0
        faults.split_answers = False
        faults.silent = False
        faults.deaf = False
        faults.no_process_id = False
        faults.slips_left = False
        faults.retracting_fails = False
        faults.ejector_jammed = False
        self._replug()
        if not self._engine.powered:
            self._engine.power_on(self._clock())
        self._engine.change(self._clock(), _all_well)

    def _sense(self, act: Callable[[Sensors], None]) -> None:
        self.ask(lambda: self._engine.change(self._clock(), act))

    # The device's own thread

    def received(self, data: bytes, now: float) -> None:
        """Bytes came from the host."""
        if self._baud is not None:
            seconds = len(data) * _BITS_PER_BYTE / self._baud
            goes_on = self._more_waits and now - self._line_free_at <= _PORT_HOLDS_S
            self._line_free_at = (self._line_free_at if goes_on else now) + seconds
            self._more_waits = len(data) == _THROTTLED_READ_BYTES
        self._engine.receive(data, now)

    def work(self, now: float) -> None:
        """Print what is due."""
        self._engine.work(now)

    def sayings(self, now: float) -> list[bytes]:
        """The answers that are due."""
        return list(self._engine.answers(now))

    def next_event_at(self) -> float | None:
        """When the mechanism, an answer or the line is ready again."""
        at = self._engine.next_event_at()
        if self._baud is not None and self._line_free_at > self._clock():
            return self._line_free_at if at is None else min(at, self._line_free_at)
        return at

    def room_bytes(self, now: float) -> int:
        """How much the printer takes from the line now."""
        room = self._engine.room_bytes
        if self._baud is None:
            return room
        return min(room, _THROTTLED_READ_BYTES) if self._line_free_at <= now else 0


def _paper_loaded(sensors: Sensors) -> None:
    sensors.paper_end = False
    sensors.near_end = False


def _cover_closed(sensors: Sensors) -> None:
    sensors.cover_open = False
    sensors.cover_opened_in_print = False


def _all_well(sensors: Sensors) -> None:
    _paper_loaded(sensors)
    _cover_closed(sensors)
    sensors.cutter_error = False
    sensors.head_hot = False
    sensors.hardware_error = False
    sensors.feed_button = False
