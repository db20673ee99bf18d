"""What terminals send, taken in one transaction: their operations and how far their story goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from central.contract import AuditReport
from central.service import audit_heads, inbox
from central.service.store import Connection


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of a terminal, examined."""

    batch: inbox.Batch
    told: AuditReport | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it.

    Attributes:
        results: one for each operation, in the order of the batch.
        audit_n: the record that the next report should prove.
        alert: what does not fit in the story that was told.
    """

    results: inbox.Results
    audit_n: int = 0
    alert: audit_heads.Alert | None = None


def take_all(connection: Connection, sent: Sequence[Sent]) -> list[Taken]:
    """Takes what several requests brought, one after the other, inside the caller's transaction."""
    applied = inbox.apply_all(connection, [one.batch for one in sent])
    return [
        Taken(results)
        if one.told is None
        else Taken(
            results,
            *audit_heads.take(connection, one.batch.terminal, one.told, one.batch.received_at),
        )
        for one, results in zip(sent, applied, strict=True)
    ]
