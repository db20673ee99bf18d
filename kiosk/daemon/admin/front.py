"""Whose the screen is: a person's, staff's, or nobody's while the terminal is out of service."""

import logging
from pathlib import Path

import msgspec

from kiosk import admin_messages as a
from kiosk import messages as m
from kiosk.daemon.admin.closing import Closing
from kiosk.daemon.admin.session import Session
from kiosk.daemon.stage import BUSY
from kiosk.daemon.visit import Visit
from kiosk.logs import fact

MADE_UP = "sandbox"
"""The ribbon that stays on every page, staff's too: what is shown here is not real."""

_log = logging.getLogger(__name__)


class Front:
    """Stands before the visit. Turns are counted here: each speaker has turns of its own."""

    def __init__(self, visit: Visit, session: Session, closing: Closing) -> None:
        self._visit = visit
        self._session = session
        self._closing = closing
        self._turn = 0
        self._of = ("", -1)

    @property
    def shown(self) -> m.Show:
        """The whole of what the screen should show now."""
        show, speaker = self._visit.shown, "visit"
        marks = tuple(key for key in show.ribbons if key == MADE_UP)
        if self._session.is_open:
            show, speaker = self._session.shown(show), "staff"
            show = msgspec.structs.replace(show, ribbons=marks)
        elif self._closing.reason:
            closed = m.OutOfService(reason=self._closing.reason)
            show = msgspec.structs.replace(show, situation=closed, ribbons=marks, idle=None)
            speaker = f"closed {self._closing.reason}"
        if self._of != (speaker, show.turn):
            self._of = (speaker, show.turn)
            self._turn += 1
        return msgspec.structs.replace(show, turn=self._turn)

    @property
    def is_public(self) -> bool:
        """Whether people can be served."""
        return not self._session.is_open and not self._closing.reason

    def intend(self, intent: m.Intent) -> None:
        """Something was touched on what is shown, unless by the cloth that cleans it."""
        if self._visit.shown.cleaning is not None:
            return
        turn = getattr(intent, "turn", None)
        if turn is not None:
            shown_turn = self.shown.turn
            theirs = self._of[1] if turn == shown_turn else -1
            intent = msgspec.structs.replace(intent, turn=theirs)
        if self._session.is_open:
            self._session.intend(intent)
        elif isinstance(intent, a.HoldCorner):
            self._hold_corner()
        elif isinstance(intent, a.AdminIntent):
            fact(_log, "press.dropped", intent=intent.__struct_config__.tag)
        elif not self._closing.reason or isinstance(
            intent, m.SetLanguage | m.SetLargeText | m.SetHighContrast | m.Touched
        ):
            self._visit.intend(intent)

    def scanned(self, text: str) -> None:
        """A code was held to the scanner."""
        if self.is_public:
            self._visit.scanned(text)
        else:
            fact(_log, "scan.dropped", length=len(text))

    def unreadable(self, why: str) -> None:
        """The scanner sent something that is no text."""
        if self.is_public:
            self._visit.unreadable(why)

    def stick_changed(self, stick: Path | None) -> None:
        """A stick was plugged in, or pulled out (None)."""
        if self.is_public or stick is None:
            self._visit.stick_changed(stick)

    def tick(self) -> None:
        """A second has passed."""
        self._visit.tick()
        self._session.tick()

    def _hold_corner(self) -> None:
        if isinstance(self._visit.shown.situation, BUSY):
            fact(_log, "corner.dropped", why="busy")
            return
        # Nothing of a person may be under, or come back after, what staff do here.
        self._visit.end("staff")
        self._session.open()
