"""The versions of the settings that the terminal keeps, in its state folder.

    settings/00000007.json   one version: what the service says, and what was set here
    settings/state.json      which one is used, and the last that proved itself

A version is whole on the disk before it is used; which one is used changes in one step. A
new one is on trial until the terminal was healthy with it: until then each start counts, and too
many starts, or a terminal that is worse than before, bring the proven one back.
"""

from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from config.load import Layer, Values
from offline_queue.durable_file import write_durably

FOLDER = "settings"
"""In the state folder."""
KEEP = 20
"""Versions that stay, besides those in use."""
MAX_STARTS = 3
"""Starts of the daemon with a version on trial; one more, and the proven one comes back."""
FROM_SERVICE = "signed by the service"
SET_HERE = "set at the terminal"

T = TypeVar("T")
Given = dict[str, dict[str, str | int | float]]


class Version(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version.

    Attributes:
        number: from 1.
        by: "staff", "service" or "rollback".
        changed: the settings that differ from the version before, like "printer.baud".
        known_faults: ids of the grave faults that there were before it.
        service: what the service signed; `serial` is its number there, 0 for none.
        here: what was set at the terminal; wins over `service`.
    """

    number: int
    at: datetime
    by: str
    changed: tuple[str, ...] = ()
    known_faults: tuple[str, ...] = ()
    service: Given = {}
    serial: int = 0
    here: Given = {}


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which version is used.

    Attributes:
        active, proven: numbers; 0 for none of them: files and environment alone.
        starts: of the daemon with `active` while it is on trial.
        rolled_back: the number of the last version that was given up, 0 for none, and why.
        refused_serial: the newest of the service's that was given up; not taken again.
    """

    active: int = 0
    proven: int = 0
    starts: int = 0
    rolled_back: int = 0
    why: str = ""
    refused_serial: int = 0


class Damaged(ValueError):
    """A file of the store cannot be used."""


class SettingsStore:
    """The versions in one folder. Blocking; written by the daemon alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def state(self) -> State:
        """Which version is used.

        Raises:
            Damaged: the file is.
            OSError: it cannot be read.
        """
        try:
            return _decoded(self._folder / "state.json", State)
        except FileNotFoundError:
            return State()

    def version(self, number: int) -> Version:
        """One version; number 0 is the one that sets nothing.

        Raises:
            Damaged: the file is, or there is none.
            OSError: it cannot be read.
        """
        if number == 0:
            return Version(0, datetime.fromtimestamp(0).astimezone(), "files")
        try:
            return _decoded(self._file(number), Version)
        except FileNotFoundError as error:
            raise Damaged(f"{self._file(number)}: is gone") from error

    def history(self) -> tuple[Version, ...]:
        """The versions that are kept, newest first."""
        numbers = sorted((int(path.stem) for path in self._folder.glob("0*.json")), reverse=True)
        return tuple(self.version(number) for number in numbers)

    def use(self, version: Version) -> None:
        """Put a new version on the disk and use it, on trial.

        Raises:
            OSError: the disk refused; the version before stays in use.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self._file(version.number), msgspec.json.encode(version))
        state = self.state
        self._keep(msgspec.structs.replace(state, active=version.number, starts=0))
        for old in sorted(self._folder.glob("0*.json"), reverse=True)[KEEP:]:
            if int(old.stem) not in (version.number, state.proven):
                old.unlink()

    def next_number(self) -> int:
        """A number that no version has had."""
        return max((one.number for one in self.history()), default=self.state.active) + 1

    def prove(self) -> None:
        """The version in use has proved itself."""
        state = self.state
        self._keep(msgspec.structs.replace(state, proven=state.active, starts=0))

    def starting(self) -> str:
        """The daemon starts: count it while a version is on trial.

        Gives why the version was given up now; "" when it was not.
        """
        state = self.state
        if state.active == state.proven:
            return ""
        if state.starts >= MAX_STARTS:
            return self.give_up("starts")
        self._keep(msgspec.structs.replace(state, starts=state.starts + 1))
        return ""

    def give_up(self, why: str) -> str:
        """Bring the proven version back."""
        state = self.state
        serial = self.version(state.active).serial
        before = self.version(state.proven).serial
        self._keep(
            State(
                active=state.proven,
                proven=state.proven,
                rolled_back=state.active,
                why=why,
                refused_serial=serial if serial != before else state.refused_serial,
            )
        )
        return why

    def _file(self, number: int) -> Path:
        return self._folder / f"{number:08d}.json"

    def _keep(self, state: State) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self._folder / "state.json", msgspec.json.encode(state))


def layers_of(version: Version) -> tuple[Layer, ...]:
    """A version as layers for `config.load`, the weaker first."""
    given = ((FROM_SERVICE, version.service), (SET_HERE, version.here))
    return tuple(Layer(name, values) for name, values in given if values)


def changed_between(before: Version, now: Version) -> tuple[str, ...]:
    """The settings that differ, like "printer.baud"."""
    one, other = _flat(before), _flat(now)
    return tuple(sorted(name for name in one | other if one.get(name) != other.get(name)))


def _flat(version: Version) -> dict[str, str | int | float]:
    flat: dict[str, str | int | float] = {}
    for layer in layers_of(version):
        values: Values = layer.values
        flat |= {
            f"{section}.{key}": v for section, keys in values.items() for key, v in keys.items()
        }
    return flat


def _decoded(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        raise Damaged(f"{path}: {error}") from error
