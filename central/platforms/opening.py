"""From the settings to the platform that the service asks."""

import ssl
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import assert_never

from yarl import URL

from central.platforms import alipay_gateway, baidu, jd, tencent
from central.platforms.alipay import AlipayPlatform
from central.platforms.bureau import BureauPlatform
from central.platforms.circuit import Circuit, CircuitRules
from central.platforms.counts import Counts
from central.platforms.gateway import Gateway
from central.platforms.guard import GuardedPlatform
from central.platforms.jos import JosKey
from central.platforms.outcome import (
    Differs,
    Found,
    LimitReached,
    NotFound,
    NotSupported,
    NotYet,
    PlatformAnswer,
    RecordState,
    TooOld,
)
from central.platforms.platform import Limits, Platform
from central.platforms.router import Router
from central.platforms.secrets import SecretUnreadable, read_secret
from central.platforms.settings import (
    AlipaySettings,
    AnyPlatform,
    BaiduSettings,
    BureauSettings,
    JdSettings,
    PlatformSettings,
    TencentSettings,
    WrongPlatforms,
    read_settings,
)
from central.service.china import day_in_china, utc_now
from einvoice.verdict import RecordDetails

_NOTHING = RecordDetails()
MEANINGS: MappingProxyType[str, PlatformAnswer] = MappingProxyType(
    {
        "normal": Found(RecordState.NORMAL, _NOTHING),
        "void": Found(RecordState.VOID, _NOTHING),
        "red": Found(RecordState.RED_FULL, _NOTHING, extent_is_told=False),
        "red_full": Found(RecordState.RED_FULL, _NOTHING),
        "red_partial": Found(RecordState.RED_PARTIAL, _NOTHING),
        "differs": Differs(),
        "not_found": NotFound(),
        "not_yet": NotYet(),
        "too_old": TooOld(),
        "limit_reached": LimitReached(),
        "not_supported": NotSupported(),
    }
)
"""What a code of an agreement can be said to mean in the settings."""


def _today() -> date:
    return day_in_china(utc_now())


def open_platforms(path: Path, counts: Counts, today: Callable[[], date] = _today) -> Platform:
    """All platforms of a settings file as one, each behind its guard. Close it.

    Args:
        path: the file.
        counts: where questions are counted.
        today: the day in China.

    Raises:
        WrongPlatforms: the file, or a file that it names, cannot be used.
    """
    settings = read_settings(path)
    guarded: dict[str, Platform] = {}
    for one in settings.platform:
        circuit = Circuit(_rules(settings))
        guarded[one.name] = GuardedPlatform(_opened(one, path), circuit, counts, today)
    order = {
        kind: tuple(guarded[name] for name in names)
        for kind, names in settings.order_of_kind.items()
    }
    return Router(tuple(guarded.values()), order)


def _rules(settings: PlatformSettings) -> CircuitRules:
    circuit = settings.circuit
    return CircuitRules(circuit.failures, circuit.first_pause_s, circuit.longest_pause_s)


def _opened(one: AnyPlatform, path: Path) -> Platform:
    try:
        return _connector(one, path.parent)
    except SecretUnreadable as error:
        raise WrongPlatforms(f"{path}: {one.name}: {error}") from error
    except WrongPlatforms:
        raise
    except (ValueError, OSError) as error:
        # A key that cannot be read: its text is in no message.
        raise WrongPlatforms(f"{path}: {one.name}: {type(error).__name__}") from error


def _connector(one: AnyPlatform, beside: Path) -> Platform:
    tls = ssl.create_default_context(cafile=str(beside / one.ca_file)) if one.ca_file else None
    gateway = Gateway(tls, one.within_s)
    url = URL(one.url)

    def secret(name: str) -> str:
        return read_secret(name, beside)

    match one:
        case TencentSettings():
            return tencent.TencentPlatform(
                gateway,
                tencent.TencentKey(secret(one.secret_id_file), secret(one.secret_key_file)),
                name=one.name,
                url=url,
                region=one.region,
                limits=_limits(one),
                kinds=tencent.KINDS - one.without_kinds,
                is_sandbox=one.is_sandbox,
            )
        case BaiduSettings():
            return baidu.BaiduPlatform(
                gateway,
                baidu.BaiduKey(secret(one.api_key_file), secret(one.secret_key_file)),
                name=one.name,
                url=url,
                limits=_limits(one),
                kinds=baidu.KINDS - one.without_kinds,
                is_sandbox=one.is_sandbox,
            )
        case JdSettings():
            return jd.JdPlatform(
                gateway,
                JosKey(
                    secret(one.app_key_file),
                    secret(one.app_secret_file),
                    secret(one.access_token_file),
                ),
                name=one.name,
                url=url,
                file_hosts=one.file_hosts or jd.FILE_HOSTS,
                limits=Limits(one.within_s),
                is_sandbox=one.is_sandbox,
            )
        case AlipaySettings():
            return AlipayPlatform(
                gateway,
                alipay_gateway.AlipayKey(
                    secret(one.app_id_file),
                    alipay_gateway.private_key(secret(one.private_key_file)),
                    alipay_gateway.public_key(secret(one.alipay_public_key_file)),
                ),
                name=one.name,
                url=url,
                scene=one.scene,
                result_codes=_meanings(one),
                invoice_kinds={
                    kind: name
                    for kind, name in one.invoice_kinds.items()
                    if kind not in one.without_kinds
                },
                limits=_limits(one),
                is_sandbox=one.is_sandbox,
            )
        case BureauSettings():
            return BureauPlatform(
                gateway,
                secret(one.token_file),
                name=one.name,
                url=url,
                limits=Limits(one.within_s),
                is_sandbox=one.is_sandbox,
            )
        case _:
            assert_never(one)


def _limits(one: TencentSettings | BaiduSettings | AlipaySettings) -> Limits:
    return Limits(one.within_s, queries_per_day=one.queries_per_day or None)


def _meanings(one: AlipaySettings) -> dict[str, PlatformAnswer]:
    unknown = set(one.result_codes.values()) - MEANINGS.keys()
    if unknown:
        raise WrongPlatforms(f"{one.name}: result_codes: no such meaning: {sorted(unknown)}")
    return {code: MEANINGS[meaning] for code, meaning in one.result_codes.items()}
