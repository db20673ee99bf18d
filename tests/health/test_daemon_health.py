"""What the daemon's parts know becomes a fault, and the screen says the same."""

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from central.contract import Problem
from central.failure import (
    BadCertificate,
    Bar,
    Failure,
    NotAdmitted,
    NoTime,
    NotOurs,
    Overloaded,
    Refused,
    Unreachable,
)
from drivers.documents.outcome import A4Cause, A4NoAnswer, A4NotReady
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready
from kiosk.daemon.health import Paper, Readings, fault_of_failure, found_faults
from kiosk.daemon.stations import together
from kiosk.daemon.surroundings import Surroundings
from kiosk.health.faults import faults
from kiosk.staff_messages import FaultFound, Tried

WELL = Readings(
    printers={"printer": Ready()},
    papers={"printer": Paper("plenty", 300)},
    scanner="connected",
    a4=None,
    failure=None,
    is_sandbox=False,
    parked=0,
    oldest_waiting_s=None,
    clock_ahead=None,
    certificate_left=timedelta(days=200),
    backup_trouble="",
    backup_on_same_disk=False,
    upload_trouble="",
    trials=(),
    screens=1,
)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OLD = Problem(type="", title="", status=426, code="version_too_old")
NO = Problem(type="", title="", status=400, code="body_malformed")


def ids(now: Readings) -> list[str]:
    return [one.id for one in found_faults(now)]


def test_a_well_terminal_has_no_fault() -> None:
    assert ids(WELL) == []


@pytest.mark.parametrize("status", [*(NotReady(cause) for cause in Cause), NoAnswer()])
def test_whatever_stops_the_printer_is_named_and_stands_on_the_screen(
    status: PrinterStatus,
) -> None:
    (name,) = ids(replace(WELL, printers={"printer": status}))
    assert faults()[name].screen in Surroundings(printer=status).ribbons
    assert ids(replace(WELL, printers={"printer": Ready()})) == []


def test_one_of_two_printers_is_no_matter_for_people() -> None:
    statuses = {"printer": NotReady(Cause.COVER_OPEN), "printer2": Ready()}
    found = found_faults(replace(WELL, printers=statuses))
    assert found == (FaultFound("printer_one_of_two", "printer cover_open"),)
    assert Surroundings(printer=together(tuple(statuses.values()))).ribbons == ()


@pytest.mark.parametrize(
    ("failure", "name"),
    [
        (Unreachable("dns"), "network_dns"),
        (Unreachable(f"connect: {os.strerror(errno.ECONNREFUSED)}"), "network_refused"),
        (Unreachable(f"connect: {os.strerror(errno.ENETUNREACH)}"), "network_no_route"),
        (Unreachable(f"connect: {os.strerror(errno.EHOSTUNREACH)}"), "network_no_route"),
        (Unreachable(f"connect: {os.strerror(errno.ETIMEDOUT)}"), "network_timeout"),
        (Unreachable("tls_cut"), "network_cut"),
        (Unreachable("http_502"), "network_cut"),
        (NoTime(), "network_slow"),
        (NotOurs("redirect"), "network_captive"),
        (BadCertificate("unable to get issuer", clock_suspected=False), "service_certificate"),
        (BadCertificate("expired", clock_suspected=True), "clock_breaks_certificate"),
        (Overloaded(30), "service_overloaded"),
        (Refused(OLD), "service_version"),
        (Refused(NO), "service_refuses"),
        (NotAdmitted(Bar.NOT_ENROLLED), "not_enrolled"),
        (NotAdmitted(Bar.UNKNOWN), "certificate_unknown"),
        (NotAdmitted(Bar.REVOKED), "certificate_revoked"),
        (NotAdmitted(Bar.SUPERSEDED), "certificate_superseded"),
        (NotAdmitted(Bar.EXPIRED), "certificate_expired"),
        (NotAdmitted(Bar.NOT_YET_VALID), "certificate_not_yet_valid"),
        (NotAdmitted(Bar.OTHER_TERMINAL), "certificate_other_terminal"),
    ],
)
def test_whatever_keeps_the_service_away_is_named(failure: Failure, name: str) -> None:
    assert fault_of_failure(failure).id == name
    assert ids(replace(WELL, failure=failure)) == [name]
    keeps_away = not isinstance(failure, Overloaded | Refused)
    assert (faults()[name].screen == "link_down") is keeps_away


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (replace(WELL, printers={}), FaultFound("printer_none")),
        (
            replace(WELL, papers={"printer": Paper("few", 12)}),
            FaultFound("printer_paper_low", "printer, 12"),
        ),
        (
            replace(WELL, printers={"printer": Ready(near_end=True)}),
            FaultFound("printer_paper_low", "printer"),
        ),
        (replace(WELL, scanner=None), FaultFound("scanner_none")),
        (replace(WELL, keypad="busy"), FaultFound("keypad_gone", "busy")),
        (replace(WELL, scanner="unplugged"), FaultFound("scanner_gone", "unplugged")),
        (
            replace(WELL, a4=A4NotReady(A4Cause.PAPER_OUT)),
            FaultFound("a4_not_ready", A4Cause.PAPER_OUT.value),
        ),
        (replace(WELL, a4=A4NoAnswer()), FaultFound("a4_silent")),
        (replace(WELL, is_sandbox=True), FaultFound("service_sandbox")),
        (replace(WELL, parked=3), FaultFound("owed_parked", "3")),
        (replace(WELL, oldest_waiting_s=90_000.0), FaultFound("owed_old", "25 h")),
        (replace(WELL, clock_ahead=timedelta(seconds=-90)), FaultFound("clock_wrong", "-90 s")),
        (
            replace(WELL, certificate_left=timedelta(days=3, hours=1)),
            FaultFound("certificate_ends_soon", "3 d"),
        ),
        (replace(WELL, certificate_left=-timedelta(days=1)), FaultFound("certificate_expired")),
        (replace(WELL, backup_trouble="No space"), FaultFound("backup_failed", "No space")),
        (replace(WELL, backup_on_same_disk=True), FaultFound("backup_same_disk")),
        (replace(WELL, upload_trouble="notime"), FaultFound("backup_at_service_failed", "notime")),
        (replace(WELL, screens=0), FaultFound("screen_missing")),
        (replace(WELL, disk=(FaultFound("disk_full"),)), FaultFound("disk_full")),
        (
            replace(WELL, trials=(Tried("printer", NOON, "unknown", "no_reply"),)),
            FaultFound("printer_trial_failed", "printer no_reply"),
        ),
        (
            replace(WELL, trials=(Tried("scanner", NOON, "nothing"),)),
            FaultFound("scanner_trial_failed", "scanner nothing"),
        ),
    ],
)
def test_whatever_else_is_wrong_is_named(now: Readings, found: FaultFound) -> None:
    assert found_faults(now) == (found,)


def test_a_full_disk_stands_on_the_screen() -> None:
    around = Surroundings(printer=Ready(), disk_full=True)
    assert around.ribbons == (faults()["disk_full"].screen,)


def test_a_certificate_that_is_renewed_in_time_is_no_fault() -> None:
    assert ids(replace(WELL, certificate_left=timedelta(days=25))) == []
    assert ids(replace(WELL, certificate_left=None)) == []
