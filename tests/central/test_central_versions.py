"""A terminal whose version is not spoken here is told so in words, before anything is read."""

import ssl

import aiohttp
import msgspec
import pytest
from central_kit import ServiceProcess

from central.contract import (
    HEADER_CONTRACT,
    OLDEST_VERSION,
    PATH_PING,
    VERSION,
    Problem,
    ProblemCode,
)
from central.service.versions import refusal


@pytest.mark.parametrize(
    ("path", "header", "status", "code"),
    [
        (f"/v{VERSION + 1}/verify", None, 400, ProblemCode.VERSION_UNSUPPORTED),
        (f"/v{OLDEST_VERSION - 1}/verify", None, 426, ProblemCode.VERSION_TOO_OLD),
        ("/v1/verify", str(VERSION + 1), 400, ProblemCode.VERSION_UNSUPPORTED),
        ("/v1/verify", str(OLDEST_VERSION - 1), 426, ProblemCode.VERSION_TOO_OLD),
        ("/v1/verify", "one", 400, ProblemCode.VERSION_UNSUPPORTED),
        ("/v1/verify", "", 400, ProblemCode.VERSION_UNSUPPORTED),
        ("/v1/verify", "²", 400, ProblemCode.VERSION_UNSUPPORTED),
        ("/v1/verify", "9" * 5000, 400, ProblemCode.VERSION_UNSUPPORTED),
    ],
)
def test_what_is_not_spoken_is_refused(
    path: str, header: str | None, status: int, code: ProblemCode
) -> None:
    answer = refusal(path, header)
    assert answer is not None
    assert answer.status == status
    assert isinstance(answer.body, bytes)
    problem = msgspec.json.decode(answer.body, type=Problem)
    assert (problem.status, problem.code) == (status, code.value)


@pytest.mark.parametrize("header", [None, str(OLDEST_VERSION), str(VERSION)])
@pytest.mark.parametrize("path", ["/v1/verify", "/", "/version", "/vx/verify"])
def test_what_is_spoken_goes_on(path: str, header: str | None) -> None:
    assert refusal(path, header) is None


async def test_the_service_refuses_on_every_path(service: ServiceProcess) -> None:
    tls = ssl.create_default_context(cafile=str(service.ca_file))
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session,
        session.get(f"{service.url}{PATH_PING}?nonce=n", headers={HEADER_CONTRACT: "0"}) as answer,
    ):
        problem = msgspec.json.decode(await answer.read(), type=Problem)
    assert (answer.status, problem.code) == (426, ProblemCode.VERSION_TOO_OLD.value)
