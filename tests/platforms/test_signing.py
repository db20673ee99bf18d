"""Signatures: against published values, against the SDKs where they are, and under mutation."""

import base64
import hashlib
import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.http.request import RequestInternal

from central.platforms import alipay_gateway, jos, tc3
from central.platforms.alipay_gateway import AlipayKey, Answer
from central.platforms.outcome import Outage, PlatformDown
from central.sandbox.wire.running import pem_of, public_pem_of

APP = rsa.generate_private_key(65537, 2048)
PLATFORM = rsa.generate_private_key(65537, 2048)
KEY = AlipayKey("2021000000000001", APP, PLATFORM.public_key())
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
METHOD = "alipay.ebpp.industry.invoice.verify"
NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
VALUES = st.text(max_size=30)


def tencent_signature(**changed: Any) -> str:
    given_: dict[str, Any] = {
        "secret_id": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******",
        "secret_key": "Gu5t9xGARNpq86cd98joQYCN3*******",
        "service": "cvm",
        "host": "cvm.tencentcloudapi.com",
        "content_type": "application/json; charset=utf-8",
        "body": b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"],'
        b' "Name": "instance-name"}]}',
        "timestamp": 1551113065,
        **changed,
    }
    return tc3.authorization(**given_)


def test_the_body_of_the_published_example_has_its_published_digest() -> None:
    # cloud.tencent.com/document/api/866/33519, 拼接规范请求串: HashedRequestPayload.
    body = (
        b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    )
    digest = "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
    assert hashlib.sha256(body).hexdigest() == digest
    assert tencent_signature().startswith(
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******/2019-02-25/cvm/tc3_request"
        ", SignedHeaders=content-type;host, Signature="
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"secret_key": "x"},
        {"service": "ocr"},
        {"host": "cvm.tencentcloudapi.com:80"},
        {"content_type": "application/json"},
        {"body": b"{}"},
        {"timestamp": 1551113066},
    ],
)
def test_everything_that_is_signed_changes_the_signature(changed: dict[str, Any]) -> None:
    assert tencent_signature(**changed)[-64:] != tencent_signature()[-64:]


@given(
    st.text(string.ascii_letters, min_size=1, max_size=40),
    st.dictionaries(st.sampled_from(["InvoiceNo", "Amount", "备注"]), VALUES),
    st.integers(1_600_000_000, 2_000_000_000),
)
def test_tencents_own_signer_gives_the_same(
    secret: str, parameters: dict[str, str], timestamp: int
) -> None:
    client = AbstractClient(Credential("AKID", secret), "ap-beijing")
    request = RequestInternal()
    client._endpoint = "ocr.tencentcloudapi.com"
    request.method, request.uri = "POST", "/"
    request.data = json.dumps(parameters)
    request.header["Content-Type"] = "application/json"
    request.header["Host"] = "ocr.tencentcloudapi.com"
    request.header["X-TC-Timestamp"] = str(timestamp)
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    theirs = client._get_tc3_signature(parameters, request, day, "ocr", secret)
    ours = tc3.authorization(
        secret_id="AKID",
        secret_key=secret,
        service="ocr",
        host="ocr.tencentcloudapi.com",
        content_type="application/json",
        body=request.data.encode(),
        timestamp=timestamp,
    )
    assert ours.endswith(theirs)


def test_a_jos_signature_as_the_page_describes_it() -> None:
    # secret + names and values in the order of the names + secret, MD5, upper case.
    parameters = {"v": "2.0", "app_key": "k", "method": "m", "360buy_param_json": '{"a":"中"}'}
    joined = 's360buy_param_json{"a":"中"}app_keykmethodmv2.0s'
    digest = hashlib.md5(joined.encode(), usedforsecurity=False).hexdigest()
    assert jos.sign(parameters, "s") == digest.upper()


@given(st.dictionaries(NAMES, VALUES, min_size=1), st.data())
def test_any_change_of_a_parameter_changes_a_jos_signature(
    parameters: dict[str, str], data: st.DataObject
) -> None:
    signed = jos.sign(parameters, "secret")
    assert jos.sign(dict(reversed(list(parameters.items()))), "secret") == signed
    name = data.draw(st.sampled_from(sorted(parameters)))
    assert jos.sign({**parameters, name: parameters[name] + "x"}, "secret") != signed
    assert jos.sign(parameters, "another") != signed


def test_a_jos_call_says_the_time_in_china_and_sorts_its_arguments() -> None:
    key = jos.JosKey("k", "s", "t")
    form = jos.signed_call(key, "jingdong.x", {"b": 1, "a": "中"}, NOW)
    assert form["timestamp"] == "2026-11-24 16:00:00"
    assert form["360buy_param_json"] == '{"a":"中","b":1}'
    assert form.pop("sign") == jos.sign(form, "s")


