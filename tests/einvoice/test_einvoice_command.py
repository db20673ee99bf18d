"""`python -m einvoice`."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einvoice import ticket
from einvoice.__main__ import Report, as_json, as_text, main, read_text
from einvoice.reasons import NOTE_KEYS

TODAY = date(2026, 11, 24)
DIGITAL = "01,31,,24112000000048542163,4449.00,20240528,,B2B6"


def test_it_says_what_was_read_and_from_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([DIGITAL, "--today", "2026-11-24"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "invoice"
    assert ["number", "24112000000048542163", "QR", "field", "3"] in [
        line.split() for line in lines
    ]
    assert lines[-1].split() == ["structure", "agrees"]


def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([DIGITAL, "--today", "2026-11-24", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["read"]["amount"] == {"value": "4449.00", "from": "QR field 4"}
    assert (said["refused"], said["agrees"]) == (None, True)


@pytest.mark.parametrize(
    ("text", "today", "refused"),
    [
        (DIGITAL, "2024-05-27", "INVALID_INPUT date_in_future"),
        (DIGITAL, "2029-05-29", "TOO_OLD older_than_five_years"),
    ],
)
def test_a_refusal_is_said_and_fails_the_command(
    text: str, today: str, refused: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([text, "--today", today]) == 1
    assert refused in " ".join(capsys.readouterr().out.split())


def test_the_secret_of_a_ticket_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    text = ticket.to_text(ticket.Ticket("SF-03-261124-0042", "7K3M9PQ2XZ4T"))
    assert main([text]) == 0
    printed = capsys.readouterr().out
    assert "SF-03-261124-0042" in printed
    assert "7K3M9PQ2XZ4T" not in printed


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["24112000000048542163"]) == 1
    assert "issued_on amount" in capsys.readouterr().out


@given(st.text(max_size=60))
def test_any_text_gets_a_report_in_both_forms(text: str) -> None:
    report: Report = read_text(text, TODAY)
    assert as_text(report).startswith(report.what)
    assert json.loads(as_json(report))["what"] == report.what
    assert set(report.noted) <= NOTE_KEYS
