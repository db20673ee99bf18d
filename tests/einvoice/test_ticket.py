"""This product's ticket and its QR text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice import ticket
from einvoice.ticket import CROCKFORD, DamagedTicket, MalformedTicket, Ticket

TERMINALS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=6)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
NUMBERS = st.builds(ticket.make_number, TERMINALS, DAYS, st.integers(0, 999_999_999))
TICKETS = st.builds(Ticket, NUMBERS, st.text(CROCKFORD, min_size=12, max_size=12))


def test_the_text_of_a_ticket_does_not_change_between_releases() -> None:
    # Slips with it are in people's pockets.
    text = ticket.to_text(Ticket("SF-03-261124-0042", "7K3M9PQ2XZ4T"))
    assert text == "FPXP1:SF-03-261124-0042:7K3M9PQ2XZ4T:NR"


def test_the_check_is_the_one_of_the_standard() -> None:
    # The example that ISO/IEC 7064 gives for MOD 1271-36.
    assert ticket.check_characters("ISO79") == "3W"


def test_the_number_names_terminal_day_and_count() -> None:
    number = ticket.make_number("03", date(2026, 11, 24), 42)
    assert number == "SF-03-261124-0042"
    assert Ticket(number, "0" * 12).issued_on == date(2026, 11, 24)
    assert ticket.make_number("A1", date(2026, 1, 2), 12345) == "SF-A1-260102-12345"


@pytest.mark.parametrize(
    ("terminal", "day", "running"),
    [
        ("", date(2026, 11, 24), 1),
        ("1234567", date(2026, 11, 24), 1),
        ("a", date(2026, 11, 24), 1),
        ("0-3", date(2026, 11, 24), 1),
        ("03", date(2126, 11, 24), 1),
        ("03", date(2026, 11, 24), -1),
        ("03", date(2026, 11, 24), 10**9),
    ],
)
def test_no_number_is_made_that_could_not_be_read(terminal: str, day: date, running: int) -> None:
    with pytest.raises(MalformedTicket):
        ticket.make_number(terminal, day, running)


@pytest.mark.parametrize(
    ("number", "secret"),
    [
        ("SF-03-261324-0042", "7K3M9PQ2XZ4T"),  # month 13
        ("SF-03-261124-042", "7K3M9PQ2XZ4T"),
        ("XX-03-261124-0042", "7K3M9PQ2XZ4T"),
        ("SF-03-261124-0042", "7K3M9PQ2XZ4"),
        ("SF-03-261124-0042", "7K3M9PQ2XZ4U"),  # U is not in the alphabet
        ("SF-03-261124-0042", "7k3m9pq2xz4t"),
    ],
)
def test_a_malformed_ticket_cannot_be_made(number: str, secret: str) -> None:
    with pytest.raises(MalformedTicket):
        Ticket(number, secret)


@given(TICKETS)
def test_a_ticket_comes_back_from_its_text(given_ticket: Ticket) -> None:
    assert ticket.parse(ticket.to_text(given_ticket)) == given_ticket


@given(TICKETS, st.data())
def test_one_wrong_character_is_always_found(given_ticket: Ticket, data: st.DataObject) -> None:
    text = ticket.to_text(given_ticket)
    place = data.draw(st.integers(len(ticket.PREFIX), len(text) - 1))
    other = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:-"))
    damaged = text[:place] + other + text[place + 1 :]
    assert damaged == text or ticket.parse(damaged) == DamagedTicket()


@given(TICKETS, st.data())
def test_two_swapped_neighbours_are_always_found(given_ticket: Ticket, data: st.DataObject) -> None:
    text = ticket.to_text(given_ticket)
    place = data.draw(st.integers(len(ticket.PREFIX), len(text) - 2))
    damaged = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert damaged == text or ticket.parse(damaged) == DamagedTicket()


@given(TICKETS, st.integers(1, 30))
def test_a_cut_ticket_is_damaged(given_ticket: Ticket, cut: int) -> None:
    text = ticket.to_text(given_ticket)[:-cut]
    if text.startswith("FPXP1"):
        assert ticket.parse(text) == DamagedTicket()


@given(st.text())
def test_other_texts_are_no_tickets(text: str) -> None:
    assert ticket.parse(text) is None or text.strip().upper().startswith("FPXP1")
