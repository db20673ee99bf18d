"""What an operator asks a running service over its own socket: codes, revocation, alerts.

The socket lies in the service's directory with mode 0600: who may write there is the operator.
It speaks plain HTTP and the messages below, and nothing of it can be reached from the network.
"""

import asyncio
from pathlib import Path
from typing import TypeVar

import aiohttp
import msgspec

from central.business import Business
from central.contract import Message, Moment, Problem, encode

SOCKET_NAME = "admin.sock"
PATH_CODES = "/admin/enrolment-codes"
PATH_TERMINALS = "/admin/terminals"
PATH_REVOCATIONS = "/admin/revocations"
PATH_ALERTS = "/admin/alerts"
PATH_ORDERS = "/admin/orders"
PATH_BUNDLES = "/admin/bundles"
PATH_BUNDLE_CONTENTS = "/admin/bundle-contents"
PATH_BUSINESSES = "/admin/businesses"
PATH_BUSINESS_ENDS = "/admin/business-ends"
ANSWER_WITHIN_S = 20.0

M = TypeVar("M", bound=Message)


class CodeWanted(Message, frozen=True):
    """Asks for a one-time code. An empty `url` takes the service's first name and its port."""

    terminal: str
    valid_h: float = 24.0
    url: str = ""


class CodeIssued(Message, frozen=True):
    """A one-time code: as it is typed, and as a QR carries it."""

    terminal: str
    typed: str
    qr_text: str
    url: str
    expires_at: Moment


class TerminalRow(Message, frozen=True):
    """One certificate of a terminal.

    Attributes:
        state: "active", "new" (issued and not used yet), "expired", "revoked" or "superseded".
        machine: UUID of the enrolled machine.
    """

    terminal: str
    state: str
    machine: str
    fingerprint: str
    issued_at: Moment
    not_after: Moment


class Terminals(Message, frozen=True):
    """Every terminal's newest certificate, or all of them."""

    terminals: tuple[TerminalRow, ...]


class RevocationWanted(Message, frozen=True):
    """Ends all certificates and unused codes of a terminal."""

    terminal: str


class Revoked(Message, frozen=True):
    """How many certificates ended now."""

    terminal: str
    certificates: int


class AlertRow(Message, frozen=True):
    """One alert; `kind` is a value of `AlertKind`."""

    kind: str
    terminal: str
    first_at: Moment
    last_at: Moment
    count: int
    detail: str


class AlertList(Message, frozen=True):
    """Alerts, the newest first."""

    alerts: tuple[AlertRow, ...]


class BusinessList(Message, frozen=True):
    """Businesses that may apply for invoices at terminals."""

    businesses: tuple[Business, ...]


class BusinessEnd(Message, frozen=True):
    """Ends what a business may apply for."""

    tax_id: str


class BusinessEnded(Message, frozen=True):
    """Whether it was registered until now."""

    tax_id: str
    was_registered: bool


class OrderWanted(Message, frozen=True):
    """Hands over signed settings or a signed command; the other is empty."""

    settings: bytes = b""
    command: bytes = b""


class OrderPublished(Message, frozen=True):
    """It is kept for its terminal; for all when that is empty."""

    order: str
    terminal: str


class OrderLine(Message, frozen=True):
    """One order and the last word of a terminal about it (`OrderOutcome`); "" for none yet."""

    order: str
    terminal: str
    act: str
    at: Moment
    expires_at: Moment | None = None
    outcome: str = ""
    outcome_at: Moment | None = None
    why: str = ""


class OrderList(Message, frozen=True):
    """Orders, the newest first."""

    orders: tuple[OrderLine, ...]


class BundleRow(Message, frozen=True):
    """A terminal's support bundle that the service keeps, sealed."""

    terminal: str
    bundle_id: str
    size_bytes: int
    received_at: Moment


class BundleList(Message, frozen=True):
    """By terminal, the newest of each first."""

    bundles: tuple[BundleRow, ...]


