"""systemd's own judgement on our units: they are understood, and what they may do is little."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")
SYSTEM = Path("/usr/lib/systemd/system")

needs_systemd = pytest.mark.skipif(
    ANALYZE is None or not SYSTEM.is_dir(), reason="systemd is not installed here"
)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE
    return subprocess.run(
        [ANALYZE, "--no-pager", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "SYSTEMD_COLORS": "0"},
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root of a machine on which the package and an X server are installed."""
    shutil.copytree(SYSTEM, tmp_path / "usr/lib/systemd/system", symlinks=True)
    for unit in UNITS:
        shutil.copy(unit, tmp_path / "usr/lib/systemd/system")
    programs = ("bin/kiosk", "bin/Xorg", "lib/kiosk/x-authority", "lib/kiosk/x-ready")
    of_debian = ("bin/mkdir", "bin/rmdir", "bin/mount", "bin/umount")
    for program in (*programs, *of_debian):
        path = tmp_path / "usr" / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o755)
    for document in ("operator.md", "central.md", "technician.md"):
        path = tmp_path / "usr/share/doc/kiosk" / document
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def complaints(root: Path, unit: str) -> list[str]:
    """What `verify` says about our units; Debian's own are its business."""
    said = analyze("verify", "--man=no", f"--root={root}", unit)
    lines = (said.stderr + said.stdout).splitlines()
    return [line for line in lines if "kiosk" in line]


@needs_systemd
@pytest.mark.parametrize("unit", [unit.name for unit in UNITS])
def test_a_unit_is_understood(root: Path, unit: str) -> None:
    assert complaints(root, unit.replace("@", "@sdb1")) == []


@needs_systemd
def test_a_misspelt_line_would_be_found(root: Path) -> None:
    unit = root / "usr/lib/systemd/system/kiosk-daemon.service"
    unit.write_text(unit.read_text().replace("ProtectHome=yes", "ProtectHomes=yes"))
    assert any("ProtectHomes" in line for line in complaints(root, unit.name))


@needs_systemd
@pytest.mark.parametrize(
    "name", ["kiosk-daemon", "kiosk-screen", "kiosk-central", "kiosk-training"]
)
def test_exposure_is_at_most_2_5(name: str) -> None:
    unit = DEPLOY / "systemd" / f"{name}.service"
    said = analyze("security", "--offline=true", "--threshold=25", str(unit))
    assert said.returncode == 0, said.stdout + said.stderr


@needs_systemd
def test_exposure_is_really_measured(tmp_path: Path) -> None:
    bare = tmp_path / "kiosk-daemon.service"
    bare.write_text("[Service]\nExecStart=/bin/true\n")
    assert analyze("security", "--offline=true", "--threshold=25", str(bare)).returncode != 0


def test_a_training_takes_the_terminals_place_and_gives_it_back_whatever_ends_it() -> None:
    unit = (DEPLOY / "systemd/kiosk-training.service").read_text(encoding="utf-8").splitlines()
    serving = "kiosk-daemon.service kiosk-screen.service"
    for line in (f"Conflicts={serving}", f"OnSuccess={serving}", f"OnFailure={serving}"):
        assert line in unit
    (after,) = (line for line in unit if line.startswith("After="))
    assert set(serving.split()) <= set(after.removeprefix("After=").split())
    assert "[Install]" not in unit
    assert not any(line.startswith("Restart=") and line != "Restart=no" for line in unit)


def test_nothing_leaves_the_machine_in_a_training_and_no_device_is_opened() -> None:
    unit = (DEPLOY / "systemd/kiosk-training.service").read_text(encoding="utf-8").splitlines()
    assert {"IPAddressDeny=any", "IPAddressAllow=localhost", "DevicePolicy=closed"} <= set(unit)
    opened = {line.split("=")[1] for line in unit if line.startswith("DeviceAllow=")}
    assert opened == {"char-drm rw", "char-alsa rw", "/dev/ptmx rw", "char-pts rw"}
