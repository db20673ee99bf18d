"""The way to the central service, one stage after the other: where does it end?"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import Enum

import msgspec
from yarl import URL

from central.client import CentralClient
from central.contract import PingAnswer
from central.tls import Access
from kiosk.daemon.clock_check import WRONG_BEYOND
from kiosk.daemon.health import fault_of_errno, fault_of_failure
from kiosk.staff_messages import FaultFound

STAGE_WITHIN_S = 5.0
_CLOCK_CODES = (9, 10)
"""X509_V_ERR_CERT_NOT_YET_VALID and _HAS_EXPIRED (openssl/x509_vfy.h)."""


class StageName(Enum):
    """A stage on the way, in their order."""

    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    SERVICE = "service"
    CLOCK = "clock"


class Stage(msgspec.Struct, frozen=True):
    """How one stage went. `took_ms` is None for what was not tried."""

    name: str
    well: bool
    what: str
    took_ms: float | None = None
    fault: FaultFound | None = None


class _Ended(Exception):
    """The way ends here."""

    def __init__(self, fault: FaultFound) -> None:
        super().__init__(fault.id)
        self.fault = fault


async def probe(
    access: Access, terminal: str, now: Callable[[], datetime], within_s: float = STAGE_WITHIN_S
) -> list[Stage]:
    """Go the way to the service. The first stage that fails is the last one that is tried."""
    url = URL(access.url)
    host, port = url.host or "", url.port or 443
    stages: list[Stage] = []
    loop = asyncio.get_running_loop()

    async def look_up() -> str:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return ", ".join(dict.fromkeys(str(one[4][0]) for one in found))

    async def connect() -> str:
        _, writer = await asyncio.open_connection(host, port)
        writer.close()
        return f"port {port} open"

    async def handshake() -> str:
        context = await asyncio.to_thread(access.context)
        _, writer = await asyncio.open_connection(host, port, ssl=context)
        tls = writer.get_extra_info("ssl_object")
        writer.close()
        # What the peer does after our part is done is the next stage's.
        with suppress(OSError, ssl.SSLError):
            await writer.wait_closed()
        return f"{tls.version()}, the service's certificate is trusted"

    answers: list[tuple[datetime, PingAnswer]] = []

    async def ask() -> str:
        async with CentralClient.with_access(access, terminal) as client:
            answer = await client.ping(within_s=within_s)
        if not isinstance(answer, PingAnswer):
            raise _Ended(fault_of_failure(answer))
        answers.append((now(), answer))
        return "answers, and lets this terminal in"

    async def compare() -> str:
        at, answer = answers[0]
        ahead_s = (at - answer.server_time).total_seconds()
        if abs(ahead_s) > WRONG_BEYOND.total_seconds():
            raise _Ended(FaultFound("clock_wrong", f"{ahead_s:+.0f} s"))
        return f"{ahead_s:+.1f} s against the service"

    ways = zip(StageName, (look_up, connect, handshake, ask, compare), strict=True)
    for name, way in ways:
        if stages and not stages[-1].well:
            stages.append(Stage(name.value, well=False, what="not tried"))
            continue
        begun = time.monotonic()
        fault: FaultFound | None = None
        what = ""
        try:
            async with asyncio.timeout(within_s):
                what = await way()
        except _Ended as error:
            fault = error.fault
        except TimeoutError:
            slow = {StageName.DNS: "network_dns", StageName.TCP: "network_timeout"}
            fault = FaultFound(slow.get(name, "network_slow"), f"{host}:{port}")
        except OSError as error:
            fault = _fault_of(error, f"{host}:{port}")
        took_ms = round((time.monotonic() - begun) * 1000, 1)
        said = what if fault is None else fault.detail
        stages.append(Stage(name.value, fault is None, said, took_ms, fault))
    return stages


def _fault_of(error: OSError, where: str) -> FaultFound:
    match error:
        case socket.gaierror():
            return FaultFound("network_dns", where.rpartition(":")[0])
        case ssl.SSLCertVerificationError():
            if error.verify_code in _CLOCK_CODES:
                return FaultFound("clock_breaks_certificate", error.verify_message)
            return FaultFound("service_certificate", error.verify_message)
        case ssl.SSLError():
            return FaultFound("network_captive", "no TLS")
        case _:
            return fault_of_errno(error.errno, where)
