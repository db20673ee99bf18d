"""The tactile keypad's presses, carried from its thread into the daemon's loop."""

import asyncio
from collections.abc import Callable

from config.device_sections import Keypad as KeypadSettings
from config.load import WrongSetting
from drivers.keypads.keypad import KeypadState, TactileKeypad
from drivers.keypads.keys import KeypadKey, KeyTable
from drivers.keypads.places import KeypadPlace, WrongKeypad, key_table, keypad_at


def keypad_place(settings: KeypadSettings) -> tuple[KeypadPlace, KeyTable] | None:
    """Where the configured keypad is and what its keys mean; None if none is configured.

    Raises:
        WrongSetting: an address or a key that there is not.
    """
    try:
        table = key_table(settings.keys)
    except WrongKeypad as error:
        raise WrongSetting(f"[keypad] keys: {error}") from error
    if not settings.address:
        return None
    try:
        return keypad_at(settings.address), table
    except WrongKeypad as error:
        raise WrongSetting(f"[keypad] address: {error}") from error


class Keypad:
    """Owns the keypad, if there is one.

    Attributes:
        state: "connected", or why it is not; "" if none is configured.
    """

    def __init__(
        self,
        settings: KeypadSettings,
        *,
        on_key: Callable[[KeypadKey], None],
        on_state: Callable[[str], None],
    ) -> None:
        self._on_key = on_key
        self._on_state = on_state
        self._loop = asyncio.get_running_loop()
        self._keypad: TactileKeypad | None = None
        self.state = ""
        place = keypad_place(settings)
        if place is not None:
            self.state = KeypadState.MISSING.value
            self._keypad = TactileKeypad(*place, self._key_from_thread, self._state_from_thread)

    def start(self) -> None:
        """Begin to listen."""
        if self._keypad is not None:
            self._keypad.start()

    async def close(self) -> None:
        """Give the keypad back."""
        if self._keypad is not None:
            await asyncio.to_thread(self._keypad.stop)

    def _key_from_thread(self, key: KeypadKey) -> None:
        self._loop.call_soon_threadsafe(self._on_key, key)

    def _state_from_thread(self, state: KeypadState) -> None:
        self._loop.call_soon_threadsafe(self._become, state.value)

    def _become(self, state: str) -> None:
        self.state = state
        self._on_state(state)
