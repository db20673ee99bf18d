"""The daemon's way to people's invoices, over a real service, to a picture and to a phone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from central_kit import enrolled
from identity_kit import Wall
from test_people import ORDER, TAX, fetched

from central.client import CentralClient
from central.contract_people import LookUpBy
from central.failure import Unreachable
from central.identity import IdentityFiles
from central.sandbox.platform import SandboxPlatform
from central.sandbox.records import read_records
from central.service.china import day_in_china
from central.service.fetching import Links, LinkSettings
from central.service.grants import OPENINGS, Grants
from central.service.running import run_service
from central.service.store import StoreUnavailable
from einvoice.invoice import InvoiceReference
from kiosk.clock import BEIJING
from kiosk.daemon.a4 import A4Printing
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.link import FAILURES_TO_GO_DOWN, Link
from kiosk.daemon.opening import open_queue
from kiosk.daemon.own_desk import File, Linked, Listed, NotHad
from kiosk.daemon.own_invoices import LINK_GOOD_FOR, OwnInvoices
from kiosk.daemon.sender import Sender
from kiosk.preview.preview import NoPicture, Picture


class WallClock:
    """The terminal's clock agrees with the service's."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall

    def now(self) -> datetime:
        return self._wall().astimezone(BEIJING)

    def monotonic(self) -> float:
        return self._wall().timestamp()


@dataclass
class Here:
    """A terminal's adapter, and what stands behind it."""

    own: OwnInvoices
    link: Link
    platform: SandboxPlatform
    reference: InvoiceReference
    wall: Wall


@asynccontextmanager
async def here(directory: Path) -> AsyncGenerator[Here]:
    wall, platform = Wall(), SandboxPlatform()
    clock = WallClock(wall)
    async with run_service(
        directory / "service", "127.0.0.1", 0, platform, now=wall, links=Links(LinkSettings(port=0))
    ) as service:
        url = f"https://localhost:{service.port}"
        identity = await enrolled(directory / "service", url, IdentityFiles(directory / "t"), "03")
        sealer, outbox = open_queue(directory / "queue")
        keeper = Keeper(outbox, sealer, "03", clock)
        link = Link(clock, probe_up_s=60, probe_down_s=5, on_change=lambda _: None)
        a4 = A4Printing(None, keeper, clock, on_status=lambda _: None)
        async with CentralClient(url, service.ca_file, "03", identity_file=identity) as client:
            sender = Sender(outbox, client, link)
            own = OwnInvoices(client.people, link, keeper, sender, a4, clock)
            day = day_in_china(wall())
            record = next(r for r in read_records() if r.order == ORDER)
            yield Here(own, link, platform, record.reference(day), wall)
        outbox.close()


async def test_found_by_its_tax_seen_and_opened_on_a_phone(tmp_path: Path) -> None:
    async with here(tmp_path) as at:
        wrong = await at.own.file_of_reference(at.reference, TAX + Decimal("0.01"))
        assert wrong == NotHad("not_entitled")
        file = await at.own.file_of_reference(at.reference, TAX)
        if file == NotHad("not_supported"):
            pytest.skip("fonts are made at set-up")
        assert isinstance(file, File)
        assert file.pdf.startswith(b"%PDF-")
        drawn = await at.own.picture(file.pdf)
        if drawn is NoPicture.NO_SANDBOX:
            pytest.skip("nothing is drawn on this machine")
        assert isinstance(drawn, Picture)
        assert drawn.pages == 1
        linked = await at.own.link(file.token)
        assert isinstance(linked, Linked)
        assert linked.good_for == LINK_GOOD_FOR
        said = [await fetched(linked.url) for _ in range(OPENINGS)]
        assert said == [(200, file.pdf)] * OPENINGS
        status, page = await fetched(linked.url)
        assert status == 404
        assert "链接已失效".encode() in page


async def test_listed_by_an_order_and_each_line_leads_to_its_file(tmp_path: Path) -> None:
    async with here(tmp_path) as at:
        listed = await at.own.look_up(LookUpBy.ORDER, ORDER)
        assert isinstance(listed, Listed)
        files = [await at.own.file_of_found(one.token) for one in listed.invoices]
        if NotHad("not_supported") in files:
            pytest.skip("fonts are made at set-up")
        first, second = files
        assert isinstance(first, File)
        assert isinstance(second, File)
        assert first.pdf != second.pdf
        assert await at.own.look_up(LookUpBy.ORDER, "999999999999") == NotHad("none")
        assert await at.own.link("NOTATOKEN") == NotHad("not_entitled")


async def test_what_says_nothing_of_the_invoice_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with here(tmp_path) as at:
        at.platform.is_down = True
        assert await at.own.file_of_reference(at.reference, TAX) == NotHad("unavailable")
        assert not at.link.is_down
        at.platform.is_down = False

        async def broken(*_: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as breaking:
            breaking.setattr(Grants, "give", broken)  # a mistake of the service: it answers 500
            assert await at.own.look_up(LookUpBy.ORDER, ORDER) == NotHad("unreachable")
        assert not at.link.is_down

        async def no_store(*_: object) -> None:
            raise StoreUnavailable("away")

        with monkeypatch.context() as breaking:
            breaking.setattr(Grants, "give", no_store)
            assert await at.own.look_up(LookUpBy.ORDER, ORDER) == NotHad("busy")
        assert isinstance(await at.own.look_up(LookUpBy.ORDER, ORDER), Listed)

        at.wall.at += timedelta(minutes=1)  # a link that has just come up is not taken down
        for _ in range(FAILURES_TO_GO_DOWN):
            at.link.failed(Unreachable("gone"))
        # The service would answer, but nobody is made to wait for one that is taken to be away.
        assert await at.own.look_up(LookUpBy.ORDER, ORDER) == NotHad("link_down")
