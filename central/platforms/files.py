"""Fetching and recognising the files of invoices."""

from yarl import URL

from central.platforms.gateway import Gateway
from central.platforms.lookups import Document, DocumentAnswer, DocumentForm
from central.platforms.outcome import NotFound, Outage, PlatformDown

_BEGINS = {
    DocumentForm.PDF: (b"%PDF-",),
    DocumentForm.OFD: (b"PK\x03\x04",),
    DocumentForm.XML: (b"<", b"\xef\xbb\xbf<"),
}


def recognised(content: bytes, form: DocumentForm) -> DocumentAnswer:
    """The file, if it is of the form that it should be. What it says is examined elsewhere."""
    if content.startswith(_BEGINS[form]):
        return Document(form, content)
    return PlatformDown(f"the file is no {form.value}", Outage.NONSENSE)


def may_be_opened(address: str, hosts: tuple[str, ...]) -> URL | None:
    """The address, if it leads by HTTPS to one of the hosts; a platform's word is not enough.

    Plain HTTP is let through to this machine itself, where stand-ins are.
    """
    try:
        url = URL(address, encoded=True)
        host = url.host or ""
    except ValueError:
        return None
    if not any(host == known or host.endswith(f".{known}") for known in hosts):
        return None
    if url.scheme != "https" and not (url.scheme == "http" and host in {"127.0.0.1", "::1"}):
        return None
    return url if url.user is None else None


async def download(
    gateway: Gateway, address: str, form: DocumentForm, hosts: tuple[str, ...]
) -> DocumentAnswer:
    """The file at an address that a platform has given."""
    url = may_be_opened(address, hosts)
    if url is None:
        return PlatformDown("a file at a host that is not the platform's", Outage.NONSENSE)
    reply = await gateway.call("GET", url)
    if isinstance(reply, PlatformDown):
        return reply
    if reply.status in {403, 404, 410}:  # a pre-signed link is only good for a while
        return NotFound()
    if reply.status != 200:
        return PlatformDown(f"http {reply.status}", Outage.UPSTREAM)
    return recognised(reply.body, form)
