"""The service's durable memory: one interface, SQLite or PostgreSQL behind it.

One thread writes and puts all requests that are waiting into one transaction: one
write to the disk serves them all, and no two acts ever run at the same time, whichever
database it is. `central.service.opening.open_store` gives the one that is configured.
"""

import asyncio
import logging
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")

Value = str | int | float | bytes | None
"""What a column can hold; true and false are 1 and 0."""

MAX_SHARED = 64
"""Acts in one transaction: bounds the time that the first of them waits for the last."""
MAX_SHARED_WEIGHT = 400
"""Of the acts in one transaction together, in rows. While one transaction is written, the requests
for the next are read: taking all that waits at once would leave the database idle meanwhile."""
MAY_TAKE_S = 8.0
"""For an act, with its wait for the transaction before. A terminal waits 10 s for its batch."""


class StoreUnavailable(Exception):
    """The database cannot be used: held by another service, damaged, full, failing or away.

    A write that raised this was not acknowledged. Almost always nothing of it is there; when
    the database went away in the middle of the commit, or was slow, the whole of it may be.
    So every act that is repeated must find out for itself that it was done.
    """


class ConstraintBroken(Exception):
    """The act would have broken a rule of a table (unique, not null, check); it is undone."""


class Rows(Protocol):
    """What a statement gives: rows as tuples, and how many were changed."""

    @property
    def rowcount(self) -> int:
        """Rows that were inserted, changed or deleted."""
        ...

    def fetchone(self) -> Any:
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What an act speaks to. SQL is written once, in what both databases understand."""

    def execute(self, sql: str, parameters: Sequence[Value] = (), /) -> Rows:
        """Runs one statement. A `?` stands for a parameter, and for nothing else.

        Raises:
            ConstraintBroken: the act must not go on after it.
        """
        ...

    def insert(self, table: str, rows: Sequence[Mapping[str, str | int | float | None]]) -> int:
        """Inserts many rows, each with the same columns; a row that is there already stays.

        Returns:
            How many were not there.

        Raises:
            ConstraintBroken: a rule other than uniqueness.
        """
        ...

    def insert_new(
        self, table: str, rows: Sequence[Mapping[str, str | int | float | None]]
    ) -> bool:
        """Inserts many rows, each with the same columns, none of which is expected to be there.

        Returns:
            False: one was there. Then the act must go back to a savepoint from before the call.

        Raises:
            ConstraintBroken: a rule other than uniqueness.
        """
        ...

    def among(self, column: str, values: Sequence[str]) -> tuple[str, Value]:
        """A condition that `column` is one of `values`, and its one parameter."""
        ...


Act = Callable[[Connection], T]
SharedAct = Callable[[Connection, Sequence[Item]], Sequence[Result]]


@dataclass(frozen=True, slots=True)
class Job:
    """An act that waits for its transaction.

    Attributes:
        act: what is to be done, when it is done alone.
        done: gets its result after the commit, or what went wrong.
        shared: what does it together with others that have the same, for all their items.
        item: its own part of the shared act.
        weight: about how many rows it writes.
    """

    act: Act[Any]
    done: Future[Any]
    shared: SharedAct[Any, Any] | None = None
    item: object = None
    weight: int = 1
    is_scrub: bool = False
    """Not an act: `Store.scrub`, which is done between two transactions."""


class Store(ABC):
    """One database. Close it with `close`."""

    def __init__(self, readers: int) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-read")
        self._writer = threading.Thread(
            # Of a process that ends without closing, only what nobody was told of is lost.
            target=self._write_all,
            name="store-write",
            daemon=True,
        )
        self._reads: set[Future[Any]] = set()
        self._closing = False

    async def write(self, act: Act[T]) -> T:
        """Runs `act` inside a transaction and returns its result once that is on the disk.

        An `act` that raises is undone alone; what shared its transaction is not.

        Raises:
            StoreUnavailable: it is not known to be kept.
            ConstraintBroken: nothing of it was kept.
        """
        return await self._queued(Job(act, Future()))

    async def write_together(
        self, act: SharedAct[Item, Result], item: Item, weight: int = 1
    ) -> Result:
        """As `write`, for an act that does the items of many requests in fewer statements.

        Args:
            act: takes the items that wait, in their order, and gives one result for each.
                When it raises, each item is done again by itself.
            item: what this request asks for.
            weight: about how many rows it writes.

        Raises:
            StoreUnavailable: it is not known to be kept.
            ConstraintBroken: nothing of it was kept.
        """
        return await self._queued(Job(lambda c: act(c, (item,))[0], Future(), act, item, weight))

    async def _queued(self, job: Job) -> Any:
        if self._closing:
            raise StoreUnavailable("the store is closing")
        self._jobs.put(job)
        try:
            async with asyncio.timeout(MAY_TAKE_S):
                return await asyncio.wrap_future(job.done)
        except TimeoutError as error:
            raise StoreUnavailable("no answer in time") from error

    async def read(self, act: Act[T], within_s: float = MAY_TAKE_S) -> T:
        """Runs `act` where nothing can be written; it sees every commit that returned.

        Args:
            act: what is to be read.
            within_s: after which nobody waits for it any more.

        Raises:
            StoreUnavailable: the database cannot be read.
        """
        if self._closing:
            raise StoreUnavailable("the store is closing")
        done = self._readers.submit(self._read, act)
        self._reads.add(done)
        done.add_done_callback(self._reads.discard)
        try:
            async with asyncio.timeout(within_s):
                return await asyncio.wrap_future(done)
        except TimeoutError as error:
            raise StoreUnavailable("no answer in time") from error

    async def tend_inbox(self, now: datetime) -> None:
        """Makes room for the operations of coming months; forgets those past their time.

        Raises:
            StoreUnavailable: it is to be tried again later.
        """
        await self.write(lambda c: self._tend_inbox(c, now))

    async def scrub(self) -> bool:
        """Removes what deleted rows left in the files, as far as the database can; whether it did.

        False: somebody was reading; it is to be tried again.

        Raises:
            StoreUnavailable: it is to be tried again later.
        """
        return await self._queued(Job(lambda _: None, Future(), is_scrub=True))

    async def close(self) -> None:
        """Ends after every write that was accepted is on the disk."""
        self._closing = True
        self._jobs.put(None)
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self._writer.join(MAY_TAKE_S)
        late = wait(tuple(self._reads), timeout=1.0).not_done
        if self._writer.is_alive() or late:
            _log.error("store.does_not_end")
            self._give_up()
            self._writer.join()
        self._readers.shutdown()
        self._close_connections()

    def _write_all(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            weight = job.weight
            last = False
            while len(jobs) < MAX_SHARED and weight < MAX_SHARED_WEIGHT and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    last = True
                    break
                jobs.append(following)
                weight += following.weight
            wanted = [j for j in jobs if j.done.set_running_or_notify_cancel()]
            acts = [j for j in wanted if not j.is_scrub]
            if acts:
                self._commit_and_tell(acts)
            for job in wanted:
                if job.is_scrub:
                    self._scrub_and_tell(job)
            if last:
                return

    def _commit_and_tell(self, jobs: list[Job]) -> None:
        """One transaction for all jobs; answers them only after the commit has returned."""
        try:
            results = self._commit(jobs)
        except StoreUnavailable as error:
            _log.error("store.write_failed error=%s", error)
            for job in jobs:
                job.done.set_exception(error)
            return
        for job, result in zip(jobs, results, strict=True):
            if isinstance(result, Mistake):
                job.done.set_exception(result.raised)
            else:
                job.done.set_result(result)

    def _scrub_and_tell(self, job: Job) -> None:
        try:
            job.done.set_result(self._scrub())
        except StoreUnavailable as error:
            job.done.set_exception(error)

    @abstractmethod
    def _scrub(self) -> bool:
        """See `scrub`; outside any transaction."""

    @abstractmethod
    def _commit(self, jobs: list[Job]) -> list[object]:
        """Runs all jobs in one transaction (see `run_jobs`) and commits it.

        Raises:
            StoreUnavailable: for all of them.
        """

    @abstractmethod
    def _read(self, act: Act[T]) -> T:
        """Runs an act on a connection of this thread that cannot write.

        Raises:
            StoreUnavailable: the database cannot be read.
        """

    @abstractmethod
    def _tend_inbox(self, connection: Connection, now: datetime) -> None:
        """See `tend_inbox`."""

    @abstractmethod
    def _give_up(self) -> None:
        """Makes what waits for the database fail, if that can be done from outside."""

    @abstractmethod
    def _close_connections(self) -> None:
        """When all threads have ended."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A job that raised, after its own changes were undone."""

    raised: Exception


