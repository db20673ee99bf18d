"""Answers by letter: a case has ended, and its holder left an address.

The address stays until the SMTP server took the letter, and is deleted in the next commit. A
service that is killed in between sends the letter once more, with the same Message-ID: at least
once, never lost.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from central.contract import Reference, Ruling
from central.contract_tickets import CaseState
from central.service.addresses import AddressKey, SealBroken
from central.service.alerts import AlertKind, Alerts
from central.service.china import utc_now
from central.service.letter_words import body_of, subject_of
from central.service.mail import Handed, Handing, Mail, letter
from central.service.store import Connection, Store, StoreUnavailable

_log = logging.getLogger(__name__)

FIRST_PAUSE_S = 60.0
LONGEST_PAUSE_S = 3600.0
GIVEN_UP_AFTER = timedelta(days=3)
"""A mail server that is away longer is not coming back for this letter; the ticket stays."""
LOOKED_AT_EVERY_S = 60.0
STORE_PAUSE_S = 5.0

_RULING = msgspec.json.Decoder(Ruling)
_REFERENCE = msgspec.json.Decoder(Reference)


@dataclass(frozen=True, slots=True)
class _Due:
    ticket: str
    address: str
    tries: int
    state: CaseState
    reference: Reference
    ruling: Ruling
    ended_at: datetime


class Letters:
    """Sends what is due, one letter after the other. Run it as one task.

    Args:
        store: where cases are.
        mail: takes the letters; None when the service sends none: addresses go unused.
        key: opens addresses.
        alerts: are told of letters that could not be sent.
        now: the present moment, aware.
    """

    def __init__(
        self,
        store: Store,
        mail: Mail | None,
        key: AddressKey,
        alerts: Alerts,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._mail = mail
        self._key = key
        self._alerts = alerts
        self._now = now
        self._news = asyncio.Event()
        # Also at the start: one that was killed may have deleted and not scrubbed.
        self._must_scrub = True

    def wake(self) -> None:
        """A letter may be due: look now."""
        self._news.set()

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            self._news.clear()
            pause_s = LOOKED_AT_EVERY_S
            try:
                while (
                    due := await self._store.read(lambda c: _next_due(c, self._now()))
                ) is not None:
                    await self._send(due)
                if self._must_scrub:
                    self._must_scrub = not await self._store.scrub()
            except StoreUnavailable as error:
                _log.error("letters.store_unavailable error=%s", error)
                pause_s = STORE_PAUSE_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._news.wait()

    async def _send(self, due: _Due) -> None:
        handing = await self._handed(due)
        if handing.handed is Handed.LATER and self._now() - due.ended_at < GIVEN_UP_AFTER:
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(due.tries, 10))
            later = self._now().timestamp() + pause_s
            await self._store.write(lambda c: _put_off(c, due.ticket, later))
            _log.warning("letter.put_off tries=%d why=%s", due.tries + 1, handing.why)
            return
        await self._store.write(lambda c: _forget_address(c, due.ticket))
        self._must_scrub = True
        if handing.handed is Handed.TAKEN:
            _log.info("letter.sent ticket=%s tries=%d", due.ticket, due.tries + 1)
        else:
            self._alerts.tell(AlertKind.LETTER_NOT_SENT, detail=f"{due.ticket}: {handing.why}")

    async def _handed(self, due: _Due) -> Handing:
        if self._mail is None:
            return Handing(Handed.REFUSED, "this service has no mail")
        try:
            address = self._key.unseal(due.address, due.ticket)
        except SealBroken:
            return Handing(Handed.REFUSED, "its address was sealed with another key")
        sender = self._mail.sender
        told = letter(
            sender=sender,
            to=address,
            subject=subject_of(due.state, due.ticket),
            text=body_of(due.state, due.ruling.verdict, due.ticket, due.reference),
            message_id=_message_id(due.ticket, sender),
        )
        return await asyncio.to_thread(self._mail.hand_over, told)


def _message_id(ticket: str, sender: str) -> str:
    name = hashlib.sha256(f"case|{ticket}".encode()).hexdigest()[:32]
    return f"<{name}@{sender.rpartition('@')[2]}>"


def _next_due(connection: Connection, now: datetime) -> _Due | None:
    row = connection.execute(
        "SELECT k.number, k.address, k.letter_tries, k.state, t.reference, t.ruling, t.ruled_at"
        " FROM cases k JOIN tickets t ON t.number = k.number"
        " WHERE k.letter_at <= ? ORDER BY k.letter_at LIMIT 1",
        (now.timestamp(),),
    ).fetchone()
    if row is None:
        return None
    number, address, tries, state, reference, ruling, ruled_at = row
    return _Due(
        number,
        address,
        tries,
        CaseState(state),
        _REFERENCE.decode(reference),
        _RULING.decode(ruling),
        datetime.fromtimestamp(ruled_at, tz=now.tzinfo),
    )


def _put_off(connection: Connection, number: str, later: float) -> None:
    connection.execute(
        "UPDATE cases SET letter_at = ?, letter_tries = letter_tries + 1 WHERE number = ?",
        (later, number),
    )


def _forget_address(connection: Connection, number: str) -> None:
    connection.execute(
        "UPDATE cases SET letter_at = NULL, address = NULL WHERE number = ?", (number,)
    )
