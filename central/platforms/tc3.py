"""Tencent Cloud's request signature, version 3 (TC3-HMAC-SHA256).

Source: cloud.tencent.com/document/api/866/33519 (公共参数, 签名方法 v3); the same as
`tencentcloud/common/sign.py` and `abstract_client.py` of tencentcloud-sdk-python-common.
Signed are the headers content-type and host, and the SHA-256 of the body.
"""

import hashlib
import hmac
from datetime import UTC, datetime

SIGNED_HEADERS = "content-type;host"
_ALGORITHM = "TC3-HMAC-SHA256"


def authorization(
    *,
    secret_id: str,
    secret_key: str,
    service: str,
    host: str,
    content_type: str,
    body: bytes,
    timestamp: int,
) -> str:
    """The value of the Authorization header of a POST to `/`.

    Args:
        secret_id: public half of the key.
        secret_key: the other half.
        service: "ocr".
        host: as in the Host header, with the port where it has one.
        content_type: as in its header.
        body: as sent.
        timestamp: Unix seconds, as in X-TC-Timestamp; the service allows five minutes.
    """
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    canonical = "\n".join(
        (
            "POST",
            "/",
            "",
            f"content-type:{content_type}\nhost:{host}\n",
            SIGNED_HEADERS,
            hashlib.sha256(body).hexdigest(),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{_ALGORITHM}\n{timestamp}\n{scope}\n{digest}"
    key = f"TC3{secret_key}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return (
        f"{_ALGORITHM} Credential={secret_id}/{scope}, "
        f"SignedHeaders={SIGNED_HEADERS}, Signature={signature}"
    )
