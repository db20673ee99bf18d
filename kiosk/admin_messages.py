"""What members of staff are shown at the screen, and what they ask for there.

A page is sent only while somebody is signed in; the daemon decides that, the screen shows.
Values are words and numbers; the screen finds the sentences (`kiosk.text`, section [admin]).
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from kiosk.admin_base import Base, Page
from kiosk.admin_base import Said as Said
from kiosk.admin_base import Who as Who
from kiosk.admin_pages import History as History
from kiosk.admin_pages import Logs as Logs
from kiosk.admin_pages import MorePages
from kiosk.admin_pages import Tickets as Tickets
from kiosk.look_messages import AskTicketsAgain
from kiosk.people_pages import PeopleIntent, PeoplePages
from kiosk.queue_messages import DrainStand, RetryMatching
from kiosk.screen_pages import ScreenIntent, ScreenPages
from kiosk.settings_pages import SettingsPages
from kiosk.staff_messages import (
    AddStaff,
    BackUp,
    ChangeSettings,
    DeviceAsk,
    Drain,
    FaultFound,
    LockScreen,
    OperationLine,
    ParkOperation,
    PrinterView,
    RefusalLine,
    ReleaseKey,
    RemoveStaff,
    RetryOperation,
    RollBackSettings,
    StaffLine,
    Tried,
)

Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{0,12}$")]


class SignIn(Base, frozen=True, tag="sign_in"):
    """Asks for number and PIN. What is typed stays on the screen until it is sent.

    Attributes:
        trouble: why the last try did not succeed: key under [admin.bar]; "" before the first.
        wait_s: seconds until the next try.
        number: with `challenge`: whose PIN is lost.
        challenge: to be read to the office; "" while a PIN is asked for.
        busy: a try is being looked at.
    """

    trouble: str = ""
    wait_s: int = 0
    number: str = ""
    challenge: str = ""
    busy: bool = False


class Overview(Page, frozen=True, kw_only=True, tag="admin_overview"):
    """How everything is.

    Attributes:
        faults: what is wrong, the gravest first.
        link: a link state, in lower case.
        closed: why the terminal is out of service by staff's word; "" when it serves.
        certificate_days: days that the certificate is good for; None before enrolment.
        disk_free_mib: of the state folder; None while not looked at.
        temperature_c: the warmest sensor of the machine; None where there is none.
        backup_at: the newest good copy; None for none yet.
        trials: how each device was when it was last tried.
    """

    faults: tuple[FaultFound, ...]
    link: str
    waiting: int
    parked: int
    printers: tuple[PrinterView, ...]
    scanner: str
    a4: str
    version: str
    started_at: datetime
    closed: str = ""
    certificate_days: int | None = None
    clock: str = ""
    disk_free_mib: int | None = None
    temperature_c: int | None = None
    backup_at: datetime | None = None
    trials: tuple[Tried, ...] = ()


class PrintLine(Base, frozen=True):
    """One print. `outcome` "proven", "failed", "unknown", or "" while it runs; `why` its cause."""

    at: datetime
    slip: str
    copy: int
    outcome: str
    why: str = ""
    medium: str = "slip"


class Devices(Page, frozen=True, kw_only=True, tag="admin_devices"):
    """Each device as it says it is, when it was tried, and the newest prints.

    `keypad` is "" where none is set up.
    """

    printers: tuple[PrinterView, ...]
    scanner: str
    a4: str
    keypad: str = ""
    trials: tuple[Tried, ...] = ()
    prints: tuple[PrintLine, ...] = ()


class Queue(Page, frozen=True, kw_only=True, tag="admin_queue"):
    """What is owed to the service. `only` is "all", "parked" or "waiting"."""

    waiting: int
    parked: int
    only: str
    lines: tuple[OperationLine, ...] = ()
    refusals: tuple[RefusalLine, ...] = ()
    drain: DrainStand | None = None


class AddressLine(Base, frozen=True):
    """An address of a network interface."""

    interface: str
    address: str


class StageLine(Base, frozen=True):
    """One stage of the way to the service. `took_ms` is None for what was not tried."""

    name: str
    well: bool
    what: str
    took_ms: float | None = None
    fault: FaultFound | None = None


class Network(Page, frozen=True, kw_only=True, tag="admin_network"):
    """Own addresses, and how far one gets towards the service.

    Attributes:
        link: a link state, in lower case.
        probed_at: when the way was last gone from here; None for not yet.
    """

    link: str
    addresses: tuple[AddressLine, ...] = ()
    stages: tuple[StageLine, ...] = ()
    probed_at: datetime | None = None


PowerAct = Literal["power_off", "reboot"]
POWER_ACTS: tuple[PowerAct, ...] = ("power_off", "reboot")

CLOSED_REASONS = ("maintenance", "moved", "closed_for_today", "no_paper_left")
"""What people can be told while the terminal is out of service: keys of [out_of_service]."""


class Upkeep(Page, frozen=True, kw_only=True, tag="admin_upkeep"):
    """Out of service with a message, restart, power.

    Attributes:
        asks: an act that waits for a yes, or "".
        power: what can be done with the machine's power.
        no_power: why not all of it can: key under [admin.power]; "" when it can.
    """

    closed: str = ""
    power: tuple[PowerAct, ...] = ()
    no_power: str = ""
    asks: str = ""


class Users(Page, frozen=True, kw_only=True, tag="admin_users"):
    """Who may sign in. `asks` is a number whose removal waits for a yes, or ""."""

    lines: tuple[StaffLine, ...] = ()
    asks: str = ""


AdminPage = (
    Overview
    | Devices
    | Queue
    | Network
    | Upkeep
    | Users
    | MorePages
    | SettingsPages
    | ScreenPages
    | PeoplePages
)
AdminSituation = SignIn | AdminPage

# --- what they ask for ----------------------------------------------------------------------


class HoldCorner(Base, frozen=True, tag="hold_corner"):
    """Somebody held the corner for long enough: asks for the sign-in."""


class TrySignIn(Base, frozen=True, tag="try_sign_in"):
    """A number and a PIN."""

    turn: int
    number: Digits
    pin: Digits


class LostPin(Base, frozen=True, tag="lost_pin"):
    """Asks for a challenge to read to the office."""

    turn: int
    number: Digits


class Recover(Base, frozen=True, tag="recover"):
    """The office's code, and a new PIN."""

    turn: int
    number: Digits
    code: Digits
    pin: Digits


