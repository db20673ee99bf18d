"""What stands in the queue, in plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import msgspec


class State(Enum):
    """Where an operation stands. It only ever moves down this list; a person may replay PARKED."""

    WAITING = 0  # kept, not yet taken by the service; will be sent when the link allows
    PARKED = 1  # the service said a final no, or we tried too often: a person must look
    DONE = 2  # the service holds it; the body is gone, the trace stays 30 days


class Entry(msgspec.Struct, frozen=True):
    """One operation. Everything but `attempts` was fixed when it was put.

    Attributes:
        seq: running number of this terminal, never used twice.
        op_id: UUIDv7, lower-case with hyphens.
        kind: what it is, in the caller's words.
        order_key: operations of one key are sent in the order of `seq`.
        at: wall clock of the act, with offset.
        body: the act, opaque here.
        sha256: SHA-256 of `body` in UTF-8, hexadecimal.
        attempts: how often the service, asked about this one, did not take it.
    """

    seq: int
    op_id: str
    kind: str
    order_key: str
    at: datetime
    body: str
    sha256: str
    attempts: int


@dataclass(frozen=True, slots=True)
class ParkedEntry:
    """An operation that a person must look at. Its body stays sealed.

    Attributes:
        reason: why it was parked, as settled.
        holds_key: later operations of its key wait for it.
    """

    seq: int
    op_id: str
    kind: str
    order_key: str
    at: datetime
    attempts: int
    reason: str
    holds_key: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How an operation stands, for people. Its body stays sealed.

    Attributes:
        attempts: how often the service, asked about this one, did not take it.
        reason: why it waits or was parked, or the service's verdict; "" for none.
        holds_key: later operations of its key wait for it.
    """

    seq: int
    op_id: str
    kind: str
    order_key: str
    at: datetime
    state: State
    attempts: int
    reason: str
    holds_key: bool


@dataclass(frozen=True, slots=True)
class Done:
    """The service holds it. `verdict` is the service's own word ("new", "seen")."""

    op_id: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Parked:
    """Final, or tried too often: no more sending until a person replays it."""

    op_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: it and what follows it under its key wait, other keys go on. Counts an attempt."""

    op_id: str
    until_s_from_now: float
    reason: str


Settlement = Done | Parked | Deferred


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is owed. `oldest_waiting_at` is the wall clock of the oldest act, None if none."""

    waiting: int
    parked: int
    oldest_waiting_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Operations that were not taken for one reason (a value of `FullBecause`)."""

    because: str
    count: int
    first_at: datetime
    last_at: datetime


class Head(msgspec.Struct, frozen=True):
    """The newest operation ever put, and the hash that chains all before it. 0 and zeros: none."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken. Beyond it the queue refuses; it never drops.

    Attributes:
        kept: operations waiting or parked.
        free_bytes: free space on the disk below which nothing more is taken.
        body_bytes: one body in UTF-8.
        ballast_bytes: a file given up on a full disk, so that what is owed can still be settled.
        done_days: how long the trace of a settled operation stays.
        wait_after_boot_s: longest wait that is carried over into a new boot.
    """

    kept: int = 200_000
    free_bytes: int = 200 * 1024 * 1024
    body_bytes: int = 64 * 1024
    ballast_bytes: int = 8 * 1024 * 1024
    done_days: int = 30
    wait_after_boot_s: float = 300.0
