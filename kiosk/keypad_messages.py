"""What the daemon tells the screen of the tactile keypad; part of `kiosk.messages`."""

import msgspec

from drivers.keypads.keys import KeypadKey as KeypadKey


class KeypadPressed(msgspec.Struct, frozen=True, tag="keypad_pressed"):
    """A key was pressed. What it does depends on what is shown, so the screen decides."""

    key: KeypadKey
