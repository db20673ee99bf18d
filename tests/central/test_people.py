"""What people want beyond a verdict, asked over a real service by an enrolled terminal."""

import asyncio
import io
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from central_kit import enrolled
from identity_kit import PATIENT_S, Wall
from pypdf import PdfReader

from central.admin import Admin
from central.client import CentralClient
from central.client_people import PeopleClient
from central.contract_people import (
    CompanyAnswer,
    DocumentAnswer,
    DocumentLinkAnswer,
    Form,
    LookUpAnswer,
    LookUpBy,
    Outcome,
    TitleAnswer,
)
from central.identity import IdentityFiles
from central.sandbox.platform import SHOWN_TITLE_CODE, SandboxPlatform
from central.sandbox.records import read_records
from central.service.china import day_in_china
from central.service.fetching import WRONG_TOKENS, Links, LinkSettings, WrongLinks
from central.service.grants import GOOD_FOR, OPENINGS, Use
from central.service.opening import open_store
from central.service.proofs import WRONG_A_DAY
from central.service.running import run_service
from einvoice.invoice import InvoiceReference

ORDER = "300000000001"
TAX = Decimal("67.92")
"""Of the first invoice of that order: 1200.00 less 1132.08."""


@dataclass
class City:
    """A service with the sandbox behind it, a terminal's questions, and the wall clock."""

    directory: Path
    client: CentralClient
    platform: SandboxPlatform
    wall: Wall
    database: str

    @property
    def ask(self) -> PeopleClient:
        return self.client.people

    @property
    def reference(self) -> InvoiceReference:
        day = day_in_china(self.wall())
        return next(r for r in read_records() if r.order == ORDER).reference(day)

    async def alerts(self) -> set[str]:
        return {alert.kind for alert in (await Admin(self.directory).alerts()).alerts}

    async def found(self) -> LookUpAnswer:
        answer = await self.ask.look_up(LookUpBy.ORDER, ORDER, within_s=PATIENT_S)
        assert isinstance(answer, LookUpAnswer), answer
        return answer

    async def document(self, form: Form = Form.OFD) -> DocumentAnswer:
        token = (await self.found()).invoices[0].token
        answer = await self.ask.document_of_found(token, form, PATIENT_S)
        assert isinstance(answer, DocumentAnswer), answer
        return answer

    async def shown(self, reference: InvoiceReference, tax: Decimal) -> Outcome:
        answer = await self.ask.document_of_reference(reference, tax, Form.OFD, PATIENT_S)
        assert isinstance(answer, DocumentAnswer), answer
        return answer.outcome

    async def link(self) -> str:
        answer = await self.ask.link((await self.document()).token)
        assert isinstance(answer, DocumentLinkAnswer), answer
        return answer.url


@asynccontextmanager
async def city(directory: Path, database: str, *, with_links: bool = True) -> AsyncGenerator[City]:
    wall, platform = Wall(), SandboxPlatform()
    async with run_service(
        directory / "service",
        "127.0.0.1",
        0,
        platform,
        database=database,
        now=wall,
        links=Links(LinkSettings(port=0)) if with_links else None,
    ) as service:
        url = f"https://localhost:{service.port}"
        files = IdentityFiles(directory / "t1")
        identity = await enrolled(directory / "service", url, files, "t1")
        async with CentralClient(url, service.ca_file, "t1", identity_file=identity) as client:
            yield City(directory / "service", client, platform, wall, database)


async def test_an_order_gives_its_invoices_and_each_its_own_file(
    tmp_path: Path, database: str
) -> None:
    async with city(tmp_path, database) as here:
        found = await here.found()
        assert found.outcome is Outcome.DONE
        assert [one.total_with_tax for one in found.invoices] == [Decimal(1200), Decimal(100)]
        assert [one.seller_masked for one in found.invoices] == ["北京示***有限公司"] * 2
        for one in found.invoices:
            answer = await here.ask.document_of_found(one.token, Form.XML, PATIENT_S)
            assert isinstance(answer, DocumentAnswer)
            assert one.number.encode() in answer.content


