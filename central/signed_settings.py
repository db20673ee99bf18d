"""Settings that the office signs for its terminals (`central.signing`).

A terminal takes only higher numbers than it had: an old order is no way back.
"""

import msgspec

from central.contract import Message, Moment, encode
from central.signing import NotSigned, sign, verified

CONTEXT = b"invoice-terminal settings 1\0"


class SettingsOrder(Message, frozen=True):
    """Settings for one terminal or for all.

    Attributes:
        terminal: the number; "" for every terminal of the service.
        serial: each new order has a higher one.
        at: when it was signed.
        settings: TOML text, as in a settings file; all that the office wants set.
    """

    terminal: str
    serial: int
    at: Moment
    settings: str


def signed(order: SettingsOrder, ca_key_pem: bytes) -> bytes:
    """The order with its signature, as it is carried.

    Raises:
        ValueError: not an elliptic-curve key.
    """
    return sign(encode(order), CONTEXT, ca_key_pem)


def opened(carried: bytes, ca_pem: str) -> SettingsOrder:
    """The order, once it is known to come from one of these authorities.

    Raises:
        NotSigned: it does not, or it is none.
    """
    content = verified(carried, CONTEXT, ca_pem)
    try:
        return msgspec.json.decode(content, type=SettingsOrder)
    except msgspec.DecodeError as error:
        raise NotSigned(f"no order: {error}") from error
