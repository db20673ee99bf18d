"""How a terminal gets its identity: the first for a one-time code, each next for the present one.

First contact: the terminal trusts nobody, so it tells only a hash of its code, and gets an
authority with a proof that only the issuer of that code can make. From then on it trusts that
authority alone, and shows the code itself over a connection that the authority vouches for.
"""

import asyncio
import secrets
import uuid
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from yarl import URL

from central.client import CentralClient
from central.contract import (
    PATH_AUTHORITY,
    PATH_ENROLMENT,
    AuthorityAnswer,
    AuthorityRequest,
    CertificateAnswer,
    EnrolmentRequest,
    Message,
    ProblemCode,
)
from central.enrolment_code import EnrolmentCode, authority_proof
from central.exchange import exchange, failure_of
from central.failure import Failure, NoTime, NotOurs, Refused
from central.identity import Identity, IdentityFiles, UnusableIdentity
from central.lookup import OwnThreadsResolver
from central.tls import Access, unverified_context
from central.unlock import KEY_BYTES

ENROL_WITHIN_S = 30.0

M = TypeVar("M", bound=Message)


class CodeBar(Enum):
    """Why a code does not enrol this terminal. The value is the key of a sentence."""

    WRONG = "code_wrong"
    """The service has not issued it."""
    USED = "code_used"
    EXPIRED = "code_expired"
    CANCELLED = "code_cancelled"
    FOR_ANOTHER = "code_for_another"
    """It is for a terminal with another number than this one's settings say."""
    TOO_MANY_TRIES = "too_many_tries"
    NO_ADDRESS = "code_without_address"
    """A typed code does not say where the service is: the address must be given."""
    IMPOSTOR = "service_not_proven"
    """Whoever answers at that address did not issue this code: another service, or an impostor."""


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """The code is not good here and now; nothing was changed."""

    bar: CodeBar


EnrolmentFailure = CodeRefused | Failure

_BARS = {
    ProblemCode.CODE_WRONG.value: CodeBar.WRONG,
    ProblemCode.CODE_USED.value: CodeBar.USED,
    ProblemCode.CODE_EXPIRED.value: CodeBar.EXPIRED,
    ProblemCode.CODE_CANCELLED.value: CodeBar.CANCELLED,
    ProblemCode.CODE_FOR_ANOTHER.value: CodeBar.FOR_ANOTHER,
    ProblemCode.TOO_MANY_TRIES.value: CodeBar.TOO_MANY_TRIES,
}


async def enrol(
    files: IdentityFiles,
    code: EnrolmentCode,
    terminal: str,
    url: str = "",
    within_s: float = ENROL_WITHIN_S,
) -> Identity | EnrolmentFailure:
    """Makes this terminal one of a service's. Repeating it after a failure does no harm.

    Args:
        files: get the identity.
        code: what was typed or scanned.
        terminal: this terminal's number.
        url: the service's address; empty takes the one in the code.
        within_s: seconds for all of it.

    Raises:
        ValueError: `url` is not an https address.
        OSError: the identity cannot be kept.
    """
    url = url or code.url
    if not url:
        return CodeRefused(CodeBar.NO_ADDRESS)
    resolver = OwnThreadsResolver()
    try:
        async with asyncio.timeout(within_s):
            ca_pem = await _authority(code, url, resolver)
            if not isinstance(ca_pem, str):
                return ca_pem
            return await _first_certificate(files, code, terminal, Access(url, ca_pem), resolver)
    except TimeoutError:
        return NoTime()
    except aiohttp.ClientError as error:
        return failure_of(error)
    finally:
        await resolver.close()


async def renew(
    files: IdentityFiles, client: CentralClient, identity: Identity
) -> Identity | Failure:
    """Replaces the identity by a new key and certificate. Killed at any moment, it can be repeated.

    Args:
        files: hold `identity` and get the new one.
        client: reaches the service with `identity`.
        identity: the present one.

    Raises:
        OSError: the new one cannot be kept; the old one still works.
    """
    csr_pem = await asyncio.to_thread(files.request)
    answer = await client.renew(csr_pem)
    if not isinstance(answer, CertificateAnswer):
        return answer
    return await _kept(files, identity.url, identity.terminal, answer)


async def _authority(
    code: EnrolmentCode, url: str, resolver: OwnThreadsResolver
) -> str | EnrolmentFailure:
    """The authorities (PEM) that the issuer of the code vouches for."""
    asked = AuthorityRequest(code.id, secrets.token_hex(32))
    context = unverified_context()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=context, resolver=resolver)
    ) as session:
        answer = await exchange(session, URL(url).with_path(PATH_AUTHORITY), asked, AuthorityAnswer)
    if not isinstance(answer, AuthorityAnswer):
        return _refusal(answer)
    proof = authority_proof(code.proof_key, asked.nonce, answer.ca_pem)
    if not secrets.compare_digest(proof.encode(), answer.proof.encode()):
        return CodeRefused(CodeBar.IMPOSTOR)
    if code.ca_sha256 and code.ca_sha256 not in _fingerprints(answer.ca_pem):
        return CodeRefused(CodeBar.IMPOSTOR)
    return answer.ca_pem


async def _first_certificate(
    files: IdentityFiles,
    code: EnrolmentCode,
    terminal: str,
    access: Access,
    resolver: OwnThreadsResolver,
) -> Identity | EnrolmentFailure:
    csr_pem = await asyncio.to_thread(files.request)
    asked = EnrolmentRequest(str(uuid.uuid4()), code.secret, terminal, csr_pem)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=access.context(), resolver=resolver)
    ) as session:
        place = URL(access.url).with_path(PATH_ENROLMENT)
        answer = await exchange(session, place, asked, CertificateAnswer)
    if not isinstance(answer, CertificateAnswer):
        return _refusal(answer)
    if answer.request_id != asked.request_id:
        return NotOurs("request_id")
    return await _kept(files, access.url, terminal, answer)


async def _kept(
    files: IdentityFiles, url: str, terminal: str, answer: CertificateAnswer
) -> Identity | NotOurs:
    try:
        return await asyncio.to_thread(
            files.keep,
            url,
            terminal,
            answer.ca_pem,
            answer.certificate_pem,
            _unlock_key(answer.unlock_key),
        )
    except UnusableIdentity:
        return NotOurs("certificate")


def _unlock_key(text: str) -> bytes:
    """The key, or nothing: a terminal without one is served all the same."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        return b""
    return key if len(key) == KEY_BYTES else b""


def _refusal(failure: Failure) -> EnrolmentFailure:
    if isinstance(failure, Refused) and failure.problem.code in _BARS:
        return CodeRefused(_BARS[failure.problem.code])
    return failure


def _fingerprints(ca_pem: str) -> set[str]:
    try:
        authorities = x509.load_pem_x509_certificates(ca_pem.encode())
    except ValueError:
        return set()
    return {one.fingerprint(hashes.SHA256()).hex() for one in authorities}
