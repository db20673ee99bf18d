"""From a one-time code to a certificate, over the real service."""

import asyncio
import ssl
from pathlib import Path

import aiohttp
import pytest
from central_kit import rows
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from identity_kit import DAY, PATIENT_S, Hall, Wall, hall

from central.admin import Admin, AdminRefused, CodeWanted, ServiceNotRunning
from central.contract import (
    PATH_ENROLMENT,
    CertificateAnswer,
    EnrolmentRequest,
    PingAnswer,
    encode,
)
from central.enrolling import CodeBar, CodeRefused, enrol, renew
from central.enrolment_code import EnrolmentCode
from central.failure import Bar, NotAdmitted, Refused, Unreachable
from central.identity import Identity, IdentityFiles
from central.sandbox.link import LinkMode, SteeredLink
from central.service.limits import Limits, Rate


async def test_a_code_makes_a_terminal_known(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        code = await here.code("03")
        identity = await here.enrol(EnrolmentCode.parse(code.typed))
        assert isinstance(identity, Identity)
        async with here.client() as client:
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
        (row,) = (await here.admin.terminals()).terminals
    assert (row.terminal, row.state, row.fingerprint) == ("03", "active", identity.fingerprint)
    assert identity.not_after - row.issued_at > 89 * DAY


async def test_the_key_is_the_terminals_alone(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled()
        files = here.files("03").identity_file
        modes = {p.name: p.stat().st_mode & 0o777 for p in files.parent.iterdir()}
        assert modes == {
            "identity.pem": 0o600,
            "unlock.key": 0o600,
            "enrolment.json": 0o644,
        }
        assert files.parent.stat().st_mode & 0o777 == 0o700
        key = serialization.load_pem_private_key(files.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert isinstance(key.curve, ec.SECP256R1)
    secret = key.private_numbers().private_value.to_bytes(32, "big")
    kept = b"".join(p.read_bytes() for p in here.directory.iterdir() if p.is_file())
    assert secret not in kept
    assert secret.hex().encode() not in kept


async def test_the_certificate_names_terminal_and_machine(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled("07")
        certificate = x509.load_pem_x509_certificate(here.files("07").identity_file.read_bytes())
    assert certificate.subject.rfc4514_string() == "CN=07"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    number, machine = names.get_values_for_type(x509.UniformResourceIdentifier)
    assert number == "urn:invoice-terminal:07"
    assert machine.startswith("urn:uuid:")
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


async def test_codes_are_not_kept(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        code = await here.code()
    kept = b"".join(p.read_bytes() for p in here.directory.iterdir() if p.is_file())
    assert code.id.encode() in kept
    assert code.secret.encode() not in kept


async def test_wrong_used_expired_cancelled_and_anothers_are_told_apart(
    tmp_path: Path, database: str
) -> None:
    wall = Wall()
    async with hall(tmp_path, database=database, wall=wall) as here:
        used = await here.code("03")
        assert isinstance(await here.enrol(used), Identity)
        elsewhere = here.files("other-machine")
        assert await here.enrol(used, files=elsewhere) == CodeRefused(CodeBar.USED)
        unknown = EnrolmentCode.new()
        assert await here.enrol(unknown) == CodeRefused(CodeBar.WRONG)
        assert await here.enrol(await here.code("08")) == CodeRefused(CodeBar.FOR_ANOTHER)
        earlier = await here.code("03")
        late = await here.code("03", valid_h=1)
        assert await here.enrol(earlier) == CodeRefused(CodeBar.CANCELLED)
        wall.at += DAY
        assert await here.enrol(late) == CodeRefused(CodeBar.EXPIRED)
        typed = EnrolmentCode(unknown.secret)
        assert await enrol(elsewhere, typed, "03") == CodeRefused(CodeBar.NO_ADDRESS)
        told = await here.alerts()
    assert told["code_reused"].terminal == "03"
    assert told["code_for_another"].terminal == "03"


async def test_a_code_that_is_tried_at_wrong_terminals_is_cancelled(
    tmp_path: Path, database: str
) -> None:
    async with hall(tmp_path, database=database) as here:
        code = await here.code("08")
        for _ in range(5):
            assert await here.enrol(code) == CodeRefused(CodeBar.FOR_ANOTHER)
        assert await here.enrol(code, "08") == CodeRefused(CodeBar.CANCELLED)


async def test_wrong_codes_are_limited(tmp_path: Path) -> None:
    limits = Limits(wrong_codes=Rate(burst=3, per_s=1e-6))
    async with hall(tmp_path, limits=limits) as here:
        good = await here.code()
        for _ in range(3):
            assert await here.enrol(EnrolmentCode.new()) == CodeRefused(CodeBar.WRONG)
        assert await here.enrol(good) == CodeRefused(CodeBar.TOO_MANY_TRIES)
        assert "codes_guessed" in await here.alerts()


async def test_another_service_at_the_address_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with hall(tmp_path / "a") as ours, hall(tmp_path / "b") as other:
        code = await ours.code()
        # The impostor has taken over the name and the hash of the code, but not the code.
        await other.code()
        found = await other.enrol(code)
    assert found == CodeRefused(CodeBar.WRONG)
    assert other.files("03").load() is None


async def test_who_cannot_prove_to_know_the_code_never_hears_it(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        code = await here.code()
        altered = EnrolmentCode(code.secret, code.url, "00" * 32)
        assert await here.enrol(altered) == CodeRefused(CodeBar.IMPOSTOR)
        assert rows(here.directory, "SELECT used_at FROM enrolment_codes") == [(None,)]
        assert isinstance(await here.enrol(code), Identity)


async def raw_enrolment(here: Hall, asked: EnrolmentRequest) -> tuple[int, bytes]:
    tls = ssl.create_default_context(cafile=str(here.service.ca_file))
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session,
        session.post(here.url + PATH_ENROLMENT, data=encode(asked)) as response,
    ):
        return response.status, await response.read()


async def test_a_replayed_enrolment_gives_the_same_certificate_and_no_other(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as here:
        code = await here.code()
        asked = EnrolmentRequest("r1", code.secret, "03", here.files("03").request())
        first = await raw_enrolment(here, asked)
        assert first[0] == 200
        assert await raw_enrolment(here, asked) == first
        assert len((await here.admin.terminals()).terminals) == 1


async def test_two_with_one_code_at_the_same_time_get_one_certificate(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        code = await here.code()
        found = await asyncio.gather(
            *(here.enrol(code, files=here.files(f"machine-{n}")) for n in range(4))
        )
        assert len([one for one in found if isinstance(one, Identity)]) == 1
        assert [one for one in found if one == CodeRefused(CodeBar.USED)] == [
            CodeRefused(CodeBar.USED)
        ] * 3


def unusable_requests() -> list[str]:
    def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def text(der: bytes) -> str:
        body = ssl.DER_cert_to_PEM_cert(der)
        return body.replace("CERTIFICATE", "CERTIFICATE REQUEST")

    good = pem(ec.generate_private_key(ec.SECP256R1()))
    return [
        "",
        "x" * 10_000,
        text(pem(ec.generate_private_key(ec.SECP384R1()))),
        text(pem(rsa.generate_private_key(65537, 2048))),
        text(good[:-1] + bytes([good[-1] ^ 1])),
    ]


async def test_a_request_that_is_no_good_costs_no_code(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        code = await here.code()
        for csr in unusable_requests():
            status, body = await raw_enrolment(here, EnrolmentRequest("r", code.secret, "03", csr))
            assert status == 400, body
        assert isinstance(await here.enrol(code), Identity)


@pytest.mark.parametrize("mode", [LinkMode.CUT_RESPONSE, LinkMode.REFUSE])
async def test_a_cut_line_is_no_used_code(tmp_path: Path, mode: LinkMode) -> None:
    async with hall(tmp_path) as here, SteeredLink(("127.0.0.1", here.service.port)) as link:
        url = f"https://127.0.0.1:{await link.start()}"
        code, files = await here.code(), here.files("03")
        link.steer(mode)
        assert isinstance(await enrol(files, code, "03", url, PATIENT_S), Unreachable)
        link.steer(LinkMode.PASS)
        assert isinstance(await enrol(files, code, "03", url, PATIENT_S), Identity)


async def test_an_answer_that_was_lost_is_given_again(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        code, files = await here.code(), here.files("03")
        asked = EnrolmentRequest("lost", code.secret, "03", files.request())
        assert (await raw_enrolment(here, asked))[0] == 200
        # The terminal never heard it; it has its key, and asks again.
        assert isinstance(await here.enrol(code), Identity)
        assert len((await here.admin.terminals()).terminals) == 1


async def test_renewal_takes_a_new_key_and_ends_the_old_certificate(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        old = await here.enrolled()
        files = here.files("03")
        copy = IdentityFiles(tmp_path / "copy")
        (tmp_path / "copy").mkdir()
        for file in files.identity_file.parent.iterdir():
            (tmp_path / "copy" / file.name).write_bytes(file.read_bytes())
        async with here.client() as client, here.client(files=copy) as thief:
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
            new = await renew(files, client, old)
            assert isinstance(new, Identity)
            assert new.fingerprint != old.fingerprint
            # Until the terminal has come with the new one, the old one is good.
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
            await client.move(files.access(new, here.url))
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
            assert await thief.ping(PATIENT_S) == NotAdmitted(Bar.SUPERSEDED)
        assert "superseded_certificate" in await here.alerts()


async def test_renewal_asked_twice_with_one_key_gives_one_certificate(
    tmp_path: Path, database: str
) -> None:
    async with hall(tmp_path, database=database) as here:
        await here.enrolled()
        files = here.files("03")
        async with here.client() as client:
            first = await client.renew(files.request(), PATIENT_S)
            again = await client.renew(files.request(), PATIENT_S)
            assert isinstance(first, CertificateAnswer)
            assert isinstance(again, CertificateAnswer)
            assert first.certificate_pem == again.certificate_pem
            files.keep(here.url, "03", first.ca_pem, first.certificate_pem)
            # With the key that is in use nothing is renewed.
            present = serialization.load_pem_private_key(
                files.identity_file.read_bytes(), password=None
            )
            assert isinstance(present, ec.EllipticCurvePrivateKey)
            csr = (
                x509.CertificateSigningRequestBuilder()
                .subject_name(x509.Name([]))
                .sign(present, hashes.SHA256())
                .public_bytes(serialization.Encoding.PEM)
                .decode()
            )
        async with here.client() as client:
            refused = await client.renew(csr, PATIENT_S)
        assert isinstance(refused, Refused)
        assert refused.problem.code == "request_unusable"


async def test_what_was_issued_survives_a_restart(tmp_path: Path, database: str) -> None:
    async with hall(tmp_path, database=database) as here:
        await here.enrolled()
        code = await here.code("04")
    async with hall(tmp_path, database=database) as here:
        async with here.client() as client:
            assert isinstance(await client.ping(PATIENT_S), PingAnswer)
        assert isinstance(await here.enrol(code, "04"), Identity)


@pytest.mark.parametrize(
    "wanted",
    [
        CodeWanted("../etc"),
        CodeWanted("03", 0),
        CodeWanted("03", 10_000),
        CodeWanted("03", 1, "http://plain"),
    ],
)
async def test_the_operator_is_told_what_is_wrong(tmp_path: Path, wanted: CodeWanted) -> None:
    async with hall(tmp_path) as here:
        with pytest.raises(AdminRefused):
            await here.admin.issue_code(wanted)


async def test_only_its_own_user_reaches_the_operators_socket(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        assert (here.directory / "admin.sock").stat().st_mode & 0o777 == 0o600
        assert here.directory.stat().st_mode & 0o777 == 0o700
    with pytest.raises(ServiceNotRunning):
        await Admin(here.directory).terminals()