async def test_the_pdf_is_of_the_invoice_that_was_asked_for(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        document = await here.document(Form.PDF)
        if document.outcome is Outcome.NOT_SUPPORTED:
            pytest.skip("fonts are made at set-up")
        text = PdfReader(io.BytesIO(document.content)).pages[0].extract_text()
        assert here.reference.number in text.replace(" ", "")


async def test_a_reference_and_its_tax_are_proof_and_nothing_else_is(
    tmp_path: Path, database: str
) -> None:
    async with city(tmp_path, database) as here:
        assert await here.shown(here.reference, TAX) is Outcome.DONE
        not_there = replace(here.reference, number="26112000000000999999")
        assert await here.shown(not_there, TAX) is Outcome.NOT_ENTITLED
        assert await here.shown(here.reference, Decimal("67.93")) is Outcome.NOT_ENTITLED


@pytest.mark.parametrize("exists", [True, False])
async def test_tries_are_limited_the_same_for_what_is_there_and_what_is_not(
    tmp_path: Path, database: str, exists: bool
) -> None:
    async with city(tmp_path, database) as here:
        asked = here.reference if exists else replace(here.reference, number="2611" + "9" * 16)
        said = [await here.shown(asked, TAX + n) for n in range(1, WRONG_A_DAY + 3)]
        assert said == [Outcome.NOT_ENTITLED] * WRONG_A_DAY + [Outcome.TOO_OFTEN] * 2
        # Even the right one does not count any more today, or it could be told from the others.
        assert await here.shown(asked, TAX) is Outcome.TOO_OFTEN
        assert "proofs_guessed" in await here.alerts()


async def test_right_answers_and_outages_cost_no_try(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        here.platform.is_down = True
        down = {await here.shown(here.reference, TAX) for _ in range(WRONG_A_DAY + 1)}
        here.platform.is_down = False
        right = {await here.shown(here.reference, TAX) for _ in range(WRONG_A_DAY + 1)}
        assert (down, right) == ({Outcome.UNAVAILABLE}, {Outcome.DONE})


async def test_a_terminal_that_tries_orders_out_is_stopped_and_reported(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        said: list[Outcome] = []
        for n in range(50):
            answer = await here.ask.look_up(LookUpBy.ORDER, f"9{n:011d}", within_s=PATIENT_S)
            assert isinstance(answer, LookUpAnswer)
            said.append(answer.outcome)
        assert said[0] is Outcome.NONE
        assert said[-1] is Outcome.TOO_OFTEN
        assert "too_many_not_found" in await here.alerts()


async def test_a_token_is_good_for_its_terminal_and_its_minutes(
    tmp_path: Path, database: str
) -> None:
    async with city(tmp_path, database) as here:
        token = (await here.found()).invoices[0].token
        here.wall.at += GOOD_FOR[Use.INVOICE] - timedelta(seconds=1)
        answer = await here.ask.document_of_found(token, Form.OFD, PATIENT_S)
        assert isinstance(answer, DocumentAnswer)
        assert answer.outcome is Outcome.DONE
        here.wall.at += timedelta(seconds=1)
        answer = await here.ask.document_of_found(token, Form.OFD, PATIENT_S)
        assert isinstance(answer, DocumentAnswer)
        assert answer.outcome is Outcome.NOT_ENTITLED


async def test_a_link_opens_twice_on_a_phone_and_then_no_more(
    tmp_path: Path, database: str
) -> None:
    async with city(tmp_path, database) as here:
        document = await here.document()
        answer = await here.ask.link(document.token)
        assert isinstance(answer, DocumentLinkAnswer)
        assert await fetched(answer.url, "HEAD") == (200, b"")
        for _ in range(OPENINGS):
            status, content = await fetched(answer.url)
            assert (status, content) == (200, document.content)
        assert (await fetched(answer.url))[0] == 404


async def test_a_link_says_that_it_is_to_be_kept_nowhere(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        url = await here.link()
        headers = await asyncio.to_thread(_headers, url)
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Disposition"].startswith('attachment; filename="fapiao-')
        assert headers["Content-Type"] == "application/ofd"


async def test_a_link_ends_with_its_minutes_and_nothing_else_is_there(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        url = await here.link()
        here.wall.at += GOOD_FOR[Use.LINK]
        assert (await fetched(url))[0] == 404
        base = url.rpartition("/")[0]
        for path in ("/", "", "/..", "/../../v1/ping", "/" + "A" * 16, "/a?x=%00"):
            status, page = await fetched(base + path)
            assert status == 404
            assert "链接已失效".encode() in page


async def test_whoever_guesses_links_is_stopped_and_reported(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        base = (await here.link()).rpartition("/")[0]
        said = [(await fetched(f"{base}/{'A' * 16}"))[0] for _ in range(int(WRONG_TOKENS.burst))]
        assert set(said) == {404}
        assert (await fetched(f"{base}/{'A' * 16}"))[0] == 429
        assert "links_guessed" in await here.alerts()


async def test_a_service_that_phones_cannot_reach_gives_no_link(tmp_path: Path) -> None:
    async with city(tmp_path, "", with_links=False) as here:
        answer = await here.ask.link((await here.document()).token)
        assert isinstance(answer, DocumentLinkAnswer)
        assert answer.outcome is Outcome.NOT_SUPPORTED


async def test_a_shown_code_gives_a_title_or_that_there_is_none(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        answer = await here.ask.title(SHOWN_TITLE_CODE, PATIENT_S)
        assert isinstance(answer, TitleAnswer)
        assert answer.title is not None
        assert (answer.title.name, answer.title.phone) == ("北京示例科技有限公司", "010-00000000")
        none = await here.ask.title("1", PATIENT_S)
        assert isinstance(none, TitleAnswer)
        assert none.outcome is Outcome.NONE


async def test_what_nobody_offers_yet_is_said_so(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        company = await here.ask.company("91110108YX000001XA", PATIENT_S)
        by_ticket = await here.ask.look_up(LookUpBy.TICKET, "SF-1", "s", PATIENT_S)
        assert isinstance(company, CompanyAnswer)
        assert isinstance(by_ticket, LookUpAnswer)
        assert (company.outcome, by_ticket.outcome) == (Outcome.NONE, Outcome.NOT_SUPPORTED)


async def test_the_database_gives_away_neither_files_nor_numbers(tmp_path: Path) -> None:
    async with city(tmp_path, "") as here:
        await here.link()
        number = here.reference.number.encode()
    store = await open_store(tmp_path / "service", "")
    boxes = await store.read(
        lambda c: [box for (box,) in c.execute("SELECT box FROM grants").fetchall()]
    )
    await store.close()
    assert len(boxes) == 4  # two invoices, a file, a link
    assert not any(number in box or ORDER.encode() in box or b"PK\x03" in box for box in boxes)


@pytest.mark.parametrize(
    "text", ['host = "0.0.0.0"', 'url = "http://x.example"', 'certificate = "none.pem"', "x = 1"]
)
def test_links_that_would_not_be_safe_or_do_not_work_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "links.toml").write_text(text)
    with pytest.raises(WrongLinks):
        Links.of_file(tmp_path / "links.toml")


async def fetched(url: str, method: str = "GET") -> tuple[int, bytes]:
    """What a phone gets, without a certificate of its own."""
    return await asyncio.to_thread(_fetched, url, method)


def _fetched(url: str, method: str) -> tuple[int, bytes]:
    try:
        request = urllib.request.Request(url, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=20) as said:  # noqa: S310
            return said.status, said.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def _headers(url: str) -> dict[str, str]:
    with urllib.request.urlopen(url, timeout=20) as said:  # noqa: S310
        return dict(said.headers)
