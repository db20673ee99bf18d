"""The register of businesses that may apply for invoices at a terminal.

The office fills it (`kiosk central business add`). What a terminal is told are the terms with a
day on which they end; the tax codes of items stay here.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from central.business import Business, check
from central.contract_people import IssuingTerms
from central.service.china import utc_now
from central.service.store import Connection, Store

_BUSINESS = msgspec.json.Decoder(Business)


class Businesses:
    """The register.

    Args:
        store: where it is kept.
        now: the present moment, aware.
    """

    def __init__(self, store: Store, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._now = now

    async def add(self, business: Business) -> None:
        """Registers a business, or changes what is registered of it.

        Raises:
            WrongBusiness: it cannot be registered so.
            StoreUnavailable: it is not known to be kept.
        """
        check(business)
        now = self._now()
        await self._store.write(lambda c: _put(c, business, now))

    async def end(self, tax_id: str) -> bool:
        """Ends what a business may do; whether it was registered. What was not sent yet is refused.

        Raises:
            StoreUnavailable: it is not known to be kept.
        """
        return await self._store.write(lambda c: _end(c, tax_id, self._now()))

    async def all(self) -> tuple[Business, ...]:
        """Every business that may apply.

        Raises:
            StoreUnavailable: the register cannot be read.
        """
        return await self._store.read(_all)

    async def terms(self, tax_id: str) -> IssuingTerms | None:
        """What a terminal is told of a business; None for one that may not apply.

        Raises:
            StoreUnavailable: the register cannot be read.
        """
        business = await self._store.read(lambda c: registered(c, tax_id))
        return None if business is None else business.terms(self._now())


def registered(connection: Connection, tax_id: str) -> Business | None:
    """A business that may apply."""
    row = connection.execute(
        "SELECT business FROM businesses WHERE tax_id = ? AND ended_at IS NULL", (tax_id,)
    ).fetchone()
    return None if row is None else _BUSINESS.decode(row[0])


def _all(connection: Connection) -> tuple[Business, ...]:
    rows = connection.execute(
        "SELECT business FROM businesses WHERE ended_at IS NULL ORDER BY tax_id"
    )
    return tuple(_BUSINESS.decode(business) for (business,) in rows)


def _put(connection: Connection, business: Business, now: datetime) -> None:
    connection.execute(
        "INSERT INTO businesses (tax_id, business, changed_at) VALUES (?, ?, ?)"
        " ON CONFLICT (tax_id) DO UPDATE SET business = excluded.business,"
        " changed_at = excluded.changed_at, ended_at = NULL",
        (business.tax_id, msgspec.json.encode(business).decode(), now.isoformat()),
    )


def _end(connection: Connection, tax_id: str, now: datetime) -> bool:
    ended = connection.execute(
        "UPDATE businesses SET ended_at = ? WHERE tax_id = ? AND ended_at IS NULL",
        (now.isoformat(), tax_id),
    )
    return ended.rowcount > 0
