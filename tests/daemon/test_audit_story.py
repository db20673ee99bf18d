"""The story that the terminal tells: who came, what was shown, what was promised, in order."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from visit_kit import INVOICE, TICKET, Hall, answered, put_off

from einvoice.ticket import to_text
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.cli import main
from kiosk.clock import BEIJING, SystemClock
from kiosk.daemon import acts
from kiosk.daemon.audit import MAX_WAITING, Audit
from kiosk.daemon.inquiry import TicketOpen
from kiosk.daemon.journal import Job
from kiosk.daemon.keeping import Keeper, Kept
from kiosk.daemon.opening import open_queue
from offline_queue.errors import FullBecause, OutboxFull
from offline_queue.outbox import Outbox

DOCS = Path(__file__).parents[2] / "docs"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)


class Story:
    """A visit whose acts are collected."""

    def __init__(self) -> None:
        self.acts: list[acts.Act] = []
        self.hall = Hall(note=self.acts.append)

    @property
    def ids(self) -> list[str]:
        return [acts.act_id(one) for one in self.acts]


def test_the_page_of_the_documentation_is_current() -> None:
    assert (DOCS / "audit-catalogue.md").read_text(encoding="utf-8") == acts.page()


def test_every_act_has_a_meaning_and_a_sentence_with_exactly_its_fields() -> None:
    catalogue = acts.catalogue()
    for act in acts.ACTS:
        assert act.__doc__
        assert act.__doc__ != acts.Act.__doc__
        catalogue.require(acts.act_id(act), act.__struct_fields__)
    assert len({acts.act_id(one) for one in acts.ACTS}) == len(acts.ACTS)


async def test_a_visit_is_told_from_its_first_sign_to_its_end() -> None:
    story = Story()
    await story.hall.scan(answered(Verdict.VOID))
    story.hall.visit.intend(m.GoHome(story.hall.turn))
    assert story.ids == ["visit.begun", "invoice.asked", "invoice.answered", "visit.ended"]
    begun, asked, shown, ended = story.acts
    assert isinstance(begun, acts.VisitBegun)
    assert begun.by == "scan"
    assert isinstance(asked, acts.InvoiceAsked)
    assert isinstance(shown, acts.InvoiceAnswered)
    assert shown.verdict == "VOID"
    assert isinstance(ended, acts.VisitEnded)
    assert ended.why == "left"
    assert begun.visit == asked.visit == shown.visit == ended.visit != ""


async def test_one_who_walks_away_is_told_and_the_next_is_another_visit() -> None:
    story = Story()
    story.hall.visit.intend(m.OpenHelp(story.hall.turn, "where"))
    story.hall.pass_seconds(400)
    story.hall.visit.intend(m.OpenHelp(story.hall.turn, "where"))
    first, ended, second = story.acts
    assert ended == acts.VisitEnded(getattr(first, "visit", ""), "timed_out")
    assert isinstance(second, acts.VisitBegun)
    assert second.by == "touch"
    assert second.visit != getattr(first, "visit", "")


async def test_a_touch_of_the_home_screen_alone_is_no_visit() -> None:
    story = Story()
    story.hall.visit.intend(m.Touched())
    story.hall.pass_seconds(300)
    assert story.acts == []


async def test_a_ticket_without_an_answer_is_told_once_however_often_it_is_looked_up() -> None:
    story = Story()
    story.hall.visit.scanned(to_text(TICKET))
    await story.hall.settle()
    for _ in range(3):
        story.hall.desk.look_ups[-1][1].set_result(TicketOpen("pending"))
        await story.hall.settle()
        story.hall.pass_seconds(6)
        await story.hall.settle()
    assert story.ids == ["visit.begun", "ticket.asked", "ticket.open"]


async def test_nothing_of_an_invoice_stands_in_the_story() -> None:
    story = Story()
    await story.hall.scan(put_off())
    said = " ".join(str(acts.fields_of(one)) for one in story.acts)
    for secret in (INVOICE.number, str(INVOICE.amount), "A1B2", TICKET.secret):
        assert secret not in said
    assert acts.stable_word("张三 owes 5 yuan") == "other"


class Bench:
    """A story on a real file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sealer, self.outbox = open_queue(folder)
        self.audit = Audit.open(self.outbox, folder)

    def events(self) -> list[str]:
        with closing(sqlite3.connect(self.folder / "queue.db")) as connection:
            return [event for (event,) in connection.execute("select event from audit order by n")]

    async def write(self) -> None:
        """Let the daemon's own task write what was noted."""
        running = asyncio.create_task(self.audit.run())
        async with asyncio.timeout(30):
            while self.audit.waiting:
                await asyncio.sleep(0.005)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await self.audit.flush()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "state")


