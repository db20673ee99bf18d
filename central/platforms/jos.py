"""JD's open platform (JOS): signing a call and opening its answer.

Source: help.jd.com/jos/question-580.html (调用参数, API签名) and jos.jd.com/commondoc?listId=33.
The signature is the upper-case MD5 of secret + name1value1name2value2... + secret, names in
order, and answers are not signed: that they come from the platform is what TLS says. MD5 is
the platform's choice; here it is not what protects anything but the account.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import msgspec

from central.platforms import reading
from central.platforms.outcome import Outage, PlatformDown
from central.service.china import CHINA

PARAM_JSON = "360buy_param_json"
VERSION = "2.0"
CLOCK_MAY_DIFFER_S = 360
"""Six minutes, says the page."""

OUTAGE_OF_CODE = MappingProxyType(
    {
        "2": Outage.THROTTLED,  # App Call Limited
        "4": Outage.CONTRACT,  # Missing Version
        "5": Outage.CONTRACT,  # Unsupported Version
        "7": Outage.CONTRACT,  # Missing Timestamp
        "8": Outage.CONTRACT,  # Invalid Timestamp: our clock
        "11": Outage.CONTRACT,  # Missing Signature
        "12": Outage.CONTRACT,  # Invalid Signature
        "14": Outage.CONTRACT,  # Missing Method
        "15": Outage.CONTRACT,  # Invalid Method
        "18": Outage.CONTRACT,  # access_token is missing
        "19": Outage.CONTRACT,  # access_token is not valid any more
    }
)
"""error_response.code (网关系统错误码). Others are not relied on."""


@dataclass(frozen=True, slots=True)
class JosKey:
    """An application of JD's and the enterprise that authorised it. Secrets are in no repr."""

    app_key: str
    app_secret: str = field(repr=False)
    access_token: str = field(repr=False)


def sign(parameters: Mapping[str, str], secret: str) -> str:
    """The signature over all parameters but `sign` itself."""
    joined = "".join(f"{name}{parameters[name]}" for name in sorted(parameters))
    return hashlib.md5(f"{secret}{joined}{secret}".encode()).hexdigest().upper()  # noqa: S324


def signed_call(
    key: JosKey, method: str, arguments: Mapping[str, object], now: datetime
) -> dict[str, str]:
    """The form of one call.

    Args:
        key: whose account.
        method: "jingdong.vop.invoice...".
        arguments: of the method; written as JSON in the order of their names.
        now: the present moment, aware; the platform reads it as time in China.
    """
    parameters = {
        "method": method,
        "access_token": key.access_token,
        "app_key": key.app_key,
        "timestamp": now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        "v": VERSION,
        "format": "json",
        PARAM_JSON: msgspec.json.encode(arguments, order="sorted").decode(),
    }
    parameters["sign"] = sign(parameters, key.app_secret)
    return parameters


class _Error(msgspec.Struct):
    code: str | int


_ENVELOPES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ERROR = msgspec.json.Decoder(_Error)


def answer_names(method: str) -> tuple[str, str]:
    """Under which names an answer may come. The first is misspelt by the platform itself."""
    plain = method.replace(".", "_")
    return f"{plain}_responce", f"{plain}_response"


def opened(body: bytes, method: str) -> bytes | PlatformDown:
    """The JSON of openRpcResult in an answer to `method`."""
    parts = reading.decoded(_ENVELOPES, body)
    if parts is None:
        return PlatformDown("not the JSON of this call", Outage.NONSENSE)
    if "error_response" in parts:
        error = reading.decoded(_ERROR, bytes(parts["error_response"]))
        code = "" if error is None else str(error.code)
        return PlatformDown(
            f"error_response {code[:20]}", OUTAGE_OF_CODE.get(code, Outage.NONSENSE)
        )
    for name in answer_names(method):
        if name in parts:
            inner = reading.decoded(_ENVELOPES, bytes(parts[name]))
            if inner is not None and "openRpcResult" in inner:
                return bytes(inner["openRpcResult"])
    return PlatformDown("the answer to another call", Outage.NONSENSE)
