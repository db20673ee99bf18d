"""When a stick is mounted, and how."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.stick.mounts import sticks

BELOW = Path("/run/kiosk-stick")
LINE = "36 35 8:17 / {} {} shared:1 - vfat /dev/sdb1 ro,uid=990"


@pytest.mark.parametrize(
    ("place", "options", "found"),
    [
        ("/run/kiosk-stick/sdb1", "ro,nosuid,nodev,noexec,relatime", [("sdb1", True)]),
        (r"/run/kiosk-stick/MY\040STICK", "ro,nosuid,nodev,noexec", [("MY STICK", True)]),
        ("/run/kiosk-stick/sdb1", "rw,nosuid,nodev,noexec", [("sdb1", False)]),
        ("/run/kiosk-stick/sdb1", "ro,nosuid,noexec", [("sdb1", False)]),
        ("/run/kiosk-stick/sdb1/inner", "ro,nosuid,nodev,noexec", []),
        ("/run/other", "ro,nosuid,nodev,noexec", []),
        ("/run/kiosk-stick", "ro,nosuid,nodev,noexec", []),
    ],
)
def test_only_what_is_mounted_as_a_strangers_stick(
    place: str, options: str, found: list[tuple[str, bool]]
) -> None:
    told = sticks(f"short line\n{LINE.format(place, options)}\n", BELOW)
    assert [(path.name, safe) for path, safe in told] == found


WATCHER = """
import asyncio, subprocess, sys
from pathlib import Path
from kiosk.stick.mounts import Mounts
below, told = Path(sys.argv[1]), asyncio.Queue()
def mount(options, name):
    (below / name).mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "stick", below / name], check=True)
async def main():
    watch = asyncio.create_task(Mounts(below, told.put_nowait).watch())
    await asyncio.sleep(0)
    mount("rw", "writable")
    mount("ro,nosuid,nodev,noexec", "sdb1")
    print(await told.get())
    subprocess.run(["umount", below / "sdb1"], check=True)
    print(await told.get())
    mount("ro,nosuid,nodev,noexec", "sdb1")
    print(await told.get())
    watch.cancel()
asyncio.run(main())
"""


def test_the_kernel_says_when_a_stick_comes_and_goes(tmp_path: Path) -> None:
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount in a namespace of their own")
    ran = subprocess.run(
        [*alone, sys.executable, "-c", WATCHER, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert ran.stdout.split() == [str(tmp_path / "sdb1"), "None", str(tmp_path / "sdb1")]
