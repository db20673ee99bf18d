"""The ticket: the slip for an answer that comes later, good at every terminal.

Its number is printed and spoken. Its secret stands only in the QR, so that nobody
can ask for another person's answer by counting numbers up.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

PREFIX = "FPXP1"
"""First part of a ticket's QR: 发票小票, version 1."""

SECRET_LENGTH = 12
"""Characters of a secret: 60 bits."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O, U, which people mistake for something else."""

_NUMBER = re.compile(r"SF-([0-9A-Z]{1,6})-([0-9]{6})-([0-9]{4,9})")
_SECRET = re.compile(f"[{CROCKFORD}]{{{SECRET_LENGTH}}}")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}


class MalformedTicket(ValueError):
    """A number or a secret that no ticket can have."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket, whole.

    Attributes:
        number: `SF-`, terminal, day as yymmdd, running number of the day:
            `SF-03-261124-0042`.
        secret: 12 characters of Crockford's base32, made by the caller.

    Raises:
        MalformedTicket: if either has not its shape.
    """

    number: str
    secret: str

    def __post_init__(self) -> None:
        if not is_number(self.number):
            raise MalformedTicket("not a ticket number")
        if not _SECRET.fullmatch(self.secret):
            raise MalformedTicket("not a ticket secret")

    @property
    def issued_on(self) -> date:
        """The day that the number names."""
        day = self.number.split("-")[2]
        return date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))


@dataclass(frozen=True, slots=True)
class DamagedTicket:
    """A ticket's text of which something is missing or was read wrongly."""

    key: ClassVar[str] = "damaged_ticket"


def is_number(text: str) -> bool:
    """Whether a text has the shape of a ticket number, with a day that exists."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return False
    day = match[2]
    try:
        date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return False
    return True


def make_number(terminal: str, day: date, running: int) -> str:
    """The number of the `running`-th ticket of a terminal on a day.

    Raises:
        MalformedTicket: if the terminal's number is not 1 to 6 digits or capital
            letters, the day is not in 2000-2099, or `running` is below zero.
    """
    number = f"SF-{terminal}-{day:%y%m%d}-{running:04d}"
    if day.year // 100 != 20 or not is_number(number):
        raise MalformedTicket("no ticket number can be made of this")
    return number


def to_text(ticket: Ticket) -> str:
    """What the QR of a ticket says: `FPXP1:number:secret:check`."""
    body = f"{PREFIX}:{ticket.number}:{ticket.secret}"
    return f"{body}:{check_characters(body)}"


def parse(text: str) -> Ticket | DamagedTicket | None:
    """The ticket that a text says, DamagedTicket if it was one, None if it never was.

    Capitals and small letters are the same: a keyboard scanner may have Caps Lock on.
    """
    text = text.strip().upper()
    if not text.startswith(PREFIX):
        return None
    prefix, _, rest = text.partition(":")
    if prefix != PREFIX:
        return DamagedTicket()
    number, _, rest = rest.partition(":")
    secret, _, check = rest.partition(":")
    try:
        ticket = Ticket(number, secret)
    except MalformedTicket:
        return DamagedTicket()
    return ticket if check == check_characters(f"{PREFIX}:{number}:{secret}") else DamagedTicket()


def check_characters(body: str) -> str:
    """Two check characters over all capitals and digits: ISO/IEC 7064, MOD 1271-36.

    They show every single wrong character and every swap of two neighbours.
    """
    rest = 0
    for character in body:
        value = _VALUE.get(character)
        if value is not None:
            rest = (rest + value) * 36 % 1271
    check = (1 - rest * 36) % 1271
    return _ALPHABET[check // 36] + _ALPHABET[check % 36]
