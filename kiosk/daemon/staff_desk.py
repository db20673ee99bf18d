"""Does what a technician asks of the running terminal over its socket."""

import asyncio
from collections.abc import Callable
from typing import assert_never

from kiosk import look_messages as k
from kiosk import staff_messages as s
from kiosk.daemon import acts
from kiosk.daemon.accounts.accounts import BY_COMMAND
from kiosk.daemon.accounts.desk import AccountsDesk
from kiosk.daemon.audit import Audit
from kiosk.daemon.backups import Backups
from kiosk.daemon.device_desk import DeviceDesk
from kiosk.daemon.history import History
from kiosk.daemon.log_ring import LogRing
from kiosk.daemon.sender import Sender
from kiosk.daemon.settings_desk import SettingsDesk
from kiosk.daemon.tickets_desk import TicketsDesk
from offline_queue.entry import Parked, Standing, State
from offline_queue.errors import OutboxError, UnknownOperation
from offline_queue.outbox import Outbox

PARKED_BY_STAFF = "staff"
"""Why an operation is parked that nothing was wrong with."""


class StaffDesk:
    """Answers technicians. Every change that they make stands in the audit."""

    def __init__(
        self,
        outbox: Outbox,
        sender: Sender,
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
        self._outbox = outbox
        self._sender = sender
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
                case s.AskQueue(limit):
                    return await asyncio.to_thread(self._queue, limit)
                case s.AskOperation(op_id):
                    return await asyncio.to_thread(self._operation, op_id)
                case s.RetryOperation(op_id):
                    return await self._change(
                        self._outbox.replay, op_id, acts.OperationReplayed(op_id)
                    )
                case s.ReleaseKey(op_id):
                    return await self._change(
                        self._outbox.release_key, op_id, acts.KeyReleased(op_id)
                    )
                case s.ParkOperation(op_id):
                    return await self._park(op_id)
                case s.Drain():
                    await asyncio.to_thread(self._outbox.hurry)
                    self._sender.hurry()
                    return s.Acted()
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
        except UnknownOperation:
            return s.NotDone("no such operation")
        except OutboxError as error:
            return s.NotDone(f"{type(error).__name__}: {error}")

    def _lock(self, seconds: float) -> s.Acted | s.NotNow:
        if not self._lock_screen(seconds):
            return s.NotNow("somebody is being served")
        self._audit.note(acts.ScreenLocked(round(seconds)))
        return s.Acted(f"locked for {seconds:.0f} s")

    async def _back_up(self) -> s.Acted | s.NotDone:
        made = await self._backups.make(upload=True)
        if made is None:
            return s.NotDone(f"no backup: {self._backups.second_place.trouble}")
        return s.Acted(f"{made}; at the service: {self._backups.service.word}")

    def _queue(self, limit: int) -> s.QueueShown:
        counts = self._outbox.counts()
        refusals = tuple(
            s.RefusalLine(one.because, one.count, one.first_at, one.last_at)
            for one in self._outbox.refusals()
        )
        lines = tuple(_line(one) for one in self._outbox.standings(limit))
        return s.QueueShown(counts.waiting, counts.parked, lines, refusals)

    def _operation(self, op_id: str) -> s.OperationShown | s.NotDone:
        standing = self._outbox.standing(op_id)
        if standing is None:
            return s.NotDone("no such operation")
        return s.OperationShown(_line(standing))

    async def _change(self, change: Callable[[str], None], op_id: str, act: acts.Act) -> s.Acted:
        await asyncio.to_thread(change, op_id)
        self._audit.note(act)
        self._sender.hurry()
        return s.Acted()

    async def _park(self, op_id: str) -> s.Acted | s.NotDone:
        state = await asyncio.to_thread(self._outbox.state_of, op_id)
        if state is not State.WAITING:
            return s.NotDone("no such operation" if state is None else f"it is {_word(state)}")
        await asyncio.to_thread(self._outbox.settle, [Parked(op_id, PARKED_BY_STAFF)])
        self._audit.note(acts.OperationParked(op_id, PARKED_BY_STAFF))
        return s.Acted()


def _line(standing: Standing) -> s.OperationLine:
    return s.OperationLine(
        seq=standing.seq,
        op_id=standing.op_id,
        kind=standing.kind,
        order_key=standing.order_key,
        at=standing.at,
        state=_word(standing.state),
        attempts=standing.attempts,
        reason=standing.reason,
        holds_key=standing.holds_key,
    )


def _word(state: State) -> str:
    return state.name.lower()
