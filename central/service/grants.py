"""What was granted for some minutes: an invoice of somebody's, its file, a link to that file.

A token is the only key to what it stands for: the row is found by one digest of it and sealed
with another, so that neither the database nor a copy of it gives anything away. A row past its
time is useless before it is deleted.
"""

import base64
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from central.service.china import utc_now
from central.service.store import Connection, Store

KEPT_OF_A_TERMINAL = 40
"""Grants of one use: more than its visitors have open at once; the oldest go first."""
OPENINGS = 2
"""Of a link: phones open an address once to look at it, and again to keep the file."""
_NONCE = bytes(12)
"""Each token seals one thing, once."""


class Use(Enum):
    """What a token is good for."""

    INVOICE = "invoice"
    """Asking for a file of one invoice."""
    FILE = "file"
    """A file that was fetched: for a link, or a letter."""
    LINK = "link"
    """Opening a file from elsewhere."""


GOOD_FOR = {
    Use.INVOICE: timedelta(minutes=15),
    Use.FILE: timedelta(minutes=30),
    Use.LINK: timedelta(minutes=5),
}
_TOKEN_BYTES = {Use.INVOICE: 15, Use.FILE: 15, Use.LINK: 10}
"""A link's is short for its QR code. 80 random bits, five minutes: nobody guesses one."""


class Grants:
    """Gives tokens and honours them.

    Args:
        store: where they are kept.
        now: the present moment, aware.
    """

    def __init__(self, store: Store, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._now = now

    async def give(self, use: Use, terminal: str, content: bytes) -> tuple[str, datetime]:
        """A token for `content`, and until when it is good.

        Raises:
            StoreUnavailable: there is none.
        """
        token = base64.b32encode(secrets.token_bytes(_TOKEN_BYTES[use])).decode().rstrip("=")
        until = self._now() + GOOD_FOR[use]
        box = AESGCM(_key(token)).encrypt(_NONCE, content, _bound(use, terminal))
        await self._store.write(
            lambda c: _put(c, _name(token), use, terminal, until, box, self._now())
        )
        return token, until

    async def find(self, use: Use, terminal: str, token: str) -> bytes | None:
        """What a terminal's token stands for; None if it is none, another's, or no longer good.

        Raises:
            StoreUnavailable: it is not known.
        """
        row = await self._store.read(
            lambda c: c.execute(
                "SELECT box FROM grants WHERE token_sha256 = ? AND used_for = ? AND terminal = ?"
                " AND good_until > ?",
                (_name(token), use.value, terminal, self._now().timestamp()),
            ).fetchone()
        )
        return None if row is None else _opened(token, use, terminal, row[0])

    async def peek(self, token: str) -> bool:
        """Whether a link may be opened now.

        Raises:
            StoreUnavailable: it is not known.
        """
        row = await self._store.read(
            lambda c: c.execute(
                "SELECT 1 FROM grants WHERE token_sha256 = ? AND used_for = ?"
                " AND good_until > ? AND openings < ?",
                (_name(token), Use.LINK.value, self._now().timestamp(), OPENINGS),
            ).fetchone()
        )
        return row is not None

    async def open_link(self, token: str) -> bytes | None:
        """What a link leads to; counted as an opening before it is given out.

        Raises:
            StoreUnavailable: it is not given.
        """
        name, now_s = _name(token), self._now().timestamp()
        row = await self._store.write(
            lambda c: c.execute(
                "UPDATE grants SET openings = openings + 1 WHERE token_sha256 = ?"
                " AND used_for = ? AND good_until > ? AND openings < ? RETURNING terminal, box",
                (name, Use.LINK.value, now_s, OPENINGS),
            ).fetchone()
        )
        return None if row is None else _opened(token, Use.LINK, row[0], row[1])

    async def forget_old(self) -> None:
        """Deletes what is past its time.

        Raises:
            StoreUnavailable: it is to be tried again later.
        """
        await self._store.write(lambda c: _forget_old(c, self._now()))


def _name(token: str) -> str:
    return sha256(b"name of " + token.encode()).hexdigest()


def _key(token: str) -> bytes:
    return sha256(b"key of " + token.encode()).digest()


def _bound(use: Use, terminal: str) -> bytes:
    return f"{use.value}|{terminal}".encode()


def _opened(token: str, use: Use, terminal: str, box: bytes) -> bytes | None:
    try:
        return AESGCM(_key(token)).decrypt(_NONCE, box, _bound(use, terminal))
    except InvalidTag:  # the row was changed by another hand
        return None


def _put(
    connection: Connection,
    name: str,
    use: Use,
    terminal: str,
    until: datetime,
    box: bytes,
    now: datetime,
) -> None:
    _forget_old(connection, now)
    connection.execute(
        "DELETE FROM grants WHERE token_sha256 IN (SELECT token_sha256 FROM grants"
        " WHERE terminal = ? AND used_for = ? ORDER BY good_until DESC LIMIT 1000 OFFSET ?)",
        (terminal, use.value, KEPT_OF_A_TERMINAL - 1),
    )
    connection.execute(
        "INSERT INTO grants (token_sha256, used_for, terminal, good_until, box)"
        " VALUES (?, ?, ?, ?, ?)",
        (name, use.value, terminal, until.timestamp(), box),
    )


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute("DELETE FROM grants WHERE good_until <= ?", (now.timestamp(),))
