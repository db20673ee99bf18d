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
from kiosk.daemon.accounts.desk import AccountsDesk
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.staff_desk import StaffDesk
from kiosk.health.doctor import without_repeats
from kiosk.health.faults import faults
from kiosk.health.network import Stage
from kiosk.staff_messages import AskQueue, FaultFound, QueueShown

MAX_OPERATIONS = 60
MAX_PRINTS = 20
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
        keeper: Keeper,
        state_dir: Path,
    ) -> None:
        self._status = status
        self._upkept = upkept
        self._here = here
        self._desk = desk
        self._accounts = accounts
        self._keeper = keeper
        self._state_dir = state_dir

    async def overview(self, who: a.Who, said: a.Said | None) -> a.Overview:
        """How everything is."""
        status, upkept = self._status(), self._upkept()
        free_mib, warmest = await asyncio.to_thread(
            lambda: (_free_mib(self._state_dir), _temperature_c())
        )
        here = await asyncio.to_thread(self._here)
        left = upkept.certificate_left
        return a.Overview(
            who=who,
            said=said,
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

    async def devices(self, who: a.Who, said: a.Said | None) -> a.Devices:
        """Each device, and the newest prints."""
        status = self._status()
        jobs = await asyncio.to_thread(self._keeper.newest_jobs, MAX_PRINTS)
        return a.Devices(
            who=who,
            said=said,
            printers=status.printers,
            scanner=status.scanner,
            a4=status.a4,
            trials=status.trials,
            prints=tuple(
                a.PrintLine(one.begun_at, one.slip, one.copy, one.outcome, one.why, one.medium)
                for one in jobs
            ),
        )

    async def queue(self, who: a.Who, said: a.Said | None, only: str) -> a.Queue:
        """What is owed."""
        found = await self._desk.answer(AskQueue(MAX_OPERATIONS))
        if not isinstance(found, QueueShown):
            return a.Queue(
                who=who, said=a.Said("no_queue", well=False), waiting=0, parked=0, only="all"
            )
        lines = tuple(one for one in found.lines if only in ("all", one.state))
        return a.Queue(
            who=who,
            said=said,
            waiting=found.waiting,
            parked=found.parked,
            only=only,
            lines=lines,
            refusals=found.refusals,
        )

    async def network(
        self,
        who: a.Who,
        said: a.Said | None,
        stages: Sequence[Stage],
        probed_at: datetime | None,
    ) -> a.Network:
        """Addresses, and the way to the service as it was last gone."""
        return a.Network(
            who=who,
            said=said,
            link=self._status().link,
            addresses=await asyncio.to_thread(_addresses),
            stages=tuple(
                a.StageLine(one.name, one.well, one.what, one.took_ms, one.fault) for one in stages
            ),
            probed_at=probed_at,
        )

    def upkeep(self, who: a.Who, said: a.Said | None, asks: str) -> a.Upkeep:
        """Out of service, restart."""
        return a.Upkeep(who=who, said=said, closed=self._upkept().closed, asks=asks)

    def users(self, who: a.Who, said: a.Said | None, asks: str) -> a.Users:
        """Who may sign in."""
        return a.Users(who=who, said=said, lines=self._accounts.shown().lines, asks=asks)


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
