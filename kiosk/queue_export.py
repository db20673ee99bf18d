"""What is owed, as a file for somebody else: no bodies, no tickets, no words from elsewhere.

Read from the queue's file, which a running terminal allows and a stopped one needs.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from offline_queue.database import open_reader
from offline_queue.errors import typed_errors
from offline_queue.looking import parked_entries, waiting

AT_MOST = 100_000
"""Operations that wait and are exported."""
_WORD = r"(?:[a-z_]{1,40}|\d{1,2})"
_REASON = re.compile(rf"{_WORD}(?:[:,]? {_WORD}){{0,6}}")


def said_reason(reason: str) -> str:
    """A reason as it may leave the terminal: words of ours or of the contract, or "other"."""
    return reason if not reason or _REASON.fullmatch(reason) else "other"


class Exported(msgspec.Struct, frozen=True):
    """One operation.

    Attributes:
        group: operations of one group wait for each other; a number of this file alone, for the
            name of a group can be that of a ticket.
        reason: a word of ours or of the contract; "other" where it is none.
    """

    seq: int
    op_id: str
    kind: str
    group: int
    at: datetime
    state: str
    attempts: int
    reason: str
    holds_group: bool


def exported(queue: Path) -> list[Exported]:
    """Everything that is owed, parked operations first.

    Raises:
        OutboxError: the file cannot be read.
    """
    connection = open_reader(queue)
    try:
        with typed_errors():
            parked, owed = parked_entries(connection), waiting(connection, 0, AT_MOST)
    finally:
        connection.close()
    groups: dict[str, int] = {}
    return [
        Exported(
            seq=one.seq,
            op_id=one.op_id,
            kind=one.kind,
            group=groups.setdefault(one.order_key, len(groups) + 1),
            at=one.at,
            state=state,
            attempts=one.attempts,
            reason=said_reason(one.reason),
            holds_group=one.holds_key,
        )
        for state, ones in (("parked", parked), ("waiting", owed))
        for one in ones
    ]


def as_csv(lines: Iterable[Exported]) -> str:
    """With a line of names first (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Exported.__struct_fields__)
    for one in lines:
        values = msgspec.structs.asdict(one) | {"at": one.at.isoformat()}
        writer.writerow(values.values())
    return out.getvalue()


def as_json(lines: list[Exported]) -> str:
    """A list of objects."""
    return msgspec.json.encode(lines).decode() + "\n"
