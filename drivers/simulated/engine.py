"""The simulated printer itself: bytes in, status bytes and paper out. No threads, no files.

Data goes into a receive buffer and is taken out of it only while the printer is on-line, at the
pace of the mechanism. Real-time commands are obeyed as they come in. What is off-line waits: it
prints after recovery, unless the host or a power loss clears it.
"""

from collections import deque
from collections.abc import Callable, Iterator

from drivers.simulated import commands as c
from drivers.simulated.answers import Answers
from drivers.simulated.ejector import Ejector
from drivers.simulated.escpos_parser import EscPosParser
from drivers.simulated.faults import Faults
from drivers.simulated.glyphs import GlyphFont
from drivers.simulated.model import DOTS_PER_MM, PrinterModel
from drivers.simulated.paper import Band, Ending, Paper, Piece
from drivers.simulated.print_head import PrintHead
from drivers.simulated.real_time import AskStatus, ClearBuffers, RealTimeListener, Recover
from drivers.simulated.sensors import (
    Sensors,
    automatic_status,
    dle_eot,
    paper_sensor,
    watched,
)

_NOTED = 200
_GOES_ON_S = 0.005
"""A mechanism does not pause between two lines because this program comes to look a little late."""
_FULL_STATUS = 20
_CLEARED = b"\x37\x25\x00"


