"""Does what the office wants of this terminal: takes its settings, does its commands, says how.

What counts is the office's signature; the service only carries (`central.contract_orders`). A
command is done once: written down first, then done, then its outcome is owed. Whatever is not the
office's, not for this terminal, over, or given again is refused, and the refusal is owed too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, assert_never

from central.contract import PingAnswer
from central.contract_orders import (
    CommandsAnswer,
    OrderOutcome,
    SettingsAnswer,
    settings_order,
)
from central.failure import Failure
from central.identity import Identity
from central.signed_commands import CommandAct, CommandOrder, opened
from central.signing import NotSigned
from kiosk import staff_messages as s
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.audit import Note
from kiosk.daemon.order_book import OrderBook, TakenCommand
from kiosk.daemon.settings_desk import SettingsDesk, SettingsStand
from kiosk.logs import fact
from kiosk.settings.store import Damaged
from offline_queue.errors import OutboxError

LOOK_EVERY_S = 300.0
"""While people keep the link busy, nobody pings; and a ping may have been missed."""
TRY_AGAIN_S = 5.0
"""For what must wait until nobody is being served."""
MAX_WHY_CHARS = 120
OFFICE = "office"
"""Who acts, in the story."""

_log = logging.getLogger(__name__)


class Client(Protocol):
    """Fetches orders: `central.client_orders.OrdersClient`."""

    async def settings(self) -> SettingsAnswer | Failure:
        """The newest settings."""
        ...

    async def commands(self) -> CommandsAnswer | Failure:
        """The commands that wait."""
        ...


class Owes(Protocol):
    """Owes outcomes: `kiosk.daemon.keeping.Keeper`."""

    def order_ended(self, order: str, outcome: OrderOutcome, why: str) -> str:
        """Owe the service what became of an order; the operation's id."""
        ...

    def is_delivered(self, op_id: str) -> bool:
        """Whether the service has an operation for certain."""
        ...


@dataclass(frozen=True, slots=True)
class OfficePowers:
    """What commands are done with.

    Attributes:
        ask: the desk that serves the command line.
        restart: asks for a start anew in a quiet moment.
        close: out of service for a reason, or in service with ""; whether it is on the disk.
        is_quiet: whether nobody is being served.
    """

    ask: Callable[[s.StaffAsk], Awaitable[s.StaffAnswer]]
    restart: Callable[[], None]
    close: Callable[[str], Awaitable[bool]]
    is_quiet: Callable[[], bool]


Ended = tuple[OrderOutcome, str]


