"""Files of invoices by letter: somebody at a terminal had theirs fetched, and left an address.

Which file and to whom lie sealed together until the SMTP server took the letter, and are deleted
in the next commit. The file itself is what was granted for some minutes (`grants`) and is kept no
longer for a letter: where the order, or the mail server, comes later than that, the letter says so
and asks the person to fetch it once more. A service that is killed after the handing over sends
the same again, with the same Message-ID: at least once, never lost.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import msgspec

from central.contract_people import DocumentMailed
from central.service.addresses import AddressKey, SealBroken
from central.service.alerts import AlertKind, Alerts
from central.service.china import utc_now
from central.service.grants import Grants, Use
from central.service.letter_words import FILE_BODY, FILE_GONE_BODY, FILE_GONE_SUBJECT, FILE_SUBJECT
from central.service.letters import (
    FIRST_PAUSE_S,
    GIVEN_UP_AFTER,
    LONGEST_PAUSE_S,
    LOOKED_AT_EVERY_S,
    STORE_PAUSE_S,
)
from central.service.mail import Handed, Handing, Mail, letter
from central.service.people import KeptFile
from central.service.store import Connection, Store, StoreUnavailable

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Due:
    op_id: str
    terminal: str
    sealed: str
    tries: int
    received_at: float


class DocumentLetters:
    """Sends what was ordered, one letter after the other. Run it as one task.

    Args:
        store: where the orders are.
        mail: takes the letters; None when the service sends none.
        key: opens the orders.
        grants: opens the files.
        alerts: are told of letters that could not be sent.
        now: the present moment, aware.
    """

    def __init__(
        self,
        store: Store,
        mail: Mail | None,
        key: AddressKey,
        grants: Grants,
        alerts: Alerts,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store = store
        self._mail = mail
        self._key = key
        self._grants = grants
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
                _log.error("document_letters.store_unavailable error=%s", error)
                pause_s = STORE_PAUSE_S
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._news.wait()

    async def _send(self, due: _Due) -> None:
        handing = await self._handed(due)
        now_s = self._now().timestamp()
        is_young = now_s - due.received_at < GIVEN_UP_AFTER.total_seconds()
        if handing.handed is Handed.LATER and is_young:
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(due.tries, 10))
            await self._store.write(lambda c: _put_off(c, due.op_id, now_s + pause_s))
            _log.warning("document_letter.put_off tries=%d why=%s", due.tries + 1, handing.why)
            return
        await self._store.write(lambda c: _forget(c, due.op_id))
        self._must_scrub = True
        if handing.handed is Handed.TAKEN:
            _log.info("document_letter.sent op_id=%s tries=%d", due.op_id, due.tries + 1)
        else:
            detail = f"file of an invoice: {handing.why}"
            self._alerts.tell(AlertKind.LETTER_NOT_SENT, due.terminal, detail)

    async def _handed(self, due: _Due) -> Handing:
        if self._mail is None:
            return Handing(Handed.REFUSED, "this service has no mail")
        try:
            whole = self._key.unseal(due.sealed, due.op_id)
        except SealBroken:
            return Handing(Handed.REFUSED, "its order was sealed with another key")
        order = msgspec.json.decode(whole, type=DocumentMailed)
        box = await self._grants.find(Use.FILE, due.terminal, order.token)
        file = None if box is None else msgspec.msgpack.decode(box, type=KeptFile)
        told = _letter_of(file, order.address, due.op_id, self._mail.sender)
        return await asyncio.to_thread(self._mail.hand_over, told)


def _letter_of(file: KeptFile | None, address: str, op_id: str, sender: str) -> EmailMessage:
    name = hashlib.sha256(f"document|{op_id}|{file is None}".encode()).hexdigest()[:32]
    told = letter(
        sender=sender,
        to=address,
        subject=FILE_GONE_SUBJECT if file is None else FILE_SUBJECT,
        text=FILE_GONE_BODY if file is None else FILE_BODY,
        message_id=f"<{name}@{sender.rpartition('@')[2]}>",
    )
    if file is not None:
        form = file.form.value
        told.add_attachment(
            file.content,
            maintype="application",
            subtype=form,
            filename=f"fapiao-{file.number}.{form}",
        )
    return told


def _next_due(connection: Connection, now: datetime) -> _Due | None:
    row = connection.execute(
        "SELECT op_id, terminal, sealed, letter_tries, received_at FROM document_letters"
        " WHERE letter_at <= ? ORDER BY letter_at LIMIT 1",
        (now.timestamp(),),
    ).fetchone()
    return None if row is None else _Due(*row)


def _put_off(connection: Connection, op_id: str, later: float) -> None:
    connection.execute(
        "UPDATE document_letters SET letter_at = ?, letter_tries = letter_tries + 1"
        " WHERE op_id = ?",
        (later, op_id),
    )


def _forget(connection: Connection, op_id: str) -> None:
    connection.execute("DELETE FROM document_letters WHERE op_id = ?", (op_id,))
