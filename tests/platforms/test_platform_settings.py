"""The settings file and the files of secrets: what is taken, and what is refused in words."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from central.platforms.counts import CountsInMemory
from central.platforms.opening import open_platforms
from central.platforms.platform import Act
from central.platforms.secrets import CREDENTIALS, SecretUnreadable, read_secret
from central.platforms.settings import WrongPlatforms, read_settings
from central.sandbox.wire.running import pem_of, public_pem_of, stand_ins
from einvoice.kinds import Kind

TENCENT = """
[[platform]]
type = "tencent"
secret_id_file = "id"
secret_key_file = "key"
"""


def secret(directory: Path, name: str, text: str = "secret-text\n", mode: int = 0o600) -> Path:
    path = directory / name
    path.write_text(text)
    path.chmod(mode)
    return path


async def test_what_the_stand_ins_write_opens_every_platform(tmp_path: Path) -> None:
    async with stand_ins(tmp_path) as running:
        platform = open_platforms(running.settings, CountsInMemory())
        try:
            assert platform.capabilities.acts == set(Act)
            assert platform.capabilities.is_sandbox
            assert Kind.DIGITAL_AIR not in platform.capabilities.kinds
            assert Kind.DIGITAL_RAILWAY in platform.capabilities.kinds
            assert platform.capabilities.name == "tencent+baidu+jd+alipay+bureau"
        finally:
            await platform.close()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "platform"),
        ("platform = []", "no platform"),
        (TENCENT + TENCENT, "two platforms"),
        (TENCENT + 'region = "x"\nunknown = 1', "unknown"),
        (TENCENT.replace("tencent", "unheard"), "unheard"),
        (TENCENT + 'url = "http://ocr.tencentcloudapi.com/"', "https"),
        (TENCENT + 'url = "http://127.0.0.1:1/"', "https"),
        (TENCENT + 'url = "https://name:word@host/"', "user"),
        (TENCENT + "within_s = 0", "within_s"),
        (TENCENT + '[order_of_kind]\n"31" = ["baidu"]', "baidu"),
        (TENCENT + '[order_of_kind]\n"99" = ["tencent"]', "99"),
        (TENCENT + 'name = "Not A Name"', "name"),
        ("not toml at all [", "toml"),
    ],
)
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "platforms.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongPlatforms, match=r"platforms\.toml") as refused:
        read_settings(path)
    assert says in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongPlatforms, match=r"none\.toml"):
        read_settings(tmp_path / "none.toml")


def test_a_secret_is_read_without_its_line_end(tmp_path: Path) -> None:
    secret(tmp_path, "key")
    assert read_secret("key", tmp_path) == "secret-text"
    assert read_secret(str(tmp_path / "key"), Path("/nowhere")) == "secret-text"


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        ("secret-text", 0o640, "chmod"),
        ("secret-text", 0o604, "chmod"),
        ("\n", 0o600, "empty"),
        ("secret-text" * 2000, 0o600, "too long"),
    ],
)
def test_a_secret_that_is_none_is_refused_without_saying_it(
    tmp_path: Path, text: str, mode: int, says: str
) -> None:
    secret(tmp_path, "key", text, mode)
    with pytest.raises(SecretUnreadable, match=says) as refused:
        read_secret("key", tmp_path)
    assert "secret-text" not in str(refused.value)


def test_what_systemd_gives_stands_before_what_lies_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    secret(given, "key", "given", 0o440)
    secret(tmp_path, "key", "beside")
    secret(tmp_path, "other", "beside")
    monkeypatch.setitem(os.environ, CREDENTIALS, str(given))
    assert read_secret("key", tmp_path) == "given"
    assert read_secret("other", tmp_path) == "beside"


def test_a_missing_secret_names_the_platform(tmp_path: Path) -> None:
    path = tmp_path / "platforms.toml"
    path.write_text(TENCENT)
    with pytest.raises(WrongPlatforms, match=r"tencent: .*id"):
        open_platforms(path, CountsInMemory())


def test_a_key_that_is_none_is_refused_without_saying_it(tmp_path: Path) -> None:
    path = tmp_path / "platforms.toml"
    path.write_text(
        '[[platform]]\ntype = "alipay"\nscene = "S"\napp_id_file = "id"\n'
        'private_key_file = "key"\nalipay_public_key_file = "key"\n'
    )
    secret(tmp_path, "id")
    secret(tmp_path, "key")
    with pytest.raises(WrongPlatforms) as refused:
        open_platforms(path, CountsInMemory())
    assert "secret-text" not in str(refused.value)


def test_a_meaning_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "platforms.toml"
    key = rsa.generate_private_key(65537, 2048)
    path.write_text(
        '[[platform]]\ntype = "alipay"\nscene = "S"\napp_id_file = "id"\n'
        'private_key_file = "key"\nalipay_public_key_file = "public"\n'
        '[platform.result_codes]\n"0" = "fine"\n'
    )
    secret(tmp_path, "id")
    secret(tmp_path, "key", pem_of(key))
    secret(tmp_path, "public", public_pem_of(key))
    with pytest.raises(WrongPlatforms, match="fine"):
        open_platforms(path, CountsInMemory())
