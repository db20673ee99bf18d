"""What a hall has written down, in five books, and what no two of them may disagree about.

The person's notes (what the screen promised), the terminal's journal, the central service's
inbox and its effects, and the paper that came out of the printer.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.simulated.paper import Ending
from drivers.simulated.steering import SlipLine
from kiosk.text.catalogue import catalogue

_SLIP_NUMBER = re.compile(r"SF-[0-9A-Z]{1,6}-[0-9]{6}-[0-9]{4,9}")
_MOST_COPIES = 9
TAKEN = ("new", "seen")
"""Verdicts with which the service says that it holds an operation."""


@dataclass(slots=True)
class Notes:
    """What a person did and was promised.

    Attributes:
        tickets: numbers of tickets of which the screen said that the request is kept.
        prints: outcome and cause that the screen showed, by slip and copy.
        presses: how often a print or a reprint was asked for.
    """

    tickets: set[str] = field(default_factory=set[str])
    prints: dict[tuple[str, int], tuple[str, str]] = field(
        default_factory=dict[tuple[str, int], tuple[str, str]]
    )
    presses: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """An operation in the terminal's queue or its trace; `verdict` is "" while it is there."""

    seq: int
    op_id: str
    sha256: str
    verdict: str
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A print, as the terminal's journal or the service's effects have it. "" is no end yet."""

    slip: str
    copy: int
    outcome: str
    why: str

    @property
    def key(self) -> tuple[str, int]:
        """Which print it is."""
        return self.slip, self.copy


@dataclass(frozen=True, slots=True)
class Held:
    """An operation in the service's inbox."""

    seq: int
    op_id: str
    sha256: str
    order_key: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of paper: the slip and copy that can be read on it ("" where none can).

    A roll that ends in mid-slip cuts a slip in two, the second on the next roll: `roll_ended`.
    """

    slip: str
    copy: int
    complete: bool
    roll_ended: bool = False


@dataclass(slots=True)
class Books:
    """All of them. `held` is in the order in which the service applied."""

    notes: Notes = field(default_factory=Notes)
    owed: list[Owed] = field(default_factory=list[Owed])
    tickets_given: list[str] = field(default_factory=list[str])
    jobs: list[Printed] = field(default_factory=list[Printed])
    held: list[Held] = field(default_factory=list[Held])
    tickets_held: list[str] = field(default_factory=list[str])
    reported: list[Printed] = field(default_factory=list[Printed])
    papers: list[Paper] = field(default_factory=list[Paper])


def read_terminal(books: Books, database: Path) -> None:
    """The terminal's queue, traces, tickets and jobs."""
    rows = _rows(
        database,
        "SELECT seq, op_id, lower(hex(sha256)), '', state = 1 FROM operations UNION ALL"
        " SELECT seq, op_id, lower(hex(sha256)), verdict, 0 FROM done ORDER BY seq",
    )
    books.owed = [Owed(*row[:4], parked=bool(row[4])) for row in rows]
    books.tickets_given = [row[0] for row in _rows(database, "SELECT number FROM ticket")]
    jobs = "SELECT slip, copy, coalesce(outcome, ''), coalesce(why, '') FROM job"
    books.jobs = [Printed(*row) for row in _rows(database, jobs)]


def read_service(books: Books, database: Path) -> None:
    """The service's inbox and what it did about it."""
    inbox = "SELECT seq, op_id, sha256, order_key FROM inbox ORDER BY applied"
    books.held = [Held(*row) for row in _rows(database, inbox)]
    books.tickets_held = [row[0] for row in _rows(database, "SELECT number FROM tickets")]
    outcomes = "SELECT slip, copy, outcome, why FROM print_outcomes"
    books.reported = [Printed(*row) for row in _rows(database, outcomes)]


def read_papers(books: Books, slips: Iterable[SlipLine]) -> None:
    """What came out of the printer."""
    books.papers = [_paper(slip) for slip in slips]


def _paper(slip: SlipLine) -> Paper:
    text = slip.text
    numbers = _SLIP_NUMBER.findall(text)
    words = catalogue("zh")
    said = (n for n in range(1, _MOST_COPIES + 1) if words.say("slip.copy", copy=n) in text)
    roll_ended = slip.ending is Ending.PAPER_END
    return Paper(numbers[-1] if numbers else "", next(said, 0), slip.complete, roll_ended)


