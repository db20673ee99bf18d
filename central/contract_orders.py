"""Messages about what the office wants of a terminal: settings and commands.

A terminal hears in the answer to its ping that something waits (`PingAnswer`), fetches it, and
owes what became of it as an operation (`order.outcome`). The service only carries: what counts is
the office's own signature (`central.signed_settings`, `central.signed_commands`).
"""

from enum import StrEnum

from central.message import Message

PATH_SETTINGS = "/v1/settings"
PATH_COMMANDS = "/v1/commands"

MAX_COMMANDS = 16
"""In one answer; the oldest first."""

OP_ORDER_OUTCOME = "order.outcome"


class SettingsRequest(Message, frozen=True):
    """Asks for the newest settings that the office signed for this terminal, or for all."""

    request_id: str


class SettingsAnswer(Message, frozen=True):
    """The newest order.

    Attributes:
        serial: its number; 0 when there is none.
        signed: as `central.signed_settings.signed` made it; base64 on the wire.
    """

    request_id: str
    serial: int = 0
    signed: bytes = b""


class CommandsRequest(Message, frozen=True):
    """Asks for the commands of this terminal whose outcome the service does not know."""

    request_id: str


class CommandsAnswer(Message, frozen=True):
    """At most `MAX_COMMANDS`, each as `central.signed_commands.signed` made it."""

    request_id: str
    commands: tuple[bytes, ...] = ()


class OrderOutcome(StrEnum):
    """What became of settings or of a command."""

    TRYING = "trying"
    """Settings that are used, and taken back if the terminal is worse with them."""
    PROVEN = "proven"
    """Settings with which the terminal ran well."""
    GIVEN_UP = "given_up"
    """Settings that were taken back."""
    DONE = "done"
    NOT_DONE = "not_done"
    """A command that is right, and could not be done."""
    UNKNOWN = "unknown"
    """A command in the middle of which the terminal stopped. It is not done again."""
    REFUSED = "refused"
    """Not signed, another's, expired, already taken, or not to be understood: somebody is told."""


class OrderEnded(Message, frozen=True):
    """Body of `order.outcome`.

    Attributes:
        order: the command's id, or "settings 17"; "" when even that cannot be known.
        outcome: an `OrderOutcome`.
        why: a word or a sentence for technicians; nothing of a person.
    """

    order: str
    outcome: str
    why: str = ""


def settings_order(serial: int) -> str:
    """How an order of settings is named in its outcome."""
    return f"settings {serial}"