def run_jobs(
    connection: Connection, jobs: list[Job], unavailable: tuple[type[Exception], ...]
) -> list[object]:
    """The jobs' results, in their order; a `Mistake` for one that raised.

    Jobs with the same shared act are done by one call of it, where the first of them stands.

    Args:
        connection: inside a transaction.
        jobs: at least one.
        unavailable: what means that the database itself failed; goes through.
    """
    results: dict[int, object] = {}
    together: dict[SharedAct[Any, Any], list[int]] = {}
    for place, job in enumerate(jobs):
        if job.shared is not None:
            together.setdefault(job.shared, []).append(place)
    for place, job in enumerate(jobs):
        if place in results:
            continue
        if job.shared is not None and len(places := together[job.shared]) > 1:
            act, items = job.shared, [jobs[p].item for p in places]
            shared = _undone_alone(connection, lambda c, a=act, i=items: a(c, i), unavailable)
            if not isinstance(shared, Mistake):
                results.update(zip(places, shared, strict=True))
                continue
            _log.warning("store.shared_act_failed kind=%s", type(shared.raised).__name__)
        results[place] = _undone_alone(connection, job.act, unavailable)
    return [results[place] for place in range(len(jobs))]


def _undone_alone(
    connection: Connection, act: Act[Any], unavailable: tuple[type[Exception], ...]
) -> Any:
    """The act's result, or what it raised after its own changes were undone."""
    connection.execute("SAVEPOINT act")
    try:
        result = act(connection)
    except unavailable:
        raise
    except Exception as mistake:  # noqa: BLE001  # handed to the one who asked, whole
        connection.execute("ROLLBACK TO SAVEPOINT act")
        connection.execute("RELEASE SAVEPOINT act")
        return Mistake(mistake)
    connection.execute("RELEASE SAVEPOINT act")
    return result
