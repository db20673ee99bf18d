"""Every way in which the central service can fail to answer a terminal. A closed set."""

from dataclasses import dataclass

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
    """

    why: str
    clock_suspected: bool


@dataclass(frozen=True, slots=True)
class Overloaded:
    """The service asks to come back later. Nothing that was sent was taken."""

    retry_after_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The service says no and why. Nothing that was sent was taken."""

    problem: Problem


Failure = Unreachable | NoTime | NotOurs | BadCertificate | Overloaded | Refused
