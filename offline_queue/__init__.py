"""What the terminal owes the central service. Knows nothing of invoices or hardware."""

from offline_queue.clock import Clock, SystemClock
from offline_queue.entry import (
    Counts,
    Deferred,
    Done,
    Entry,
    Head,
    Limits,
    Parked,
    ParkedEntry,
    Refusal,
    Settlement,
    State,
)
from offline_queue.errors import (
    BackupNotRestored,
    DatabaseDamaged,
    FullBecause,
    OperationIdReused,
    OutboxError,
    OutboxFull,
    OwnedElsewhere,
    SettingNotTaken,
    SqliteUnsafe,
    StorageFailed,
    UnknownOperation,
)
from offline_queue.outbox import Outbox
from offline_queue.sealing import KeyMissing, KeyRing, SealBroken, Sealer

__all__ = [
    "BackupNotRestored",
    "Clock",
    "Counts",
    "DatabaseDamaged",
    "Deferred",
    "Done",
    "Entry",
    "FullBecause",
    "Head",
    "KeyMissing",
    "KeyRing",
    "Limits",
    "OperationIdReused",
    "Outbox",
    "OutboxError",
    "OutboxFull",
    "OwnedElsewhere",
    "Parked",
    "ParkedEntry",
    "Refusal",
    "SealBroken",
    "Sealer",
    "SettingNotTaken",
    "Settlement",
    "SqliteUnsafe",
    "State",
    "StorageFailed",
    "SystemClock",
    "UnknownOperation",
]
