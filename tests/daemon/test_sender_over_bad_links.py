"""The sender and the service, both real, with every kind of trouble between them.

Whatever the line or a wrong service does: a call ends at its deadline, nothing is taken off
the queue that the service has not acknowledged, and after the trouble all is applied once.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from central.client import CentralClient
from central.contract import (
    OP_PRINT_OUTCOME,
    Operation,
    OperationsAnswer,
    PrintOutcomeReport,
    encode,
)
from central.failure import Failure, NoTime, NotOurs, Overloaded, Refused, Unreachable
from central.platforms.platform import NoPlatform
from central.sandbox.link import LinkMode, SteeredLink
from central.sandbox.misbehave import Misbehaviour, misbehaving
from central.sandbox.own_terminal import own_terminal
from central.service.authority import Authority
from central.service.running import run_service
from kiosk.clock import BEIJING, SystemClock
from kiosk.daemon import sender as sender_module
from kiosk.daemon.link import Link
from kiosk.daemon.opening import open_queue
from kiosk.daemon.sender import Sender
from offline_queue import Outbox, State

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
OWED = 6
SHORT_S = 0.5
"""For calls that can never succeed in time."""
PATIENT_S = 20.0
"""For calls that must succeed: a busy machine may be slow."""
GUARD_S = 60.0
"""Without its own deadline a call to a trickling peer lasts for minutes."""

LINES: dict[LinkMode, type[Failure]] = {
    LinkMode.REFUSE: Unreachable,
    LinkMode.SILENT: NoTime,
    LinkMode.TRICKLE: NoTime,
    LinkMode.CUT_REQUEST: Unreachable,
    LinkMode.CUT_RESPONSE: Unreachable,
    LinkMode.HALF_CLOSED: Unreachable,
    LinkMode.PORTAL: NotOurs,
}
APPLIED_ALL_THE_SAME = {LinkMode.CUT_RESPONSE, LinkMode.HALF_CLOSED}
"""The service did its work, and nobody heard of it."""

WRONG: dict[Misbehaviour, type[Failure]] = {
    Misbehaviour.HTML: NotOurs,
    Misbehaviour.HTML_AS_JSON: NotOurs,
    Misbehaviour.WRONG_JSON: NotOurs,
    Misbehaviour.ANOTHERS_ANSWER: NotOurs,
    Misbehaviour.WRONG_DIGEST: NotOurs,
    Misbehaviour.REORDERED: NotOurs,
    Misbehaviour.DOUBLED: NotOurs,
    Misbehaviour.HALVED: NotOurs,
    Misbehaviour.REPEATED: NotOurs,
    Misbehaviour.REDIRECT: NotOurs,
    Misbehaviour.ERROR_500: Unreachable,
    Misbehaviour.BUSY_503: Overloaded,
    Misbehaviour.REFUSED: Refused,
    Misbehaviour.TOO_LONG: NotOurs,
    Misbehaviour.TRICKLE: NoTime,
    Misbehaviour.NO_ANSWER: NoTime,
}


class Listened:
    """The real client, with a note of what came of each batch."""

    def __init__(self, client: CentralClient) -> None:
        self._client = client
        self.answers: list[OperationsAnswer | Failure] = []
        self.most: int | None = None
        """No batch goes out after so many answers: what comes of the last one can be looked at."""

    async def send(
        self, operations: tuple[Operation, ...], **how: Any
    ) -> OperationsAnswer | Failure:
        if self.most is not None and len(self.answers) >= self.most:
            await asyncio.Event().wait()
        async with asyncio.timeout(GUARD_S):
            self.answers.append(await self._client.send(operations, **how))
        return self.answers[-1]


class Hall:
    """A service, a line to it, and a terminal that owes."""

    def __init__(
        self, directory: Path, line: SteeredLink, wrong: Any, outbox: Outbox, client: CentralClient
    ) -> None:
        self.line = line
        self.wrong = wrong
        self.outbox = outbox
        self.client = Listened(client)
        self._directory = directory
        self.ids = [self._owe(number) for number in range(OWED)]

    def _owe(self, number: int) -> str:
        body = encode(PrintOutcomeReport(slip=f"slip-{number}", outcome="proven")).decode()
        return self.outbox.put(OP_PRINT_OUTCOME, f"key-{number % 2}", body, at=NOON).op_id

    async def send(self, *, answers: int | None = None) -> None:
        """Let the sender work until so many answers came, or until nothing is owed."""
        link = Link(SystemClock(), probe_up_s=10, probe_down_s=15, on_change=lambda _: None)
        # The spread of waits is taken at its shortest: nobody waits in a test.
        sender = Sender(self.outbox, self.client, link, spread=lambda low, _high: low)  # type: ignore[arg-type]  # the one call that is used
        heard = len(self.client.answers)
        self.client.most = None if answers is None else heard + answers
        running = asyncio.create_task(sender.run())
        try:
            async with asyncio.timeout(GUARD_S):
                while not running.done() and (
                    self.outbox.counts().waiting
                    if answers is None
                    else len(self.client.answers) < heard + answers
                ):
                    await asyncio.sleep(0.005)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    @property
    def states(self) -> set[State | None]:
        return {self.outbox.state_of(op_id) for op_id in self.ids}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        uri = f"{(self._directory / 'central.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute(query).fetchall()

    @property
    def applied(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT op_id FROM print_outcomes")]

    async def heal_and_send(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """All is well again: everything is taken, each once, each key in its order."""
        monkeypatch.setattr(sender_module, "SEND_WITHIN_S", PATIENT_S)
        self.line.steer(LinkMode.PASS)
        await self.send()
        assert self.states == {State.DONE}
        assert sorted(self.applied) == sorted(self.ids)
        assert self.rows(
            "SELECT order_key, seq FROM inbox ORDER BY order_key, applied"
        ) == self.rows("SELECT order_key, seq FROM inbox ORDER BY order_key, seq")


@asynccontextmanager
async def hall(directory: Path) -> AsyncGenerator[Hall]:
    central = directory / "central"
    async with (
        run_service(central, "127.0.0.1", 0, NoPlatform()) as service,
        misbehaving(Authority(central).context()) as wrong,
        SteeredLink(("127.0.0.1", service.port), ("127.0.0.1", wrong.port)) as line,
    ):
        port = await line.start()
        _, outbox = open_queue(directory / "terminal")
        url = f"https://127.0.0.1:{port}"
        try:
            direct = f"https://127.0.0.1:{service.port}"
            access = await own_terminal(central, direct, directory / "identity", "t1")
            async with CentralClient.with_access(replace(access, url=url), "t1") as client:
                yield Hall(central, line, wrong, outbox, client)
        finally:
            outbox.close()


def test_every_kind_of_trouble_is_here() -> None:
    assert set(LINES) == set(LinkMode) - {LinkMode.PASS, LinkMode.BUSY}
    assert set(WRONG) == set(Misbehaviour)


@pytest.mark.parametrize("mode", LINES)
async def test_over_a_bad_line(
    tmp_path: Path, mode: LinkMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_in_time = LINES[mode] is NoTime
    monkeypatch.setattr(sender_module, "SEND_WITHIN_S", SHORT_S if never_in_time else PATIENT_S)
    async with hall(tmp_path) as here:
        here.line.steer(mode)
        await here.send(answers=1)
        assert isinstance(here.client.answers[0], LINES[mode])
        assert here.states == {State.WAITING}
        assert sorted(here.applied) == (sorted(here.ids) if mode in APPLIED_ALL_THE_SAME else [])
        await here.heal_and_send(monkeypatch)


async def test_over_a_slow_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "SEND_WITHIN_S", SHORT_S)
    async with hall(tmp_path) as here:
        here.line.steer(LinkMode.PASS, latency_s=SHORT_S * 2)
        await here.send(answers=1)
        assert here.client.answers == [NoTime()]
        assert here.states == {State.WAITING}
        await here.heal_and_send(monkeypatch)


@pytest.mark.parametrize("misbehaviour", WRONG)
async def test_to_a_wrong_service(
    tmp_path: Path, misbehaviour: Misbehaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_in_time = WRONG[misbehaviour] is NoTime
    monkeypatch.setattr(sender_module, "SEND_WITHIN_S", SHORT_S if never_in_time else PATIENT_S)
    async with hall(tmp_path) as here:
        here.wrong.misbehaviour = misbehaviour
        here.line.steer(LinkMode.BUSY)
        # The second time too: what is repeated is the answer to the first.
        for number in range(2):
            await here.send(answers=1)
            assert isinstance(here.client.answers[number], WRONG[misbehaviour])
        assert here.states == {State.WAITING}
        assert here.applied == []
        await here.heal_and_send(monkeypatch)
