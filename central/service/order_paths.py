"""The paths on which a terminal fetches what the office wants of it."""

import msgspec
from aiohttp import web

from central.contract_orders import (
    PATH_COMMANDS,
    PATH_SETTINGS,
    CommandsAnswer,
    CommandsRequest,
    SettingsAnswer,
    SettingsRequest,
)
from central.service.gate import Asking, Gate
from central.service.orders import Orders
from central.service.reading import body_of, decoded, echoed, json_of
from central.service.waiting_room import Priority, WaitingRoom

_SETTINGS = msgspec.json.Decoder(SettingsRequest)
_COMMANDS = msgspec.json.Decoder(CommandsRequest)


class OrderPaths:
    """Handlers of these paths.

    Args:
        orders: what there is.
        gate: says who asks, and whether they may.
        room: bounds what is in work.
    """

    def __init__(self, orders: Orders, gate: Gate, room: WaitingRoom) -> None:
        self.orders = orders
        self._gate = gate
        self._room = room

    def add_to(self, app: web.Application) -> None:
        """Serves the paths there."""
        app.router.add_post(PATH_SETTINGS, self.settings)
        app.router.add_post(PATH_COMMANDS, self.commands)

    async def settings(self, request: web.Request) -> web.Response:
        """The newest settings that the office signed for the terminal that asks."""
        terminal = (await self._gate.admit(request, Asking.BATCH)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.BACKLOG):
            asked = decoded(_SETTINGS, body)
            echoed(asked.request_id)
            serial, signed = await self.orders.settings(terminal)
        return json_of(SettingsAnswer(asked.request_id, serial, signed))

    async def commands(self, request: web.Request) -> web.Response:
        """The commands that wait for the terminal that asks."""
        terminal = (await self._gate.admit(request, Asking.BATCH)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.BACKLOG):
            asked = decoded(_COMMANDS, body)
            echoed(asked.request_id)
            commands = await self.orders.commands(terminal)
        return json_of(CommandsAnswer(asked.request_id, commands))
