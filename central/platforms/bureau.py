"""The bureau's direct link, through the service of its holder (see `bureau_wire`)."""

import msgspec
from yarl import URL

from central.platforms import reading
from central.platforms.bureau_wire import (
    PATH_APPLICATIONS,
    PATH_DOCUMENTS,
    StateMessage,
    answer_of,
    message_of,
)
from central.platforms.files import recognised
from central.platforms.gateway import Gateway, Reply
from central.platforms.issuing import Application, IssueAnswer, OrderApplication, Refused
from central.platforms.lookups import ByNumber, DocumentAnswer, DocumentForm, LookUp
from central.platforms.outcome import (
    NotFound,
    NotSupported,
    Outage,
    PlatformAnswer,
    PlatformDown,
)
from central.platforms.platform import Act, Capabilities, Limits, Platform
from einvoice.invoice import InvoiceReference

DIGITS = 20
"""Of a 数电票's number."""
CODE_REUSED = "application_id_reused"
_STATE = msgspec.json.Decoder(StateMessage)


class BureauPlatform(Platform):
    """Issues, reverses and fetches files through the bureau's direct link.

    Numbers come from there only.

    Args:
        gateway: how to reach it; closed with this.
        token: what tells the holder's service who we are.
        name: how logs call it.
        url: of the holder's service.
        limits: how it may be used.
        is_sandbox: the other side is a stand-in.
    """

    def __init__(
        self,
        gateway: Gateway,
        token: str,
        *,
        name: str = "bureau",
        url: URL,
        limits: Limits | None = None,
        is_sandbox: bool = False,
    ) -> None:
        self.capabilities = Capabilities(
            name=name,
            kinds=frozenset(),
            is_sandbox=is_sandbox,
            acts=frozenset({Act.ISSUE, Act.DOCUMENT}),
        )
        self.limits = limits or Limits()
        self._gateway = gateway
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._url = url

    async def verify(self, reference: InvoiceReference) -> PlatformAnswer:
        """Not done here."""
        return NotSupported()

    async def document(self, what: LookUp, form: DocumentForm) -> DocumentAnswer:
        """The file of a 数电票, by its number. Whoever asks has seen to the entitlement."""
        if not isinstance(what, ByNumber) or what.code:
            return NotSupported()
        if not (len(what.number) == DIGITS and what.number.isascii() and what.number.isdigit()):
            return NotFound()
        url = self._url.joinpath(PATH_DOCUMENTS.lstrip("/"), what.number)
        reply = await self._gateway.call(
            "GET", url.with_query(form=form.value), headers=self._headers
        )
        if isinstance(reply, PlatformDown):
            return reply
        if reply.status == 404:
            return NotFound()
        return recognised(reply.body, form) if reply.status == 200 else _down(reply.status)

    async def issue(self, application: Application) -> IssueAnswer:
        """Applies. The same id with the same content again changes nothing."""
        if isinstance(application, OrderApplication):
            return NotSupported()
        body = msgspec.json.encode(message_of(application))
        url = self._url.joinpath(PATH_APPLICATIONS.lstrip("/"))
        reply = await self._gateway.call("POST", url, headers=self._headers, body=body)
        return _read(reply, application.application_id)

    async def application_state(self, application_id: str) -> IssueAnswer:
        """What became of an application."""
        url = self._url.joinpath(PATH_APPLICATIONS.lstrip("/"), application_id)
        reply = await self._gateway.call("GET", url, headers=self._headers)
        return _read(reply, application_id)

    async def close(self) -> None:
        """Ends its connections."""
        await self._gateway.close()


def _read(reply: Reply | PlatformDown, application_id: str) -> IssueAnswer:
    if isinstance(reply, PlatformDown):
        return reply
    match reply.status:
        case 200 | 202:
            state = reading.decoded(_STATE, reply.body)
            if state is None:
                return PlatformDown("not the JSON of this interface", Outage.NONSENSE)
            return answer_of(state, application_id)
        case 404:
            return NotFound()
        case 409:
            return Refused(CODE_REUSED, "")
        case status:
            return _down(status)


def _down(status: int) -> PlatformDown:
    """What a status says that carries no answer."""
    match status:
        case 401 | 403:
            outage = Outage.CONTRACT
        case 429 | 503:
            outage = Outage.THROTTLED
        case _:
            outage = Outage.UNCERTAIN
    return PlatformDown(f"http {status}", outage)