class PrinterEngine:
    """One printer. All times are seconds on the clock that `now` is read from.

    Args:
        model: what kind of printer.
        font: draws its characters.
        on_piece: is given each piece of paper that leaves the printer with ink on it.

    `without_effect` holds the last commands that were taken and show nothing, unknown ones too.
    """

    def __init__(
        self, model: PrinterModel, font: GlyphFont, on_piece: Callable[[Piece], None]
    ) -> None:
        self.model = model
        self.sensors = Sensors()
        self.faults = Faults()
        self.powered = True
        self.without_effect: deque[str] = deque(maxlen=_NOTED)
        self._on_piece = on_piece
        self._answers = Answers(self.faults)
        self._paper = Paper(model)
        self.ejector = Ejector(model, self.faults, on_piece)
        self._head = PrintHead(model, font, self._printed)
        self._parser = EscPosParser(model.charset, double_byte=model.double_byte_at_power_on)
        self._listener = RealTimeListener()
        self._buffer = bytearray()
        self._held: c.Command | None = None
        self._starving = False
        self._busy_until = 0.0
        self._last_printed = 0.0
        self._now = 0.0
        self._asb_mask = 0
        self._asb_said = automatic_status(self.sensors)

    @property
    def unprintable(self) -> tuple[str, ...]:
        """What the host asked for and this printer could not print."""
        return tuple(self._head.unprintable)

    @property
    def buffered_bytes(self) -> int:
        """Bytes that wait in the receive buffer."""
        return len(self._buffer)

    @property
    def in_print(self) -> bool:
        """Whether data waits to be printed, in the receive buffer or in the line."""
        return bool(self._buffer) or self._held is not None or self._head.line_begun

    def printing(self, now: float) -> bool:
        """Whether the mechanism is at work: not off-line, and not yet at the end of its data."""
        at_work = now < self._busy_until or (self.in_print and not self._starving)
        return self.powered and not self.sensors.offline and at_work

    @property
    def asb_mask(self) -> int:
        """The mask of the last GS a; 0 when automatic status is off."""
        return self._asb_mask

    @property
    def room_bytes(self) -> int:
        """How many bytes the printer would take from the line now."""
        if self.faults.deaf:
            return 0
        if self._starving and not self.sensors.offline:
            return self.model.receive_buffer_bytes
        return max(0, self.model.receive_buffer_bytes - len(self._buffer))

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes from the line. Without power they are lost."""
        self._now = now
        if not self.powered:
            return
        start = 0
        for end, command in self._listener.hear(data):
            self._buffer += data[start:end]
            start = end
            match command:
                case AskStatus(n):
                    if (status := self._real_time_status(n)) is not None:
                        self._answers.say(status, now)
                case Recover(clear):
                    self._recover(clear=clear)
                case ClearBuffers():
                    self._clear_buffers()
                    self._answers.say(_CLEARED, now)
        self._buffer += data[start:]
        self._starving = False

    def work(self, now: float) -> None:
        """Do all that can be done by now."""
        self._now = now
        self._end_paper_if_ordered()
        while self.powered and not self.sensors.offline and self._busy_until <= now:
            command = self._take_command()
            if command is not None:
                self._obey(command)
            self._end_paper_if_ordered()
            if command is None:
                break
        hand_at = self._hand_at()
        if hand_at is not None and hand_at <= now:
            self.tear_off(now)
        if self.ejector.hand_at is not None and self.ejector.hand_at <= now:
            self.ejector.take()

    def answers(self, now: float) -> Iterator[bytes]:
        """Take the answers whose time has come, each to be written by itself."""
        return self._answers.due(now)

    def next_event_at(self) -> float | None:
        """When `work` or `answers` has something to do again; None when only bytes can help."""
        times = [self._answers.next_at, self._hand_at(), self.ejector.hand_at]
        printable = self._held is not None or (self._buffer and not self._starving)
        if self.powered and not self.sensors.offline and printable:
            times.append(self._busy_until)
        return min((at for at in times if at is not None), default=None)

    def change(self, now: float, act: Callable[[Sensors], None]) -> None:
        """Change something that the sensors see, and report it as GS a asks."""
        self._now = now
        act(self.sensors)
        if not self.model.near_end_sensor:
            self.sensors.near_end = False
        self._report_change()
        self.work(now)

    def end_paper(self, now: float) -> None:
        """The paper is at its end: what hangs in the printer falls out, unfinished."""
        self._now = now
        self.faults.paper_out_after_bytes = None
        self.faults.paper_out_after_lines = None
        self._keep(self._paper.replace(Ending.PAPER_END, to_be_continued=True))
        self.change(now, _paper_ended)

    def tear_off(self, now: float) -> None:
        """A person tears off what hangs out of the printer."""
        self._now = now
        self._keep(self._paper.tear_off(to_be_continued=self.in_print))

    def send_unasked(self, data: bytes, now: float) -> None:
        """Put bytes on the line that nobody asked for."""
        self._answers.say(data, now)

    def power_off(self) -> None:
        """Buffers, settings and unsaid answers are gone; the sensors stay as they are."""
        self.powered = False
        self._clear_buffers()
        self._answers.drop()
        self._listener.reset()
        self._head.reset()
        self._parser.reset()
        self._asb_mask = 0
        self._busy_until = 0.0

    def power_on(self, now: float) -> None:
        """Start again. Errors whose cause is gone are gone."""
        self._now = now
        self.powered = True
        cuts = self.model.cuts_at_power_on and self.model.cutter
        self.sensors.cutter_error = cuts and self.faults.cutter_jammed
        self.sensors.cover_opened_in_print = False
        self._asb_said = automatic_status(self.sensors)
        if cuts and not self.sensors.offline:
            self._keep(self._paper.replace(Ending.POWER_LOSS, to_be_continued=False))
        self.work(now)

    def _take_command(self) -> c.Command | None:
        if self._held is not None:
            command, self._held = self._held, None
            return command
        parsed = self._parser.next_command(self._buffer)
        if parsed is None:
            self._starving = True
            return None
        command, length = parsed
        left = self.faults.paper_out_after_bytes
        del self._buffer[:length]
        if isinstance(command, c.RealTimeInPlace):
            return command  # a host that asks often does not use up paper
        self.faults.take_bytes(length)
        if left is None or length < left:
            return command
        # The paper ends within this command: of an image the rows before it still come out.
        # Anything else that could not be finished waits for new paper.
        if length == left:
            return command
        before, self._held = _split(command, left, length)
        return before

    def _obey(self, command: c.Command) -> None:
        match command:
            case c.Initialise():
                self._head.reset()
                self._asb_mask = 0
            case c.Eject(n) if self.model.presenter:
                self._eject(n)
            case c.Eject(n):
                self.without_effect.append(f"eject {n}")
            case c.Cut(_, feed_dots):
                self._cut(command, feed_dots)
            case c.AutomaticStatus(mask):
                if self.model.status_back:
                    self._asb_mask = mask
                    self._asb_said = automatic_status(self.sensors)
                    if mask:
                        self._answers.say(self._asb_said, self._now)
            case c.TransmitPaper():
                self._answers.say(bytes((paper_sensor(self.sensors),)), self._now)
            case c.TransmitDrawer():
                self._answers.say(b"\x00", self._now)
            case c.TransmitIdentity(n):
                if (identity := self._identity(n)) is not None:
                    self._answers.say(identity, self._now)
            case c.ProcessId(identity):
                if self.model.process_id and not self.faults.no_process_id:
                    self._answers.say(b"\x37\x22" + identity + b"\x00", self._now)
            case c.RealTimeInPlace():
                pass
            case c.NoEffect(name, code):
                self.without_effect.append(f"{name} {code.hex(' ')}")
            case c.Unknown(code):
                self.without_effect.append(f"unknown {code.hex(' ')}")
            case _:
                self._head.obey(command)

    def _printed(self, band: Band) -> None:
        """The head printed a band: it takes time, and counts towards an ordered end of paper."""
        self._paper.add(band)
        self._last_printed = self._now
        if band.text is not None:
            self.faults.take_line()
        if self.model.speed_mm_s is not None:
            self._take_time(band.height_dots / DOTS_PER_MM / self.model.speed_mm_s)

    def _take_time(self, seconds: float) -> None:
        pauses = self._now - self._busy_until > _GOES_ON_S
        self._busy_until = (self._now if pauses else self._busy_until) + seconds

    def _cut(self, command: c.Cut, feed_dots: int | None) -> None:
        if feed_dots is not None:
            self._head.feed(self.model.cutter_distance_dots + feed_dots)
        if not self.model.cutter:
            return
        if self.faults.cutter_jammed:
            # After recovery the cut is made where the paper stands: it was fed already.
            self._held = c.Cut(command.partial, None)
            self.change(self._now, _cutter_stuck)
            return
        self._keep_cut(self._paper.cut())
        if self.model.speed_mm_s is not None:
            self._take_time(self.model.cut_s)

    def _eject(self, n: int) -> None:
        """GS e: what hangs in the printer is cut first, as the manuals say."""
        if n in (2, 3, 5, 32) and self._paper.hangs_out:
            self._cut(c.Cut(partial=False, feed_dots=None), None)
        match n:
            case 2:
                self.ejector.retract()
            case 3 | 32:
                self.ejector.present(self._now)
            case 5:
                self.ejector.eject()
            case 6:
                self._answers.say(bytes((self.ejector.status(self.sensors),)), self._now)
            case _:
                self.without_effect.append(f"eject {n}")

    def _real_time_status(self, n: int) -> bytes | None:
        if n != _FULL_STATUS:
            return bytes((dle_eot(n, self.sensors),))
        return self.ejector.full_status(self.sensors) if self.model.presenter else None

    def _recover(self, *, clear: bool) -> None:
        """DLE ENQ: only a cutter error can be recovered so, once its cause is removed."""
        if not self.sensors.cutter_error:
            return
        if clear:
            self._clear_buffers()
        if not self.faults.cutter_jammed:
            self.change(self._now, _cutter_recovered)

    def _clear_buffers(self) -> None:
        self._paper.give_up()
        self._buffer.clear()
        self._held = None
        self._head.drop_line()
        self._starving = False

    def _end_paper_if_ordered(self) -> None:
        if self.faults.paper_ends_now and not self.sensors.paper_end:
            self.end_paper(self._now)

    def _identity(self, n: int) -> bytes | None:
        """GS I: numbers for 1 to 3, blocks of text for 65 to 69 (Epson: 5F text 00)."""
        texts = {
            65: self.model.firmware.encode(),
            66: self.model.maker.encode(),
            67: self.model.name.encode(),
            68: b"00000001",
            69: self.model.charset.value.upper().encode(),
        }
        if n in texts:
            return b"\x5f" + texts[n] + b"\x00"
        # 1: model number; 2: double-byte characters and cutter fitted; 3: version.
        numbers = {1: 0x20, 2: 0x03, 3: 0x01, 49: 0x20, 50: 0x03, 51: 0x01}
        return bytes((numbers[n],)) if n in numbers else None

    def _hand_at(self) -> float | None:
        """When a hand tears off a print that no cutter ends; None while there is nothing."""
        patience = self.model.torn_off_after_s
        if patience is None or self.in_print or not self._paper.hangs_out:
            return None
        return max(self._last_printed, self._busy_until) + patience

    def _report_change(self) -> None:
        status = automatic_status(self.sensors)
        changed = watched(status, self._asb_mask) != watched(self._asb_said, self._asb_mask)
        if self.powered and changed:
            self._asb_said = status
            self._answers.say(status, self._now)

    def _keep_cut(self, piece: Piece | None) -> None:
        """A cut piece falls out, or stands in the presenter until it is held out."""
        if piece is not None and self.model.presenter:
            self.ejector.take_in(piece)
        else:
            self._keep(piece)

    def _keep(self, piece: Piece | None) -> None:
        if piece is not None:
            self._on_piece(piece)


def _paper_ended(sensors: Sensors) -> None:
    sensors.paper_end = True
    sensors.near_end = True


def _cutter_stuck(sensors: Sensors) -> None:
    sensors.cutter_error = True


def _cutter_recovered(sensors: Sensors) -> None:
    sensors.cutter_error = False


def _split(command: c.Command, left: int, length: int) -> tuple[c.Command | None, c.Command | None]:
    """What of a command is obeyed when only `left` of its bytes still find paper, and the rest."""
    if not isinstance(command, c.Raster) or command.width_bytes == 0:
        return None, command
    header = length - len(command.bits)
    rows = max(0, left - header) // command.width_bytes
    if rows == 0:
        return None, command
    cut_at = rows * command.width_bytes
    upper = c.Raster(
        command.width_bytes, rows, command.bits[:cut_at], command.scale_x, command.scale_y
    )
    lower = c.Raster(
        command.width_bytes,
        command.rows - rows,
        command.bits[cut_at:],
        command.scale_x,
        command.scale_y,
    )
    return upper, lower
