"""systemd itself, as a manager of its own: a training gives the terminal's place back."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "deploy/systemd/kiosk-training.service"
MANAGER = Path("/usr/lib/systemd/systemd")

STEPS = """
mount -t tmpfs none /run && mkdir -p /run/systemd/system || exit 77
"$1" --user --log-target=null >/dev/null 2>&1 &
manager=$!
for _ in $(seq 100); do [ -S "$XDG_RUNTIME_DIR/systemd/private" ] && break; sleep 0.1; done
[ -S "$XDG_RUNTIME_DIR/systemd/private" ] || exit 77
ctl() { systemctl --user --quiet "$@" 2>/dev/null; }
say() {
    for _ in $(seq 200); do ctl is-active "kiosk-$1.service" && break; sleep 0.1; done
    for one in daemon screen training; do
        printf '%s ' "$(systemctl --user is-active kiosk-$one)"
    done
    echo
}
asked="$XDG_CONFIG_HOME/asked"
echo HOURS=1000 >"$asked"
ctl start kiosk-daemon kiosk-screen; say screen
ctl start kiosk-training; say training
ctl kill -s KILL kiosk-training; say screen
ctl start kiosk-training; say training
ctl stop kiosk-training; say screen
ctl start kiosk-training; say training
ctl start kiosk-daemon; say screen
rm "$asked"
ctl start kiosk-training; say screen
ctl exit
wait $manager
"""


@pytest.mark.skipif(
    os.geteuid() != 0 or not MANAGER.exists() or shutil.which("unshare") is None,
    reason="needs root, systemd and unshare",
)
def test_whatever_ends_a_training_the_terminal_serves_again(tmp_path: Path) -> None:
    units, run = tmp_path / "systemd/user", tmp_path / "run"
    units.mkdir(parents=True)
    run.mkdir(mode=0o700)
    endless = "[Unit]\nStartLimitIntervalSec=0\n{more}[Service]\nExecStart=/bin/sleep infinity\n"
    for name, more in (
        ("daemon", ""),
        ("screen", "Wants=kiosk-daemon.service\nAfter=kiosk-daemon.service\n"),
        ("display", ""),
    ):
        unit = endless.format(more=more) + "Restart=always\n"
        (units / f"kiosk-{name}.service").write_text(unit, encoding="utf-8")
    head, _, _ = UNIT.read_text(encoding="utf-8").partition("[Service]")
    service = f"[Service]\nEnvironmentFile={tmp_path}/asked\nExecStart=/bin/sleep ${{HOURS}}\n"
    (units / UNIT.name).write_text(head + service, encoding="utf-8")
    ran = subprocess.run(
        ["unshare", "-m", "--propagation", "private", "bash", "-c", STEPS, "bash", str(MANAGER)],
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(run),
            "XDG_CONFIG_HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    if ran.returncode == 77 or (ran.returncode and not ran.stdout):
        pytest.skip("this machine lets no second systemd run")
    serves, trains = "active active inactive ", "inactive inactive active "
    assert ran.stdout.splitlines() == [
        serves,
        trains,
        "active active failed ",
        trains,
        serves,
        trains,
        serves,
        "active active failed ",
    ]
