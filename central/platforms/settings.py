"""Which platforms there are: a TOML file, read once when the service starts.

Secrets are not in it; it names the files that hold them. See docs/platforms.md.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from yarl import URL

from einvoice.kinds import Kind

Seconds = Annotated[float, msgspec.Meta(gt=0, le=60)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_-]{1,32}$")]


class WrongPlatforms(ValueError):
    """The file cannot be used; the message says where and why."""


class _Common(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"
):
    """What every platform has.

    Attributes:
        name: how logs and counts call it.
        url: where it is, if not where the public knows it.
        ca_file: authorities to trust instead of the public ones.
        within_s: one call ends within this.
        is_sandbox: it is a stand-in: terminals say so to the public.
    """

    name: Name
    url: str
    ca_file: str = ""
    within_s: Seconds = 8.0
    is_sandbox: bool = False


class _Verifying(_Common, frozen=True, kw_only=True):
    """What a platform has that verifies.

    Attributes:
        queries_per_day: what a day may cost at most; 0 for no bound.
        without_kinds: kinds that it could be asked for and is not, by contract.
    """

    queries_per_day: Annotated[int, msgspec.Meta(ge=0)] = 0
    without_kinds: frozenset[Kind] = frozenset()


class TencentSettings(_Verifying, frozen=True, kw_only=True, tag="tencent"):
    """Tencent Cloud, VatInvoiceVerifyNew."""

    secret_id_file: str
    secret_key_file: str
    name: Name = "tencent"
    url: str = "https://ocr.tencentcloudapi.com/"
    region: str = "ap-beijing"


class BaiduSettings(_Verifying, frozen=True, kw_only=True, tag="baidu"):
    """Baidu, vat_invoice_verification."""

    api_key_file: str
    secret_key_file: str
    name: Name = "baidu"
    url: str = "https://aip.baidubce.com/"


class JdSettings(_Common, frozen=True, kw_only=True, tag="jd"):
    """JD, the invoices of an enterprise's own orders.

    Attributes:
        file_hosts: hosts from which files may be fetched; empty for those that are known.
    """

    app_key_file: str
    app_secret_file: str
    access_token_file: str
    name: Name = "jd"
    url: str = "https://api.jd.com/routerjson"
    file_hosts: tuple[str, ...] = ()


class AlipaySettings(_Verifying, frozen=True, kw_only=True, tag="alipay"):
    """Alipay: titles, one's own invoices, and verification where its codes are known.

    Attributes:
        scene: of the agreement.
        result_codes: what each verify_result_code means: "normal", "void", "red",
            "red_full", "red_partial", "differs", "not_found", "not_yet", "too_old",
            "limit_reached", "not_supported".
        invoice_kinds: `invoice_kind` by our kind.
    """

    app_id_file: str
    private_key_file: str
    alipay_public_key_file: str
    scene: str
    name: Name = "alipay"
    url: str = "https://openapi.alipay.com/gateway.do"
    result_codes: dict[str, str] = {}
    invoice_kinds: dict[Kind, str] = {}


class BureauSettings(_Common, frozen=True, kw_only=True, tag="bureau"):
    """The holder of the bureau's direct link."""

    token_file: str
    name: Name = "bureau"


AnyPlatform = TencentSettings | BaiduSettings | JdSettings | AlipaySettings | BureauSettings


class Circuits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a platform that fails is left alone (see `CircuitRules`)."""

    failures: Annotated[int, msgspec.Meta(ge=1)] = 5
    first_pause_s: Annotated[float, msgspec.Meta(gt=0)] = 15.0
    longest_pause_s: Annotated[float, msgspec.Meta(gt=0)] = 300.0


class PlatformSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file.

    Attributes:
        platform: all, in the order in which they are asked.
        order_of_kind: names, for kinds that are asked in another order or of fewer.
        circuit: for each of them.
    """

    platform: tuple[AnyPlatform, ...]
    order_of_kind: dict[Kind, tuple[str, ...]] = {}
    circuit: Circuits = Circuits()


def read_settings(path: Path) -> PlatformSettings:
    """The platforms that a file names.

    Raises:
        WrongPlatforms: it cannot be read, or something in it is not as it should be.
    """
    try:
        settings = msgspec.toml.decode(path.read_bytes(), type=PlatformSettings)
    except OSError as error:
        raise WrongPlatforms(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongPlatforms(f"{path}: {error}") from error
    names = [one.name for one in settings.platform]
    if not names:
        raise WrongPlatforms(f"{path}: no platform")
    if len(set(names)) != len(names):
        raise WrongPlatforms(f"{path}: two platforms of one name")
    for kind, order in settings.order_of_kind.items():
        unknown = set(order) - set(names)
        if unknown:
            raise WrongPlatforms(f"{path}: order_of_kind {kind.value}: {sorted(unknown)}")
    for one in settings.platform:
        _check_url(path, one)
    return settings


def _check_url(path: Path, one: AnyPlatform) -> None:
    try:
        url = URL(one.url)
        host = url.host
    except ValueError as error:
        raise WrongPlatforms(f"{path}: {one.name}: url is none") from error
    is_here = host in {"127.0.0.1", "::1", "localhost"}
    if url.scheme != "https" and not (url.scheme == "http" and is_here and one.is_sandbox):
        raise WrongPlatforms(
            f"{path}: {one.name}: url must be https (http only for a stand-in on this machine)"
        )
    if url.user is not None or host is None:
        raise WrongPlatforms(f"{path}: {one.name}: url has no host, or a name of a user")
