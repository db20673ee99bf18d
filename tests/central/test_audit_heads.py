"""A terminal whose story was cut, rolled back or written anew is seen; an honest one never is."""

import hashlib

import pytest
from central_kit import AT, ServiceProcess, printed, rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.contract import AuditReport, OperationsAnswer, ProblemCode
from central.failure import Refused
from central.service import audit_heads
from central.service.audit_heads import Found
from central.service.store import Connection

NO_HASH = "0" * 64


class Terminal:
    """Tells its story as the real one does."""

    def __init__(self) -> None:
        self.hashes = [NO_HASH]
        self.generation = 1
        self.asked_n = 0

    def happen(self, what: str) -> None:
        whole = f"{self.hashes[-1]}{what}".encode()
        self.hashes.append(hashlib.sha256(whole).hexdigest())

    def report(self) -> AuditReport:
        n = len(self.hashes) - 1
        proves = 0 < self.asked_n <= n
        return AuditReport(
            n,
            self.hashes[n],
            self.generation,
            self.asked_n if proves else 0,
            self.hashes[self.asked_n] if proves else "",
        )


class Service:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def take(self, terminal: Terminal, *, answer_lost: bool = False) -> Found | None:
        n, alert = audit_heads.take(self.connection, "t1", terminal.report(), AT)
        if not answer_lost:
            terminal.asked_n = n
        return alert and alert.found

    @property
    def kept_n(self) -> int:
        kept = audit_heads.kept_head(self.connection, "t1")
        return 0 if kept is None else kept.n


@pytest.fixture
def books(inside: Connection) -> Service:
    return Service(inside)


def a_terminal(records: int = 5) -> Terminal:
    terminal = Terminal()
    for n in range(records):
        terminal.happen(f"act {n}")
    return terminal


def test_an_honest_story_is_followed_record_by_record(books: Service) -> None:
    terminal = a_terminal()
    assert books.take(terminal) is None
    terminal.happen("more")
    assert books.take(terminal) is None
    assert books.kept_n == 6


def test_a_lost_answer_costs_one_more_batch_and_no_alarm(books: Service) -> None:
    terminal = a_terminal()
    books.take(terminal)
    terminal.happen("more")
    assert books.take(terminal, answer_lost=True) is None
    terminal.happen("and more")
    assert books.take(terminal) is None
    assert books.kept_n == 6
    assert books.take(terminal) is None
    assert books.kept_n == 7


def test_a_terminal_that_was_restarted_proves_itself_with_its_second_batch(
    books: Service,
) -> None:
    terminal = a_terminal()
    books.take(terminal)
    terminal.asked_n = 0
    terminal.happen("started")
    assert books.take(terminal) is None
    assert books.kept_n == 5
    assert books.take(terminal) is None
    assert books.kept_n == 6


def test_a_story_that_was_cut_is_seen(books: Service) -> None:
    terminal = a_terminal()
    books.take(terminal)
    del terminal.hashes[4:]
    assert books.take(terminal) is Found.CUT


def test_a_story_that_was_cut_and_went_on_is_seen(books: Service) -> None:
    terminal = a_terminal()
    books.take(terminal)
    del terminal.hashes[4:]
    for n in range(9):
        terminal.happen(f"other {n}")
    assert books.take(terminal) is Found.REWRITTEN


def test_one_that_avoids_the_proof_is_asked_again_and_never_believed(books: Service) -> None:
    terminal = a_terminal()
    books.take(terminal)
    del terminal.hashes[4:]
    for n in range(9):
        terminal.happen(f"other {n}")
    for _ in range(3):
        terminal.asked_n = 0
        assert books.take(terminal) is None
        assert books.kept_n == 5
    assert books.take(terminal) is Found.REWRITTEN


def test_a_terminal_that_came_back_from_a_backup_is_seen_as_that(books: Service) -> None:
    terminal = a_terminal()
    books.take(terminal)
    del terminal.hashes[3:]
    terminal.generation += 1
    assert books.take(terminal) is Found.RESTORED
    terminal.happen("restored")
    assert books.take(terminal) is None


def test_a_service_put_back_to_an_older_copy_raises_no_alarm_and_catches_up(
    books: Service,
) -> None:
    terminal = a_terminal()
    books.take(terminal)
    older = audit_heads.kept_head(books.connection, "t1")
    assert older is not None
    for n in range(4):
        terminal.happen(f"later {n}")
        books.take(terminal)
    books.connection.execute(
        "UPDATE audit_heads SET n = ?, hash = ?, generation = ?",
        (older.n, older.hash, older.generation),
    )
    terminal.happen("after")
    assert books.take(terminal) is None
    assert terminal.asked_n == 5
    assert books.take(terminal) is None
    assert books.kept_n == len(terminal.hashes) - 1


@given(
    steps=st.lists(
        st.one_of(
            st.sampled_from(["send", "lost", "restart"]), st.integers(min_value=1, max_value=5)
        ),
        max_size=30,
    ),
    cut_to=st.integers(min_value=0, max_value=30),
    more=st.integers(min_value=0, max_value=30),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_lost_the_honest_are_believed_and_the_others_found(
    books: Service, steps: list[str | int], cut_to: int, more: int
) -> None:
    books.connection.execute("DELETE FROM audit_heads")
    terminal = Terminal()
    for number, step in enumerate(steps):
        match step:
            case "send" | "lost":
                assert books.take(terminal, answer_lost=step == "lost") is None
            case "restart":
                terminal.asked_n = 0
            case count:
                for _ in range(int(count)):
                    terminal.happen(f"step {number}")
    books.take(terminal)
    assert books.take(terminal) is None
    assert books.kept_n == len(terminal.hashes) - 1
    if cut_to >= books.kept_n:
        return
    del terminal.hashes[cut_to + 1 :]
    for n in range(more):
        terminal.happen(f"other {n}")
    terminal.asked_n = 0
    assert {books.take(terminal), books.take(terminal)} & {Found.CUT, Found.REWRITTEN}


async def test_the_running_service_names_what_is_to_be_proven_and_keeps_the_alert(
    service: ServiceProcess,
) -> None:
    terminal = a_terminal()
    async with service.client(terminal="cut-1") as client:
        first = await client.send((printed(501),), "b", 30, terminal.report())
        assert isinstance(first, OperationsAnswer)
        assert first.audit_n == 5
        del terminal.hashes[3:]
        assert isinstance(
            await client.send((printed(502),), "b", 30, terminal.report()), OperationsAnswer
        )
        wrong = await client.send((printed(503),), "b", 30, AuditReport(1, "no hash"))
        assert isinstance(wrong, Refused)
        assert wrong.problem.code == ProblemCode.BODY_MALFORMED.value
        without = await client.send((printed(504),), "b", 30)
        assert isinstance(without, OperationsAnswer)
        assert without.audit_n == 0
    query = "SELECT found, kept_n, told_n FROM audit_alerts WHERE terminal = 'cut-1'"
    assert rows(service.directory, query) == [("cut", 5, 2)]
