"""A technician at the command line, the daemon's real socket, a real queue."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.cli import main
from kiosk.clock import BEIJING, SystemClock
from kiosk.daemon import acts
from kiosk.daemon.accounts.accounts import Accounts
from kiosk.daemon.accounts.desk import AccountsDesk
from kiosk.daemon.accounts.pins import Cost
from kiosk.daemon.audit import Audit
from kiosk.daemon.backups import Place
from kiosk.daemon.history import History
from kiosk.daemon.log_ring import LogRing
from kiosk.daemon.opening import open_queue
from kiosk.daemon.queue_desk import QueueDesk
from kiosk.daemon.server import Server
from kiosk.daemon.staff_desk import StaffDesk
from kiosk.staff import SOCKET_NAME
from offline_queue.entry import Deferred, Done, Parked, State

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
NOBODY = "01900000-0000-7000-8000-000000000000"


class WillingSender:
    """Sends whatever is due when it is woken."""

    def __init__(self, office: "Office") -> None:
        self._office = office
        self.link_is_down = False
        self.sent = 0

    @property
    def held_by(self) -> str:
        return "unreachable: dns" if self.link_is_down else ""

    def hurry(self) -> None:
        if not self.link_is_down:
            outbox = self._office.outbox
            due = outbox.due(100, 1 << 20)
            outbox.settle([Done(entry.op_id, "new") for entry in due])
            self.sent += len(due)


class FullPlace:
    """A second place that takes no copy."""

    def __init__(self) -> None:
        self.second_place = Place(trouble="No space left on device")
        self.service = Place()

    async def make(self, *, upload: bool) -> None:
        assert upload


class NoDevices:
    """Devices that nobody asks about here."""


class Office:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        _, self.outbox = open_queue(folder)
        self.audit = Audit.open(self.outbox, folder)
        self.sender = WillingSender(self)
        self.history = History(self.outbox, SystemClock(), is_up=lambda: True)
        self.accounts = AccountsDesk(
            Accounts(
                folder,
                SystemClock(),
                self.audit.note,
                terminal="03",
                unlock_key=lambda: None,
                cost=Cost(memory_kib=8, iterations=1),
            )
        )
        stand_ins: Any = (
            FullPlace(),
            NoDevices(),
            self.accounts,
            NoDevices(),
            NoDevices(),
            LogRing(),
            self.history,
        )  # as used
        queue = QueueDesk(self.outbox, self.sender, self.audit)
        self.locks: list[float] = []
        self.is_free = True

        def lock_screen(seconds: float) -> bool:
            self.locks.append(seconds)
            return self.is_free

        desk = StaffDesk(queue, self.audit, *stand_ins, lock_screen=lock_screen)
        self.server = Server(
            folder / SOCKET_NAME,
            shown=_unused,
            status=_unused,  # type: ignore[arg-type]  # nobody asks
            intend=lambda _: None,
            staff=desk.answer,
        )

    def owe(self, key: str, number: int) -> str:
        return self.outbox.put("test", key, f'{{"n":{number}}}', at=NOON).op_id

    async def kiosk(self, *arguments: str) -> Result:
        environment = {"KIOSK__PATHS__STATE_DIR": str(self.folder)}
        return await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment)

    def told(self) -> list[str]:
        return [acts.act_id(one) for one in self.audit.noted()]


def _unused() -> m.Show:
    return m.Show(0, m.Home(), "", "", "zh")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path)
    await made.server.start()
    yield made
    await made.server.close()
    made.outbox.close()


async def test_the_last_day_is_told_by_the_hour_and_the_month_by_the_day(office: Office) -> None:
    office.history.printed("failed")
    office.history.told(Verdict.UNAVAILABLE)
    said = (await office.kiosk("status", "--history")).output.splitlines()
    assert len(said) == 2 + 24 + 1
    assert said[2].endswith("no data")
    month = await office.kiosk("status", "--history", "30d", "--json")
    days = json.loads(month.output)["buckets"]
    assert (len(days), days[-1]["failed"], days[-1]["unavailable"]) == (30, 1, 1)
    assert "watched_s" not in days[0]
    assert (await office.kiosk("status", "--history", "7d")).exit_code == 2


async def test_what_is_parked_waits_or_was_refused_is_listed(office: Office) -> None:
    parked, waiting = office.owe("a", 1), office.owe("b", 2)
    office.outbox.settle([Parked(parked, "rejected: kind_unknown")])
    said = (await office.kiosk("queue", "list")).output
    assert "1 waiting, 1 parked" in said
    assert said.index(parked) < said.index(waiting)
    assert "rejected: kind_unknown" in said
    read = json.loads((await office.kiosk("queue", "list", "--json")).output)
    assert [(line["op_id"], line["state"]) for line in read["lines"]] == [
        (parked, "parked"),
        (waiting, "waiting"),
    ]


async def test_a_parked_operation_is_sent_again_on_a_press(office: Office) -> None:
    op_id = office.owe("a", 1)
    office.outbox.settle([Parked(op_id, "rejected: kind_unknown")])
    assert (await office.kiosk("queue", "retry", op_id)).exit_code == 0
    assert office.outbox.state_of(op_id) is State.DONE
    assert "done" in (await office.kiosk("queue", "show", op_id)).output
    assert office.told() == ["operation.replayed"]


async def test_what_is_blocked_behind_a_parked_one_is_released_and_goes_on(office: Office) -> None:
    first, second = office.owe("same", 1), office.owe("same", 2)
    assert (await office.kiosk("queue", "park", first)).exit_code == 0
    office.sender.hurry()
    assert office.outbox.state_of(second) is State.WAITING
    assert "others wait for it" in (await office.kiosk("queue", "show", first)).output
    assert (await office.kiosk("queue", "release", first)).exit_code == 0
    assert office.outbox.state_of(second) is State.DONE
    assert office.outbox.state_of(first) is State.PARKED
    assert office.told() == ["operation.parked", "operation.key_released"]


async def test_draining_ends_the_waits_and_says_when_nothing_waits(office: Office) -> None:
    op_id = office.owe("a", 1)
    office.outbox.settle([Deferred(op_id, 300.0, "later")])
    drained = await office.kiosk("queue", "drain", "--within", "20")
    assert (drained.exit_code, drained.output) == (0, "1 of 1 sent\n")


async def test_draining_without_a_link_says_what_still_waits(office: Office) -> None:
    office.sender.link_is_down = True
    office.owe("a", 1)
    drained = await office.kiosk("queue", "drain", "--within", "0")
    said = "0 of 1 sent, 1 waiting, kept by: unreachable: dns\n"
    assert (drained.exit_code, drained.output) == (1, said)


async def test_what_is_parked_while_draining_is_no_success(office: Office) -> None:
    parked, _ = office.owe("a", 1), office.owe("b", 2)
    office.sender.link_is_down = True
    await office.kiosk("queue", "drain", "--within", "0")
    office.outbox.settle([Parked(parked, "rejected: kind_unknown")])
    office.sender.link_is_down = False
    office.sender.hurry()
    stand = json.loads((await office.kiosk("queue", "list", "--json")).output)["drain"]
    assert stand == {"sent": 1, "parked": 1, "waiting": 0}


async def test_what_matches_is_sent_again_or_set_aside_together(office: Office) -> None:
    office.sender.link_is_down = True
    one, two, three = (office.owe(key, 1) for key in "abc")
    office.outbox.settle([Parked(one, "rejected: x"), Parked(two, "rejected: y")])
    retried = await office.kiosk("queue", "retry", "--reason", "rejected: y")
    assert retried.output == "1 of 2 parked\n"
    assert office.outbox.state_of(two) is State.WAITING
    assert (await office.kiosk("queue", "park", "--kind", "other")).output == "0 of 2 waiting\n"
    assert (await office.kiosk("queue", "park", "--kind", "test")).output == "2 of 2 waiting\n"
    assert office.outbox.state_of(three) is State.PARKED
    listed = (await office.kiosk("queue", "list", "--state", "waiting")).output
    assert listed == "0 waiting, 3 parked\n"
    assert (await office.kiosk("queue", "retry", "--all")).output == "3 of 3 parked\n"
    assert office.told() == [
        "operation.replayed",
        *["operation.parked"] * 2,
        *["operation.replayed"] * 3,
    ]
    for wrong in (("retry",), ("retry", one, "--all"), ("park",), ("park", one, "--kind", "test")):
        assert (await office.kiosk("queue", *wrong)).exit_code == 2


async def test_the_export_has_reasons_and_no_ticket_and_no_words_from_elsewhere(
    office: Office, tmp_path: Path
) -> None:
    office.sender.link_is_down = True
    ticket, said = "SF-03-261124-0042", "rejected: Zhang 110101199003070011"
    first, second = office.owe(ticket, 1), office.owe(ticket, 2)
    third = office.owe("staff", 3)
    office.outbox.settle([Parked(first, "rejected: kind_unknown"), Parked(third, said)])
    whole = (await office.kiosk("queue", "export")).output
    lines = json.loads(whole)
    assert [(one["op_id"], one["group"], one["state"], one["reason"]) for one in lines] == [
        (first, 1, "parked", "rejected: kind_unknown"),
        (third, 2, "parked", "other"),
        (second, 1, "waiting", ""),
    ]
    file = tmp_path / "owed.csv"
    made = await office.kiosk("queue", "export", "--csv", "--to", str(file))
    assert made.output == f"3 operations: {file}\n"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [row["reason"] for row in rows] == ["rejected: kind_unknown", "other", ""]
    for word in (ticket, said, "Zhang"):
        assert word not in whole + file.read_text(encoding="utf-8")
    again = await office.kiosk("queue", "export", "--to", str(file))
    assert (again.exit_code, "exists" in again.output) == (1, True)


@pytest.mark.parametrize("act", ["show", "retry", "park", "release"])
async def test_an_operation_that_is_not_there_is_said_not_to_be(office: Office, act: str) -> None:
    said = await office.kiosk("queue", act, NOBODY)
    assert (said.exit_code, said.output) == (1, "no such operation\n")
    assert office.told() == []


async def test_what_is_done_cannot_be_parked(office: Office) -> None:
    op_id = office.owe("a", 1)
    office.sender.hurry()
    said = await office.kiosk("queue", "park", op_id)
    assert (said.exit_code, said.output) == (1, "it is done\n")


async def test_a_backup_that_cannot_be_made_is_said_with_its_cause(office: Office) -> None:
    said = await office.kiosk("backup", "now")
    assert (said.exit_code, said.output) == (1, "no backup: No space left on device\n")


async def test_the_screen_is_locked_for_cleaning_only_while_nobody_is_served(
    office: Office,
) -> None:
    done = await office.kiosk("screen-lock", "--seconds", "45")
    assert (done.exit_code, done.output) == (0, "locked for 45 s\n")
    assert (office.locks, office.told()) == ([45.0], ["screen.locked"])
    office.is_free = False
    refused = await office.kiosk("screen-lock")
    assert (refused.exit_code, len(office.told())) == (4, 1)
    assert "being served" in refused.output


async def test_a_screen_may_not_do_what_staff_may(office: Office) -> None:
    reader, writer = await asyncio.open_unix_connection(office.folder / SOCKET_NAME)
    writer.write(b'{"type":"hello","role":"screen","version":1}\n{"type":"drain"}\n')
    lines = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    assert b"not from a screen" in lines


def test_a_terminal_that_does_not_run_is_said_not_to(tmp_path: Path) -> None:
    environment = {"KIOSK__PATHS__STATE_DIR": str(tmp_path)}
    assert CliRunner().invoke(main, ["queue", "list"], env=environment).exit_code == 3
