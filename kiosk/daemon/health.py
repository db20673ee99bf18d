"""What is wrong with the terminal, as far as the running daemon sees it."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from central.contract import ProblemCode
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
from drivers.documents.outcome import A4NoAnswer, A4NotReady, A4Status
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready
from kiosk.staff_messages import FaultFound, Tried

OWED_IS_OLD_S = 24 * 3600.0
"""The sender tries every few minutes at the most; after a day something keeps it."""
ENDS_SOON = timedelta(days=7)
"""Renewal begins a month before: this late it has failed for weeks."""

_PRINTER = {
    Cause.PAPER_OUT: "printer_paper_out",
    Cause.COVER_OPEN: "printer_cover_open",
    Cause.CUTTER_JAM: "printer_cutter_jam",
    Cause.HEAD_HOT: "printer_head_hot",
    Cause.HARDWARE: "printer_hardware",
    Cause.SLIP_LEFT: "printer_slip_left",
    Cause.OFFLINE: "printer_offline",
    Cause.DISCONNECTED: "printer_disconnected",
}
_BAR = {
    Bar.NOT_ENROLLED: "not_enrolled",
    Bar.UNKNOWN: "certificate_unknown",
    Bar.REVOKED: "certificate_revoked",
    Bar.SUPERSEDED: "certificate_superseded",
    Bar.EXPIRED: "certificate_expired",
    Bar.NOT_YET_VALID: "certificate_not_yet_valid",
    Bar.OTHER_TERMINAL: "certificate_other_terminal",
}
_OLD_VERSION = (ProblemCode.VERSION_UNSUPPORTED.value, ProblemCode.VERSION_TOO_OLD.value)
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


@dataclass(frozen=True, slots=True)
class Paper:
    """Paper of a printer: "plenty", "few" or "ended", and slips that are probably left."""

    level: str
    left_slips: int


@dataclass(frozen=True, slots=True)
class Readings:
    """How everything is at one moment, as the daemon's parts know it.

    Attributes:
        printers: state of each receipt printer that is set up; the first is printed on.
        papers: paper of each.
        scanner: "connected", or why it is not; None if none is set up.
        keypad: as `scanner`; "" if none is set up.
        a4: None if none is set up.
        failure: what the last attempt at the service showed; None when it answered.
        clock_ahead: how far the clock is ahead of the service's, if that is too far.
        certificate_left: how long the certificate is good for; None before enrolment.
        backup_trouble, upload_trouble: why the last copy failed; "" when it did not.
        screens: screens that are connected; None while that is too early to say.
        disk: what the disk of the state folder lacks.
    """

    printers: Mapping[str, PrinterStatus]
    papers: Mapping[str, Paper]
    scanner: str | None
    a4: A4Status | None
    failure: Failure | None
    is_sandbox: bool
    parked: int
    oldest_waiting_s: float | None
    clock_ahead: timedelta | None
    certificate_left: timedelta | None
    backup_trouble: str
    backup_on_same_disk: bool
    upload_trouble: str
    trials: tuple[Tried, ...]
    screens: int | None
    disk: tuple[FaultFound, ...] = ()
    keypad: str = ""


def found_faults(now: Readings) -> tuple[FaultFound, ...]:
    """Everything that is wrong, devices first."""
    found = [*_receipt_printers(now), *_other_devices(now), *_trials(now.trials)]
    if now.failure is not None:
        found.append(fault_of_failure(now.failure))
    return (*found, *_rest(now), *now.disk)


def fault_of_printer(status: PrinterStatus) -> str | None:
    """The fault that a printer's state is; None for one that can print."""
    match status:
        case Ready():
            return None
        case NotReady(cause):
            return _PRINTER[cause]
        case NoAnswer():
            return "printer_silent"
        case _:
            assert_never(status)


def fault_of_failure(failure: Failure) -> FaultFound:
    """The fault that keeps the service from answering."""
    match failure:
        case Unreachable("dns"):
            return FaultFound("network_dns")
        case Unreachable(why) if why.startswith("connect: "):
            return _of_connect(why.removeprefix("connect: "))
        case Unreachable(why):
            return FaultFound("network_cut", why)
        case NoTime():
            return FaultFound("network_slow")
        case NotOurs(what):
            return FaultFound("network_captive", what)
        case BadCertificate(why, True, lead_s):
            off = "" if lead_s is None else f"{lead_s / 86400:+.1f} d"
            return FaultFound("clock_breaks_certificate", off or why)
        case BadCertificate(why):
            return FaultFound("service_certificate", why)
        case Overloaded(retry_after_s):
            return FaultFound("service_overloaded", f"{retry_after_s:.0f} s")
        case Refused(problem) if problem.code in _OLD_VERSION:
            return FaultFound("service_version")
        case Refused(problem):
            return FaultFound("service_refuses", problem.code)
        case NotAdmitted(bar):
            return FaultFound(_BAR[bar])
        case _:
            assert_never(failure)


