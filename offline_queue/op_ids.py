"""Operation ids: UUIDv7 (RFC 9562, 5.7), made at the act, lower-case with hyphens."""

import uuid
from datetime import datetime

import uuid_utils


def new_op_id(at: datetime) -> str:
    """A random id that sorts by the time of the act."""
    return str(uuid_utils.uuid7(nanoseconds=int(at.timestamp() * 1_000) * 1_000_000))


def require_op_id(op_id: str) -> None:
    """Refuse what is not written as an operation id.

    Raises:
        ValueError: not a UUIDv7 in lower case with hyphens.
    """
    parsed = uuid.UUID(op_id)
    if parsed.version != 7 or str(parsed) != op_id:
        raise ValueError("an operation id is a UUIDv7, lower-case with hyphens")