@given(st.dictionaries(NAMES, VALUES))
def test_what_alipay_is_asked_is_signed_whole(content: dict[str, str]) -> None:
    query, form = alipay_gateway.signed_call(KEY, METHOD, content, NOW)
    signature = query.pop("sign")
    signed = alipay_gateway.sign_content({**query, **form}).encode()
    assert alipay_gateway.is_signed(signed, signature, APP.public_key())
    assert not alipay_gateway.is_signed(signed + b"x", signature, APP.public_key())
    assert not alipay_gateway.is_signed(signed, signature, PLATFORM.public_key())
    assert json.loads(form["biz_content"]) == content


def test_alipays_own_signer_gives_the_same() -> None:
    sdk = pytest.importorskip("alipay.aop.api.util.SignatureUtils")
    content = alipay_gateway.sign_content({"b": "2", "a": "中"})
    assert content == sdk.get_sign_content({"b": "2", "a": "中"})
    theirs = sdk.sign_with_rsa2("".join(pem_of(APP).splitlines()[1:-1]), content, "utf-8")
    assert theirs == alipay_gateway.sign(content.encode(), APP)


@pytest.mark.parametrize("bare", [True, False])
def test_keys_are_read_as_alipays_tools_write_them(bare: bool) -> None:
    def as_written(pem: str) -> str:
        return "".join(pem.splitlines()[1:-1]) if bare else pem

    private = alipay_gateway.private_key(as_written(pem_of(APP)))
    assert private.private_numbers() == APP.private_numbers()
    public = alipay_gateway.public_key(as_written(public_pem_of(APP)))
    assert public.public_numbers() == APP.public_key().public_numbers()
    with pytest.raises(ValueError):
        alipay_gateway.private_key(base64.b64encode(b"no key").decode())


RAW = '{"code":"10000","verify_result_code":"001","seller_name":"中","n":{"sign":"}"}}'


def signed_body(raw: str = RAW, key: rsa.RSAPrivateKey = PLATFORM, method: str = METHOD) -> bytes:
    name = alipay_gateway.answer_name(method)
    signature = alipay_gateway.sign(raw.encode(), key)
    return f'{{"{name}":{raw},"sign":"{signature}"}}'.encode()


def test_a_signed_answer_is_opened_as_the_bytes_that_were_signed() -> None:
    said = alipay_gateway.opened(signed_body(), METHOD, PLATFORM.public_key())
    assert said == Answer("10000", "", RAW.encode())


@pytest.mark.parametrize(
    "body",
    [
        signed_body(key=APP),
        signed_body(method="alipay.ebpp.invoice.title.dynamic.get"),
        RAW.encode(),
        b"{}",
        b"",
        b'{"error_response":{"code":"40002"}}',
        signed_body().replace(b'"001"', b'"006"'),
        signed_body().replace(b'"sign":', b'"sing":'),
        signed_body()[:-2] + b'=="}',
        # The same member twice: what is verified is what is read, whichever that is.
        b'{"alipay_ebpp_industry_invoice_verify_response":' + RAW.encode() + b"," + b"x",
    ],
)
def test_what_is_not_signed_by_the_platform_is_not_looked_at(body: bytes) -> None:
    said = alipay_gateway.opened(body, METHOD, PLATFORM.public_key())
    assert isinstance(said, PlatformDown)
    assert said.outage is Outage.NONSENSE


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(signed_body()) - 1), st.integers(0, 255))
def test_no_changed_byte_of_a_signed_answer_passes(at: int, byte: int) -> None:
    body = bytearray(signed_body())
    body[at] = byte
    said = alipay_gateway.opened(bytes(body), METHOD, PLATFORM.public_key())
    if isinstance(said, Answer):
        assert said.body == RAW.encode(), "only what is outside of the signed bytes may differ"


@pytest.mark.parametrize("code", [*alipay_gateway.OUTAGE_OF_CODE, "99999"])
def test_every_gateway_code_is_an_outage(code: str) -> None:
    raw = f'{{"code":"{code}","sub_code":"isv.x"}}'
    said = alipay_gateway.opened(signed_body(raw), METHOD, PLATFORM.public_key())
    assert isinstance(said, PlatformDown)
    assert said.outage is alipay_gateway.OUTAGE_OF_CODE.get(code, Outage.NONSENSE)


@pytest.mark.parametrize("code", [*jos.OUTAGE_OF_CODE, "4711"])
@pytest.mark.parametrize("as_number", [True, False])
def test_every_gateway_code_of_jd_is_an_outage(code: str, as_number: bool) -> None:
    told: object = int(code) if as_number else code
    body = json.dumps({"error_response": {"code": told, "zh_desc": "x"}}).encode()
    said = jos.opened(body, "jingdong.x.y")
    assert isinstance(said, PlatformDown)
    assert said.outage is jos.OUTAGE_OF_CODE.get(code, Outage.NONSENSE)


@given(st.binary(max_size=120))
def test_anything_at_all_is_no_answer_of_jd(body: bytes) -> None:
    assert isinstance(jos.opened(body, "jingdong.x.y"), PlatformDown)


def test_no_secret_is_in_a_repr() -> None:
    key = jos.JosKey("k", "app-secret", "access-token")
    assert "app-secret" not in repr(key)
    assert "access-token" not in repr(key)
    assert "private" not in repr(KEY)
