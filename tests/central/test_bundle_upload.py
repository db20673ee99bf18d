"""A support bundle over the network: sent when the service has the whole of it, never before."""

import asyncio
import json
import os
import ssl
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from central_kit import ServiceProcess, enrolled
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from central.contract import Problem, ProblemCode, sha256_of
from central.contract_bundles import (
    MAX_BUNDLE_PART_BYTES,
    MAX_BUNDLE_PARTS,
    PATH_BUNDLE,
    BundlePart,
    BundlePartTaken,
)
from central.failure import Failure, NotOurs, Overloaded, Refused, Unreachable
from central.identity import IdentityFiles
from central.service.backups import NotABackup
from central.service.bundles import KEEP, Bundles
from kiosk.bundle.sealing import unseal
from kiosk.bundle.sending import LONGEST_PAUSE_S, TRIES, TooLarge, send
from kiosk.daemon.identity import FOLDER

OFFICE = X25519PrivateKey.generate()


@asynccontextmanager
async def faltering(
    service: ServiceProcess, identity: Path, seen: list[str]
) -> AsyncGenerator[str]:
    """The service behind a front that fails twice: before it took a part, and after."""
    tls = ssl.create_default_context(cafile=str(service.ca_file))
    tls.load_cert_chain(identity)

    async def passed_on(request: web.Request) -> web.Response:
        body = await request.read()
        is_part = request.path == PATH_BUNDLE
        if is_part and not seen:
            seen.append("not taken")
            return web.Response(status=500, text="no")
        headers = {k: v for k, v in request.headers.items() if k.startswith(("X-", "Content-Ty"))}
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session,
            session.request(
                request.method, service.url + request.path_qs, data=body, headers=headers
            ) as answer,
        ):
            content = await answer.read()
            kind, status = answer.content_type, answer.status
        if is_part and seen == ["not taken"]:
            seen.append("taken" if status == 200 else f"{status} {content!r}")
            return web.Response(status=500, text="no")
        if is_part:
            seen.append("told")
        return web.Response(body=content, content_type=kind, status=status)

    app = web.Application(client_max_size=1 << 21)
    app.router.add_route("*", "/{anything:.*}", passed_on)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        front = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        front.load_cert_chain(service.directory / "server.pem")
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=front).start()
        yield f"https://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def kiosk(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kiosk", *arguments),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, said.decode(), complained.decode()


async def test_a_bundle_goes_over_a_service_that_fails_in_between_and_the_office_opens_it(
    service: ServiceProcess, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    identity = await enrolled(service.directory, service.url, IdentityFiles(state / FOLDER), "31")
    seen: list[str] = []
    async with faltering(service, identity, seen) as url:
        terminal = {
            "KIOSK__PATHS__STATE_DIR": str(state),
            "KIOSK__TERMINAL__NUMBER": "31",
            "KIOSK__SERVICE__URL": url,
            "KIOSK__SUPPORT__OFFICE_KEY": OFFICE.public_key().public_bytes_raw().hex(),
        }
        code, said, complained = await kiosk(terminal, "bundle", "send", "--json")
    assert code == 0, complained
    assert seen == ["not taken", "taken", "told"]
    sent = json.loads(said)
    office = {"KIOSK_CENTRAL_DIR": str(service.directory)}
    _, listed, _ = await kiosk(office, "central", "bundles", "list", "--json")
    (row,) = json.loads(listed)
    assert (row["terminal"], row["bundle_id"]) == ("31", sent["bundle_id"])
    assert row["size_bytes"] == sent["size_bytes"]
    code, said, complained = await kiosk(
        office, "central", "bundles", "get", "31", "--to", str(tmp_path), "--json"
    )
    assert code == 0, complained
    sealed = await asyncio.to_thread(Path(json.loads(said)["file"]).read_bytes)
    assert unseal(sealed, OFFICE.private_bytes_raw())


class Scripted:
    """Takes parts and answers as told; the rest rightly."""

    def __init__(self, *answers: Failure, whole: str | None = None) -> None:
        self._answers = list(answers)
        self._whole = whole
        self.parts: list[tuple[int, int]] = []
        self.content = b""

    async def put_part(
        self, bundle_id: str, part: int, parts: int, content: bytes, within_s: float
    ) -> BundlePartTaken | Failure:
        assert bundle_id == "b-1"
        assert within_s > 0
        self.parts.append((part, parts))
        if self._answers:
            return self._answers.pop(0)
        self.content += content
        whole = sha256_of(self.content) if part == parts else ""
        return BundlePartTaken(
            "r", sha256_of(content), whole if self._whole is None else self._whole
        )


async def sent(service: Scripted, content: bytes) -> tuple[Failure | None, list[float]]:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    return await send(content, "b-1", service, pause), pauses


async def test_each_part_is_tried_again_and_the_whole_must_be_confirmed() -> None:
    content = b"x" * (MAX_BUNDLE_PART_BYTES + 1)
    service = Scripted(Unreachable("http_500"), Overloaded(7.0), Overloaded(10_000.0))
    failure, pauses = await sent(service, content)
    assert failure is None
    assert service.parts == [(1, 2)] * 4 + [(2, 2)]
    assert service.content == content
    assert pauses == [1.0, 7.0, LONGEST_PAUSE_S]


@pytest.mark.parametrize("whole", ["", "0" * 64])
async def test_without_the_digest_of_the_whole_it_is_not_sent(whole: str) -> None:
    failure, _ = await sent(Scripted(whole=whole), b"content")
    assert failure == NotOurs("digest of the whole")


async def test_a_service_that_is_away_ends_it_and_a_no_is_taken_at_once() -> None:
    away = Unreachable("http_500")
    service = Scripted(*[away] * TRIES)
    failure, pauses = await sent(service, b"content")
    assert failure == away
    assert (len(service.parts), len(pauses)) == (TRIES, TRIES - 1)
    no = Refused(Problem("urn:x", "t", 404, ProblemCode.NOT_FOUND.value))
    service = Scripted(no)
    assert await sent(service, b"content") == (no, [])
    with pytest.raises(TooLarge):
        await sent(service, b"x" * (MAX_BUNDLE_PART_BYTES * MAX_BUNDLE_PARTS + 1))


def part(bundle_id: str, number: int, of: int, content: bytes) -> BundlePart:
    return BundlePart("r", bundle_id, number, of, sha256_of(content), content)


def test_the_service_keeps_the_newest_of_each_terminal_and_tells_the_digest_of_whole_ones(
    tmp_path: Path,
) -> None:
    bundles = Bundles(tmp_path / "bundles")
    assert bundles.kept() == ()
    assert bundles.put("02", part("a", 2, 2, b"second")) == ""
    assert bundles.content("02", "a") is None
    assert bundles.put("02", part("a", 1, 2, b"first ")) == sha256_of(b"first second")
    for number in range(KEEP + 2):
        bundles.put("01", part(f"b-{number:02}", 1, 1, b"x"))
    ids = [(one.terminal, one.kept.backup_id) for one in bundles.kept()]
    assert ids == [*(("01", f"b-{n:02}") for n in range(KEEP + 1, 1, -1)), ("02", "a")]
    assert bundles.content("01", "a") is None
    with pytest.raises(NotABackup):
        bundles.put("01", part("c", 1, MAX_BUNDLE_PARTS + 1, b"x"))
    with pytest.raises(NotABackup):
        bundles.content("01", "../x")
