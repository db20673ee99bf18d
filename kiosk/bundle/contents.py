"""What a bundle says of a terminal, as types: what has no field here cannot be in it."""

from datetime import datetime

import msgspec

from kiosk.health.faults import Diagnosis
from kiosk.health.network import Stage
from kiosk.picture_messages import ScreenPicture

FORMAT = 1


class Machine(msgspec.Struct, frozen=True):
    """What the terminal runs on.

    Attributes:
        packages: Python packages and their versions.
        sizes: of the files in the state folder, by name; names of ours only.
    """

    system: str
    kernel: str
    python: str
    openssl: str
    sqlite: str
    up_s: float
    memory_total_mib: int
    memory_free_mib: int
    disk_total_mib: int
    disk_free_mib: int
    packages: dict[str, str]
    sizes: dict[str, int]


class SettingRow(msgspec.Struct, frozen=True):
    """One setting and where it comes from."""

    name: str
    value: str | float
    origin: str


class Act(msgspec.Struct, frozen=True):
    """One record of the story."""

    n: int
    at: datetime
    event: str
    fields: dict[str, str]


class Head(msgspec.Struct, frozen=True):
    """How far the story goes; `broken_at` is 0 when it is whole."""

    n: int
    hash: str
    broken_at: int = 0


class Owed(msgspec.Struct, frozen=True):
    """How many operations of one kind stand where, and why."""

    kind: str
    state: str
    reason: str
    count: int
    oldest_at: datetime


class DeviceNow(msgspec.Struct, frozen=True):
    """What the daemon says of itself; each a word of ours."""

    situation: str
    link: str
    link_why: str
    printer: str
    scanner: str
    a4: str
    clock: str
    waiting: int
    parked: int
    started_at: datetime


class Bundle(msgspec.Struct, frozen=True):
    """All of it.

    Attributes:
        now: None when the daemon does not run.
        faults: what `kiosk doctor --deep` says, in English.
        log: the newest lines, scrubbed (`kiosk.bundle.scrub`).
        screen: what stands where on the screen, without data; None when no screen answered.
        missing: what could not be read, and why.
    """

    format: int
    made_at: datetime
    terminal: str
    version: str
    machine: Machine
    now: DeviceNow | None
    faults: tuple[Diagnosis, ...]
    stages: tuple[Stage, ...]
    settings: tuple[SettingRow, ...]
    acts: tuple[Act, ...]
    head: Head | None
    owed: tuple[Owed, ...]
    log: tuple[str, ...]
    missing: tuple[str, ...] = ()
    screen: ScreenPicture | None = None
