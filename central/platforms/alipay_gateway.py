"""Alipay's gateway protocol: RSA2 signatures on what is asked and on what is answered.

Sources: opendocs.alipay.com (签名规则, 公共错误码) and alipay-sdk-python 3.7.1411
(`alipay/aop/api/DefaultAlipayClient.py`, `util/SignatureUtils.py`). Common parameters go in
the query, the others in the form; signed are all of them, in order, joined as name=value
with &. An answer is an object with two members: the answer of the method, and the
signature over exactly its bytes.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from central.platforms import reading
from central.platforms.outcome import Outage, PlatformDown
from central.service.china import CHINA

SUCCESS = "10000"
BUSINESS_FAILED = "40004"
"""The method's own failure; sub_code says which."""

OUTAGE_OF_CODE = MappingProxyType(
    {
        "20000": Outage.UPSTREAM,  # 服务不可用
        "20001": Outage.CONTRACT,  # 授权权限不足
        "40001": Outage.CONTRACT,  # 缺少必选参数
        "40002": Outage.CONTRACT,  # 非法的参数: also a signature that is not taken
        "40003": Outage.CONTRACT,  # 条件异常
        "40005": Outage.THROTTLED,  # 调用频次超限
        "40006": Outage.CONTRACT,  # 权限不足
    }
)
"""`code` of the gateway, beside 10000 and 40004."""


@dataclass(frozen=True, slots=True)
class AlipayKey:
    """An application of Alipay's. The private half is in no repr and no log."""

    app_id: str
    private_key: RSAPrivateKey = field(repr=False)
    alipay_public_key: RSAPublicKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A signed answer of the method that was called.

    Attributes:
        code: "10000" or "40004"; all others are outages.
        sub_code: the method's own code of a failure.
        body: the JSON of the answer.
    """

    code: str
    sub_code: str
    body: bytes


def private_key(text: str) -> RSAPrivateKey:
    """A private key as Alipay's tool gives it: PEM, or the Base64 of PKCS#1 or PKCS#8 alone.

    Raises:
        ValueError: it is none, or no RSA key.
    """
    key = (
        serialization.load_pem_private_key(text.encode(), None)
        if "-----" in text
        else serialization.load_der_private_key(_der(text), None)
    )
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA key")  # noqa: TRY004 - the file is wrong, not a type
    return key


def public_key(text: str) -> RSAPublicKey:
    """Alipay's public key as its console shows it: PEM, or the Base64 alone.

    Raises:
        ValueError: it is none, or no RSA key.
    """
    key = (
        serialization.load_pem_public_key(text.encode())
        if "-----" in text
        else serialization.load_der_public_key(_der(text))
    )
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA key")  # noqa: TRY004
    return key


def _der(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)


def sign_content(parameters: Mapping[str, str]) -> str:
    """What is signed of a request: everything but the signature itself."""
    return "&".join(f"{name}={parameters[name]}" for name in sorted(parameters))


def sign(content: bytes, key: RSAPrivateKey) -> str:
    """RSA2: SHA-256, PKCS#1 v1.5, Base64."""
    return base64.b64encode(key.sign(content, padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(content: bytes, signature: str, key: RSAPublicKey) -> bool:
    """Whether the signature is that of the key's owner over these bytes."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, content, padding.PKCS1v15(), hashes.SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def signed_call(
    key: AlipayKey, method: str, content: Mapping[str, object], now: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """Query and form of one call.

    Args:
        key: whose application.
        method: "alipay.ebpp...".
        content: the method's own parameters.
        now: the present moment, aware; the platform reads it as time in China.
    """
    query = {
        "app_id": key.app_id,
        "method": method,
        "format": "json",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        "version": "1.0",
    }
    form = {"biz_content": msgspec.json.encode(content, order="sorted").decode()}
    query["sign"] = sign(sign_content({**query, **form}).encode(), key.private_key)
    return query, form


class _Head(msgspec.Struct):
    code: str
    sub_code: str | None = None


_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TEXT = msgspec.json.Decoder(str)
_HEAD = msgspec.json.Decoder(_Head)


def answer_name(method: str) -> str:
    """Under which name the answer of a method comes."""
    return method.replace(".", "_") + "_response"


def opened(body: bytes, method: str, key: RSAPublicKey) -> Answer | PlatformDown:
    """The signed answer to `method`; nothing of an unsigned one is looked at."""
    parts = reading.decoded(_PARTS, body)
    if parts is None:
        return PlatformDown("not the JSON of this gateway", Outage.NONSENSE)
    said = parts.get(answer_name(method))
    if said is None:
        return PlatformDown("the answer to another call, or an unsigned error", Outage.NONSENSE)
    signature = reading.decoded(_TEXT, bytes(parts.get("sign", b"")))
    if signature is None or not is_signed(bytes(said), signature, key):
        return PlatformDown("the answer is not signed by the platform", Outage.NONSENSE)
    head = reading.decoded(_HEAD, bytes(said))
    if head is None:
        return PlatformDown("a signed answer without a code", Outage.NONSENSE)
    if head.code not in {SUCCESS, BUSINESS_FAILED}:
        outage = OUTAGE_OF_CODE.get(head.code, Outage.NONSENSE)
        return PlatformDown(f"{head.code[:10]} {(head.sub_code or '')[:60]}".strip(), outage)
    return Answer(head.code, head.sub_code or "", bytes(said))