def command(folder: Path, *arguments: str) -> Result:
    environment = {"KIOSK__PATHS__STATE_DIR": str(folder)}
    return CliRunner().invoke(main, ["audit", *arguments], env=environment)


async def test_what_is_promised_and_its_record_are_one_commit(bench: Bench) -> None:
    keeper = Keeper(bench.outbox, bench.sealer, "03", SystemClock(), note_in=bench.audit.note_in)
    kept = keeper.verify_later(INVOICE)
    assert isinstance(kept, Kept)
    job = Job("job-1", kept.ticket.number, 0, kept.ticket.number, NOON, None)
    keeper.begin_job(job)
    keeper.end_job(job, "proven", "")
    keeper.staff_called("home")
    keeper.device_trouble("printer", "paper_out")
    bench.outbox.close()  # nothing was flushed: each record came with its act
    assert bench.events() == [
        "ticket.given",
        "print.begun",
        "print.ended",
        "staff.called",
        "device.changed",
    ]


async def test_what_was_noted_is_written_in_order_and_checks_out(bench: Bench) -> None:
    for count in range(450):
        bench.audit.note(acts.Forgotten("jobs", count))
    await bench.write()
    bench.outbox.close()
    result = command(bench.folder, "verify")
    assert result.exit_code == 0, result.output
    assert "450 records, signed up to 450" in result.output
    listed = command(bench.folder, "list", "--count", "2").output
    assert "448 of jobs were forgotten." in listed.splitlines()[0]


async def test_on_a_full_disk_acts_wait_and_what_was_given_up_is_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Outbox) -> None:
        raise OutboxFull(FullBecause.DISK_FULL)

    with monkeypatch.context() as disk:
        disk.setattr(Outbox, "transaction", full)
        for count in range(MAX_WAITING + 3):
            bench.audit.note(acts.Forgotten("jobs", count))
        await bench.audit.flush()
        assert bench.audit.waiting == MAX_WAITING
    await bench.audit.flush()
    told = bench.events()
    assert len(told) == MAX_WAITING + 1
    assert told.count("audit.missed") == 1


@pytest.mark.parametrize(
    ("tampering", "why"),
    [
        (
            "update audit set fields = replace(fields, '3', '4') where n = 3",
            "record 3: was changed",
        ),
        ("delete from audit where n = 2", "record 2: is gone"),
        ("delete from audit where n = 5", "record 5: is signed and gone"),
    ],
)
async def test_a_story_that_somebody_changed_with_sqlite_is_told_apart(
    bench: Bench, tampering: str, why: str
) -> None:
    for count in range(5):
        bench.audit.note(acts.Forgotten("jobs", count + 1))
    await bench.write()
    bench.outbox.close()
    with closing(sqlite3.connect(bench.folder / "queue.db")) as connection, connection:
        connection.execute(tampering)
    result = command(bench.folder, "verify")
    assert result.exit_code == 1
    assert why in result.output


async def test_a_story_cut_at_its_end_shows_against_a_head_that_somebody_kept(
    bench: Bench,
) -> None:
    for count in range(3):
        bench.audit.note(acts.Forgotten("jobs", count))
    await bench.write()
    kept = bench.audit.report()
    assert kept is not None
    bench.outbox.close()
    with closing(sqlite3.connect(bench.folder / "queue.db")) as connection, connection:
        connection.execute("delete from audit where n > 1")
        connection.execute("delete from audit_checkpoints where n > 1")
    assert command(bench.folder, "verify").exit_code == 0
    assert command(bench.folder, "verify", "--expect", f"{kept.n}:{kept.hash}").exit_code == 1


def test_where_there_is_no_terminal_the_commands_say_so(tmp_path: Path) -> None:
    assert command(tmp_path, "verify").exit_code == 3
    assert command(tmp_path, "list").exit_code == 3


async def test_a_service_that_went_back_is_told(bench: Bench) -> None:
    bench.audit.confirmed(90)
    bench.audit.confirmed(90)
    assert bench.audit.waiting == 0
    bench.audit.confirmed(40)
    await bench.write()
    assert bench.events() == ["service.rolled_back"]
