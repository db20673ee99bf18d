"""An ESC/POS receipt printer, and the proof that a slip came out of it.

A print goes: ask who it is (once per connection) - DLE EOT 1-4, all clean - ESC @, GS a 0F -
body - feed and cut, and present where there is a presenter - GS ( H with the job's tag, where
the model has it - GS r 1 - wait for the tag, or for the ordered GS r reply - DLE EOT 1-4, all
clean. Only then it is PROVEN. Whatever else happens is FAILED with the cause that the printer
named, or UNKNOWN. Nothing is ever printed twice from here.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import assert_never

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import (
    Link,
    LinkBusy,
    LinkError,
    LinkLost,
    LinkMissing,
    NoticesLoss,
    write_all,
)
from drivers.printers import commands, decode
from drivers.printers.asking import Asking
from drivers.printers.ear import Ear, Heard, Identity
from drivers.printers.encode import Slip
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.presenter import Bezel
from drivers.printers.profile import ClearBuffer, Presenter, Profile
from drivers.printers.raster import longest_block
from drivers.printers.replies import Block
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready
from drivers.printers.tag import TAG_BYTES

_log = logging.getLogger(__name__)

LONGEST_SLIP_MM = 600.0
"""Paper that is allowed for when nobody says how long a slip is."""
MARGIN_S = 5.0
"""Beyond the time of wire and paper: motor start, cut, the replies themselves."""

_CHECK_AFTER_S = 2.5  # kept free at the end of the deadline for four DLE EOT and the clearing
_CLEAR_S = 1.0
_BARRIER_S = 2.0
_FOUND_AGAIN_TRIES = 3  # a cable that makes contact bounces
_CHUNK_BYTES = 512  # between two chunks the printer is listened to
_PROCESS_ID = 0x37, b"\x22"  # block header, first byte of the payload
_CLEARED = Block(0x37, b"\x25")


@dataclass(frozen=True, slots=True)
class _Rest:
    """What a slip that did not end well may have left behind.

    Attributes:
        uncut: a part of it may hang in the printer, or still come out of its memory.
        unfinished: the printer was not given all of it.
        picture_bytes: bytes of its longest picture, which the printer may be waiting for.
    """

    uncut: bool = False
    unfinished: bool = False
    picture_bytes: int = 0


class EscposPrinter:
    """One receipt printer on one link. Calls block until their deadline; any thread may call."""

    def __init__(
        self, link: Link, profile: Profile, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._link = link
        self._profile = profile
        self._clock = clock
        self._presents = profile.presenter is not Presenter.NONE
        self._ear = Ear(link, clock, full_status=self._presents)
        self._lock = threading.Lock()
        self._asking = Asking(link, profile, self._ear)
        self._owed_ordered = 0
        self._rest = _Rest()

    # --- what it is and how it is --------------------------------------------------------

    def identify(self, deadline: Deadline) -> Identity | None:
        """Ask maker and model; None when it does not say. It cannot answer while off-line.

        Raises:
            LinkError: the device is not there, is held by another process, or went away.
            DeadlinePassed: a slip is being printed.
        """
        with self._held(deadline):
            self._open()
            return self._asking.identity(deadline)

    def status(self, deadline: Deadline) -> PrinterStatus:
        """How the printer is, by its own words. Opens the link again after a loss."""
        try:
            with self._held(deadline):
                self._open()
                return self._asking.noted(self._asking.status(deadline))
        except DeadlinePassed:
            return NoAnswer()  # a slip is being printed: nobody could ask
        except (LinkMissing, LinkBusy, LinkLost):
            return self._asking.noted(NotReady(Cause.DISCONNECTED))

    def is_gone(self) -> bool:
        """Whether the device has gone away since it was last spoken to. Asks it nothing.

        False also when nobody can tell: the link is closed, cannot be watched (`NoticesLoss`), or
        a slip is being printed, which will notice by itself. Made to be called several times a
        second between two `status` calls.
        """
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return isinstance(self._link, NoticesLoss) and self._link.is_lost()
        finally:
            self._lock.release()

    def recover(self, deadline: Deadline) -> PrinterStatus:
        """Tell a printer with a cutter error to go on, after somebody has freed the cutter.

        What it still held of the failed slip is thrown away. Only asks on models without it.
        """
        try:
            with self._held(deadline):
                self._open()
                if self._profile.recover:
                    write_all(self._link, commands.RECOVER, deadline)
                    self._ear.until_quiet(deadline)
                return self._asking.noted(self._asking.status(deadline))
        except DeadlinePassed:
            return NoAnswer()
        except (LinkMissing, LinkBusy, LinkLost):
            return self._asking.noted(NotReady(Cause.DISCONNECTED))

    @property
    def presents(self) -> bool:
        """Whether it has a presenter, which tells whether a slip was taken."""
        return self._presents

    def bezel(self, deadline: Deadline) -> Bezel:
        """What the presenter's sensor says. Only where `presents`."""
        return self._of_bezel(self._asking.bezel, deadline)

    def retract(self, deadline: Deadline) -> Bezel:
        """Draw back in what the presenter holds. Only where `presents`.

        Returns:
            What the sensor says then: HOLDS_SLIP when the printer has retracting switched off.
        """
        return self._of_bezel(self._asking.emptied_bezel, deadline)

    def _of_bezel(self, ask: Callable[[Deadline], Bezel], deadline: Deadline) -> Bezel:
        try:
            with self._held(deadline):
                self._open()
                return ask(deadline)
        except (DeadlinePassed, LinkMissing, LinkBusy, LinkLost):
            return Bezel.SILENT

    @contextmanager
    def _held(self, deadline: Deadline) -> Generator[None]:
        if not self._lock.acquire(timeout=deadline.left_s):
            raise DeadlinePassed("the printer is in use")
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the link. The next call opens it again."""
        with self._lock:
            self._link.close()

    # --- how long things take ----------------------------------------------------------------

    def transmission_s(self, body: bytes) -> float:
        """Seconds that these bytes need on the wire, at least."""
        return len(body) / self._link.bytes_per_s

    def paper_s(self, height_mm: float) -> float:
        """Seconds that so much paper needs, the feed to the cutter included."""
        fed_mm = self._profile.cut_feed_lines * self._profile.line_mm
        return (height_mm + fed_mm) / self._profile.speed_mm_s

    def deadline_for(self, slip: Slip) -> Deadline:
        """The deadline of `print` for this slip, beginning now."""
        return self._deadline(slip.body, slip.height_mm)

    def _deadline(self, body: bytes, height_mm: float) -> Deadline:
        seconds = self.transmission_s(body) + self.paper_s(height_mm) + MARGIN_S
        return Deadline(seconds, self._clock)

    # --- printing ------------------------------------------------------------------------

    def print(self, tag: bytes, body: bytes, deadline: Deadline | None = None) -> PrintOutcome:
        """Print one slip and find out what became of it.

        Args:
            tag: four bytes of 20-7E that stand for the job (`job_tag`).
            body: from `encode`; without `ESC @` and without a cut.
            deadline: when to stop waiting; by default wire, paper and `MARGIN_S`. The last 2.5 s
                of it (a third, if it is short) are for asking the printer how it is afterwards.

        Raises:
            ValueError: the tag is not four bytes of 20-7E.
        """
        if len(tag) != TAG_BYTES or not all(0x20 <= byte <= 0x7E for byte in tag):
            raise ValueError("a tag is four bytes of 20-7E")
        if not self._lock.acquire(timeout=deadline.left_s if deadline else -1):
            return Failed(
                Cause.OFFLINE, untouched=True
            )  # another slip took all the time; nothing was sent
        try:
            whole = deadline or self._deadline(body, LONGEST_SLIP_MM)
            outcome = self._print(tag, body, whole)
        finally:
            self._lock.release()
        _log.info("printer.slip_ended outcome=%s", outcome)
        return outcome

    def _print(self, tag: bytes, body: bytes, deadline: Deadline) -> PrintOutcome:
        reserve_s = min(_CHECK_AFTER_S, deadline.left_s / 3)
        until = Deadline(deadline.left_s - reserve_s, self._clock)
        try:
            refusal = self._prepare_on_a_living_link(until)
        except LinkError:
            self._asking.noted(NotReady(Cause.DISCONNECTED))
            return Failed(Cause.DISCONNECTED, untouched=True)
        if refusal is not None:
            return Failed(refusal, untouched=True)
        try:
            proven = self._send_and_wait(tag, body, until)
            return self._conclude(tag, deadline, proven=proven)
        except LinkLost:
            self._asking.noted(NotReady(Cause.DISCONNECTED))
            return Unknown(Doubt.LOST_LINK)

    def _prepare_on_a_living_link(self, until: Deadline) -> Cause | None:
        """As `_prepare`; a printer that was plugged in anew is found again.

        The loss of a cable may only be noticed now. Nothing of the slip was sent yet, so to
        begin again on the new link prints nothing twice.
        """
        for _ in range(_FOUND_AGAIN_TRIES):
            try:
                return self._prepare(until)
            except LinkLost:
                continue
        return self._prepare(until)

    def _prepare(self, until: Deadline) -> Cause | None:
        """All before the first byte that could be printed. The cause if it cannot begin."""
        self._open()
        if self._profile.identifies and not self._asking.has_asked_identity:
            self._asking.identity(until)
        status = self._asking.fit_status(until)
        if isinstance(status, NotReady):
            return status.cause
        if isinstance(status, NoAnswer):
            # Turned off behind its cable, most often. It was given nothing, so nothing came out.
            return Cause.DISCONNECTED
        try:
            self._settle(until)
            if self._presents and self._asking.emptied_bezel(until) is Bezel.HOLDS_SLIP:
                return Cause.SLIP_LEFT
            self._ear.take_in()
            self._ear.heard = Heard()
            write_all(self._link, commands.INITIALISE, until)
            if self._profile.asb:
                write_all(self._link, commands.STATUS_BACK_ON, until)
        except DeadlinePassed:
            return Cause.OFFLINE  # it answers, and takes no data
        return None

    def _settle(self, until: Deadline) -> None:
        """Leave nothing of an earlier slip that could be taken for part or proof of this one."""
        if self._rest.uncut:
            # Its own cut, so that nobody finds the end of another person's slip on theirs.
            # A picture that was cut off swallows what follows; zeros fill it up.
            filling = bytes(self._rest.picture_bytes if self._rest.unfinished else 0)
            separating = commands.INITIALISE + commands.end_rest(self._profile)
            write_all(self._link, filling + separating, until)
            self._rest = _Rest()
        if self._owed_ordered and not self._profile.process_id:
            # GS r replies have no name: ask once more, and what comes up to its answer is old.
            self._ear.heard.ordered.clear()
            write_all(self._link, commands.ORDERED_STATUS, until)
            self._owed_ordered += 1
            patience = self._ear.within(_BARRIER_S, until)
            if self._ear.wait_for(lambda heard: bool(heard.ordered), patience):
                self._ear.until_quiet(patience)
                self._owed_ordered = 0

    def _send_and_wait(self, tag: bytes, body: bytes, until: Deadline) -> bool:
        """Hand over the slip and wait. True when the printer said that it is printed."""
        self._rest = _Rest(uncut=True, unfinished=True, picture_bytes=longest_block(body))
        ending = commands.end_slip(self._profile)
        if self._profile.process_id:
            ending += commands.process_id(tag)
        if self._profile.ordered_status:
            ending += commands.ORDERED_STATUS
            self._owed_ordered += 1
        if not self._hand_over(body + ending, until):
            return False
        self._rest = replace(self._rest, unfinished=False)
        self._asking.until_decided(lambda heard: self._is_decided(heard, tag), until)
        return self._is_proof(self._ear.heard, tag)

    def _hand_over(self, data: bytes, until: Deadline) -> bool:
        """Send in pieces, listening in between. False when time or the printer stopped it."""
        for start in range(0, len(data), _CHUNK_BYTES):
            try:
                write_all(self._link, data[start : start + _CHUNK_BYTES], until)
            except DeadlinePassed:
                return False
            self._ear.take_in()
            if self._ear.heard.lasting_fault is not None:
                return False
        return True

    def _is_decided(self, heard: Heard, tag: bytes) -> bool:
        if heard.lasting_fault is not None or self._is_proof(heard, tag):
            return True
        return not self._profile.process_id and len(heard.ordered) >= self._owed_ordered > 0

    def _is_proof(self, heard: Heard, tag: bytes) -> bool:
        if self._profile.process_id:
            header, mark = _PROCESS_ID
            return Block(header, mark + tag) in heard.blocks
        # Exactly the one that was asked for, and none of an earlier slip: the tail of a torn
        # automatic status looks like it.
        return len(heard.ordered) == self._owed_ordered == 1 and decode.ordered_status_proves(
            heard.ordered[0]
        )

    def _conclude(self, tag: bytes, deadline: Deadline, *, proven: bool) -> PrintOutcome:
        if proven:
            status = self._asking.fit_status(deadline)
        else:
            if self._link.discard_output():
                self._rest = replace(self._rest, unfinished=True)
            status = self._asking.noted(self._asking.status(deadline))
        # The tag may have come while the status was asked, and so may a fault, or a second
        # "ordered" byte that makes the first one doubtful.
        proven = self._is_proof(self._ear.heard, tag)
        fault = self._ear.heard.lasting_fault
        if proven:
            self._owed_ordered = 0
            self._rest = _Rest()
            if fault is None and isinstance(status, Ready):
                waits = self._presents and self._asking.bezel(deadline) is Bezel.HOLDS_SLIP
                return Proven(near_end=status.near_end, waits=waits)
            # All was printed, and then something went wrong: saying either would be a guess.
            return Unknown(Doubt.NO_PROOF)
        if fault is None and isinstance(status, NotReady):
            fault = status.cause
        if fault is None:
            return Unknown(Doubt.NO_PROOF)
        self._clear(deadline)
        return Failed(fault)

    def _clear(self, deadline: Deadline) -> None:
        """Make the printer forget the slip, so that its rest does not come out with new paper."""
        cleared = False
        match self._profile.clear_buffer:
            case ClearBuffer.DLE_DC4:
                patience = self._ear.within(_CLEAR_S, deadline)
                self._ear.heard.blocks.clear()
                try:
                    write_all(self._link, commands.CLEAR_BUFFER, patience)
                    cleared = self._ear.wait_for(lambda heard: _CLEARED in heard.blocks, patience)
                except (DeadlinePassed, LinkLost):
                    cleared = False
            case ClearBuffer.NONE:
                pass
            case _:
                assert_never(self._profile.clear_buffer)
        if cleared:
            self._owed_ordered = 0
            self._rest = _Rest(uncut=True)
        else:
            _log.warning("printer.buffer_not_cleared profile=%s", self._profile.name)

    # --- asking -----------------------------------------------------------------------

    def _open(self) -> None:
        if self._link.is_open:
            return
        self._link.open()
        self._ear.start_anew()
        self._asking.has_asked_identity = False
