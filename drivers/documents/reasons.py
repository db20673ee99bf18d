"""What the reasons of an IPP printer mean.

Keywords: RFC 8011 section 5.4.12 and PWG 5100.9. A suffix says how bad it is: `-report` nothing,
`-warning` the printer goes on, `-error` or none it does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.documents.outcome import A4Cause

CAUSES = {
    "media-empty": A4Cause.PAPER_OUT,
    "media-needed": A4Cause.PAPER_OUT,
    "media-jam": A4Cause.PAPER_JAM,
    "cover-open": A4Cause.COVER_OPEN,
    "door-open": A4Cause.COVER_OPEN,
    "interlock-open": A4Cause.COVER_OPEN,
    "input-tray-missing": A4Cause.TRAY_MISSING,
    "output-area-full": A4Cause.OUTPUT_FULL,
    "output-tray-missing": A4Cause.OUTPUT_FULL,
    "toner-empty": A4Cause.TONER_OUT,
    "marker-supply-empty": A4Cause.TONER_OUT,
    "marker-waste-full": A4Cause.TONER_OUT,
    "developer-empty": A4Cause.TONER_OUT,
    "opc-life-over": A4Cause.TONER_OUT,
    "paused": A4Cause.PAUSED,
    "moving-to-paused": A4Cause.PAUSED,
    "shutdown": A4Cause.PAUSED,
}
"""Keywords of printer-state-reasons (RFC 8011 5.4.12, PWG 5100.9) without their suffix."""
_HARMLESS = frozenset(("none", "connecting-to-device", "identify-printer-requested"))
_SUFFIXES = ("-error", "-warning", "-report")


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason with a meaning. `stops`: the printer does not go on."""

    cause: A4Cause
    stops: bool


def faults(reasons: Iterable[str]) -> tuple[Fault, ...]:
    """The faults among printer-state-reasons, those that stop the printer first."""
    found = [fault for reason in reasons if (fault := _fault(reason)) is not None]
    return tuple(sorted(found, key=lambda fault: not fault.stops))


def _fault(reason: str) -> Fault | None:
    suffix = next((end for end in _SUFFIXES if reason.endswith(end)), "")
    keyword = reason.removesuffix(suffix)
    if suffix == "-report" or keyword in _HARMLESS:
        return None
    stops = suffix != "-warning"
    cause = CAUSES.get(keyword)
    if cause is None:
        # What is low or nearly full is no fault; what else stops a printer is one without a name.
        mild = keyword.endswith(("-low", "-almost-full", "-almost-empty", "-near-eol"))
        return Fault(A4Cause.FAULT, stops=True) if suffix == "-error" and not mild else None
    return Fault(cause, stops)
