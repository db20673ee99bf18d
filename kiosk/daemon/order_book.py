"""What the terminal remembers of the office's orders, on the disk before anything is done.

A command is written down, then done, then its outcome is owed: a power cut in between never does
it twice. What was refused is remembered by its digest, so that it is told once.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from central.files import write_whole
from central.signed_commands import LONGEST
from kiosk.clock import Clock
from kiosk.logs import fact

FILE = "orders.json"
"""In the state folder."""
REMEMBERED = LONGEST + timedelta(days=23)
"""After its expiry a command is void by itself; longer, for a clock that was set back."""
REFUSED_KEPT = 64

_log = logging.getLogger(__name__)


class TakenCommand(msgspec.Struct, frozen=True, omit_defaults=True):
    """A command that was taken.

    Attributes:
        op_id: the operation that owes its outcome; "" while it is being done.
    """

    id: str
    act: str
    until: datetime
    op_id: str = ""


class _Pages(msgspec.Struct, frozen=True, omit_defaults=True):
    commands: tuple[TakenCommand, ...] = ()
    refused: tuple[str, ...] = ()
    settings_told: tuple[int, str] = (0, "")
    since: datetime | None = None


class OrderBook:
    """The book. Blocking; written by the daemon alone.

    Raises:
        OSError: (each method that changes it) the disk refused; the book is as it was.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / FILE
        self._pages = self._read(clock)

    @property
    def since(self) -> datetime | None:
        """Commands signed before this may have been done: what was known of them was lost."""
        return self._pages.since

    @property
    def unfinished(self) -> tuple[TakenCommand, ...]:
        """Commands whose outcome is not owed yet."""
        return tuple(one for one in self._pages.commands if not one.op_id)

    @property
    def taken(self) -> tuple[TakenCommand, ...]:
        """Every command that is remembered."""
        return self._pages.commands

    @property
    def settings_told(self) -> tuple[int, str]:
        """The order of settings, and the outcome of it, that was told last."""
        return self._pages.settings_told

    def command(self, command_id: str) -> TakenCommand | None:
        """A command that was taken before; None for a new one."""
        return next((one for one in self._pages.commands if one.id == command_id), None)

    def was_refused(self, digest: str) -> bool:
        """Whether this very thing was refused, and told, before."""
        return digest in self._pages.refused

    def take(self, command: TakenCommand, now: datetime) -> None:
        """A command is about to be done."""
        kept = [one for one in self._pages.commands if now - one.until < REMEMBERED]
        self._keep(commands=(*kept, command))

    def finish(self, command_id: str, op_id: str) -> None:
        """Its outcome is owed."""
        self._keep(
            commands=tuple(
                msgspec.structs.replace(one, op_id=op_id) if one.id == command_id else one
                for one in self._pages.commands
            )
        )

    def refuse(self, digest: str) -> None:
        """It was refused, and that is owed."""
        self._keep(refused=(*self._pages.refused, digest)[-REFUSED_KEPT:])

    def tell_settings(self, serial: int, outcome: str) -> None:
        """This outcome is owed."""
        self._keep(settings_told=(serial, outcome))

    def _keep(self, **changes: object) -> None:
        pages = msgspec.structs.replace(self._pages, **changes)
        write_whole(self._path, msgspec.json.encode(pages), mode=0o600)
        self._pages = pages

    def _read(self, clock: Clock) -> _Pages:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Pages)
        except FileNotFoundError:
            return _Pages()
        except (OSError, msgspec.DecodeError) as error:
            fact(_log, "orders.book_unreadable", why=type(error).__name__)
            return _Pages(since=clock.now())
