"""What a technician asks the running daemon for, and what it answers, beside its status."""

from datetime import datetime
from typing import Annotated

import msgspec

from kiosk.look_messages import LookAnswer, LookAsk
from kiosk.queue_messages import DrainStand, ParkMatching, RetryMatching


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class OperationLine(_Base, frozen=True):
    """One operation, without its body.

    Attributes:
        state: waiting, parked or done.
        attempts: how often the service, asked about it, did not take it.
        reason: what the service last said about it, or why it is parked; "" when nothing.
        holds_key: later operations of its order key wait for it.
    """

    seq: int
    op_id: str
    kind: str
    order_key: str
    at: datetime
    state: str
    attempts: int = 0
    reason: str = ""
    holds_key: bool = False


class RefusalLine(_Base, frozen=True):
    """People who were turned away because nothing more could be kept, by cause."""

    because: str
    count: int
    first_at: datetime
    last_at: datetime


class PrinterView(_Base, frozen=True):
    """One receipt printer, for technicians.

    Attributes:
        name: "printer" or "printer2".
        status: its state in a technician's words.
        paper: "plenty", "few" or "ended".
        left_m: paper that is probably left, metres.
        left_slips: slips that are probably left.
    """

    name: str
    status: str
    paper: str
    left_m: float
    left_slips: int


class AskQueue(_Base, frozen=True, tag="ask_queue"):
    """What is owed: parked operations first, then those that wait, at most `limit` of each."""

    limit: int = 100


class QueueShown(_Base, frozen=True, tag="queue"):
    """What is owed to the central service. `drain` is None before staff asked to send."""

    waiting: int
    parked: int
    lines: tuple[OperationLine, ...] = ()
    refusals: tuple[RefusalLine, ...] = ()
    drain: DrainStand | None = None


class AskOperation(_Base, frozen=True, tag="ask_operation"):
    """How one operation stands."""

    op_id: str


class OperationShown(_Base, frozen=True, tag="operation"):
    """How it stands."""

    line: OperationLine


class RetryOperation(_Base, frozen=True, tag="retry_operation"):
    """Send a parked operation again."""

    op_id: str


class ParkOperation(_Base, frozen=True, tag="park_operation"):
    """Set a waiting operation aside; it is kept, and others of its key wait."""

    op_id: str


class ReleaseKey(_Base, frozen=True, tag="release_key"):
    """Let what waits behind a parked operation go on without it."""

    op_id: str


class Drain(_Base, frozen=True, tag="drain"):
    """Send now whatever can be sent, waits or no waits."""


class BackUp(_Base, frozen=True, tag="back_up"):
    """Make a copy now, at the second place and at the service. Answered when it is made."""


class TryPrinter(_Base, frozen=True, tag="try_printer"):
    """Print a trial slip, or page. `printer` is "printer", "printer2" or "a4"."""

    printer: str = "printer"


class TryScanner(_Base, frozen=True, tag="try_scanner"):
    """Take the next scan for a trial, within so many seconds. What it says is told to nobody."""

    within_s: float = 15.0


class RollChanged(_Base, frozen=True, tag="roll_changed"):
    """Staff put a full roll into a printer."""

    printer: str = "printer"


MAX_LOCK_S = 300.0
"""A screen that nobody can use for longer looks broken."""


class LockScreen(_Base, frozen=True, tag="lock_screen"):
    """Let the screen ignore touches for `seconds`, 5 to `MAX_LOCK_S`, while the glass is wiped."""

    seconds: Annotated[float, msgspec.Meta(ge=5, le=MAX_LOCK_S)]


class AskSettings(_Base, frozen=True, tag="ask_settings"):
    """Which versions of the settings the terminal keeps."""


class SettingChange(_Base, frozen=True):
    """One setting as somebody wrote it; without a value, what files say is used again."""

    section: str
    key: str
    value: str | None = None


class ChangeSettings(_Base, frozen=True, tag="change_settings"):
    """Set these at the terminal, all or none."""

    changes: tuple[SettingChange, ...]