class BundleWanted(Message, frozen=True):
    """Asks for one bundle."""

    terminal: str
    bundle_id: str


class BundleContent(Message, frozen=True):
    """One bundle, as the terminal sealed it; base64 on the wire."""

    content: bytes


class ServiceNotRunning(RuntimeError):
    """No service answers on the socket."""


class AdminRefused(RuntimeError):
    """The service does not do it, and why."""


class Admin:
    """The operator's side. Each call opens a connection of its own."""

    def __init__(self, directory: Path) -> None:
        self._socket = directory / SOCKET_NAME

    async def issue_code(self, wanted: CodeWanted) -> CodeIssued:
        """A new one-time code; the terminal's earlier unused ones are cancelled.

        Raises:
            ServiceNotRunning: nobody answers.
            AdminRefused: the terminal's number or the time is not one.
        """
        return await self._post(PATH_CODES, wanted, CodeIssued)

    async def revoke(self, terminal: str) -> Revoked:
        """Ends a terminal's certificates, for its very next request.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        return await self._post(PATH_REVOCATIONS, RevocationWanted(terminal), Revoked)

    async def terminals(self) -> Terminals:
        """All certificates.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        return await self._exchange("GET", PATH_TERMINALS, None, Terminals)

    async def alerts(self) -> AlertList:
        """The newest alerts.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        return await self._exchange("GET", PATH_ALERTS, None, AlertList)

    async def publish(self, wanted: OrderWanted) -> OrderPublished:
        """Has signed settings or a signed command kept for terminals.

        Raises:
            ServiceNotRunning: nobody answers.
            AdminRefused: no terminal would take it.
        """
        return await self._post(PATH_ORDERS, wanted, OrderPublished)

    async def orders(self) -> tuple[OrderLine, ...]:
        """The newest orders and what became of them.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        return (await self._exchange("GET", PATH_ORDERS, None, OrderList)).orders

    async def bundles(self) -> tuple[BundleRow, ...]:
        """The support bundles that the service keeps.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        return (await self._exchange("GET", PATH_BUNDLES, None, BundleList)).bundles

    async def bundle(self, wanted: BundleWanted) -> bytes:
        """One of them, sealed.

        Raises:
            ServiceNotRunning: nobody answers.
            AdminRefused: there is no such bundle, or it cannot be read.
        """
        return (await self._post(PATH_BUNDLE_CONTENTS, wanted, BundleContent)).content

    async def add_business(self, business: Business) -> None:
        """Registers a business, or changes what is registered of it.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        await self._post(PATH_BUSINESSES, business, BusinessList)

    async def businesses(self) -> tuple[Business, ...]:
        """All that may apply.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        listed = await self._exchange("GET", PATH_BUSINESSES, None, BusinessList)
        return listed.businesses

    async def end_business(self, tax_id: str) -> bool:
        """Ends what a business may apply for; whether it was registered.

        Raises:
            ServiceNotRunning, AdminRefused: as for `issue_code`.
        """
        ended = await self._post(PATH_BUSINESS_ENDS, BusinessEnd(tax_id), BusinessEnded)
        return ended.was_registered

    async def _post(self, path: str, asked: Message, answer: type[M]) -> M:
        return await self._exchange("POST", path, encode(asked), answer)

    async def _exchange(self, method: str, path: str, body: bytes | None, answer: type[M]) -> M:
        try:
            async with (
                asyncio.timeout(ANSWER_WITHIN_S),
                aiohttp.ClientSession(
                    connector=aiohttp.UnixConnector(str(self._socket))
                ) as session,
                session.request(method, f"http://service{path}", data=body) as response,
            ):
                content, status = await response.read(), response.status
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            raise ServiceNotRunning(f"no service answers on {self._socket}: {error}") from error
        if status != 200:
            problem = msgspec.json.decode(content, type=Problem)
            raise AdminRefused(f"{problem.code}: {problem.detail}")
        return msgspec.json.decode(content, type=answer)
