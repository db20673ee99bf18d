"""What every message of the contract is made of."""

from datetime import datetime
from typing import Annotated

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment on the wire: RFC 3339, always with its offset."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=False, omit_defaults=True):
    """Base of all messages: immutable; unknown fields of a newer peer are ignored."""
