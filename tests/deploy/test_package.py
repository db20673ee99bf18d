"""What the package puts on a machine. That it installs and runs: deploy/test_install.sh."""

import re
import subprocess
from pathlib import Path

import pytest

from config.load import load
from config.schema import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
PACKAGE = DEPLOY / "package"
LAYERS = [PACKAGE / "etc" / f"{name}.toml" for name in ("model", "hall", "terminal")]
SCRIPTS = [
    DEPLOY / "package.sh",
    DEPLOY / "test_install.sh",
    DEPLOY / "image/root.sh",
    PACKAGE / "kiosk",
    PACKAGE / "lib/make-terminal",
    PACKAGE / "lib/x-ready",
    *(PACKAGE / "debian" / name for name in ("postinst", "prerm", "postrm")),
]


def test_the_settings_of_the_package_change_nothing_before_somebody_fills_them_in() -> None:
    assert load(LAYERS) == Settings()


def test_each_line_that_can_be_taken_is_right(tmp_path: Path) -> None:
    taken: list[Path] = []
    for layer in LAYERS:
        text = re.sub(r"^# (?=\w+ = )", "", layer.read_text(encoding="utf-8"), flags=re.MULTILINE)
        (tmp_path / layer.name).write_text(text, encoding="utf-8")
        taken.append(tmp_path / layer.name)
    settings = load(taken)
    assert settings.printer.address == "lp:/dev/kiosk/printer"
    assert settings.service.url.startswith("https://")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_one_and_may_be_run(script: Path) -> None:
    shell = script.read_text(encoding="utf-8").split("\n", 1)[0].rsplit("/", 1)[1].split()[-1]
    assert script.stat().st_mode & 0o111
    subprocess.run([shell, "-n", str(script)], check=True)


def test_the_program_reads_the_layers_in_their_order() -> None:
    program = (PACKAGE / "kiosk").read_text(encoding="utf-8")
    order = ":".join(f"/etc/kiosk/{layer.name}" for layer in LAYERS)
    assert f"KIOSK_SETTINGS-{order}" in program


def test_nobody_elses_folder_says_which_code_runs(tmp_path: Path) -> None:
    """A folder `kiosk` where the technician stands must not be taken for the product."""
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk/__main__.py").write_text("print('a stranger')")
    text = (PACKAGE / "kiosk").read_text(encoding="utf-8")
    program = tmp_path / "program"
    program.write_text(text.replace("/usr/lib/kiosk/python/bin/python", "/usr/bin/python3"))
    ran = subprocess.run(
        ["sh", str(program)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "a stranger" not in ran.stdout
    assert "No module named kiosk" in ran.stderr


def test_what_the_units_call_is_in_the_package() -> None:
    made = (DEPLOY / "package.sh").read_text(encoding="utf-8")
    for unit in (DEPLOY / "systemd").glob("*.service"):
        for name in re.findall(r"/usr/lib/kiosk/([\w-]+)", unit.read_text(encoding="utf-8")):
            assert name in made
            assert (PACKAGE / "lib" / name).is_file()
        for name in re.findall(r"/etc/kiosk/([\w.-]+)", unit.read_text(encoding="utf-8")):
            assert (PACKAGE / "etc" / name).is_file()
