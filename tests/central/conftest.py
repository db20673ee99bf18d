"""One real service process for all tests that only ask it; both databases for those that store."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest
from central_kit import AT, ServiceProcess, connected
from postgresql_kit import PostgresqlServer, is_installed

from central.service.opening import open_store
from central.service.schema import migrate_sqlite
from central.service.store import Connection
from central.service.store_sqlite import SqliteConnection


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Generator[ServiceProcess]:
    directory: Path = tmp_path_factory.mktemp("central") / "service"
    process = ServiceProcess(directory).start()
    yield process
    assert process.stop() == 0


@pytest.fixture(scope="session")
def postgresql() -> Generator[PostgresqlServer]:
    """A real server, for all tests of this process, with one template that has our tables."""
    if not is_installed():
        pytest.skip("PostgreSQL is not installed (deploy/system-packages-tests.txt)")
    with PostgresqlServer.made() as server:
        asyncio.run(_prepare(server.create("template")))
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[ServiceProcess]:
    """A running service on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("service")
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.fresh() as url:
        process = ServiceProcess(tmp_path_factory.mktemp("city"), database=url).start()
        yield process
        assert process.stop() == 0


@pytest.fixture(scope="session")
def own_postgresql() -> Generator[PostgresqlServer]:
    """A server that tests may stop and kill: no other test uses it."""
    if not is_installed():
        pytest.skip("PostgreSQL is not installed (deploy/system-packages.txt)")
    with PostgresqlServer.made() as server:
        yield server


async def _prepare(url: str) -> None:
    store = await open_store(Path(), url)
    await store.tend_inbox(AT)
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Generator[str]:
    """The setting of an empty database: each test that names it runs on both.

    Whoever changes tables rather than rows takes `postgresql.fresh()`.
    """
    if request.param == "sqlite":
        yield ""
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with server.emptied() as url:
        yield url


@pytest.fixture
def inside(tmp_path: Path, database: str) -> Generator[Connection]:
    """A connection to an empty database of either kind, as acts have it."""
    with connected(tmp_path, database) as connection:
        if isinstance(connection, SqliteConnection):
            connection.raw.execute("PRAGMA synchronous = OFF")  # nothing here is killed
            migrate_sqlite(connection.raw)
        yield connection
