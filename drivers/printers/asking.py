"""What one receipt printer says when it is asked, read as its profile says."""

import logging
from collections.abc import Callable

from drivers.deadline import Deadline
from drivers.links.link import Link, write_all
from drivers.links.port_status import HasPortStatus
from drivers.printers import commands, decode
from drivers.printers.ear import Ear, Heard, Identity
from drivers.printers.presenter import Bezel, bezel_of, is_jammed
from drivers.printers.profile import Presenter, Profile
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus

_log = logging.getLogger(__name__)

_ASK_EVERY_S = 1.0
_HOT_PAUSE_S = 0.5
_RETRACT_S = 3.0
_RETRACT_LOOK_S = 0.1


class Asking:
    """Questions to one printer on an open link. Not for several threads at once.

    Attributes:
        has_asked_identity: it was asked who it is since the link was opened.
    """

    def __init__(self, link: Link, profile: Profile, ear: Ear) -> None:
        self._link = link
        self._profile = profile
        self._ear = ear
        self._identity: Identity | None = None
        self._last_status: PrinterStatus | None = None
        self.has_asked_identity = False

    def status(self, deadline: Deadline) -> PrinterStatus:
        """DLE EOT 1 to 4; on models with a presenter also DLE EOT 20."""
        replies = self._ear.real_time_status(deadline)
        if replies is None:
            # A port whose flow control is stopped lets no question out; what the printer said
            # by itself still stands.
            fault = self._ear.heard.fault or self._port_fault()
            return NoAnswer() if fault is None else NotReady(fault)
        status = decode.printer_status(replies, near_end_sensor=self._profile.near_end)
        if self._profile.presenter is Presenter.NONE or isinstance(status, NotReady):
            return status
        full = self._ear.full_status(deadline)
        if full is None:
            return NoAnswer()
        return NotReady(Cause.HARDWARE) if is_jammed(full) else status

    def until_decided(self, is_decided: Callable[[Heard], bool], until: Deadline) -> None:
        """Listen after a whole slip was handed over, until it is printed, failed, or time is up.

        Who says nothing unasked is asked again and again: without paper it answers no GS r, and
        the cause would be known at the deadline only. Not to be used while the slip still goes
        out: in a picture's data, many models take the question for dots.
        """
        while not self._profile.asb and until.left_s > _ASK_EVERY_S:
            if self._ear.wait_for(is_decided, self._ear.within(_ASK_EVERY_S, until)):
                return
            status = self.status(until)
            if isinstance(status, NotReady) and status.cause not in decode.PASSING:
                self._ear.heard.lasting_fault = status.cause
        self._ear.wait_for(is_decided, until)

    def fit_status(self, until: Deadline) -> PrinterStatus:
        """The status, after waiting for what passes by itself (head hot, feed button)."""
        status = self.noted(self.status(until))
        while isinstance(status, NotReady) and status.cause in decode.PASSING:
            self._ear.wait_for(lambda _: False, self._ear.within(_HOT_PAUSE_S, until))
            if until.left_s == 0.0:
                break
            now = self.noted(self.status(until))
            if isinstance(now, NoAnswer):
                break  # out of time, or gone: the last that it said stands
            status = now
        return status

    def noted(self, status: PrinterStatus) -> PrinterStatus:
        """The same status, logged when it is another than the last."""
        if status != self._last_status:
            self._last_status = status
            _log.info("printer.status_changed status=%s", status)
        return status

    def bezel(self, deadline: Deadline) -> Bezel:
        """What the presenter's sensor says."""
        return bezel_of(self._ear.full_status(deadline))

    def emptied_bezel(self, deadline: Deadline) -> Bezel:
        """The presenter's sensor, after what it held was drawn back in.

        Raises:
            DeadlinePassed: it takes no data.
        """
        bezel = self.bezel(deadline)
        if bezel is not Bezel.HOLDS_SLIP:
            return bezel
        write_all(self._link, commands.RETRACT, deadline)
        patience = self._ear.within(_RETRACT_S, deadline)
        while bezel is Bezel.HOLDS_SLIP and patience.left_s > 0:
            self._ear.wait_for(lambda _: False, self._ear.within(_RETRACT_LOOK_S, patience))
            bezel = self.bezel(deadline)
        return bezel

    def identity(self, deadline: Deadline) -> Identity | None:
        """Who it is; a model that is none of the profile's is logged."""
        self.has_asked_identity = True
        identity = self._ear.identity(deadline)
        if identity is not None and identity != self._identity:
            self._identity = identity
            model = identity.model
            _log.info("printer.identified maker=%s model=%s", identity.maker, model)
            if self._profile.models and model not in self._profile.models:
                _log.warning("printer.other_model profile=%s model=%s", self._profile.name, model)
        return identity

    def _port_fault(self) -> Cause | None:
        """What a USB port says of a printer that takes no question. Only "no paper" is clear."""
        if not isinstance(self._link, HasPortStatus):
            return None
        port = self._link.port_status()
        return Cause.PAPER_OUT if port is not None and port.paper_empty else None
