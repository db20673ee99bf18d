"""The terminal's side of what the office wants of it, by the same rules as `central.client`."""

from collections.abc import Callable

from central.client_people import Asks
from central.contract_orders import (
    PATH_COMMANDS,
    PATH_SETTINGS,
    CommandsAnswer,
    CommandsRequest,
    SettingsAnswer,
    SettingsRequest,
)
from central.failure import Failure, NotOurs

WITHIN_S = 20.0
"""For some hundred kilobytes at most; nobody waits."""


class OrdersClient:
    """Fetches signed settings and commands. What they are worth, their signatures say.

    Args:
        ask: asks one question.
        new_id: makes ids for requests.
    """

    def __init__(self, ask: Asks, new_id: Callable[[], str]) -> None:
        self._ask = ask
        self._new_id = new_id

    async def settings(self, within_s: float = WITHIN_S) -> SettingsAnswer | Failure:
        """The newest settings for this terminal."""
        asked = SettingsRequest(self._new_id())
        answer = await self._ask(PATH_SETTINGS, asked, SettingsAnswer, within_s)
        if isinstance(answer, SettingsAnswer) and answer.request_id != asked.request_id:
            return NotOurs("request_id")
        return answer

    async def commands(self, within_s: float = WITHIN_S) -> CommandsAnswer | Failure:
        """The commands that wait for this terminal."""
        asked = CommandsRequest(self._new_id())
        answer = await self._ask(PATH_COMMANDS, asked, CommandsAnswer, within_s)
        if isinstance(answer, CommandsAnswer) and answer.request_id != asked.request_id:
            return NotOurs("request_id")
        return answer
