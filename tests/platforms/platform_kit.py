"""What the tests of platforms share: references of the samples, connectors to stand-ins."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yarl import URL

from central.platforms.alipay import AlipayPlatform
from central.platforms.alipay_gateway import AlipayKey
from central.platforms.baidu import BaiduPlatform
from central.platforms.bureau import BureauPlatform
from central.platforms.gateway import Gateway
from central.platforms.jd import JdPlatform
from central.platforms.opening import MEANINGS
from central.platforms.tencent import TencentPlatform
from central.sandbox.samples import samples
from central.sandbox.wire.alipay import RESULT_CODES
from central.sandbox.wire.running import (
    BAIDU_KEY,
    BUREAU_TOKEN,
    JD_KEY,
    TENCENT_KEY,
    RunningStandIns,
    stand_ins,
)
from central.service.china import day_in_china, utc_now
from einvoice import qr
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Verdict


def sample(verdict: Verdict, today: date | None = None) -> InvoiceReference:
    """The sample that the sandbox rules so."""
    day = today or day_in_china(utc_now())
    text = next(s.qr_text for s in samples(day) if s.verdict is verdict)
    scanned = qr.parse(text)
    assert isinstance(scanned, qr.InvoiceCode)
    return scanned.reference


@dataclass(frozen=True)
class Connected:
    """Every connector, each before its stand-in."""

    running: RunningStandIns
    tencent: TencentPlatform
    baidu: BaiduPlatform
    jd: JdPlatform
    alipay: AlipayPlatform
    bureau: BureauPlatform


@asynccontextmanager
async def connected(directory: Path, within_s: float = 20.0) -> AsyncGenerator[Connected]:
    async with (
        stand_ins(directory, bureau_takes_s=0.0) as running,
        Gateway(within_s=within_s) as gateway,
    ):

        def at(name: str, path: str = "/") -> URL:
            return URL(f"http://127.0.0.1:{running.ports[name]}{path}")

        alipay_key = AlipayKey(
            running.alipay.app_id,
            running.alipay_private_key,
            running.alipay.private_key.public_key(),
        )
        yield Connected(
            running,
            TencentPlatform(gateway, TENCENT_KEY, url=at("tencent")),
            BaiduPlatform(gateway, BAIDU_KEY, url=at("baidu")),
            JdPlatform(gateway, JD_KEY, url=at("jd", "/routerjson"), file_hosts=("127.0.0.1",)),
            AlipayPlatform(
                gateway,
                alipay_key,
                url=at("alipay", "/gateway.do"),
                scene="SANDBOX",
                result_codes={code: MEANINGS[m] for code, m in RESULT_CODES.items()},
                invoice_kinds={kind: kind.value for kind in Kind},
            ),
            BureauPlatform(gateway, BUREAU_TOKEN, url=at("bureau")),
        )
