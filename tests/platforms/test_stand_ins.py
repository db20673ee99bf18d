"""Connectors before stand-ins that check signatures: every verdict, every fault, no false word."""

import asyncio
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from platform_kit import Connected, connected, sample
from yarl import URL

from central.platforms.alipay_gateway import AlipayKey
from central.platforms.baidu import BaiduKey, BaiduPlatform
from central.platforms.gateway import Gateway
from central.platforms.issuing import (
    Accepted,
    IssueApplication,
    Issued,
    Line,
    OrderApplication,
    RedApplication,
    RedReason,
    Refused,
)
from central.platforms.jd import JdPlatform
from central.platforms.jos import JosKey
from central.platforms.lookups import (
    ByApplication,
    ByHolder,
    ByNumber,
    ByOrder,
    ByShownCode,
    Declined,
    Document,
    DocumentForm,
    Listed,
    TitleFound,
)
from central.platforms.outcome import (
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    Outage,
    PlatformDown,
    RecordState,
)
from central.platforms.platform import Platform
from central.platforms.tencent import TencentKey, TencentPlatform
from central.sandbox.wire.alipay import HOLDER, SHOWN_CODE, TITLE_CODE
from central.sandbox.wire.bureau import SELLERS
from central.sandbox.wire.faults import Fault
from central.sandbox.wire.jd import FIRST_ORDER
from einvoice.kinds import Kind
from einvoice.verdict import Verdict

VERIFIERS = ["tencent", "baidu", "alipay"]
STATES = {
    Verdict.NORMAL: RecordState.NORMAL,
    Verdict.VOID: RecordState.VOID,
    Verdict.RED_FULL: RecordState.RED_FULL,
    Verdict.RED_PARTIAL: RecordState.RED_PARTIAL,
}


def verifier(all_of_them: Connected, name: str) -> Platform:
    platform: Platform = getattr(all_of_them, name)
    return platform


