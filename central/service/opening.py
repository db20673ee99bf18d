"""Which database the service keeps its memory in: one setting."""

import asyncio
from pathlib import Path

from central.service.store import Store
from central.service.store_sqlite import SqliteStore


async def open_store(directory: Path, database: str = "") -> Store:
    """Opens the database and brings its tables to the newest form.

    Args:
        directory: the service's own; must exist.
        database: `postgresql://…`, or empty for SQLite in `directory`.

    Raises:
        StoreUnavailable: it cannot be used, or another service uses it.
        ValueError: this is no address of a database that the service knows.
    """
    if not database:
        return await asyncio.to_thread(SqliteStore, directory)
    if not database.startswith(("postgresql://", "postgres://")):
        raise ValueError("the database is neither empty nor postgresql://…")
    # Loads the PostgreSQL client, which a service on SQLite does not need.
    from central.service.store_postgresql import PostgresqlStore

    return await asyncio.to_thread(PostgresqlStore, database)
