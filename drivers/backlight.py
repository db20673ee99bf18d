"""The brightness of a panel, where the kernel can set it (Linux: ABI/stable/sysfs-class-backlight).

Each panel is a folder with `brightness`, `max_brightness` and `type`. Where there are several,
that of the firmware is to be preferred before the platform's and the raw one, as the kernel's
document says.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

SYSFS = Path("/sys/class/backlight")
LEAST_PERCENT = 10
"""Darker, nobody finds the button to make it brighter."""
_PREFERRED = ("firmware", "platform", "raw")


class Dark(Enum):
    """Why a brightness cannot be set. The value is the key of a sentence."""

    NO_BACKLIGHT = "no_backlight"
    """The panel has none that the kernel knows: a monitor with buttons of its own."""
    REFUSED = "backlight_refused"
    """There is one, and the file cannot be read or written: the udev rule is missing."""


@dataclass(frozen=True, slots=True)
class Lit:
    """The brightness, 0 to 100 percent of the most."""

    percent: int


class Backlight:
    """The panel's backlight. Blocking, but never for long.

    Args:
        folder: holds one folder for each backlight.
    """

    def __init__(self, folder: Path = SYSFS) -> None:
        self._folder = folder

    def read(self) -> Lit | Dark:
        """How bright it is, as the kernel says."""
        panel = self._panel()
        if panel is None:
            return Dark.NO_BACKLIGHT
        try:
            now, most = _number(panel / "brightness"), _number(panel / "max_brightness")
        except (OSError, ValueError):
            return Dark.REFUSED
        return Lit(round(100 * now / most)) if most > 0 else Dark.REFUSED

    def set(self, percent: int) -> Lit | Dark:
        """Make it so bright, at least `LEAST_PERCENT`; gives what the kernel says then.

        Args:
            percent: of the most.
        """
        panel = self._panel()
        if panel is None:
            return Dark.NO_BACKLIGHT
        share = min(100, max(LEAST_PERCENT, percent)) / 100
        try:
            most = _number(panel / "max_brightness")
            # Not `write_text` on a new file: what is not there is not a backlight.
            with (panel / "brightness").open("r+") as file:
                file.write(str(max(1, round(most * share))))
        except (OSError, ValueError):
            return Dark.REFUSED
        return self.read()

    def _panel(self) -> Path | None:
        found = sorted(path for path in self._folder.glob("*") if (path / "brightness").exists())
        return min(found, key=_rank, default=None)


def _rank(panel: Path) -> int:
    try:
        kind = (panel / "type").read_text().strip()
    except OSError:
        return len(_PREFERRED)
    return _PREFERRED.index(kind) if kind in _PREFERRED else len(_PREFERRED)


def _number(path: Path) -> int:
    return int(path.read_text())
