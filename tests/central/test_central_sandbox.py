"""The sandbox: one text for every verdict on any day, and a link that does as it is told."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from central_kit import REFERENCE
from hypothesis import given
from hypothesis import strategies as st

from central.platforms.platform import PlatformDown
from central.sandbox.link import LinkMode, SteeredLink, TlsRecords
from central.sandbox.platform import SandboxPlatform
from central.sandbox.records import read_records
from central.sandbox.samples import PUBLIC_SAMPLES, samples
from central.service.verification import Verification
from einvoice import qr
from einvoice.verdict import Verdict

DAYS = st.dates(date(2026, 11, 24), date(2040, 12, 31))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)  # 12:00 in China


async def ruled(text: str, day: date) -> Verdict:
    scanned = qr.parse(text)
    assert isinstance(scanned, qr.InvoiceCode), text
    verification = Verification(SandboxPlatform(today=lambda: day), lambda: noon(day))
    return (await verification.answer(scanned.reference)).verdict


def test_there_is_a_sample_for_every_verdict() -> None:
    verdicts = [sample.verdict for sample in samples(date(2026, 11, 24))]
    assert sorted(v.value for v in verdicts) == sorted(v.value for v in Verdict)


@given(DAYS)
def test_every_sample_gets_its_verdict_on_any_day(day: date) -> None:
    for sample in samples(day):
        assert asyncio.run(ruled(sample.qr_text, day)) is sample.verdict, sample.note


@pytest.mark.parametrize("text", PUBLIC_SAMPLES)
async def test_public_samples_are_known_until_they_are_too_old(text: str) -> None:
    scanned = qr.parse(text)
    assert isinstance(scanned, qr.InvoiceCode)
    issued_on = scanned.reference.issued_on
    assert await ruled(text, issued_on + timedelta(days=5 * 365)) is Verdict.NORMAL
    assert await ruled(text, issued_on + timedelta(days=5 * 365 + 3)) is Verdict.TOO_OLD


async def test_public_samples_say_today_what_is_true_today() -> None:
    day = date(2026, 11, 24)
    old = [t for t in PUBLIC_SAMPLES if await ruled(t, day) is Verdict.TOO_OLD]
    assert len(old) == 6
    others = [t for t in PUBLIC_SAMPLES if t not in old]
    assert {await ruled(t, day) for t in others} == {Verdict.NORMAL}


def test_every_party_is_made_up() -> None:
    for record in read_records():
        assert "示例" in record.seller
        assert "示例" in record.buyer


async def test_the_platform_can_be_told_to_be_down() -> None:
    platform = SandboxPlatform()
    platform.is_down = True
    assert isinstance(await platform.verify(REFERENCE), PlatformDown)
    assert platform.queries == 1


def record(kind: int, length: int) -> bytes:
    return bytes((kind, 3, 3)) + length.to_bytes(2, "big") + b"x" * length


@given(
    st.lists(st.tuples(st.sampled_from([20, 21, 22, 23]), st.integers(0, 300)), max_size=12),
    st.lists(st.integers(1, 50), min_size=1, max_size=20),
)
def test_tls_records_are_counted_however_they_are_split(
    wanted: list[tuple[int, int]], cuts: list[int]
) -> None:
    whole = b"".join(record(kind, length) for kind, length in wanted)
    records = TlsRecords()
    at = step = 0
    while at < len(whole):
        size = cuts[step % len(cuts)]
        records.feed(whole[at : at + size])
        at, step = at + size, step + 1
    assert records.application_data == sum(kind == 23 for kind, _ in wanted)


async def test_a_link_needs_to_know_where_somebody_is_busy() -> None:
    link = SteeredLink(("127.0.0.1", 1))
    with pytest.raises(ValueError, match="busy"):
        link.steer(LinkMode.BUSY)
    assert link.mode is LinkMode.PASS


async def test_a_link_to_nowhere_ends_its_visitors_and_goes_on() -> None:
    async with SteeredLink(("127.0.0.1", 1)) as link:
        port = await link.start()
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await _end(reader) == b""
            writer.close()


async def _end(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(20):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
