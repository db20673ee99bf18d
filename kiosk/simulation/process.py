"""The process that stands in for everything around a terminal: devices, and the line.

It owns the simulated devices, a steerable line to the central service, and the panel.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from central.sandbox.link import SteeredLink
from central.sandbox.misbehave import misbehaving
from central.service.authority import Authority
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
    authority_dir: Path,
    service_port: int,
    line_port: int,
    panel_port: int,
    a4_port: int,
    second_printer: bool = False,
) -> None:
    """Run until SIGTERM. All ports are on loopback.

    Args:
        directory: gets the devices, as stable paths.
        fonts_dir: fonts of the simulated paper.
        slips_dir: gets what is printed, as pictures and text.
        width_mm: paper width, 80 or 58.
        authority_dir: the service's certificates; a wrong service stands behind them too.
        service_port: where the central service listens.
        line_port: where the terminal reaches it through the line that can be cut.
        panel_port: where the steering panel is.
        a4_port: where the A4 printer is.
        second_printer: whether there is another receipt printer.
    """
    logs.start("simulation")
    devices = SimulatedDevices(
        directory, fonts_dir, slips_dir, width_mm, second_printer=second_printer, a4_port=a4_port
    )
    await asyncio.to_thread(devices.start)
    try:
        async with AsyncExitStack() as stack:
            tls = Authority(authority_dir).context()
            wrong = await stack.enter_async_context(misbehaving(tls))
            link = SteeredLink(("127.0.0.1", service_port), busy=("127.0.0.1", wrong.port))
            await stack.enter_async_context(link)
            await link.start("127.0.0.1", line_port)
            panel = Panel(devices, link, wrong, SystemClock())
            runner = web.AppRunner(panel.app(), access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", panel_port).start()
            async with serving() as stopped:
                await stopped.wait()
    finally:
        await asyncio.to_thread(devices.stop)
