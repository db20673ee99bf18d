"""Files of invoices by letter: somebody at a terminal had theirs fetched, and left an address.

Which file and to whom lie sealed together until the SMTP server took the letter, and are deleted
in the next commit. The file itself is what was granted for some minutes (`grants`) and is kept no
longer for a letter: where the order, or the mail server, comes later than that, the letter says so
and asks the person to fetch it once more.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import msgspec

from central.contract_people import DocumentMailed
from central.service.addresses import AddressKey, SealBroken
from central.service.alerts import Alerts
from central.service.china import utc_now
from central.service.grants import Grants, Use
from central.service.letter_rounds import LetterRounds, message_id
from central.service.letter_words import FILE_BODY, FILE_GONE_BODY, FILE_GONE_SUBJECT, FILE_SUBJECT
from central.service.mail import Handed, Handing, Mail, letter
from central.service.people import KeptFile
from central.service.store import Connection, Store


@dataclass(frozen=True, slots=True)
class _Due:
    op_id: str
    terminal: str
    sealed: str
    tries: int
    since_s: float

    @property
    def name(self) -> str:
        return f"file of an invoice, {self.op_id}"


class DocumentLetters(LetterRounds[_Due]):
    """Sends the files that were ordered; see `LetterRounds`.

    Args:
        key: opens the orders.
        grants: opens the files.
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
        super().__init__(store, mail, alerts, now)
        self._key = key
        self._grants = grants

    async def _handed(self, due: _Due, mail: Mail) -> Handing:
        try:
            whole = self._key.unseal(due.sealed, due.op_id)
        except SealBroken:
            return Handing(Handed.REFUSED, "its order was sealed with another key")
        order = msgspec.json.decode(whole, type=DocumentMailed)
        box = await self._grants.find(Use.FILE, due.terminal, order.token)
        file = None if box is None else msgspec.msgpack.decode(box, type=KeptFile)
        told = _letter_of(file, order.address, due.op_id, mail.sender)
        return await asyncio.to_thread(mail.hand_over, told)

    def _next_due(self, connection: Connection, now: datetime) -> _Due | None:
        row = connection.execute(
            "SELECT op_id, terminal, sealed, letter_tries, received_at FROM document_letters"
            " WHERE letter_at <= ? ORDER BY letter_at LIMIT 1",
            (now.timestamp(),),
        ).fetchone()
        return None if row is None else _Due(*row)

    def _put_off(self, connection: Connection, due: _Due, later_s: float) -> None:
        connection.execute(
            "UPDATE document_letters SET letter_at = ?, letter_tries = letter_tries + 1"
            " WHERE op_id = ?",
            (later_s, due.op_id),
        )

    def _forget(self, connection: Connection, due: _Due) -> None:
        connection.execute("DELETE FROM document_letters WHERE op_id = ?", (due.op_id,))


def _letter_of(file: KeptFile | None, address: str, op_id: str, sender: str) -> EmailMessage:
    told = letter(
        sender=sender,
        to=address,
        subject=FILE_GONE_SUBJECT if file is None else FILE_SUBJECT,
        text=FILE_GONE_BODY if file is None else FILE_BODY,
        message_id=message_id(f"document|{op_id}|{file is None}", sender),
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
