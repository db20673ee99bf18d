"""Commands of those who run the central service: run it, let terminals in, put them out."""

import asyncio
import os
import sys
from datetime import UTC
from pathlib import Path

import click
import msgspec
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

from central.admin import Admin, CodeWanted
from central.business import WrongBusiness, read_business
from central.unlock import (
    OFFICE_KEY_FILE,
    NoChallenge,
    read_key,
    terminal_key,
    terminal_of,
    unlock_code,
)
from kiosk.commands.central_bundles import bundles
from kiosk.commands.central_options import asked, dir_option, json_option
from kiosk.commands.central_orders import ORDER_COMMANDS
from kiosk.commands.options import FILE


@click.group(invoke_without_command=True)
@click.option("--dir", "directory", type=FILE, help="Certificates, and SQLite's file.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8543, show_default=True)
@click.option("--name", "names", multiple=True, help="A name or address that terminals use.")
@click.option(
    "--database",
    default="",
    envvar="CENTRAL_DATABASE",
    help="postgresql://…; without it, SQLite in --dir.",
)
@click.option("--sandbox", is_flag=True, help="Answer from made-up invoices.")
@click.option(
    "--platforms", type=FILE, help="Ask the platforms of this settings file (docs/platforms.md)."
)
@click.option(
    "--mail", type=FILE, help="Answer cases by letter, by these settings (docs/central.md)."
)
@click.option(
    "--links", type=FILE, help="Let phones fetch files, by these settings (docs/central.md)."
)
@click.option(
    "--certificate-days",
    default=90.0,
    show_default=True,
    type=click.FloatRange(min=0.0, min_open=True, max=825),
    help="How long a terminal's certificate is valid.",
)
@click.pass_context
def central(
    context: click.Context,
    directory: Path | None,
    host: str,
    port: int,
    names: tuple[str, ...],
    database: str,
    *,
    sandbox: bool,
    platforms: Path | None,
    mail: Path | None,
    links: Path | None,
    certificate_days: float,
) -> None:
    """Run the central service; or, with a command, ask the one that runs.

    The commands speak to it over its socket in --dir. Exit code 3: it does not run.
    """
    if context.invoked_subcommand is not None:
        return
    if directory is None:
        raise click.UsageError("Missing option '--dir'.")
    from central.platforms.settings import WrongPlatforms
    from central.service.fetching import WrongLinks
    from central.service.mail import WrongMail
    from kiosk.central_main import run_central

    running = run_central(
        directory,
        host=host,
        port=port,
        names=names,
        database=database,
        sandbox=sandbox,
        platforms=platforms,
        certificate_days=certificate_days,
        mail=mail,
        links=links,
    )
    try:
        asyncio.run(running)
    except (WrongPlatforms, WrongMail, WrongLinks) as error:
        raise click.ClickException(str(error)) from error


@central.command("enroll-code")
@dir_option
@click.option("--terminal", required=True, help="Number of the terminal that it is for.")
@click.option("--valid-h", default=24.0, show_default=True, help="Hours until it expires.")
@click.option("--url", default="", help="Address that terminals use; else the first --name.")
@click.option("--png", type=FILE, help="Gets the QR as a picture.")
@json_option
def enroll_code(
    directory: Path, terminal: str, valid_h: float, url: str, png: Path | None, *, as_json: bool
) -> None:
    """Issue a one-time code with which a terminal enrols itself.

    It is shown once and kept nowhere. Earlier unused codes of the terminal are cancelled.
    """
    issued = asked(Admin(directory).issue_code(CodeWanted(terminal, valid_h, url)))
    code = _qr(issued.qr_text)
    if png is not None:
        with os.fdopen(os.open(png, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            code.make_image().get_image().save(file, "PNG")
    if as_json:
        click.echo(msgspec.json.encode(issued).decode())
        return
    # Light modules are printed and dark ones left blank: right on the usual dark terminal.
    code.print_ascii(out=sys.stdout, invert=True)
    click.echo(f"Terminal  {issued.terminal}")
    click.echo(f"Code      {issued.typed}")
    click.echo(f"Address   {issued.url}")
    click.echo(f"Good for  one use, until {issued.expires_at.astimezone():%Y-%m-%d %H:%M %Z}")
    click.echo(f"At the terminal:  kiosk enroll {issued.typed} --url {issued.url}")


@central.command("unlock-code")
@dir_option
@click.argument("challenge")
def unlock_code_(directory: Path, challenge: str) -> None:
    """Print the code that answers a CHALLENGE: a new PIN can be set with it, once.

    Make sure first that whoever calls is who they say. The service need not run.
    """
    try:
        terminal = terminal_of(challenge)
    except NoChallenge as error:
        raise click.ClickException("a challenge looks like 03-K7M2-9QXT") from error
    try:
        key = read_key(directory / OFFICE_KEY_FILE)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"no office key: {error}") from error
    code = unlock_code(terminal_key(key, terminal), challenge)
    click.echo(f"{code[:4]} {code[4:]}")


@central.command()
@dir_option
@click.option("--all", "all_of_them", is_flag=True, help="Ended certificates too.")
@json_option
def terminals(directory: Path, *, all_of_them: bool, as_json: bool) -> None:
    """List the terminals and their certificates."""
    found = asked(Admin(directory).terminals())
    rows = [r for r in found.terminals if all_of_them or r.state != "superseded"]
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
        return
    click.echo(f"{'terminal':<10}{'state':<12}{'issued':<18}{'valid until':<18}certificate")
    for row in rows:
        issued = row.issued_at.astimezone(UTC)
        until = row.not_after.astimezone(UTC)
        click.echo(
            f"{row.terminal:<10}{row.state:<12}{issued:%Y-%m-%d %H:%M}  {until:%Y-%m-%d %H:%M}"
            f"  {row.fingerprint[:16]}"
        )


@central.command()
@dir_option
@click.argument("terminal")
def revoke(directory: Path, terminal: str) -> None:
    """End all certificates and unused codes of a TERMINAL, at once."""
    ended = asked(Admin(directory).revoke(terminal)).certificates
    click.echo(f"Terminal {terminal}: {ended} certificate(s) ended.")
    if ended == 0:
        raise SystemExit(4)


@central.command()
@dir_option
@json_option
def alerts(directory: Path, *, as_json: bool) -> None:
    """List what should not have happened, the newest first."""
    found = asked(Admin(directory).alerts())
    if as_json:
        click.echo(msgspec.json.encode(found.alerts).decode())
        return
    for alert in found.alerts:
        last = alert.last_at.astimezone(UTC)
        click.echo(
            f"{last:%Y-%m-%d %H:%M:%S}  {alert.kind:<26}{alert.terminal or '-':<10}"
            f"x{alert.count}  {alert.detail}"
        )


@central.group()
def business() -> None:
    """Businesses that may apply for invoices at terminals."""


@business.command("add")
@dir_option
@click.argument("file", type=FILE)
def add_business(directory: Path, file: Path) -> None:
    """Register the business of a TOML FILE, or change it (docs/central.md)."""
    try:
        wanted = read_business(file)
    except WrongBusiness as error:
        raise click.ClickException(str(error)) from error
    asked(Admin(directory).add_business(wanted))
    click.echo(f"{wanted.tax_id}  {wanted.name}: registered.")


@business.command("show")
@dir_option
@json_option
def show_businesses(directory: Path, *, as_json: bool) -> None:
    """List them."""
    found = asked(Admin(directory).businesses())
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    for one in found:
        click.echo(
            f"{one.tax_id:<20}  {one.name}  limit {one.limit}  offline {one.offline_allowance}"
            f"  items {', '.join(item.id for item in one.items)}"
        )


@business.command("end")
@dir_option
@click.argument("tax_id")
def end_business(directory: Path, tax_id: str) -> None:
    """End what a business may apply for. What was accepted and not sent yet is refused."""
    if not asked(Admin(directory).end_business(tax_id)):
        click.echo(f"{tax_id}: not registered.")
        raise SystemExit(4)
    click.echo(f"{tax_id}: ended.")


def _qr(text: str) -> QRCode[PilImage]:
    code = QRCode(border=2, error_correction=ERROR_CORRECT_M, image_factory=PilImage)
    code.add_data(text)
    code.make(fit=True)
    return code


for _one in (*ORDER_COMMANDS, bundles):
    central.add_command(_one)

COMMANDS = (central,)
