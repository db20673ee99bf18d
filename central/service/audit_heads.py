"""How far each terminal's story goes: a terminal that was cut or rolled back shows here.

A terminal's story is a chain of hashes of which only the terminal has the records. The service
keeps one head, the newest that is *proven*: the terminal showed that the head kept before it is
still in its story. An answer names the kept head; the next batch proves it. So an answer that
was lost costs one more batch and raises no alarm, and a story that was written anew can never
pass for the old one.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from central.contract import AuditReport
from central.service.store import Connection

_HASH = re.compile(r"[0-9a-f]{64}")


class Found(Enum):
    """What does not fit between the story that is kept and the one that is told."""

    CUT = "cut"
    """The story ends before the record that was proven: cut, or the terminal was rolled back."""
    REWRITTEN = "rewritten"
    """The proven record is another one now."""
    RESTORED = "restored"
    """The story does not fit, and the terminal says by itself that it came back from a backup."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person must look at. The story that was told is the kept one from now on."""

    found: Found
    kept: AuditReport
    told: AuditReport


def is_sound(report: AuditReport) -> bool:
    """Whether a report has the shape of one."""
    counts = (report.n, report.generation, report.proof_n)
    return (
        all(0 <= count < 1 << 63 for count in counts)
        and _HASH.fullmatch(report.hash) is not None
        and (report.proof_n == 0 or _HASH.fullmatch(report.proof_hash) is not None)
    )


def take(
    connection: Connection, terminal: str, told: AuditReport, received_at: datetime
) -> tuple[int, Alert | None]:
    """Compare a report with what is kept, inside the caller's transaction.

    Returns:
        The record that the next report should prove, and what did not fit, if anything.
    """
    kept = kept_head(connection, terminal)
    if kept is None:
        _keep(connection, terminal, told, received_at)
        return told.n, None
    found = _compare(kept, told)
    if found is not None:
        if told.generation > kept.generation:
            found = Found.RESTORED
        alert = Alert(found, kept, told)
        _raise_alert(connection, terminal, alert, received_at)
        _keep(connection, terminal, told, received_at)
        return told.n, alert
    if kept.n in (0, told.n) or _proves(kept, told):
        _keep(connection, terminal, told, received_at)
        return told.n, None
    return kept.n, None


def _compare(kept: AuditReport, told: AuditReport) -> Found | None:
    if told.n < kept.n:
        return Found.CUT
    said = told.hash if told.n == kept.n else told.proof_hash if _proves(kept, told) else kept.hash
    return None if said == kept.hash else Found.REWRITTEN


def _proves(kept: AuditReport, told: AuditReport) -> bool:
    """Whether the report speaks of the kept record; any story goes on from no record."""
    return 0 < told.proof_n == kept.n


def kept_head(connection: Connection, terminal: str) -> AuditReport | None:
    """The newest proven head of a terminal."""
    row = connection.execute(
        "SELECT n, hash, generation FROM audit_heads WHERE terminal = ?", (terminal,)
    ).fetchone()
    return None if row is None else AuditReport(*row)


def _keep(connection: Connection, terminal: str, told: AuditReport, received_at: datetime) -> None:
    connection.execute(
        "INSERT INTO audit_heads (terminal, n, hash, generation, received_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (terminal) DO UPDATE SET n = excluded.n,"
        " hash = excluded.hash, generation = excluded.generation,"
        " received_at = excluded.received_at",
        (terminal, told.n, told.hash, told.generation, received_at.isoformat()),
    )


def _raise_alert(
    connection: Connection, terminal: str, alert: Alert, received_at: datetime
) -> None:
    connection.execute(
        "INSERT INTO audit_alerts (terminal, found, kept_n, kept_hash, told_n, told_hash,"
        " received_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            terminal,
            alert.found.value,
            alert.kept.n,
            alert.kept.hash,
            alert.told.n,
            alert.told.hash,
            received_at.isoformat(),
        ),
    )
