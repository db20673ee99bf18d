"""All stand-ins together, and the settings with which a service asks them."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from central.platforms.baidu import BaiduKey
from central.platforms.jos import JosKey
from central.platforms.tencent import TencentKey
from central.sandbox.wire.alipay import RESULT_CODES, AlipayAccount, AlipayStandIn
from central.sandbox.wire.baidu import BaiduStandIn
from central.sandbox.wire.bureau import BureauStandIn
from central.sandbox.wire.control import control_app
from central.sandbox.wire.faults import Steering
from central.sandbox.wire.jd import JdStandIn
from central.sandbox.wire.ledger import Ledger, seeded
from central.sandbox.wire.tencent import TencentStandIn

SETTINGS_FILE = "platforms.toml"
NAMES = ("tencent", "baidu", "jd", "alipay", "bureau")
TENCENT_KEY = TencentKey("AKIDsandbox000000000000000000000000", "sandbox-secret-key")
BAIDU_KEY = BaiduKey("sandbox-api-key", "sandbox-secret-key")
JD_KEY = JosKey("sandbox-app-key", "sandbox-app-secret", "sandbox-access-token")
BUREAU_TOKEN = "sandbox-token"  # noqa: S105 - of a stand-in that is only here
ALIPAY_APP_ID = "2021000000000001"

_SETTINGS = """\
# Written by the stand-ins; for a service on this machine only. See docs/platforms.md.

[[platform]]
type = "tencent"
url = "http://127.0.0.1:{tencent}/"
is_sandbox = true
secret_id_file = "tencent-secret-id"
secret_key_file = "tencent-secret-key"
without_kinds = ["02", "61"]

[[platform]]
type = "baidu"
url = "http://127.0.0.1:{baidu}/"
is_sandbox = true
api_key_file = "baidu-api-key"
secret_key_file = "baidu-secret-key"
without_kinds = ["02"]

[[platform]]
type = "jd"
url = "http://127.0.0.1:{jd}/routerjson"
is_sandbox = true
app_key_file = "jd-app-key"
app_secret_file = "jd-app-secret"
access_token_file = "jd-access-token"
file_hosts = ["127.0.0.1"]

[[platform]]
type = "alipay"
url = "http://127.0.0.1:{alipay}/gateway.do"
is_sandbox = true
scene = "SANDBOX"
app_id_file = "alipay-app-id"
private_key_file = "alipay-private-key"
alipay_public_key_file = "alipay-public-key"

[platform.result_codes]
{result_codes}

[[platform]]
type = "bureau"
url = "http://127.0.0.1:{bureau}/"
is_sandbox = true
token_file = "bureau-token"

[order_of_kind]
"10" = ["baidu", "tencent"]
"""


@dataclass(frozen=True, slots=True)
class RunningStandIns:
    """Stand-ins that answer.

    Attributes:
        ports: of each by its name, and of "control".
        settings: the file for `--platforms`.
        ledger: what they know.
        steerings: what each does wrong; set it at any time.
        alipay: the application as the platform knows it.
        alipay_private_key: what its calls are signed with.
    """

    ports: dict[str, int]
    settings: Path
    ledger: Ledger
    steerings: dict[str, Steering]
    alipay: AlipayAccount
    alipay_private_key: rsa.RSAPrivateKey


@asynccontextmanager
async def stand_ins(
    directory: Path,
    *,
    ledger: Ledger | None = None,
    first_port: int = 0,
    bureau_takes_s: float = 2.0,
) -> AsyncGenerator[RunningStandIns]:
    """Runs all stand-ins on loopback while the block runs.

    Args:
        directory: gets the settings and the files of their secrets; made if it is missing.
        ledger: what they know; by default today's records and some minted invoices.
        bureau_takes_s: from an application to its invoice.
        first_port: the ports are this one and those after it; 0 takes free ones.

    Raises:
        OSError: the directory or a port cannot be used.
    """
    known = seeded(Ledger()) if ledger is None else ledger
    steerings = {name: Steering() for name in NAMES}
    app_key = rsa.generate_private_key(65537, 2048)
    account = AlipayAccount(
        ALIPAY_APP_ID, app_key.public_key(), rsa.generate_private_key(65537, 2048)
    )
    apps = {
        "tencent": TencentStandIn(known, steerings["tencent"], TENCENT_KEY).app(),
        "baidu": BaiduStandIn(known, steerings["baidu"], BAIDU_KEY).app(),
        "jd": JdStandIn(known, steerings["jd"], JD_KEY).app(),
        "alipay": AlipayStandIn(known, steerings["alipay"], account).app(),
        "bureau": BureauStandIn(
            known, steerings["bureau"], BUREAU_TOKEN, takes_s=bureau_takes_s
        ).app(),
        "control": control_app(known, steerings),
    }
    async with AsyncExitStack() as stack:
        ports: dict[str, int] = {}
        for at, (name, app) in enumerate(apps.items()):
            port = first_port + at if first_port else 0
            ports[name] = await _serve(stack, app, port)
        settings = _write(directory, ports, app_key, account)
        yield RunningStandIns(ports, settings, known, steerings, account, app_key)


async def _serve(stack: AsyncExitStack, app: web.Application, port: int) -> int:
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    bound: int = runner.addresses[0][1]
    return bound


def _write(
    directory: Path, ports: dict[str, int], app_key: rsa.RSAPrivateKey, account: AlipayAccount
) -> Path:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets = {
        "tencent-secret-id": TENCENT_KEY.secret_id,
        "tencent-secret-key": TENCENT_KEY.secret_key,
        "baidu-api-key": BAIDU_KEY.api_key,
        "baidu-secret-key": BAIDU_KEY.secret_key,
        "jd-app-key": JD_KEY.app_key,
        "jd-app-secret": JD_KEY.app_secret,
        "jd-access-token": JD_KEY.access_token,
        "alipay-app-id": account.app_id,
        "alipay-private-key": pem_of(app_key),
        "alipay-public-key": public_pem_of(account.private_key),
        "bureau-token": BUREAU_TOKEN,
    }
    for name, text in secrets.items():
        path = directory / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")
    codes = "\n".join(f'"{code}" = "{meaning}"' for code, meaning in RESULT_CODES.items())
    settings = directory / SETTINGS_FILE
    settings.write_text(_SETTINGS.format(result_codes=codes, **ports), encoding="utf-8")
    return settings


def pem_of(key: rsa.RSAPrivateKey) -> str:
    """A private key as text, PKCS#1, as Alipay's SDK takes it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def public_pem_of(key: rsa.RSAPrivateKey) -> str:
    """The public half as text."""
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
