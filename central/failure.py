"""Every way in which the central service can fail to answer a terminal. A closed set."""

from dataclasses import dataclass
from enum import Enum

from central.contract import Problem


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nothing that could be the service was reached, or it went away before its answer was whole.

    Whether it took what was sent is not known.
    """

    why: str
    """For technicians: "dns", "connect: ...", "cut", "tls_cut", "http_502", ..."""


@dataclass(frozen=True, slots=True)
class NoTime:
    """The deadline passed. Whether the service took what was sent is not known."""


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Somebody answered who is not the service: a captive portal, a proxy, another's answer.

    Nothing that was sent may be taken as received.
    """

    what: str
    """For technicians: "tls", "redirect", "content_type: text/html", "digest", ..."""


@dataclass(frozen=True, slots=True)
class BadCertificate:
    """Somebody answered with a certificate that does not speak for the service.

    Attributes:
        why: for technicians.
        clock_suspected: the certificate is not valid at this terminal's time; more likely the
            terminal's clock is wrong than the certificate.
        clock_lead_s: how far the service's clock is ahead of the terminal's, once it was asked.
    """

    why: str
    clock_suspected: bool
    clock_lead_s: float | None = None


@dataclass(frozen=True, slots=True)
class Overloaded:
    """The service asks to come back later. Nothing that was sent was taken."""

    retry_after_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The service says no and why. Nothing that was sent was taken."""

    problem: Problem


class Bar(Enum):
    """Why the service does not let this terminal in. The value is the key of a sentence."""

    NOT_ENROLLED = "not_enrolled"
    """It has no certificate."""
    UNKNOWN = "certificate_unknown"
    """Its certificate is of another authority, or the service has no record of it."""
    REVOKED = "certificate_revoked"
    SUPERSEDED = "certificate_superseded"
    """A newer one was used since: this disk is an old copy, or another's."""
    EXPIRED = "certificate_expired"
    NOT_YET_VALID = "certificate_not_yet_valid"
    """By the service's clock: somebody's clock is wrong, nobody's right was taken."""
    OTHER_TERMINAL = "terminal_mismatch"
    """The certificate names another terminal than the settings do."""


@dataclass(frozen=True, slots=True)
class NotAdmitted:
    """The service is there and does not let this terminal in. Nothing that was sent was taken.

    Asking again does not help; a technician must look.
    """

    bar: Bar


Failure = Unreachable | NoTime | NotOurs | BadCertificate | Overloaded | Refused | NotAdmitted
