"""Somebody at the terminal who never tires: scans, prints, reprints, and notes every promise.

Speaks to the daemon as a screen does. When the daemon is gone it comes back to the new one.
"""

import random
import socket
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from benches.torture.books import Notes
from einvoice import qr_writer
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Verdict
from kiosk import messages as m

LISTEN_S = 0.05
NOT_PRINTED = frozenset({"storage", "reprint_limit"})
"""Ends of a wish to print that never became a job: nothing of them is kept."""


class Person:
    """Acts in a thread of the caller's until told to stop.

    Attributes:
        notes: what was promised.
        shown: the newest that the screen would show; None before the first.
    """

    def __init__(
        self,
        daemon: Path,
        scan: Callable[[str], None],
        samples: list[str],
        rnd: random.Random,
        today: date,
    ) -> None:
        """Somebody before one terminal.

        Args:
            daemon: the daemon's socket.
            scan: holds a code up to the scanner.
            samples: codes of invoices that the service knows.
            rnd: decides what is done next.
            today: the day in China.
        """
        self.notes = Notes()
        self.shown: m.Show | None = None
        self._daemon = daemon
        self._scan = scan
        self._samples = samples
        self._rnd = rnd
        self._today = today
        self._channel: socket.socket | None = None
        self._buffer = b""
        self._act_at_s = 0.0
        self._invoices = 0

    def act_until(self, stopped: threading.Event) -> None:
        """Look and touch until stopped."""
        while not stopped.is_set():
            self.listen(stopped, LISTEN_S)
            if time.monotonic() >= self._act_at_s:
                self._act()
                self._act_at_s = time.monotonic() + self._rnd.uniform(0.02, 0.3)
        if self._channel is not None:
            self._channel.close()

    def listen(self, stopped: threading.Event, for_s: float) -> None:
        """Take in what is shown, once; connect again where the daemon was killed."""
        try:
            self._take(for_s)
        except (OSError, msgspec.DecodeError):
            # A line that was cut by the daemon's end is no promise.
            if self._channel is not None:
                self._channel.close()
            self._channel, self._buffer = None, b""
            stopped.wait(0.02)

    def _act(self) -> None:
        if self.shown is None:
            return
        turn, chance = self.shown.turn, self._rnd.random()
        match self.shown.situation:
            case m.Home():
                self._scan(self._code())
            case m.VerdictShown() if chance < 0.75:
                self._press(m.PrintSlip(turn))
            case m.VerdictShown() if chance < 0.85:
                self._send(m.CallStaff())
            case m.PrintEnded(can_reprint=True) if chance < 0.6:
                self._press(m.Reprint(turn))
            case m.PrintEnded() if chance < 0.7:
                self._send(m.VerifyAnother(turn))
            case m.Checking() | m.Printing():
                return
            case _:
                self._send(m.GoHome(turn))

    def _code(self) -> str:
        """Half the time an invoice that the service knows, otherwise one that nobody has seen."""
        if self._rnd.random() < 0.5:
            return self._rnd.choice(self._samples)
        self._invoices += 1
        issued_on = self._today - timedelta(days=self._rnd.randrange(1, 90))
        return qr_writer.write(
            InvoiceReference(
                kind=Kind.DIGITAL_ORDINARY,
                number=f"{issued_on:%y}112000000{self._invoices:09d}",
                issued_on=issued_on,
                amount=Decimal("42.00"),
            )
        )

    def _press(self, wish: m.PrintSlip | m.Reprint) -> None:
        self.notes.presses += 1
        self._send(wish)

    def _send(self, message: m.ToDaemon) -> None:
        try:
            if self._channel is not None:
                self._channel.sendall(msgspec.json.encode(message) + b"\n")
        except OSError:
            return  # the daemon is gone; `listen` finds out and connects again

    def _take(self, left_s: float) -> None:
        if self._channel is None:
            self._channel = socket.socket(socket.AF_UNIX)
            self._channel.connect(str(self._daemon))
            self._send(m.Hello(role=m.Role.SCREEN, version=m.PROTOCOL_VERSION))
        self._channel.settimeout(left_s)
        try:
            data = self._channel.recv(65536)
        except TimeoutError:
            return
        if not data:
            raise ConnectionResetError
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            shown = msgspec.json.decode(line, type=m.FromDaemon)
            if isinstance(shown, m.Show):
                self.shown = shown
                note(self.notes, shown)


def note(notes: Notes, shown: m.Show) -> None:
    """Write down what a screen promises."""
    match shown.situation:
        case m.VerdictShown(verdict=Verdict.UNAVAILABLE, ticket=m.TicketView(number=number)):
            notes.tickets.add(number)
        case m.PrintEnded(slip=slip, copy=copy, outcome=outcome, why=why):
            if why not in NOT_PRINTED:
                notes.prints[slip, copy] = (outcome, why)
        case _:
            pass
