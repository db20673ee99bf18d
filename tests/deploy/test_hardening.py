"""What a terminal refuses to whoever stands before it, and the page that says so."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "deploy/package"


def test_a_keyboard_moves_nothing() -> None:
    xorg = (PACKAGE / "etc/xorg.conf").read_text(encoding="utf-8")
    classes = re.findall(r'Section "InputClass"(.*?)EndSection', xorg, re.DOTALL)
    (keyboards,) = (one for one in classes if 'MatchIsKeyboard "true"' in one)
    assert 'Option "Ignore" "true"' in keyboards
    assert 'Option "DontVTSwitch" "true"' in xorg
    assert 'Option "DontZap" "true"' in xorg
    made = (PACKAGE / "lib/make-terminal").read_text(encoding="utf-8")
    assert "mask getty@tty1.service ctrl-alt-del.target" in made


def test_a_stick_is_not_even_looked_at() -> None:
    for file, drivers in (
        ("usb-storage.conf", ("usb-storage", "uas")),
        ("usb-network.conf", ("usbnet", "cdc_ether", "rndis_host")),
    ):
        refused = (PACKAGE / "machine" / file).read_text(encoding="utf-8")
        for driver in drivers:
            assert f"install {driver} /bin/false" in refused
        made = (PACKAGE / "lib/make-terminal").read_text(encoding="utf-8")
        assert f"put {file} /etc/modprobe.d/" in made


def test_a_stick_is_mounted_so_that_nothing_on_it_can_be_run_or_changed() -> None:
    unit = (ROOT / "deploy/systemd/kiosk-stick@.service").read_text(encoding="utf-8")
    (options,) = re.findall(
        r"^ExecStart=/usr/bin/mount -t vfat,exfat -o (\S+) ", unit, re.MULTILINE
    )
    assert set(options.split(",")) >= {"ro", "nosuid", "nodev", "noexec", "nosymfollow"}
    rules = (ROOT / "deploy/udev/90-kiosk.rules").read_text(encoding="utf-8")
    (rule,) = (line for line in rules.splitlines() if "kiosk-stick@" in line)
    assert 'ENV{ID_FS_TYPE}=="vfat|exfat"' in rule


@pytest.fixture(scope="module")
def tests() -> str:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return "\n".join([*(path.name for path in files), *(path.read_text("utf-8") for path in files)])


def test_each_test_that_the_page_names_is_there(tests: str) -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:test_\w+\.py: )?(test_\w+(?:\.py)?)`", page)
    assert len(named) > 20
    for name in named:
        assert name in tests if name.endswith(".py") else f"def {name}(" in tests, name
