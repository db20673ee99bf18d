"""What the office wants of terminals: sign it, hand it over, see what became of it."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from central import signed_commands, signed_settings
from central.admin import Admin, OrderWanted
from central.signed_commands import LONGEST, CommandAct, CommandOrder
from central.signed_settings import SettingsOrder
from config.load import Layer, WrongSetting, check, parse
from kiosk.admin_messages import CLOSED_REASONS
from kiosk.commands.central_options import asked, dir_option, json_option
from kiosk.commands.options import FILE

_key = click.option(
    "--key", type=FILE, help="Key of the service's authority, when it is kept elsewhere."
)


class SignedFile(msgspec.Struct, frozen=True):
    """What `sign-settings --json` says."""

    order: str
    terminal: str
    serial: int
    file: str


@click.command("sign-settings")
@dir_option
@click.argument("file", type=FILE)
@click.option("--terminal", default="", help="Number of the terminal; without it, for all.")
@click.option("--serial", type=click.IntRange(min=1), help="Higher than the last; else the time.")
@_key
@click.option("--out", type=FILE, required=True, help="Gets the signed settings.")
@json_option
def sign_settings(
    directory: Path,
    file: Path,
    terminal: str,
    serial: int | None,
    key: Path | None,
    out: Path,
    *,
    as_json: bool,
) -> None:
    """Sign a settings FILE (TOML) for terminals.

    It is checked first. A terminal takes it once (`kiosk central publish-settings` hands it over;
    or `kiosk settings take` at the terminal), tries it, and goes back by itself if it is worse
    with it. What staff set at the terminal stays and wins. Needs the authority's key, not the
    running service. Exit code 1: the settings are wrong, or a file cannot be used.
    """
    now = datetime.now(UTC)
    try:
        text = file.read_text(encoding="utf-8")
        check(Layer(str(file), parse(text, str(file)), text))
        order = SettingsOrder(terminal, serial or int(now.timestamp()), now, text)
        out.write_bytes(signed_settings.signed(order, _key_of(directory, key)))
    except (WrongSetting, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        made = SignedFile(f"settings {order.serial}", terminal, order.serial, str(out))
        click.echo(msgspec.json.encode(made).decode())
        return
    click.echo(f"order {order.serial} for {terminal or 'every terminal'}: {out}")


@click.command("publish-settings")
@dir_option
@click.argument("signed", type=FILE)
@json_option
def publish_settings(directory: Path, signed: Path, *, as_json: bool) -> None:
    """Hand settings that `sign-settings` SIGNED to the service: terminals fetch them by themselves.

    Each tries them, and says what became of it: `kiosk central orders`.
    """
    try:
        content = signed.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{signed}: {error.strerror}") from error
    _publish(directory, OrderWanted(settings=content), as_json=as_json)


@click.command("command")
@dir_option
@click.argument("terminal")
@click.argument("act", type=click.Choice([one.value for one in CommandAct]))
@click.option(
    "--reason",
    type=click.Choice(CLOSED_REASONS),
    default=CLOSED_REASONS[0],
    show_default=True,
    help="Of out_of_service: what people are told.",
)
@click.option(
    "--valid-h",
    default=24.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True, max=LONGEST / timedelta(hours=1)),
    help="Hours until it is void.",
)
@_key
@json_option
def command(
    directory: Path,
    terminal: str,
    act: str,
    reason: str,
    valid_h: float,
    key: Path | None,
    *,
    as_json: bool,
) -> None:
    """Have a TERMINAL do an ACT, once. It is fetched with its next sign of life.

    test_print, restart: once nobody is being served. resync: send what is owed now. Signed with
    the authority's key; kept by the running service until the terminal has said what became of
    it: `kiosk central orders`. Exit codes: 1 not taken, 3 the service does not run.
    """
    now = datetime.now(UTC)
    order = CommandOrder(
        secrets.token_hex(16),
        terminal,
        now,
        now + timedelta(hours=valid_h),
        act,
        reason if act == CommandAct.OUT_OF_SERVICE else "",
    )
    try:
        signed = signed_commands.signed(order, _key_of(directory, key))
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    _publish(directory, OrderWanted(command=signed), as_json=as_json)


@click.command()
@dir_option
@click.option("--terminal", default="", help="Of one terminal only.")
@json_option
def orders(directory: Path, terminal: str, *, as_json: bool) -> None:
    """List settings and commands for terminals, and what became of each, the newest first."""
    found = asked(Admin(directory).orders())
    rows = [one for one in found if terminal in ("", one.terminal)]
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
        return
    for one in rows:
        said = one.outcome or "waits"
        if not one.outcome and one.expires_at is not None and one.expires_at < datetime.now(UTC):
            said = "expired"
        when = one.outcome_at or one.at
        click.echo(
            f"{when.astimezone(UTC):%Y-%m-%d %H:%M}  {one.terminal or 'all':<10}{one.act:<16}"
            f"{said:<10}{one.order}  {one.why}".rstrip()
        )


ORDER_COMMANDS = (sign_settings, publish_settings, command, orders)


def _key_of(directory: Path, key: Path | None) -> bytes:
    return (key or directory / "ca-key.pem").read_bytes()


def _publish(directory: Path, wanted: OrderWanted, *, as_json: bool) -> None:
    kept = asked(Admin(directory).publish(wanted))
    if as_json:
        click.echo(msgspec.json.encode(kept).decode())
        return
    click.echo(f"{kept.order} waits for {kept.terminal or 'every terminal'}")
