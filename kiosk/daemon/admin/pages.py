"""Makes the pages that staff see, from what the daemon's parts know."""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kiosk import admin_messages as a
from kiosk import messages as m
from kiosk import people_pages as pp
from kiosk.admin_pages import LOG_FILTERS, TICKET_FILTERS
from kiosk.daemon.accounts.desk import AccountsDesk
from kiosk.daemon.admin.screen_desk import ScreenDesk
from kiosk.daemon.admin.settings_at_screen import SettingsAtScreen
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.machine_power import MachinePower
from kiosk.daemon.staff_desk import StaffDesk
from kiosk.health.doctor import without_repeats
from kiosk.health.faults import faults
from kiosk.health.network import Stage
from kiosk.history_messages import AskHistory, HistoryShown
from kiosk.look_messages import AskLogs, AskTickets, LogsShown, TicketLine, TicketsShown
from kiosk.screen_pages import SCREEN, TOUCH
from kiosk.settings_pages import SETTINGS_PAGES
from kiosk.staff_messages import AskQueue, FaultFound, QueueShown

MAX_OPERATIONS = 60
MAX_PRINTS = 20
MAX_TICKETS = 200
MAX_LOG_LINES = 60
_THERMAL = Path("/sys/class/thermal")


@dataclass(frozen=True, slots=True)
class Upkept:
    """What the overview shows beside the status.

    Attributes:
        certificate_left: how long the certificate is good for; None before enrolment.
        backup_at: the newest good copy.
        closed: why the terminal is out of service; "" when it serves.
    """

    certificate_left: timedelta | None
    backup_at: datetime | None
    closed: str


@dataclass(frozen=True, slots=True)
class View:
    """What a session knows that a page may need.

    Attributes:
        only: a filter of the page.
        asks: an act that waits for a yes; "" for none.
        stages: the way to the service as it was gone at `probed_at`.
    """

    who: a.Who
    said: a.Said | None
    only: str = "all"
    asks: str = ""
    stages: Sequence[Stage] = ()
    probed_at: datetime | None = None


