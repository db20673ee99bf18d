"""Staff read the log at the screen: bounded, filtered, and nothing of a person in it."""

import logging
from pathlib import Path

import msgspec
import pytest

from kiosk.daemon.log_ring import KEPT, MAX_CHARS, LogRing
from kiosk.logs import fact
from kiosk.look_messages import AskLogs


@pytest.fixture
def ring() -> LogRing:
    return LogRing()


def logger_into(ring: LogRing, name: str) -> logging.Logger:
    logger = logging.Logger(name)
    logger.addHandler(ring)
    return logger


def test_the_newest_are_kept_and_no_more_than_fit(ring: LogRing) -> None:
    log = logger_into(ring, "kiosk.daemon.link")
    for number in range(KEPT + 5):
        fact(log, "link.changed", count=number)
    fact(log, "link.changed", why="a" * 4 * MAX_CHARS)
    shown = ring.shown(AskLogs(limit=3))
    assert shown.kept == KEPT
    assert [one.said for one in shown.lines[1:]] == [
        f"link.changed count={KEPT + 4}",
        f"link.changed count={KEPT + 3}",
    ]
    assert len(shown.lines[0].said) <= MAX_CHARS


def test_lines_are_found_by_gravity_source_and_text(ring: LogRing) -> None:
    fact(logger_into(ring, "kiosk.daemon.link"), "link.changed", state="offline")
    fact(logger_into(ring, "kiosk.daemon.printing"), "printer.changed", state="ready")
    try:
        Path("/nowhere/李明").read_text()
    except OSError:
        logger_into(ring, "kiosk.daemon.visit").exception("visit.failed")
    grave = ring.shown(AskLogs(grave_only=True)).lines
    assert [(one.level, one.said) for one in grave] == [
        ("error", "visit.failed error=FileNotFoundError")
    ]
    of_printing = ring.shown(AskLogs(sources=("printing",))).lines
    assert [one.said for one in of_printing] == ["printer.changed state=ready"]
    found = ring.shown(AskLogs(text="OFFLINE")).lines
    assert [one.source for one in found] == ["kiosk.daemon.link"]


def test_nothing_of_a_person_is_kept(ring: LogRing) -> None:
    log = logger_into(ring, "kiosk.daemon.visit")
    fact(log, "visit.odd", name="李明", number="26112000000000000018", why="paper_out")
    log.warning("free words about 李明")
    told = msgspec.json.encode(ring.shown(AskLogs()))
    assert "李明".encode() not in told
    assert b"2611200000" not in told
    assert b"why=paper_out" in told
