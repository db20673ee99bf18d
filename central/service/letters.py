"""Answers by letter: a case has ended, and its holder left an address.

The address stays until the SMTP server took the letter, and is deleted in the next commit.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from central.contract import Reference, Ruling
from central.contract_tickets import CaseState
from central.service.addresses import AddressKey, SealBroken
from central.service.alerts import Alerts
from central.service.china import utc_now
from central.service.letter_rounds import LetterRounds, message_id
from central.service.letter_words import body_of, subject_of
from central.service.mail import Handed, Handing, Mail, letter
from central.service.store import Connection, Store

_RULING = msgspec.json.Decoder(Ruling)
_REFERENCE = msgspec.json.Decoder(Reference)


@dataclass(frozen=True, slots=True)
class _Due:
    name: str
    """The ticket."""
    address: str
    tries: int
    state: CaseState
    reference: Reference
    ruling: Ruling
    since_s: float
    terminal: str = ""


class Letters(LetterRounds[_Due]):
    """Sends the answers of cases; see `LetterRounds`. `key` opens the addresses."""

    def __init__(
        self,
        store: Store,
        mail: Mail | None,
        key: AddressKey,
        alerts: Alerts,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(store, mail, alerts, now)
        self._key = key

    async def _handed(self, due: _Due, mail: Mail) -> Handing:
        try:
            address = self._key.unseal(due.address, due.name)
        except SealBroken:
            return Handing(Handed.REFUSED, "its address was sealed with another key")
        told = letter(
            sender=mail.sender,
            to=address,
            subject=subject_of(due.state, due.name),
            text=body_of(due.state, due.ruling.verdict, due.name, due.reference),
            message_id=message_id(f"case|{due.name}", mail.sender),
        )
        return await asyncio.to_thread(mail.hand_over, told)

    def _next_due(self, connection: Connection, now: datetime) -> _Due | None:
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
            ruled_at,
        )

    def _put_off(self, connection: Connection, due: _Due, later_s: float) -> None:
        connection.execute(
            "UPDATE cases SET letter_at = ?, letter_tries = letter_tries + 1 WHERE number = ?",
            (later_s, due.name),
        )

    def _forget(self, connection: Connection, due: _Due) -> None:
        connection.execute(
            "UPDATE cases SET letter_at = NULL, address = NULL WHERE number = ?", (due.name,)
        )
