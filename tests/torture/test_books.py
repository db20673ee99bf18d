"""The checker of the torture: sound books pass, and every kind of wrong is seen."""

from collections.abc import Callable

import pytest

from benches.torture.books import (
    Books,
    Held,
    Notes,
    Owed,
    Paper,
    Printed,
    faults,
    read_papers,
)
from drivers.simulated.paper import Ending
from drivers.simulated.steering import SlipLine
from kiosk.text.catalogue import catalogue

TICKET = "SF-03-261124-0001"
SLIP = "SF-03-261124-0002"


def sound() -> Books:
    """A ticket that was kept and sent, a print that was proven, one that nobody knows about."""
    return Books(
        notes=Notes({TICKET}, {(SLIP, 0): ("proven", "")}, presses=3),
        owed=[Owed(1, "a", "11", "new"), Owed(2, "b", "22", "seen"), Owed(3, "c", "33", "new")],
        tickets_given=[TICKET],
        jobs=[Printed(SLIP, 0, "proven", ""), Printed(SLIP, 1, "unknown", "interrupted")],
        held=[Held(1, "a", "11", TICKET), Held(2, "b", "22", SLIP), Held(3, "c", "33", SLIP)],
        tickets_held=[TICKET],
        reported=[Printed(SLIP, 0, "proven", ""), Printed(SLIP, 1, "unknown", "interrupted")],
        papers=[Paper(SLIP, 0, complete=True), Paper("", 0, complete=False)],
    )


def test_sound_books_agree() -> None:
    assert faults(sound()) == []


def _lose_ticket(books: Books) -> None:
    books.tickets_held.clear()


def _forget_ticket(books: Books) -> None:
    books.tickets_given.clear()


def _false_acknowledgement(books: Books) -> None:
    del books.held[0]


def _another_body(books: Books) -> None:
    books.held[1] = Held(2, "b", "99", SLIP)


def _still_owed(books: Books) -> None:
    books.owed[2] = Owed(3, "c", "33", "")


def _parked(books: Books) -> None:
    books.owed[2] = Owed(3, "c", "33", "", parked=True)


def _gap(books: Books) -> None:
    del books.owed[1]


def _applied_twice(books: Books) -> None:
    books.held.append(Held(3, "c", "33", "another"))


def _never_owed(books: Books) -> None:
    books.held.append(Held(9, "z", "99", "another"))


def _reported_twice(books: Books) -> None:
    books.reported.append(books.reported[0])


def _reported_otherwise(books: Books) -> None:
    books.reported[0] = Printed(SLIP, 0, "failed", "paper_out")


def _shown_otherwise(books: Books) -> None:
    books.notes.prints[SLIP, 0] = ("unknown", "no_proof")


def _without_end(books: Books) -> None:
    books.jobs[1] = Printed(SLIP, 1, "", "")


def _overtaken(books: Books) -> None:
    books.held[1:] = reversed(books.held[1:])


def _printed_twice(books: Books) -> None:
    books.papers[1] = Paper(SLIP, 0, complete=True)


def _no_slip(books: Books) -> None:
    books.papers[0] = Paper(SLIP, 0, complete=False)


def _too_much_paper(books: Books) -> None:
    books.papers.append(Paper("", 0, complete=False))


def _nobody_pressed(books: Books) -> None:
    books.notes.presses = 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_lose_ticket, "was given and is not held"),
        (_forget_ticket, "was promised and is not kept"),
        (_false_acknowledgement, "was acknowledged"),
        (_another_body, "is not held as it was"),
        (_still_owed, "still owed"),
        (_parked, "parked"),
        (_gap, "gaps"),
        (_applied_twice, "operation applied 2 times"),
        (_never_owed, "never owed"),
        (_reported_twice, "print reported 2 times"),
        (_reported_otherwise, "ended proven and is held as"),
        (_shown_otherwise, "was shown as"),
        (_without_end, "has no end"),
        (_overtaken, "was applied after"),
        (_printed_twice, "slip printed 2 times"),
        (_no_slip, "no complete slip came out"),
        (_too_much_paper, "pieces of paper"),
        (_nobody_pressed, "presses"),
    ],
)
def test_whatever_is_wrong_is_seen(spoil: Callable[[Books], None], said: str) -> None:
    books = sound()
    spoil(books)
    assert any(said in fault for fault in faults(books)), faults(books)


def test_a_slip_is_read_by_its_number_and_its_copy() -> None:
    books = Books()
    copy = catalogue("zh").say("slip.copy", copy=2)
    read_papers(
        books,
        [
            SlipLine(1, True, Ending.CUT, f"{copy}\n{TICKET}\n{SLIP} 03\n", (), "", ""),
            SlipLine(2, False, Ending.PAPER_END, "torn", (), "", ""),
        ],
    )
    assert books.papers == [
        Paper(SLIP, 2, complete=True),
        Paper("", 0, complete=False, roll_ended=True),
    ]
