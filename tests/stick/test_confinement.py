"""What the reader cannot do any more, tried from inside, in a process of its own."""

import subprocess
import sys

import pytest

TRIES = {
    "reading a file elsewhere": "open('/etc/hostname').read()",
    "reading a key": "open('{key}').read()",
    "writing": "open('{folder}/new', 'w')",
    "taking away": "os.unlink('{key}')",
    "a listing": "os.listdir('/etc')",
    "the network": "socket.socket()",
    "another program": "os.execv('/bin/true', ['true'])",
    "another process": "os.fork()",
    "signals": "os.kill(os.getppid(), 0)",
    "memory": "bytearray(2 * 1024**3)",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("confined")
    key = folder / "queue.key"
    key.write_text("secret")
    lines = ["import os, socket, sys, resource", "from kiosk.stick.confinement import confine"]
    lines += [f"held = open({str(key)!r})", "confine([sys.prefix])"]
    lines += ["print('already open:', held.read())"]
    for name, code in TRIES.items():
        lines += ["try:", "    " + code.format(key=key, folder=folder)]
        lines += ["except (OSError, MemoryError) as error:"]
        lines += [
            f"    print('{name}: ' + type(error).__name__)",
            "else:",
            f"    print('{name}: DONE')",
        ]
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert key.exists()
    return dict(line.split(": ", 1) for line in ran.stdout.splitlines())


def test_what_was_open_before_can_still_be_read(said: dict[str, str]) -> None:
    assert said["already open"] == "secret"


@pytest.mark.parametrize("what", TRIES)
def test_is_refused(said: dict[str, str], what: str) -> None:
    assert said[what] in ("PermissionError", "MemoryError")