def faults(books: Books) -> list[str]:
    """Everything in which the books disagree after all that is owed was sent; none is right."""
    return [*faults_without_paper(books), *_paper_faults(books)]


def faults_without_paper(books: Books) -> list[str]:
    """As `faults`, where nobody knows what had come out of the printer by then."""
    return [*_lost(books), *_twice(books), *_out_of_order(books.held)]


def kept_promises_missing(books: Books) -> list[str]:
    """What the screen promised and the terminal's own journal does not have."""
    given = set(books.tickets_given)
    jobs = {job.key: (job.outcome, job.why) for job in books.jobs}
    return [
        *(
            f"ticket {number} was promised and is not kept"
            for number in books.notes.tickets - given
        ),
        *(
            f"print {key} was shown as {shown} and is kept as {jobs.get(key)}"
            for key, shown in books.notes.prints.items()
            if jobs.get(key) != shown
        ),
    ]


def acknowledged_missing(books: Books) -> list[str]:
    """What the terminal took off its queue and the service does not hold."""
    held = {one.op_id: one.sha256 for one in books.held}
    return [
        f"operation {one.seq} was acknowledged ({one.verdict}) and is not held as it was"
        for one in books.owed
        if one.verdict in TAKEN and held.get(one.op_id) != one.sha256
    ]


def _lost(books: Books) -> Iterator[str]:
    yield from kept_promises_missing(books)
    yield from acknowledged_missing(books)
    for one in books.owed:
        if one.verdict not in TAKEN:
            yield f"operation {one.seq} is " + ("parked" if one.parked else "still owed")
    seqs = [one.seq for one in books.owed]
    if seqs != list(range(1, len(seqs) + 1)):
        yield f"the running numbers have gaps: {len(seqs)} operations up to {max(seqs)}"
    for number in set(books.tickets_given) - set(books.tickets_held):
        yield f"ticket {number} was given and is not held"
    reported = {one.key: one for one in books.reported}
    for job in books.jobs:
        if not job.outcome:
            yield f"print {job.key} has no end"
        elif reported.get(job.key) != job:
            yield f"print {job.key} ended {job.outcome} and is held as {reported.get(job.key)}"


def _twice(books: Books) -> Iterator[str]:
    yield from _repeated("operation applied", (one.op_id for one in books.held))
    yield from _repeated("ticket held", books.tickets_held)
    yield from _repeated("print reported", (one.key for one in books.reported))
    yield from _repeated("print begun", (one.key for one in books.jobs))
    owed = {one.op_id for one in books.owed}
    for one in books.held:
        if one.op_id not in owed:
            yield f"operation {one.seq} is held and was never owed"
    for number in set(books.tickets_held) - set(books.tickets_given):
        yield f"ticket {number} is held and was never given"


def _out_of_order(held: Iterable[Held]) -> Iterator[str]:
    last: dict[str, int] = {}
    for one in held:
        if one.seq <= last.get(one.order_key, 0):
            yield f"{one.order_key}: {one.seq} was applied after {last[one.order_key]}"
        last[one.order_key] = one.seq


def _paper_faults(books: Books) -> Iterator[str]:
    whole = [(paper.slip, paper.copy) for paper in books.papers if paper.complete]
    yield from _repeated("slip printed", whole)
    proven = {one.key for one in books.reported if one.outcome == "proven"}
    for key in proven - set(whole):
        yield f"print {key} is reported proven and no complete slip came out"
    # Of a slip in two pieces the second has no head: which copy it is cannot be read. So pieces
    # are counted.
    pieces = sum(not paper.roll_ended for paper in books.papers)
    if pieces > len(books.jobs):
        yield f"{pieces} pieces of paper from {len(books.jobs)} print jobs"
    if len(books.jobs) > books.notes.presses:
        yield f"{len(books.jobs)} print jobs from {books.notes.presses} presses"


def _repeated(what: str, keys: Iterable[object]) -> Iterator[str]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield f"{what} {count} times: {key}"


def _rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
