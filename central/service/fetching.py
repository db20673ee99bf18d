"""Where a person's phone fetches a file: one path, no certificate of the phone, nothing else.

A separate listener, for it is the one that stands open to everybody. A token is good for some
minutes and two openings; whatever is not a good token gets the same page.
"""

import logging
import re
import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import msgspec
from aiohttp import web

from central.contract_people import PATH_FETCH, Form
from central.service.alerts import AlertKind, Alerts
from central.service.grants import Grants
from central.service.limits import Clock, Rate, TokenBucket
from central.service.people import KeptFile
from central.service.store import StoreUnavailable

_log = logging.getLogger(__name__)

WRONG_TOKENS = Rate(burst=20, per_s=20 / 600)
"""From one address. A phone that reads the QR has none."""
ADDRESSES_REMEMBERED = 4096
_TOKEN = re.compile(r"[A-Z2-7]{16}")
_TYPES = {
    Form.PDF: "application/pdf",
    Form.OFD: "application/ofd",
    Form.XML: "application/xml",
}
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}
_GONE = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>链接已失效</title><body style="font:20px/1.6 sans-serif;margin:2em">
<h1>链接已失效</h1><p>链接几分钟内有效，可打开两次。请在终端上重新获取二维码。</p>
<h1 lang="en">This link is no longer good</h1><p lang="en">A link is good for some minutes and
two openings. Ask for a new QR code at the terminal.</p>"""


class WrongLinks(ValueError):
    """The settings of the links cannot be used; the message says where and why."""


class LinkSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of `--links`.

    Attributes:
        url: how phones reach the listener: "https://host"; empty for its own address (trials).
        host, port: where it listens; port 0 takes a free one.
        certificate: PEM with chain and key, beside the settings, of an authority that phones
            trust; empty where a proxy on this machine ends TLS.
    """

    url: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8444
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Where the listener is, and what it shows."""

    settings: LinkSettings
    tls: ssl.SSLContext | None = None

    @classmethod
    def of_file(cls, path: Path) -> "Links":
        """The links of a settings file.

        Raises:
            WrongLinks: it, or the certificate that it names, cannot be used.
        """
        try:
            settings = msgspec.toml.decode(path.read_bytes(), type=LinkSettings)
            tls = None
            if settings.certificate:
                tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                tls.minimum_version = ssl.TLSVersion.TLSv1_2
                tls.load_cert_chain(path.parent / settings.certificate)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise WrongLinks(f"{path}: {error}") from error
        if tls is None and not _is_loopback(settings.host):
            raise WrongLinks(f"{path}: without a certificate it listens on 127.0.0.1 only")
        if settings.url and not settings.url.startswith("https://"):
            raise WrongLinks(f"{path}: url: phones are led to https:// only")
        return cls(settings, tls)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Fetching:
    """Gives files to phones.

    Args:
        grants: honours the tokens.
        alerts: is told of guessing.
        clock: seconds that only go forward.
    """

    def __init__(self, grants: Grants, alerts: Alerts, clock: Clock = time.monotonic) -> None:
        self._grants = grants
        self._alerts = alerts
        self._clock = clock
        self._wrong: OrderedDict[str, TokenBucket] = OrderedDict()

    def app(self) -> web.Application:
        """The application that serves this."""
        app = web.Application(client_max_size=1024)
        app.router.add_get(PATH_FETCH + "{token}", self.fetch)
        app.router.add_route("*", "/{anything:.*}", self.nothing)
        return app

    async def fetch(self, request: web.Request) -> web.Response:
        """The file of a good token. To look (HEAD) does not count."""
        token = request.match_info["token"]
        if self._is_tired(request.remote or ""):
            return _page(429)
        try:
            if _TOKEN.fullmatch(token) is None:
                kept = None
            elif request.method == "HEAD":
                if await self._grants.peek(token):
                    return web.Response(headers=_HEADERS)
                kept = None
            else:
                kept = await self._grants.open_link(token)
        except StoreUnavailable as error:
            _log.error("fetch.store_unavailable error=%s", error)
            return _page(503)
        if kept is None:
            self._note_wrong(request.remote or "")
            return _page(404)
        file = msgspec.msgpack.decode(kept, type=KeptFile)
        name = f"fapiao-{file.number}.{file.form.value}"
        return web.Response(
            body=file.content,
            content_type=_TYPES[file.form],
            headers={**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def nothing(self, request: web.Request) -> web.Response:
        """There is no directory and no other page."""
        return _page(404)

    def _is_tired(self, address: str) -> bool:
        bucket = self._wrong.get(address)
        if bucket is None or bucket.wait_s == 0:
            return False
        self._alerts.tell(AlertKind.LINKS_GUESSED)
        return True

    def _note_wrong(self, address: str) -> None:
        bucket = self._wrong.get(address)
        if bucket is None:
            bucket = self._wrong[address] = TokenBucket(WRONG_TOKENS, self._clock)
            if len(self._wrong) > ADDRESSES_REMEMBERED:
                self._wrong.popitem(last=False)
        bucket.take()


@asynccontextmanager
async def serving_links(links: Links, app: web.Application) -> AsyncGenerator[str]:
    """Listens while the block runs; gives the address that links begin with.

    Raises:
        OSError: the port cannot be used.
    """
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=10.0, shutdown_timeout=5.0)
    await runner.setup()
    try:
        settings = links.settings
        site = web.TCPSite(runner, settings.host, settings.port, ssl_context=links.tls)
        await site.start()
        bound: int = runner.addresses[0][1]
        scheme = "http" if links.tls is None else "https"
        own = f"{scheme}://{settings.host}:{bound}"
        yield (settings.url or own).rstrip("/") + PATH_FETCH
    finally:
        await runner.cleanup()


def _page(status: int) -> web.Response:
    return web.Response(
        status=status, text=_GONE, content_type="text/html", charset="utf-8", headers=_HEADERS
    )