@pytest.mark.parametrize("name", VERIFIERS)
async def test_every_sample_is_answered_as_it_is(name: str, tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        platform = verifier(to, name)
        for verdict, state in STATES.items():
            said = await platform.verify(sample(verdict))
            assert isinstance(said, Found), (verdict, said)
            assert said.state is state
            assert said.details.seller
        assert await platform.verify(sample(Verdict.MISMATCH)) == Differs()
        assert await platform.verify(sample(Verdict.NOT_FOUND)) == NotFound()
        assert await platform.verify(sample(Verdict.LIMIT_REACHED)) == LimitReached()
        down = await platform.verify(sample(Verdict.UNAVAILABLE))
        assert isinstance(down, PlatformDown)
        assert down.outage is Outage.UPSTREAM


# What each fault must look like. None: it must change nothing.
FAULTS: list[tuple[Fault, tuple[Outage, ...] | None]] = [
    (Fault.OVERLOAD, (Outage.THROTTLED,)),
    (Fault.CONTRACT, (Outage.CONTRACT,)),
    (Fault.TAX_NETWORK, (Outage.UPSTREAM,)),
    (Fault.DOWN, (Outage.UNCERTAIN, Outage.UNREACHABLE)),
    (Fault.CAPTIVE_PORTAL, (Outage.NONSENSE, Outage.UNREACHABLE)),
    (Fault.REDIRECT, (Outage.UNCERTAIN, Outage.UNREACHABLE)),
    (Fault.MALFORMED, (Outage.NONSENSE, Outage.UNREACHABLE)),
    (Fault.MISSING_FIELDS, (Outage.NONSENSE,)),
    (Fault.EXTRA_FIELDS, None),
    (Fault.NONE, None),
]


@pytest.mark.parametrize("name", VERIFIERS)
async def test_no_fault_makes_a_statement(name: str, tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        platform = verifier(to, name)
        steering = to.running.steerings[name]
        # One that no stand-in would count more than once: another minted invoice each time.
        for fault, outages in FAULTS:
            minted = to.running.ledger.mint(Kind.DIGITAL_ORDINARY, to.running.ledger.today())
            reference = minted.invoice.reference
            assert reference is not None
            steering.fault = fault
            said = await platform.verify(reference)
            if outages is None:
                assert isinstance(said, Found), fault
                assert said.state is RecordState.NORMAL
            else:
                assert isinstance(said, PlatformDown), fault
                assert said.outage in outages, (fault, said)


@pytest.mark.parametrize("name", ["tencent", "baidu"])
async def test_an_answer_about_another_invoice_is_not_taken(name: str, tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        to.running.steerings[name].fault = Fault.ANOTHERS_ANSWER
        said = await verifier(to, name).verify(sample(Verdict.NORMAL))
        assert isinstance(said, PlatformDown)
        assert said.outage is Outage.NONSENSE


async def test_an_answer_signed_by_somebody_else_is_not_taken(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        to.running.steerings["alipay"].fault = Fault.UNSIGNED
        down = PlatformDown("the answer is not signed by the platform", Outage.NONSENSE)
        assert await to.alipay.verify(sample(Verdict.NORMAL)) == down
        assert await to.alipay.title(TITLE_CODE) == down
        assert await to.alipay.look_up(ByShownCode(SHOWN_CODE[:-2] + "01")) == down


async def test_a_wrong_key_is_a_matter_of_the_contract(tmp_path: Path) -> None:
    async with connected(tmp_path) as to, Gateway() as gateway:
        ports = to.running.ports
        wrong: list[Platform] = [
            TencentPlatform(
                gateway,
                TencentKey("AKIDsandbox000000000000000000000000", "not the key"),
                url=URL(f"http://127.0.0.1:{ports['tencent']}/"),
            ),
            BaiduPlatform(
                gateway,
                BaiduKey("sandbox-api-key", "not the key"),
                url=URL(f"http://127.0.0.1:{ports['baidu']}/"),
            ),
        ]
        for platform in wrong:
            said = await platform.verify(sample(Verdict.NORMAL))
            assert isinstance(said, PlatformDown)
            assert said.outage is Outage.CONTRACT, said
        jd = JdPlatform(
            gateway,
            JosKey("sandbox-app-key", "not the secret", "sandbox-access-token"),
            url=URL(f"http://127.0.0.1:{ports['jd']}/routerjson"),
        )
        said = await jd.look_up(ByOrder(str(FIRST_ORDER)))
        assert isinstance(said, PlatformDown)
        assert said.outage is Outage.CONTRACT


async def test_a_clock_that_is_wrong_is_refused(tmp_path: Path) -> None:
    async with connected(tmp_path) as to, Gateway() as gateway:
        platform = TencentPlatform(
            gateway,
            TencentKey("AKIDsandbox000000000000000000000000", "sandbox-secret-key"),
            url=URL(f"http://127.0.0.1:{to.running.ports['tencent']}/"),
            clock=lambda: time.time() - 3600,
        )
        said = await platform.verify(sample(Verdict.NORMAL))
        assert said == PlatformDown("AuthFailure.SignatureExpire", Outage.CONTRACT)


async def test_a_token_that_expired_is_replaced_once(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        steering = to.running.steerings["baidu"]
        assert isinstance(await to.baidu.verify(sample(Verdict.NORMAL)), Found)
        assert steering.requests == 2, "a token, and the question"
        assert await to.baidu.verify(sample(Verdict.NOT_FOUND)) == NotFound()
        assert steering.requests == 3
        steering.fault = Fault.EXPIRED_TOKEN
        said = await to.baidu.verify(sample(Verdict.NORMAL))
        assert isinstance(said, PlatformDown)
        assert said.outage is Outage.CONTRACT
        assert steering.requests == 6, "refused, another token, refused: and no more"
        steering.fault = Fault.NONE
        assert isinstance(await to.baidu.verify(sample(Verdict.NORMAL)), Found)


async def test_a_silent_platform_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    async with connected(tmp_path, within_s=0.3) as to:
        for name in VERIFIERS:
            to.running.steerings[name].fault = Fault.SILENT
            said = await verifier(to, name).verify(sample(Verdict.NORMAL))
            assert isinstance(said, PlatformDown)
            assert said.outage in {Outage.UNCERTAIN, Outage.UNREACHABLE}, "baidu: no token yet"


async def test_who_cancels_does_not_wait(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        steering = to.running.steerings["tencent"]
        steering.fault = Fault.SILENT
        asking = asyncio.create_task(to.tencent.verify(sample(Verdict.NORMAL)))
        async with asyncio.timeout(20):
            while steering.requests == 0:
                await asyncio.sleep(0.005)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking


async def test_nobody_there_means_that_nothing_was_asked(tmp_path: Path) -> None:
    async with Gateway() as gateway:
        platform = TencentPlatform(gateway, TencentKey("i", "k"), url=URL("http://127.0.0.1:1/"))
        said = await platform.verify(sample(Verdict.NORMAL))
        assert isinstance(said, PlatformDown)
        assert said.outage is Outage.UNREACHABLE
        assert not said.may_have_counted


async def test_an_invoice_appears_when_its_upload_arrives(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        ledger = to.running.ledger
        minted = ledger.mint(Kind.DIGITAL_SPECIAL, ledger.today(), withheld_s=3600)
        reference = minted.invoice.reference
        assert reference is not None
        assert await to.tencent.verify(reference) == NotFound(), "never a fake"
        ledger.withhold(reference.number, 0)
        assert isinstance(await to.tencent.verify(reference), Found)


async def test_the_sixth_question_of_a_day_is_not_answered(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        for _ in range(5):
            assert isinstance(await to.tencent.verify(sample(Verdict.NORMAL)), Found)
        assert await to.tencent.verify(sample(Verdict.NORMAL)) == LimitReached()


async def test_an_order_leads_to_its_invoice_and_its_file(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        invoice = to.running.ledger.minted[0].invoice
        found = await to.jd.look_up(ByOrder(str(FIRST_ORDER)))
        assert isinstance(found, Listed)
        (listed,) = found.invoices
        assert (listed.number, listed.issued_on) == (invoice.number, invoice.issued_on)
        assert listed.total_with_tax == invoice.total_with_tax
        assert listed.buyer == invoice.buyer.name
        file = await to.jd.document(ByOrder(str(FIRST_ORDER)), DocumentForm.OFD)
        assert isinstance(file, Document)
        assert file.content == to.running.ledger.minted[0].ofd()
        assert await to.jd.document(ByOrder(str(FIRST_ORDER)), DocumentForm.PDF) == NotFound()
        assert await to.jd.look_up(ByOrder("299999999999")) == NotFound()
        assert await to.jd.look_up(ByOrder("not an order")) == NotFound()
        detail = await to.jd.look_up(ByNumber(invoice.number))
        assert isinstance(detail, Listed)
        assert detail.invoices[0].buyer == invoice.buyer.name
        assert isinstance(await to.jd.look_up(ByNumber("0" * 20)), Declined)
        assert await to.jd.look_up(ByShownCode("x")) == NotSupported()


async def test_anothers_order_is_not_shown(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        to.running.steerings["jd"].fault = Fault.ANOTHERS_ANSWER
        said = await to.jd.look_up(ByOrder(str(FIRST_ORDER)))
        assert said == PlatformDown("invoices of another order", Outage.NONSENSE)


async def test_a_file_is_only_fetched_from_the_platforms_hosts(tmp_path: Path) -> None:
    async with connected(tmp_path) as to, Gateway() as gateway:
        jd = JdPlatform(
            gateway,
            JosKey("sandbox-app-key", "sandbox-app-secret", "sandbox-access-token"),
            url=URL(f"http://127.0.0.1:{to.running.ports['jd']}/routerjson"),
        )
        said = await jd.document(ByOrder(str(FIRST_ORDER)), DocumentForm.OFD)
        assert isinstance(said, PlatformDown)
        assert said.outage is Outage.NONSENSE


async def test_an_application_at_the_shop_becomes_an_invoice(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        application = OrderApplication(
            "mark-1",
            (str(FIRST_ORDER),),
            Kind.DIGITAL_ORDINARY,
            "北京示例科技有限公司",
            "91110000MA00SHL15X",
            Decimal("113.00"),
            date(2026, 11, 24),
        )
        assert await to.jd.application_state("mark-1") == NotFound()
        assert await to.jd.issue(application) == Accepted()
        assert await to.jd.issue(application) == Accepted(), "the same application"
        state = await to.jd.application_state("mark-1")
        assert isinstance(state, Issued)
        found = await to.jd.look_up(ByApplication("mark-1"))
        assert isinstance(found, Listed)
        assert found.invoices[0].number == state.number
        assert await to.jd.issue(replace(application, kind=Kind.DIGITAL_SPECIAL)) == NotSupported()


async def test_a_shown_payment_code_gives_the_title(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        said = await to.alipay.title(TITLE_CODE)
        assert isinstance(said, TitleFound)
        assert said.title.name == "北京示例科技有限公司"
        assert said.title.tax_id == "91110000MA00SHL15X"
        assert said.title.address_phone == "北京市示例区示例路1号|01000000000"
        assert await to.alipay.title("123") == Declined("BARCODE_NOT_EXIST")


async def test_a_persons_own_invoices_come_with_their_file(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        minted = to.running.ledger.minted[0]
        shown = await to.alipay.look_up(ByShownCode(SHOWN_CODE[:-2] + "01"))
        assert isinstance(shown, Listed)
        assert shown.holder == HOLDER
        number = shown.invoices[0].number
        assert number == minted.invoice.number
        held = await to.alipay.look_up(ByHolder(number, HOLDER))
        assert isinstance(held, Listed)
        assert held.invoices[0].total_with_tax == minted.invoice.total_with_tax
        file = await to.alipay.document(ByHolder(number, HOLDER), DocumentForm.OFD)
        assert file == Document(DocumentForm.OFD, minted.ofd())
        assert await to.alipay.document(ByHolder(number, HOLDER), DocumentForm.PDF) == NotFound()
        somebody = ByHolder(number, "somebody else")
        assert await to.alipay.look_up(somebody) == Declined("INVOICE_NOT_EXIST")
        assert await to.alipay.document(somebody, DocumentForm.OFD) == Declined("INVOICE_NOT_EXIST")


async def test_a_call_signed_with_another_key_is_refused_by_alipay(tmp_path: Path) -> None:
    async with connected(tmp_path) as to, Gateway() as gateway:
        right = to.running.alipay
        # Signed with the platform's own key instead of the application's.
        key = AlipayKey(right.app_id, right.private_key, right.private_key.public_key())
        platform = type(to.alipay)(
            gateway,
            key,
            url=URL(f"http://127.0.0.1:{to.running.ports['alipay']}/gateway.do"),
            scene="SANDBOX",
        )
        assert await platform.title(TITLE_CODE) == PlatformDown(
            "40002 isv.invalid-signature", Outage.CONTRACT
        )
        assert await platform.verify(sample(Verdict.NORMAL)) == NotSupported()


LINE = Line(
    "*信息技术服务*测试服务",
    "3040201010000000000",
    Decimal("100.00"),
    Decimal("6.00"),
    Decimal("0.06"),
)
APPLICATION = IssueApplication(
    "a-1",
    min(SELLERS),
    Kind.DIGITAL_ORDINARY,
    "示例个人",
    "",
    (LINE,),
    date(2026, 11, 24),
)


async def settled(platform: Platform, application_id: str) -> Issued | Refused:
    async with asyncio.timeout(20):
        while True:
            state = await platform.application_state(application_id)
            if isinstance(state, Issued | Refused):
                return state
            assert state == Accepted()
            await asyncio.sleep(0.05)


async def test_the_bureau_issues_numbers_and_its_records_know_them(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        assert await to.bureau.application_state("a-1") == NotFound()
        assert await to.bureau.issue(APPLICATION) == Accepted()
        assert await to.bureau.issue(APPLICATION) == Accepted()
        state = await settled(to.bureau, "a-1")
        assert isinstance(state, Issued)
        reference = replace(
            sample(Verdict.NORMAL),
            kind=Kind.DIGITAL_ORDINARY,
            number=state.number,
            issued_on=state.issued_on,
            amount=APPLICATION.total_with_tax,
        )
        assert isinstance(await to.tencent.verify(reference), Found)
        red = RedApplication(
            "r-1", min(SELLERS), state.number, state.issued_on, RedReason.WRONGLY_ISSUED
        )
        assert await to.bureau.issue(red) == Accepted()
        assert isinstance(await settled(to.bureau, "r-1"), Issued)
        said = await to.tencent.verify(reference)
        assert isinstance(said, Found)
        assert said.state is RecordState.RED_FULL


async def test_the_bureau_refuses_in_words(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        unknown = replace(APPLICATION, seller_tax_id="91110000MA00SHL999")
        assert await to.bureau.issue(unknown) == Accepted()
        assert await settled(to.bureau, "a-1") == Refused("seller_unknown", "销售方未登记")
        other = replace(unknown, remark="another content")
        assert await to.bureau.issue(other) == Refused("application_id_reused", "")
