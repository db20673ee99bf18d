"""How often it was tried to show that an invoice is one's own: per invoice and day in China.

Counted before the answer is known, over all terminals, for invoices that exist and for those
that do not: whoever tries amounts out learns nothing but that it was too often.
"""

from datetime import date

from central.service.store import Connection, Store

WRONG_A_DAY = 3
"""Enough for somebody who mistypes; too few for trying amounts out."""


class Proofs:
    """Counts tries in the service's database.

    Args:
        store: where they are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, day: date, invoice: str) -> bool:
        """Counts a try; False when the day's are used up.

        Args:
            day: in China.
            invoice: `central.platforms.counts.invoice_mark`.

        Raises:
            StoreUnavailable: it is not counted, so it may not be answered.
        """
        return await self._store.write(lambda c: _take(c, day.isoformat(), invoice))

    async def give_back(self, day: date, invoice: str) -> None:
        """The try was right, or was not answered.

        Raises:
            StoreUnavailable: it stays counted.
        """
        await self._store.write(
            lambda c: c.execute(
                "UPDATE proof_tries SET tries = tries - 1"
                " WHERE day = ? AND invoice = ? AND tries > 0",
                (day.isoformat(), invoice),
            )
        )


def _take(connection: Connection, day: str, invoice: str) -> bool:
    connection.execute("DELETE FROM proof_tries WHERE day < ?", (day,))
    row = connection.execute(
        "SELECT tries FROM proof_tries WHERE day = ? AND invoice = ?", (day, invoice)
    ).fetchone()
    if row is not None and row[0] >= WRONG_A_DAY:
        return False
    connection.execute(
        "INSERT INTO proof_tries (day, invoice, tries) VALUES (?, ?, 1)"
        " ON CONFLICT (day, invoice) DO UPDATE SET tries = proof_tries.tries + 1",
        (day, invoice),
    )
    return True
