"""How long a frozen screen stays: from SIGSTOP to the first frame of the one that replaces it.

The goal is at most 1.5 times the watchdog time. Needs Xvfb. Run: python benches/bench_watchdog.py
"""

import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from kiosk.simulation.demo import DemoTerminal, Ports
from kiosk.simulation.display import virtual_display
from kiosk.supervisor import WATCHDOG_S

SIZE_PX = (1080, 1920)


async def measure(rounds: int) -> list[float]:
    """Seconds from freezing to the first frame, once for each round."""
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder, virtual_display(*SIZE_PX) as display:
        terminal = DemoTerminal(
            Path(folder),
            Path(folder) / "slips",
            SIZE_PX,
            80,
            environment={"DISPLAY": display},
            ports=Ports.any(),
        )
        try:
            await terminal.start()
            screen = terminal.supervisor.children["screen"]
            for _ in range(rounds):
                frozen = screen.pid
                assert frozen is not None
                os.kill(frozen, signal.SIGSTOP)
                began = time.monotonic()
                while screen.pid in (None, frozen):  # noqa: ASYNC110 (the supervisor has no such event)
                    await asyncio.sleep(0.01)
                await screen.ready.wait()
                took.append(time.monotonic() - began)
                print(f"{took[-1]:.2f} s, {took[-1] / WATCHDOG_S:.2f} of the watchdog time")
        finally:
            await terminal.stop()
    return took


if __name__ == "__main__":
    times = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
    print(f"worst {max(times):.2f} s, median {statistics.median(times):.2f} s")
