"""Commands that the office signs for one terminal (`central.signing`): a closed set of acts.

Each is for one terminal, once, until it expires. The terminal refuses what is another's, over,
known to it already or changed on the way, and says so.
"""

import re
from datetime import timedelta
from enum import StrEnum

import msgspec

from central.contract import Message, Moment, encode
from central.signing import NotSigned, sign, verified

CONTEXT = b"invoice-terminal command 1\0"
LONGEST = timedelta(days=7)
"""From signing to expiry: a terminal remembers the commands it took for longer."""
_ID = re.compile(r"[0-9a-f]{32}")


class CommandAct(StrEnum):
    """What the office may have a terminal do from afar. Nothing of it touches people's data."""

    TEST_PRINT = "test_print"
    """Print a trial slip, once nobody is being served."""
    RESTART = "restart"
    """Start anew, once nobody is being served."""
    OUT_OF_SERVICE = "out_of_service"
    """Serve nobody until told otherwise; `reason` says what people are told."""
    IN_SERVICE = "in_service"
    RESYNC = "resync"
    """Send what is owed now, whatever wait was asked for."""


class CommandOrder(Message, frozen=True):
    """One command.

    Attributes:
        id: 32 hexadecimal digits, drawn by the office; names it everywhere.
        terminal: the number of the only terminal that it is for.
        at, expires_at: when it was signed, and when it is void: at most `LONGEST` later.
        act: a `CommandAct`; a newer office may send others, which are refused.
        reason: of `out_of_service`: a word that the terminal has a sentence for.
    """

    id: str
    terminal: str
    at: Moment
    expires_at: Moment
    act: str
    reason: str = ""


def signed(order: CommandOrder, ca_key_pem: bytes) -> bytes:
    """The command with its signature, as it is carried.

    Raises:
        ValueError: not an elliptic-curve key.
    """
    return sign(encode(order), CONTEXT, ca_key_pem)


def opened(carried: bytes, ca_pem: str) -> CommandOrder:
    """The command, once it is known to come from one of these authorities and to be whole.

    Raises:
        NotSigned: it does not, or it is none.
    """
    content = verified(carried, CONTEXT, ca_pem)
    try:
        order = msgspec.json.decode(content, type=CommandOrder)
    except msgspec.DecodeError as error:
        raise NotSigned(f"no command: {error}") from error
    if _ID.fullmatch(order.id) is None or not order.terminal:
        raise NotSigned("no command: without an id or a terminal")
    if not order.at < order.expires_at <= order.at + LONGEST:
        raise NotSigned(f"no command: good for more than {LONGEST.days} days, or for none")
    return order
