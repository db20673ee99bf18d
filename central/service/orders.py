"""What the office wants of terminals: kept until each has said what became of it.

The service carries orders and cannot make any: it looks at the office's signature before it keeps
one, so that a mistake is seen where it was made. What waits for whom is also held in memory, for
every ping tells it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from central import signed_commands, signed_settings
from central.contract import Receipt
from central.contract_orders import MAX_COMMANDS, OrderEnded, OrderOutcome, settings_order
from central.service.alerts import AlertKind, Alerts
from central.service.china import utc_now
from central.service.inbox import Results, Sound
from central.service.intake import Sent
from central.service.store import Connection, Store
from central.signing import NotSigned

SETTINGS = "settings"
COMMAND = "command"
LISTED = 200


class NotKept(ValueError):
    """An order that no terminal would take, and why."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order and what one terminal made of it.

    Attributes:
        order: the command's id, or "settings 17".
        terminal: whom it is for; "" for all, then one row for each that said something.
        act: "settings", or the command's act.
        outcome: empty while nothing is known.
    """

    order: str
    terminal: str
    act: str
    at: datetime
    expires_at: datetime | None
    outcome: str
    outcome_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a terminal: the newest settings, and how many commands."""

    settings_serial: int
    commands: int


class Orders:
    """The office's orders.

    Args:
        store: where they are kept.
        ca_pem: the authority that signs them.
        alerts: told when a terminal refuses one.
        now: the present moment, aware.
    """

    def __init__(
        self,
        store: Store,
        ca_pem: str,
        alerts: Alerts,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._ca_pem = ca_pem
        self._alerts = alerts
        self._now = now
        self._serials: dict[str, int] = {}
        self._commands: dict[str, list[datetime]] = {}

    async def load(self) -> None:
        """Reads what waits.

        Raises:
            StoreUnavailable: it cannot be read.
        """
        self._serials = await self._store.read(_serials)
        terminals = await self._store.read(_with_commands)
        for terminal in terminals:
            await self._look(terminal)

    def waiting(self, terminal: str) -> Waiting:
        """What a terminal is told in the answer to its ping."""
        now = self._now()
        commands = sum(now < expires_at for expires_at in self._commands.get(terminal, ()))
        return Waiting(self._serial(terminal), commands)

    async def publish_settings(self, carried: bytes) -> tuple[str, str]:
        """Keeps signed settings for their terminals; the order's name and whom it is for.

        Raises:
            NotKept: they are not signed by our authority, or not newer than what is kept.
            StoreUnavailable: they are not known to be kept.
        """
        try:
            order = signed_settings.opened(carried, self._ca_pem)
        except NotSigned as error:
            raise NotKept(str(error)) from error
        newest = max([self._serial(order.terminal), *self._above(order.terminal)])
        if order.serial <= newest:
            raise NotKept(f"order {order.serial} is not newer than {newest}")
        name = settings_order(order.serial)
        row = (name, order.terminal, SETTINGS, SETTINGS, order.serial, order.at.isoformat(), None)
        await self._store.write(lambda c: _keep(c, row, carried))
        self._serials[order.terminal] = order.serial
        return name, order.terminal

    async def publish_command(self, carried: bytes) -> tuple[str, str]:
        """Keeps a signed command for its terminal; its id and the terminal.

        Raises:
            NotKept: it is not signed by our authority, is over, or is kept already.
            StoreUnavailable: it is not known to be kept.
        """
        try:
            order = signed_commands.opened(carried, self._ca_pem)
        except NotSigned as error:
            raise NotKept(str(error)) from error
        if order.expires_at <= self._now():
            raise NotKept(f"expired at {order.expires_at.isoformat()}")
        until = order.expires_at
        row = (order.id, order.terminal, COMMAND, order.act, 0, order.at.isoformat(), until)
        if not await self._store.write(lambda c: _keep(c, row, carried)):
            raise NotKept(f"command {order.id} is kept already")
        await self._look(order.terminal)
        return order.id, order.terminal

    async def settings(self, terminal: str) -> tuple[int, bytes]:
        """The newest settings for a terminal with their number; 0 for none.

        Raises:
            StoreUnavailable: they cannot be read.
        """
        return await self._store.read(lambda c: _newest_settings(c, terminal))

    async def commands(self, terminal: str) -> tuple[bytes, ...]:
        """The commands that wait for a terminal, the oldest first.

        Raises:
            StoreUnavailable: they cannot be read.
        """
        now = self._now()
        waiting = await self._store.read(lambda c: _waiting(c, terminal))
        return tuple(signed for until, signed in waiting if now < until)[:MAX_COMMANDS]

    async def taken(self, sent: Sent, results: Results) -> None:
        """A batch was taken: what it says of orders is known now.

        Raises:
            StoreUnavailable: what waits is not known to be right; `load` makes it so.
        """
        told = [
            (one.body, result.receipt)
            for one, result in zip(sent.batch.operations, results, strict=True)
            if isinstance(one, Sound) and isinstance(one.body, OrderEnded)
        ]
        for one, receipt in told:
            if one.outcome == OrderOutcome.REFUSED and receipt is Receipt.NEW:
                detail = f"{one.order or 'unknown'}: {one.why}"
                self._alerts.tell(AlertKind.ORDER_REFUSED, sent.batch.terminal, detail)
        if told:
            await self._look(sent.batch.terminal)

    async def newest(self, limit: int = LISTED) -> tuple[OrderRow, ...]:
        """The newest orders with the last word of each terminal, the newest first.

        Raises:
            StoreUnavailable: they cannot be read.
        """
        return await self._store.read(lambda c: _newest(c, limit))

    async def _look(self, terminal: str) -> None:
        waiting = await self._store.read(lambda c: _waiting(c, terminal))
        self._commands[terminal] = [until for until, _ in waiting]

    def _serial(self, terminal: str) -> int:
        return max(self._serials.get("", 0), self._serials.get(terminal, 0))

    def _above(self, terminal: str) -> list[int]:
        """An order for all must be newer than every terminal's own."""
        return [] if terminal else list(self._serials.values())


def _keep(
    connection: Connection,
    row: tuple[str, str, str, str, int, str, datetime | None],
    carried: bytes,
) -> bool:
    *plain, until = row
    kept = connection.execute(
        "INSERT INTO orders (name, terminal, kind, act, serial, at, expires_at, signed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING name",
        (*plain, None if until is None else until.isoformat(), carried),
    ).fetchone()
    return kept is not None


def _serials(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        "SELECT terminal, max(serial) FROM orders WHERE kind = 'settings' GROUP BY terminal"
    )
    return {terminal: int(serial) for terminal, serial in rows}


def _with_commands(connection: Connection) -> tuple[str, ...]:
    rows = connection.execute("SELECT DISTINCT terminal FROM orders WHERE kind = 'command'")
    return tuple(str(terminal) for (terminal,) in rows)


def _newest_settings(connection: Connection, terminal: str) -> tuple[int, bytes]:
    row = connection.execute(
        "SELECT serial, signed FROM orders WHERE kind = 'settings' AND terminal IN ('', ?)"
        " ORDER BY serial DESC LIMIT 1",
        (terminal,),
    ).fetchone()
    return (0, b"") if row is None else (int(row[0]), bytes(row[1]))


def _waiting(connection: Connection, terminal: str) -> list[tuple[datetime, bytes]]:
    rows = connection.execute(
        "SELECT o.expires_at, o.signed FROM orders o WHERE o.kind = 'command' AND o.terminal = ?"
        " AND NOT EXISTS (SELECT 1 FROM order_outcomes w"
        " WHERE w.name = o.name AND w.terminal = o.terminal) ORDER BY o.at, o.name",
        (terminal,),
    )
    return [(datetime.fromisoformat(until), bytes(signed)) for until, signed in rows]


def _newest(connection: Connection, limit: int) -> tuple[OrderRow, ...]:
    rows = connection.execute(
        "SELECT o.name, coalesce(w.terminal, o.terminal), o.act, o.at, o.expires_at,"
        " w.outcome, w.at, w.why FROM orders o"
        " LEFT JOIN order_outcomes w ON w.name = o.name AND (o.terminal IN ('', w.terminal))"
        " AND NOT EXISTS (SELECT 1 FROM order_outcomes n WHERE n.name = w.name"
        " AND n.terminal = w.terminal AND n.seq > w.seq)"
        " ORDER BY o.at DESC, o.name, w.terminal LIMIT ?",
        (limit,),
    )
    return tuple(
        OrderRow(
            name,
            terminal,
            act,
            datetime.fromisoformat(at),
            None if until is None else datetime.fromisoformat(until),
            outcome or "",
            None if outcome_at is None else datetime.fromisoformat(outcome_at),
            why or "",
        )
        for name, terminal, act, at, until, outcome, outcome_at, why in rows
    )