class Orders:
    """One terminal's part in it.

    Args:
        client: fetches.
        book: remembers.
        settings: takes settings, and says how they stand.
        owes: owes outcomes.
        powers: what commands are done with.
        identity: who this terminal is, and whom it trusts; None before enrolment.
        clock: for expiry.
        note: takes acts.
        link_is_down: whether asking now would be in vain.
        on_owed: told when an outcome is owed.
    """

    def __init__(
        self,
        client: Client,
        book: OrderBook,
        settings: SettingsDesk,
        owes: Owes,
        powers: OfficePowers,
        *,
        identity: Callable[[], Identity | None],
        clock: Clock,
        note: Note,
        link_is_down: Callable[[], bool],
        on_owed: Callable[[], None],
    ) -> None:
        self._client = client
        self._book = book
        self._settings = settings
        self._owes = owes
        self._powers = powers
        self._identity = identity
        self._clock = clock
        self._note = note
        self._link_is_down = link_is_down
        self._on_owed = on_owed
        self._news = asyncio.Event()
        self._serial_seen = 0
        self._postponed: dict[str, CommandOrder] = {}

    def heard(self, answer: PingAnswer) -> None:
        """The service said what waits."""
        if answer.commands or answer.settings_serial > self._serial_seen:
            self._news.set()

    async def run(self) -> None:
        """Do what the office wants until cancelled."""
        await self._say_unfinished()
        while True:
            self._news.clear()
            try:
                await self.look()
            except (OSError, OutboxError, Damaged) as error:
                # Nothing was done that is not written down: it is fetched again.
                fact(_log, "orders.not_kept", why=type(error).__name__)
            try:
                async with asyncio.timeout(TRY_AGAIN_S if self._postponed else LOOK_EVERY_S):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Once: tell how settings stand, fetch what waits, do it.

        Raises:
            OSError, OutboxError, Damaged: the disk refused.
        """
        await self._tell_settings()
        for order in tuple(self._postponed.values()):
            await self._do(order)
        identity = self._identity()
        if identity is None or self._link_is_down():
            return
        await self._take_settings()
        await self._take_commands(identity)

    async def _say_unfinished(self) -> None:
        """What was being done when the terminal stopped: nobody knows, so nobody does it again."""
        for one in self._book.unfinished:
            try:
                await self._end(one.id, (OrderOutcome.UNKNOWN, "the terminal stopped in between"))
            except (OSError, OutboxError) as error:
                fact(_log, "orders.not_kept", why=type(error).__name__)

    async def _tell_settings(self) -> None:
        stand = await self._settings.stand()
        if stand is None or self._book.settings_told == (stand.serial, stand.outcome.value):
            return
        await self._tell_stand(stand)

    async def _tell_stand(self, stand: SettingsStand) -> None:
        await self._owe(settings_order(stand.serial), stand.outcome, stand.why)
        await asyncio.to_thread(self._book.tell_settings, stand.serial, stand.outcome.value)

    async def _take_settings(self) -> None:
        answer = await self._client.settings()
        if not isinstance(answer, SettingsAnswer) or not answer.serial:
            return
        stand = await self._settings.newest_serial()
        self._serial_seen = max(self._serial_seen, answer.serial)
        if answer.serial <= stand or self._book.was_refused(_digest(answer.signed)):
            return
        outcome, why = await self._settings.take_order(answer.signed)
        if outcome is OrderOutcome.REFUSED:
            await self._refuse(answer.signed, settings_order(answer.serial), why)
            return
        await self._tell_settings()

    async def _take_commands(self, identity: Identity) -> None:
        # Looked at before the question: an outcome may be delivered while it is answered.
        known = await asyncio.to_thread(self._delivered)
        answer = await self._client.commands()
        if not isinstance(answer, CommandsAnswer):
            return
        for carried in answer.commands:
            if not self._book.was_refused(_digest(carried)):
                await self._take_command(carried, identity, known)

    async def _take_command(self, carried: bytes, identity: Identity, known: set[str]) -> None:
        try:
            order = opened(carried, identity.ca_pem)
        except NotSigned as error:
            await self._refuse(carried, "", str(error))
            return
        if order.terminal != identity.terminal:
            await self._refuse(carried, "", f"for terminal {order.terminal}: {order.id}")
        elif self._book.command(order.id) is not None:
            if order.id in known:
                await self._refuse(carried, "", f"given again: {order.id}")
        elif order.expires_at <= self._clock.now():
            await self._refuse(carried, order.id, "expired")
        elif self._book.since is not None and order.at <= self._book.since:
            await self._refuse(carried, order.id, "it may have been done: the book was lost")
        elif order.act not in tuple(CommandAct):
            await self._refuse(carried, order.id, "an act that this version does not know")
        elif order.id not in self._postponed:
            await self._do(order)

    async def _do(self, order: CommandOrder) -> None:
        """Do a command, or put it off while somebody is being served."""
        if order.expires_at <= self._clock.now():
            await self._take(order)
            await self._end(order.id, (OrderOutcome.NOT_DONE, "nobody went away in time"))
            return
        act = CommandAct(order.act)
        if act in _DISTURBS and not self._powers.is_quiet():
            self._postponed[order.id] = order
            return
        await self._take(order)
        await self._end(order.id, await self._done(act, order.reason))

    async def _take(self, order: CommandOrder) -> None:
        self._postponed.pop(order.id, None)
        taken = TakenCommand(order.id, order.act, order.expires_at)
        await asyncio.to_thread(self._book.take, taken, self._clock.now())
        self._note(acts.CommandTaken(order.id, order.act))

    async def _done(self, act: CommandAct, reason: str) -> Ended:
        match act:
            case CommandAct.TEST_PRINT:
                return _of_trial(await self._powers.ask(s.TryPrinter()))
            case CommandAct.RESTART:
                self._powers.restart()
                return OrderOutcome.DONE, "in the next quiet moment"
            case CommandAct.OUT_OF_SERVICE:
                return _of_closing(await self._powers.close(reason))
            case CommandAct.IN_SERVICE:
                return _of_closing(await self._powers.close(""))
            case CommandAct.RESYNC:
                return _of_answer(await self._powers.ask(s.Drain()))
            case _:
                assert_never(act)

    async def _end(self, command_id: str, ended: Ended) -> None:
        op_id = await self._owe(command_id, *ended)
        await asyncio.to_thread(self._book.finish, command_id, op_id)

    async def _refuse(self, carried: bytes, order: str, why: str) -> None:
        fact(_log, "order.refused", order=order.replace(" ", "_"), why=why.replace(" ", "_"))
        await self._owe(order, OrderOutcome.REFUSED, why)
        await asyncio.to_thread(self._book.refuse, _digest(carried))

    async def _owe(self, order: str, outcome: OrderOutcome, why: str) -> str:
        said = why.replace("\0", "")[:MAX_WHY_CHARS]
        op_id = await asyncio.to_thread(self._owes.order_ended, order, outcome, said)
        self._on_owed()
        return op_id

    def _delivered(self) -> set[str]:
        return {
            one.id for one in self._book.taken if one.op_id and self._owes.is_delivered(one.op_id)
        }


_DISTURBS = frozenset({CommandAct.TEST_PRINT, CommandAct.OUT_OF_SERVICE})
"""What must not come between a person and their invoice. A restart waits by itself."""


def _digest(carried: bytes) -> str:
    return sha256(carried).hexdigest()[:32]


def _of_trial(answer: s.StaffAnswer) -> Ended:
    match answer:
        case s.Tried(outcome="proven"):
            return OrderOutcome.DONE, ""
        case s.Tried(outcome="unknown", why=why):
            return OrderOutcome.UNKNOWN, why
        case s.Tried(outcome=outcome, why=why):
            return OrderOutcome.NOT_DONE, why or outcome
        case _:
            return _of_answer(answer)


def _of_answer(answer: s.StaffAnswer) -> Ended:
    match answer:
        case s.Acted():
            return OrderOutcome.DONE, ""
        case s.NotDone(why) | s.NotNow(why):
            return OrderOutcome.NOT_DONE, why
        case _:
            return OrderOutcome.NOT_DONE, type(answer).__name__


def _of_closing(is_kept: bool) -> Ended:  # what the power says
    return (
        (OrderOutcome.DONE, "")
        if is_kept
        else (OrderOutcome.NOT_DONE, "an unknown reason, or the disk refused")
    )
