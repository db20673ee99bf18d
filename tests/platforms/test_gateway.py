"""HTTP to a platform: what was sent is known, nothing is followed, nothing is waited for."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from yarl import URL

from central.platforms import gateway as gateway_module
from central.platforms.files import may_be_opened
from central.platforms.gateway import Gateway, Reply
from central.platforms.outcome import Outage, PlatformDown

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def speaking(talk: Talk) -> AsyncGenerator[URL]:
    """A server that reads a request's head and then says what it wants."""

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(visit, "127.0.0.1", 0)
    try:
        yield URL(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    finally:
        server.close()


def saying(answer: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return talk


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def ask(url: URL, within_s: float = 20.0) -> Reply | PlatformDown:
    async with Gateway(within_s=within_s) as gateway:
        return await gateway.call("POST", url, body=b"{}")


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    visits = 0

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1
        await saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")(reader, writer)

    async with speaking(elsewhere) as portal:
        redirect = f"HTTP/1.1 302 Found\r\nLocation: {portal}\r\nContent-Length: 0\r\n\r\n"
        async with speaking(saying(redirect.encode())) as url:
            said = await ask(url)
    assert isinstance(said, Reply)
    assert said.status == 302
    assert visits == 0


@pytest.mark.parametrize(
    "talk",
    [
        saying(b""),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        saying(b"this is no HTTP\r\n\r\n"),
    ],
)
async def test_what_was_sent_and_not_answered_may_have_counted(talk: Talk) -> None:
    async with speaking(talk) as url:
        said = await ask(url)
    assert isinstance(said, PlatformDown)
    assert said.outage is Outage.UNCERTAIN
    assert said.may_have_counted


async def given_up(talk: Talk) -> PlatformDown:
    """What is said of a call that was given up after the server had seen the question.

    On a busy machine the deadline may pass before that: then with more time.
    """
    for within_s in (0.3, 1.0, 5.0, 20.0):
        seen = asyncio.Event()

        async def noting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.set()  # noqa: B023 - each server ends with its round
            await talk(reader, writer)

        async with speaking(noting) as url:
            said = await ask(url, within_s)
        assert isinstance(said, PlatformDown)
        if seen.is_set():
            return said
    raise AssertionError("the server never saw the question")


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("talk", [never, trickle])
async def test_who_does_not_end_is_given_up_and_may_have_counted(talk: Talk) -> None:
    assert await given_up(talk) == PlatformDown("no whole answer in time", Outage.UNCERTAIN)


async def test_an_answer_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "MAX_ANSWER_BYTES", 1000)
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b" " * 2000
    async with speaking(saying(long)) as url:
        said = await ask(url)
    assert said == PlatformDown("the answer is too long", Outage.NONSENSE)


async def test_what_is_in_an_address_is_in_no_message() -> None:
    async with Gateway() as gateway:
        said = await gateway.call("POST", URL("http://127.0.0.1:1/?access_token=secret"))
    assert isinstance(said, PlatformDown)
    assert said.outage is Outage.UNREACHABLE
    assert "secret" not in said.why


HOSTS = ("jdcloud-oss.com", "storage.jd.com")


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://eicore-invoice-19.s3.cn-north-1.jdcloud-oss.com/digital/a.pdf?Signature=x", True),
        ("https://storage.jd.com/a.pdf", True),
        ("http://storage.jd.com/a.pdf", False),
        ("https://evil-jdcloud-oss.com/a.pdf", False),
        ("https://jdcloud-oss.com.evil.example/a.pdf", False),
        ("https://storage.jd.com@evil.example/a.pdf", False),
        ("https://name@storage.jd.com/a.pdf", False),
        ("https://127.0.0.1/a.pdf", False),
        ("https://[::1]/a.pdf", False),
        ("file:///etc/passwd", False),
        ("https://[broken/a.pdf", False),
        ("", False),
    ],
)
def test_only_a_platforms_own_hosts_are_opened(address: str, may: bool) -> None:
    assert (may_be_opened(address, HOSTS) is not None) is may
