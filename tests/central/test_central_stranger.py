"""Somebody with the right certificate says anything at all: a failure, never an exception."""

import asyncio
import gzip
from contextlib import suppress
from pathlib import Path

import pytest
from central_kit import REFERENCE
from hypothesis import example, given, settings
from hypothesis import strategies as st

from central.client import CentralClient
from central.failure import BadCertificate, NoTime, NotOurs, Overloaded, Refused, Unreachable
from central.service.authority import Authority

STATUS = st.sampled_from(
    [
        "HTTP/1.1 200 OK",
        "HTTP/1.1 503 Busy",
        "HTTP/1.1 100 Continue",
        "HTTP/1.1 999",
        "HTTP/1.0 200",
    ]
) | st.text(max_size=30)
HEADERS = st.sampled_from(
    [
        "Content-Type: application/json",
        "Content-Type: application/problem+json",
        "Content-Type: ;;;",
        "Content-Encoding: gzip",
        "Content-Encoding: deflate",
        "Content-Encoding: nonsense",
        "Content-Length: 5",
        "Content-Length: -5",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked",
        "Retry-After: 99999999999999999999",
        "Retry-After: soon",
        "Location: ::://",
        "Connection: close",
        "Set-Cookie: \x01=\x02",
        "X: " + "x" * 20_000,
        "no header",
    ]
)
PROBLEM = b'{"type":"t","title":"t","status":503,"code":"c"}'
BODY = st.sampled_from(
    [b"", b"{}", b"null", b"5\r\nhello\r\n", b"ZZ\r\n", gzip.compress(b"{}"), PROBLEM]
) | st.binary(max_size=60)
ANSWERS = st.binary(max_size=200) | st.builds(
    lambda status, headers, body: (
        "\r\n".join([status, *headers, "", ""]).encode("utf-8", "replace") + body
    ),
    STATUS,
    st.lists(HEADERS, max_size=5),
    BODY,
)
BROKEN_TEXT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n"
    b'{"nonce":"\x80"}'
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    directory: Path = tmp_path_factory.mktemp("stranger")
    made = Authority(directory)
    made.ensure()
    return made


@settings(max_examples=150, deadline=None)
@given(answer=ANSWERS)
@example(answer=BROKEN_TEXT)
def test_whatever_is_said_is_a_failure(authority: Authority, answer: bytes) -> None:
    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    async def ask() -> object:
        server = await asyncio.start_server(stranger, "127.0.0.1", 0, ssl=authority.context())
        async with server:
            url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with CentralClient(url, authority.ca_file, "t1") as client:
                return await client.verify(REFERENCE, 2.0)

    assert isinstance(
        asyncio.run(ask()),
        Unreachable | NoTime | NotOurs | BadCertificate | Overloaded | Refused,
    )
