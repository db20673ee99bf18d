"""The screen as a device: whether all of it can be touched, and how bright it is.

A test ends by itself, whatever the panel does: a panel that answers nowhere is no trap.
"""

import asyncio

from drivers.backlight import Backlight, Dark, Lit
from kiosk import screen_pages as p
from kiosk.admin_base import Said, Who
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.audit import Note

QUIET_S = 20.0
"""Without a new field for so long, the test is over."""
SHORT_SIDE, LONG_SIDE = 6, 9
"""Fields of a test: 3 to 4 cm wide on a panel of 21 inches, as wide as a button."""


class ScreenDesk:
    """Tests the touch panel and sets the brightness.

    Args:
        portrait: how the screen stands.
    """

    def __init__(self, backlight: Backlight, clock: Clock, note: Note, *, portrait: bool) -> None:
        self._backlight = backlight
        self._clock = clock
        self._note = note
        self._columns, self._rows = (SHORT_SIDE, LONG_SIDE) if portrait else (LONG_SIDE, SHORT_SIDE)
        self._answered: set[int] = set()
        self._newest_at_s = 0.0
        self._result: p.TouchResult | None = None

    def forget(self) -> None:
        """Another session: what was tested before is in the audit."""
        self._result = None

    async def page(self, tag: str, who: Who, said: Said | None) -> p.ScreenPages:
        """A page."""
        if tag == p.TOUCH:
            return p.TouchPage(
                who=who, columns=self._columns, rows=self._rows, quiet_s=round(QUIET_S)
            )
        lit = await asyncio.to_thread(self._backlight.read)
        return p.ScreenPage(
            who=who,
            said=said,
            brightness=lit.percent if isinstance(lit, Lit) else None,
            dark=lit.value if isinstance(lit, Dark) else "",
            touch=self._result,
        )

    def begin(self) -> None:
        """Begin a test: no field has answered yet."""
        self._answered.clear()
        self._newest_at_s = self._clock.monotonic()

    def touched(self, field: int) -> None:
        """A field answered."""
        if field < self._columns * self._rows and field not in self._answered:
            self._answered.add(field)
            self._newest_at_s = self._clock.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether all answered, or nothing new for a while."""
        is_quiet = self._clock.monotonic() - self._newest_at_s >= QUIET_S
        return is_quiet or len(self._answered) == self._columns * self._rows

    def finish(self, by: str) -> Said:
        """End the test: keep what it found, and say it."""
        fields = self._columns * self._rows
        dead = tuple(sorted(set(range(fields)) - self._answered))
        self._result = p.TouchResult(self._columns, self._rows, dead)
        self._note(acts.TouchTested(by, fields, len(dead)))
        values: dict[str, str | int] = {"dead": len(dead), "fields": fields}
        return Said("touch_dead" if dead else "touch_whole", values=values, well=not dead)

    async def set_brightness(self, percent: int, by: str) -> Said:
        """Make it so bright, and say what the panel then says."""
        lit = await asyncio.to_thread(self._backlight.set, percent)
        if isinstance(lit, Dark):
            return Said(lit.value, well=False)
        self._note(acts.BrightnessSet(lit.percent, by))
        return Said("brightness_set", values={"percent": lit.percent})