class TakeSettings(_Base, frozen=True, tag="take_settings"):
    """Take what the service signed (`central.signed_settings`)."""

    signed: bytes


class RollBackSettings(_Base, frozen=True, tag="roll_back_settings"):
    """Use again what was set at the terminal in an earlier version; without a number, the last."""

    number: int | None = None


class SettingsVersion(_Base, frozen=True):
    """One version (see `kiosk.settings.store.Version`)."""

    number: int
    at: datetime
    by: str
    changed: tuple[str, ...]
    serial: int = 0


class SettingsShown(_Base, frozen=True, tag="settings"):
    """The versions, newest first; which is used, which has proved itself, which was given up.

    `awaited`: the one that is used waits for the next start.
    """

    active: int
    proven: int
    versions: tuple[SettingsVersion, ...] = ()
    rolled_back: int = 0
    why: str = ""
    awaited: bool = False


class Tried(_Base, frozen=True, tag="tried"):
    """How a device was at its last trial.

    Attributes:
        device: "printer", "printer2", "a4" or "scanner".
        at: when the trial ended.
        outcome: of a printer "proven", "failed" or "unknown"; of a scanner "read",
            "unreadable", "nothing" or "missing".
        why: the cause, the doubt, or how the code was read; nothing of what it says.
    """

    device: str
    at: datetime
    outcome: str
    why: str = ""


class FaultFound(_Base, frozen=True):
    """Something is wrong: the id of it in the catalogue (`kiosk.health.faults`).

    Attributes:
        detail: a path, a count or a word that belongs to it; never anything of a person.
    """

    id: str
    detail: str = ""


class NotNow(_Base, frozen=True, tag="not_now"):
    """Somebody is being served; ask again later."""

    why: str


class AddStaff(_Base, frozen=True, tag="add_staff"):
    """Let somebody sign in at the screen. `role` is "technician" or "supervisor"."""

    number: str
    name: str
    role: str
    pin: str


class RemoveStaff(_Base, frozen=True, tag="remove_staff"):
    """Let somebody sign in no more."""

    number: str


class SetPin(_Base, frozen=True, tag="set_pin"):
    """Give somebody another PIN, and their tries back."""

    number: str
    pin: str


class AskStaff(_Base, frozen=True, tag="ask_staff"):
    """Who may sign in."""


class StaffLine(_Base, frozen=True):
    """A member of staff.

    Attributes:
        tries: wrong PINs since the last right one.
        locked_s: seconds until the next try.
    """

    number: str
    name: str
    role: str
    tries: int = 0
    locked_s: int = 0


class StaffShown(_Base, frozen=True, tag="staff"):
    """Everybody, by number."""

    lines: tuple[StaffLine, ...] = ()


class Acted(_Base, frozen=True, tag="acted"):
    """It was done. `what` says more where there is more to say.

    `key` and `values`: the same as a sentence of the screen, under [admin.said].
    """

    what: str = ""
    key: str = ""
    values: dict[str, str | int] = {}


class NotDone(_Base, frozen=True, tag="not_done"):
    """It was not done, and why."""

    why: str


AccountAsk = AddStaff | RemoveStaff | SetPin | AskStaff
DeviceAsk = TryPrinter | TryScanner | RollChanged
SettingsAsk = AskSettings | ChangeSettings | TakeSettings | RollBackSettings
QueueAsk = (
    AskQueue
    | AskOperation
    | RetryOperation
    | ParkOperation
    | ReleaseKey
    | RetryMatching
    | ParkMatching
    | Drain
)
StaffAsk = QueueAsk | BackUp | DeviceAsk | LockScreen | SettingsAsk | AccountAsk | LookAsk
StaffAnswer = (
    StaffShown
    | QueueShown
    | OperationShown
    | Acted
    | NotDone
    | Tried
    | NotNow
    | SettingsShown
    | LookAnswer
)
