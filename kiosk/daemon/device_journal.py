"""What the terminal remembers of its devices: the rolls in the printers, and the last tests.

In the outbox's file, as the journal is: a slip's end and the paper it took are one commit.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database, Migrations

from drivers.printers.consumption import Roll

migrations = Migrations("kiosk.devices")


@migrations()
def create(db: Database) -> None:
    """Rolls and tests."""
    db.table("roll").create(
        {
            "printer": str,
            "used_mm": float,
            "slips": int,
            "near_end_at_mm": float,
            "ended": int,
            "opened": int,
        },
        pk="printer",
        not_null={"used_mm", "slips", "ended", "opened"},
    )
    db.table("device_test").create(
        {"device": str, "at": str, "outcome": str, "why": str},
        pk="device",
        not_null={"at", "outcome", "why"},
    )


@dataclass(frozen=True, slots=True)
class DeviceTest:
    """The last test of a device.

    Attributes:
        device: "printer", "printer2", "a4" or "scanner".
        at: when it ended.
        outcome: "proven", "failed" or "unknown" for a printer; "read", "unreadable", "nothing"
            or "missing" for a scanner.
        why: cause, doubt, or what was read, in a technician's words; nothing of what it says.
    """

    device: str
    at: datetime
    outcome: str
    why: str


def rolls(connection: sqlite3.Connection) -> dict[str, Roll]:
    """What was counted on the roll of each printer."""
    rows = connection.execute(
        "select printer, used_mm, slips, near_end_at_mm, ended, opened from roll"
    )
    return {
        printer: Roll(used_mm, slips, near_end_at_mm, bool(ended), bool(opened))
        for printer, used_mm, slips, near_end_at_mm, ended, opened in rows
    }


def keep_roll(connection: sqlite3.Connection, printer: str, roll: Roll) -> None:
    """Remember what was counted on a printer's roll."""
    connection.execute(
        "insert or replace into roll (printer, used_mm, slips, near_end_at_mm, ended, opened)"
        " values (?, ?, ?, ?, ?, ?)",
        [printer, roll.used_mm, roll.slips, roll.near_end_at_mm, roll.ended, roll.opened],
    )


def tests(connection: sqlite3.Connection) -> list[DeviceTest]:
    """The last test of each device, by device."""
    rows = connection.execute("select device, at, outcome, why from device_test order by device")
    return [
        DeviceTest(device, datetime.fromisoformat(at), outcome, why)
        for device, at, outcome, why in rows
    ]


def keep_test(connection: sqlite3.Connection, test: DeviceTest) -> None:
    """Remember a test in place of the one before it."""
    connection.execute(
        "insert or replace into device_test (device, at, outcome, why) values (?, ?, ?, ?)",
        [test.device, test.at.isoformat(), test.outcome, test.why],
    )