def fault_of_errno(number: int | None, what: str) -> FaultFound:
    """The fault that a failed connection attempt shows."""
    if number == errno.ECONNREFUSED:
        return FaultFound("network_refused", what)
    if number in _NO_ROUTE:
        return FaultFound("network_no_route", what)
    if number == errno.ETIMEDOUT:
        return FaultFound("network_timeout", what)
    return FaultFound("network_cut", what)


def _of_connect(said: str) -> FaultFound:
    """The client says what the system said; the system has one sentence for each number."""
    numbers = (errno.ECONNREFUSED, errno.ETIMEDOUT, *_NO_ROUTE)
    return fault_of_errno(next((one for one in numbers if os.strerror(one) == said), None), said)


def _receipt_printers(now: Readings) -> list[FaultFound]:
    if not now.printers:
        return [FaultFound("printer_none")]
    states = {name: fault_of_printer(status) for name, status in now.printers.items()}
    down = {name: fault for name, fault in states.items() if fault is not None}
    found: list[FaultFound] = []
    if len(down) == len(states):
        found = [FaultFound(fault) for fault in dict.fromkeys(down.values())]
    else:
        words = (f"{name} {fault.removeprefix('printer_')}" for name, fault in down.items())
        found = [FaultFound("printer_one_of_two", word) for word in words]
    for name, status in now.printers.items():
        paper = now.papers.get(name)
        few = paper is not None and paper.level != "plenty"
        if isinstance(status, Ready) and (few or status.near_end):
            left = f", {paper.left_slips}" if paper is not None and few else ""
            found.append(FaultFound("printer_paper_low", f"{name}{left}"))
    return found


def _other_devices(now: Readings) -> list[FaultFound]:
    found: list[FaultFound] = []
    if now.scanner is None:
        found.append(FaultFound("scanner_none"))
    elif now.scanner != "connected":
        found.append(FaultFound("scanner_gone", now.scanner))
    if now.keypad not in ("", "connected"):
        found.append(FaultFound("keypad_gone", now.keypad))
    match now.a4:
        case A4NotReady(cause):
            found.append(FaultFound("a4_not_ready", cause.value))
        case A4NoAnswer():
            found.append(FaultFound("a4_silent"))
        case _:
            pass  # ready, or none is set up: both are well
    return found


def _trials(trials: tuple[Tried, ...]) -> list[FaultFound]:
    found: list[FaultFound] = []
    for tried in trials:
        detail = f"{tried.device} {tried.why or tried.outcome}"
        if tried.outcome in ("failed", "unknown"):
            found.append(FaultFound("printer_trial_failed", detail))
        elif tried.outcome in ("unreadable", "nothing"):
            found.append(FaultFound("scanner_trial_failed", detail))
    return found


def _rest(now: Readings) -> list[FaultFound]:
    left, ahead, oldest_s = now.certificate_left, now.clock_ahead, now.oldest_waiting_s
    said = (
        ("service_sandbox", now.is_sandbox, ""),
        ("owed_parked", now.parked > 0, str(now.parked)),
        (
            "owed_old",
            oldest_s is not None and oldest_s > OWED_IS_OLD_S,
            f"{(oldest_s or 0) / 3600:.0f} h",
        ),
        ("clock_wrong", ahead is not None, f"{(ahead or timedelta()).total_seconds():+.0f} s"),
        (
            "certificate_ends_soon",
            left is not None and timedelta() < left < ENDS_SOON,
            f"{(left or timedelta()).days} d",
        ),
        ("certificate_expired", left is not None and left <= timedelta(), ""),
        ("backup_failed", bool(now.backup_trouble), now.backup_trouble),
        ("backup_same_disk", now.backup_on_same_disk, ""),
        ("backup_at_service_failed", bool(now.upload_trouble), now.upload_trouble),
        ("screen_missing", now.screens == 0, ""),
    )
    return [FaultFound(name, detail) for name, holds, detail in said if holds]