class PageMaker:
    """Makes pages.

    Args:
        status: how everything is now.
        upkept: the rest of it.
        here: what is wrong with files, settings and the machine; blocking.
        state_dir: the folder whose disk matters.
    """

    def __init__(
        self,
        status: Callable[[], m.Status],
        upkept: Callable[[], Upkept],
        here: Callable[[], tuple[FaultFound, ...]],
        desk: StaffDesk,
        accounts: AccountsDesk,
        settings: SettingsAtScreen,
        screen: ScreenDesk,
        machine: MachinePower,
        keeper: Keeper,
        state_dir: Path,
    ) -> None:
        self._status = status
        self._upkept = upkept
        self._here = here
        self._desk = desk
        self._accounts = accounts
        self._settings = settings
        self._screen = screen
        self._machine = machine
        self._keeper = keeper
        self._state_dir = state_dir

    async def make(self, page: str, view: View) -> a.AdminPage:
        """A page, by the tag of its situation."""
        match page:
            case "admin_devices":
                return await self._devices(view)
            case "admin_queue":
                return await self._queue(view)
            case "admin_tickets":
                return await self._tickets(view)
            case "admin_logs":
                return await self._logs(view)
            case "admin_history":
                return await self._history(view)
            case "admin_network":
                return await self._network(view)
            case "admin_upkeep":
                return await self._upkeep(view)
            case tag if tag in SETTINGS_PAGES:
                return await self._settings.page(tag, view.only, view.who, view.said, view.asks)
            case tag if tag in (SCREEN, TOUCH):
                return await self._screen.page(tag, view.who, view.said)
            case pp.NEW_STAFF:
                return pp.NewStaffPage(who=view.who, said=view.said)
            case pp.OWN_PIN:
                return pp.OwnPinPage(who=view.who, said=view.said)
            case "admin_users":
                lines = self._accounts.shown().lines
                return a.Users(who=view.who, said=view.said, lines=lines, asks=view.asks)
            case _:
                return await self._overview(view)

    async def _overview(self, view: View) -> a.Overview:
        status, upkept = self._status(), self._upkept()
        free_mib, warmest = await asyncio.to_thread(
            lambda: (_free_mib(self._state_dir), _temperature_c())
        )
        here = await asyncio.to_thread(self._here)
        left = upkept.certificate_left
        return a.Overview(
            who=view.who,
            said=view.said,
            faults=_gravest_first(without_repeats([*status.faults, *here])),
            link=status.link,
            waiting=status.waiting,
            parked=status.parked,
            printers=status.printers,
            scanner=status.scanner,
            a4=status.a4,
            version=status.version,
            started_at=status.started_at,
            closed=upkept.closed,
            certificate_days=None if left is None else left // timedelta(days=1),
            clock=status.clock,
            disk_free_mib=free_mib,
            temperature_c=warmest,
            backup_at=upkept.backup_at,
            trials=status.trials,
        )

    async def _upkeep(self, view: View) -> a.Upkeep:
        hindered: dict[a.PowerAct, str] = {
            act: await self._machine.hindrance(act) for act in a.POWER_ACTS
        }
        return a.Upkeep(
            who=view.who,
            said=view.said,
            closed=self._upkept().closed,
            asks=view.asks,
            power=tuple(act for act, why in hindered.items() if not why),
            no_power=next((why for why in hindered.values() if why), ""),
        )

    async def _devices(self, view: View) -> a.Devices:
        status = self._status()
        jobs = await asyncio.to_thread(self._keeper.newest_jobs, MAX_PRINTS)
        return a.Devices(
            who=view.who,
            said=view.said,
            printers=status.printers,
            scanner=status.scanner,
            a4=status.a4,
            keypad=status.keypad,
            trials=status.trials,
            prints=tuple(
                a.PrintLine(one.begun_at, one.slip, one.copy, one.outcome, one.why, one.medium)
                for one in jobs
            ),
        )

    async def _queue(self, view: View) -> a.Queue:
        found = await self._desk.answer(AskQueue(MAX_OPERATIONS))
        if not isinstance(found, QueueShown):
            return a.Queue(
                who=view.who, said=a.Said("no_queue", well=False), waiting=0, parked=0, only="all"
            )
        lines = tuple(one for one in found.lines if view.only in ("all", one.state))
        return a.Queue(
            who=view.who,
            said=view.said,
            waiting=found.waiting,
            parked=found.parked,
            only=view.only,
            lines=lines,
            refusals=found.refusals,
            drain=found.drain,
        )

    async def _tickets(self, view: View) -> a.Tickets:
        found = await self._desk.answer(AskTickets(MAX_TICKETS))
        if not isinstance(found, TicketsShown):
            return a.Tickets(who=view.who, said=a.Said("no_queue", well=False), only="all")
        only = view.only if view.only in TICKET_FILTERS else "all"
        lines = tuple(one for one in found.lines if _is_wanted(one, only))
        return a.Tickets(who=view.who, said=view.said, only=only, lines=lines)

    async def _logs(self, view: View) -> a.Logs:
        only = view.only if view.only in LOG_FILTERS else "all"
        asked = AskLogs(MAX_LOG_LINES, grave_only=only == "trouble", sources=LOG_FILTERS[only])
        found = await self._desk.answer(asked)
        lines, kept = (found.lines, found.kept) if isinstance(found, LogsShown) else ((), 0)
        return a.Logs(who=view.who, said=view.said, only=only, lines=lines, kept=kept)

    async def _history(self, view: View) -> a.History:
        span = "30d" if view.only == "30d" else "24h"
        found = await self._desk.answer(AskHistory(span))
        if not isinstance(found, HistoryShown):
            said = a.Said("no_queue", well=False)
            return a.History(who=view.who, said=said, span=span)
        return a.History(who=view.who, said=view.said, span=span, buckets=found.buckets)

    async def _network(self, view: View) -> a.Network:
        return a.Network(
            who=view.who,
            said=view.said,
            link=self._status().link,
            addresses=await asyncio.to_thread(_addresses),
            stages=tuple(
                a.StageLine(one.name, one.well, one.what, one.took_ms, one.fault)
                for one in view.stages
            ),
            probed_at=view.probed_at,
        )


def _is_wanted(line: TicketLine, only: str) -> bool:
    match only:
        case "open":
            return line.at_service != "answered"
        case "case":
            return line.kind == "case"
        case "answered":
            return line.at_service == "answered"
        case _:
            return True


def _gravest_first(found: Sequence[FaultFound]) -> tuple[FaultFound, ...]:
    known = faults()
    return tuple(sorted(found, key=lambda one: not known[one.id].grave))


def _free_mib(folder: Path) -> int:
    has = os.statvfs(folder)
    return (has.f_bavail * has.f_frsize) >> 20


def _temperature_c(sensors: Path = _THERMAL) -> int | None:
    """The warmest of the machine's thermal zones (Linux: thermal/sysfs-api, millidegrees)."""
    read: list[int] = []
    for zone in sensors.glob("thermal_zone*/temp"):
        try:
            read.append(int(zone.read_text()))
        except (OSError, ValueError):
            continue  # a zone that is switched off says so by an error
    return max(read) // 1000 if read else None


def _addresses() -> tuple[a.AddressLine, ...]:
    """The addresses of this machine's interfaces, loopback left out (Linux: /proc/net)."""
    found = [
        a.AddressLine(name, _address_of(name)) for _, name in socket.if_nameindex() if name != "lo"
    ]
    return tuple(one for one in found if one.address)


def _address_of(interface: str) -> str:
    import fcntl
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            # SIOCGIFADDR of netdevice(7): the IPv4 address stands at offset 20 of the answer.
            answer = fcntl.ioctl(
                asked.fileno(), 0x8915, struct.pack("256s", interface.encode()[:15])
            )
        except OSError:
            return ""
    return socket.inet_ntoa(answer[20:24])
