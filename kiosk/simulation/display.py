"""A virtual X display."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

STOP_WITHIN_S = 10


@contextmanager
def virtual_display(width_px: int, height_px: int) -> Iterator[str]:
    """Run an X server without a screen; gives its name (":1"). It picks a free number itself."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            f"{width_px}x{height_px}x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(STOP_WITHIN_S)
