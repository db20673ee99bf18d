"""The process that stands in for everything around a terminal: devices, and the line.

It owns the simulated devices, a steerable line to the central service, and the panel.
"""

import asyncio
from pathlib import Path

from aiohttp import web

from central.sandbox.link import SteeredLink
from drivers.simulated.devices import SimulatedDevices
from kiosk import logs
from kiosk.clock import SystemClock
from kiosk.process import serving
from kiosk.simulation.panel import Panel


async def run(
    directory: Path,
    *,
    fonts_dir: Path,
    slips_dir: Path,
    width_mm: int,
    service_port: int,
    line_port: int,
    panel_port: int,
) -> None:
    """Run until SIGTERM. All ports are on loopback.

    Args:
        directory: gets the devices, as stable paths.
        fonts_dir: fonts of the simulated paper.
        slips_dir: gets what is printed, as pictures and text.
        width_mm: paper width, 80 or 58.
        service_port: where the central service listens.
        line_port: where the terminal reaches it through the line that can be cut.
        panel_port: where the steering panel is.
    """
    logs.start("simulation")
    devices = SimulatedDevices(directory, fonts_dir, slips_dir, width_mm)
    link = SteeredLink(("127.0.0.1", service_port))
    await asyncio.to_thread(devices.start)
    try:
        await link.start("127.0.0.1", line_port)
        runner = web.AppRunner(Panel(devices, link, SystemClock()).app(), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", panel_port)
        await site.start()
        async with serving() as stopped:
            await stopped.wait()
        await runner.cleanup()
        await link.close()
    finally:
        await asyncio.to_thread(devices.stop)