class OpenPage(Base, frozen=True, tag="open_page"):
    """Another page, by the tag of its situation. `only` is a filter of that page."""

    turn: int
    page: str
    only: str = "all"


class CloseTerminal(Base, frozen=True, tag="close_terminal"):
    """Out of service, with one of `CLOSED_REASONS`; "" serves again."""

    turn: int
    reason: str = ""


class RestartTerminal(Base, frozen=True, tag="restart_terminal"):
    """Start daemon and screen anew."""

    turn: int


class SwitchMachine(Base, frozen=True, tag="switch_machine"):
    """Switch the machine off, or start it anew: after it was asked first."""

    turn: int
    act: PowerAct


class GoTheWay(Base, frozen=True, tag="go_the_way"):
    """Go the way to the service, stage by stage."""

    turn: int


ScreenAsk = (
    DeviceAsk
    | RetryOperation
    | ParkOperation
    | RetryMatching
    | ReleaseKey
    | Drain
    | BackUp
    | LockScreen
    | RemoveStaff
    | AddStaff
    | ChangeSettings
    | RollBackSettings
    | AskTicketsAgain
)


class Do(Base, frozen=True, tag="do"):
    """One of the things that can also be asked for on the daemon's socket."""

    turn: int
    ask: ScreenAsk


class AskFirst(Base, frozen=True, tag="ask_first"):
    """Somebody pressed what cannot be undone; the page asks again. "" is a no."""

    turn: int
    act: str


AdminIntent = (
    HoldCorner
    | TrySignIn
    | LostPin
    | Recover
    | OpenPage
    | CloseTerminal
    | RestartTerminal
    | SwitchMachine
    | GoTheWay
    | Do
    | AskFirst
    | ScreenIntent
    | PeopleIntent
)
