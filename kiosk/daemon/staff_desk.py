"""Does what a technician asks of the running terminal over its socket."""

import asyncio
from collections.abc import Callable
from typing import assert_never

from kiosk import look_messages as k
from kiosk import queue_messages as q
from kiosk import staff_messages as s
from kiosk.daemon import acts
from kiosk.daemon.accounts.accounts import BY_COMMAND
from kiosk.daemon.accounts.desk import AccountsDesk
from kiosk.daemon.audit import Audit
from kiosk.daemon.backups import Backups
from kiosk.daemon.device_desk import DeviceDesk
from kiosk.daemon.history import History
from kiosk.daemon.log_ring import LogRing
from kiosk.daemon.queue_desk import QueueDesk
from kiosk.daemon.settings_desk import SettingsDesk
from kiosk.daemon.tickets_desk import TicketsDesk
from offline_queue.errors import OutboxError


class StaffDesk:
    """Answers technicians. Every change that they make stands in the audit."""

    def __init__(
        self,
        queue: QueueDesk,
        audit: Audit,
        backups: Backups,
        devices: DeviceDesk,
        accounts: AccountsDesk,
        settings: SettingsDesk,
        tickets: TicketsDesk,
        logs: LogRing,
        history: History,
        *,
        lock_screen: Callable[[float], bool],
    ) -> None:
        self._queue = queue
        self._audit = audit
        self._backups = backups
        self._devices = devices
        self._accounts = accounts
        self._settings = settings
        self._tickets = tickets
        self._logs = logs
        self._history = history
        self._lock_screen = lock_screen

    async def answer(self, asked: s.StaffAsk, by: str = BY_COMMAND) -> s.StaffAnswer:
        """Do it, and say how that went. `by` says for whom: a staff number, or the command line."""
        try:
            match asked:
                case (
                    s.AskQueue()
                    | s.AskOperation()
                    | s.RetryOperation()
                    | s.ParkOperation()
                    | s.ReleaseKey()
                    | q.RetryMatching()
                    | q.ParkMatching()
                    | s.Drain()
                ):
                    return await self._queue.answer(asked)
                case s.BackUp():
                    return await self._back_up()
                case s.TryPrinter() | s.TryScanner() | s.RollChanged():
                    return await self._devices.answer(asked)
                case s.AddStaff() | s.RemoveStaff() | s.SetPin() | s.AskStaff():
                    return await self._accounts.answer(asked, by)
                case s.AskSettings() | s.ChangeSettings() | s.TakeSettings() | s.RollBackSettings():
                    return await self._settings.answer(asked)
                case k.AskTickets() | k.AskTicketsAgain():
                    return await self._tickets.answer(asked, by)
                case k.AskLogs():
                    return self._logs.shown(asked)
                case k.AskHistory():
                    return await asyncio.to_thread(self._history.shown, asked)
                case s.LockScreen(seconds):
                    return self._lock(seconds)
                case _:
                    assert_never(asked)
        except OutboxError as error:
            return s.NotDone(f"{type(error).__name__}: {error}")

    def _lock(self, seconds: float) -> s.Acted | s.NotNow:
        if not self._lock_screen(seconds):
            return s.NotNow("somebody is being served")
        self._audit.note(acts.ScreenLocked(round(seconds)))
        return s.Acted(f"locked for {seconds:.0f} s", "screen_locked", {"seconds": round(seconds)})

    async def _back_up(self) -> s.Acted | s.NotDone:
        made = await self._backups.make(upload=True)
        if made is None:
            return s.NotDone(f"no backup: {self._backups.second_place.trouble}")
        return s.Acted(f"{made}; at the service: {self._backups.service.word}")
