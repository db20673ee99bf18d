"""`kiosk sandbox`: stand-ins for the platforms, with faults to order."""

import asyncio
import json
import urllib.request
from pathlib import Path

import click

from central.sandbox.wire.faults import Fault
from central.sandbox.wire.running import NAMES, stand_ins
from kiosk import logs
from kiosk.commands.options import FILE
from kiosk.process import serving

CONTROL_AFTER = len(NAMES)
"""The control endpoint's port comes after those of the stand-ins."""
FIRST_PORT = 8560


@click.group(invoke_without_command=True)
@click.option("--dir", "directory", default="var/sandbox", show_default=True, type=FILE)
@click.option("--first-port", default=FIRST_PORT, show_default=True, help="And those after it.")
@click.pass_context
def sandbox(context: click.Context, directory: Path, first_port: int) -> None:
    """Run stand-ins for the platforms on this machine, and write the settings that ask them."""
    if context.invoked_subcommand is None:
        asyncio.run(_run(directory, first_port))


@sandbox.command()
@click.argument("platform", type=click.Choice(NAMES))
@click.argument("fault", type=click.Choice([fault.value for fault in Fault]))
@click.option("--latency-s", default=0.0, show_default=True, help="Before each answer.")
@click.option("--control-port", default=FIRST_PORT + CONTROL_AFTER, show_default=True)
def order(platform: str, fault: str, latency_s: float, control_port: int) -> None:
    """Let a stand-in that runs do FAULT from now on; "none" ends it."""
    asked = {"platform": platform, "fault": fault, "latency_s": latency_s}
    stands = json.loads(_post(control_port, "/steer", asked))
    click.echo(f"{platform}: {stands[platform]['fault']}")


@sandbox.command()
@click.option("--kind", default="32", show_default=True, help="As in the QR: 31, 32, 10, ...")
@click.option("--days-ago", default=0, show_default=True)
@click.option("--withheld-s", default=0.0, show_default=True, help="Until its upload arrives.")
@click.option("--control-port", default=FIRST_PORT + CONTROL_AFTER, show_default=True)
def mint(kind: str, days_ago: int, withheld_s: float, control_port: int) -> None:
    """Let the stand-ins know one more invoice, and print the text of its QR."""
    asked = {"kind": kind, "issued_days_ago": days_ago, "withheld_s": withheld_s}
    click.echo(json.loads(_post(control_port, "/mint", asked))["qr"])


COMMANDS = (sandbox,)


async def _run(directory: Path, first_port: int) -> None:
    logs.start("sandbox")
    try:
        async with stand_ins(directory, first_port=first_port) as running, serving() as stopped:
            for name, port in running.ports.items():
                click.echo(f"{name:<8} http://127.0.0.1:{port}/")
            click.echo(f"kiosk central --platforms {running.settings} --dir ...")
            await stopped.wait()
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _post(port: int, path: str, message: dict[str, object]) -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(message).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.read()
    except OSError as error:
        raise click.ClickException(f"the sandbox at port {port}: {error}") from error
