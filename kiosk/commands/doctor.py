"""`kiosk doctor` and `kiosk link`: what is wrong, and the next step."""

import asyncio
import os
from datetime import datetime
from pathlib import Path

import click
import msgspec

from kiosk.clock import BEIJING
from kiosk.commands.options import FILE, daemon_socket, loaded_settings, settings_option
from kiosk.health.doctor import examine, way_to_service
from kiosk.health.faults import Diagnosis, diagnosis, page
from kiosk.health.network import Stage
from kiosk.health.trouble_pages import write_pages
from kiosk.staff import NotRunning, ask_status

WRONG = 1
NOT_ENROLLED = 4

_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


class Report(msgspec.Struct, frozen=True):
    """What `kiosk doctor --json` says."""

    faults: tuple[Diagnosis, ...]
    stages: tuple[Stage, ...]


class LinkReport(msgspec.Struct, frozen=True):
    """What `kiosk link --json` says. `state` is "" when the daemon does not run."""

    state: str
    why: str
    stages: tuple[Stage, ...]


@click.command()
@settings_option
@click.option("--deep", is_flag=True, help="Read the whole queue and story too.")
@click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Of what is said.",
)
@click.option("--catalogue", is_flag=True, help="Print the page on all faults (docs/faults.md).")
@click.option("--pages", type=FILE, help="Write a page for each fault there (docs/troubles).")
@_json
def doctor(
    files: tuple[Path, ...],
    *,
    deep: bool,
    language: str,
    catalogue: bool,
    pages: Path | None,
    as_json: bool,
) -> None:
    """Say what is wrong with this terminal and what to do next.

    Works while the terminal runs and while it does not. Exit codes: 0 nothing that keeps
    people from being served, 1 something does.
    """
    if catalogue:
        click.echo(page(), nl=False)
        return
    if pages is not None:
        write_pages(pages)
        return
    seen = asyncio.run(examine(files, os.environ, _now, deep=deep))
    found = tuple(diagnosis(one, language) for one in seen.faults)
    if as_json:
        click.echo(msgspec.json.encode(Report(found, seen.stages)).decode())
    else:
        click.echo(_said(found))
    if any(one.grave for one in found):
        raise SystemExit(WRONG)


@click.command()
@settings_option
@_json
def link(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say how the link stands, and go the way to the service stage by stage.

    Exit codes: 0 the service answers, 1 it does not, 4 not enrolled.
    """
    settings = loaded_settings(files)

    async def look() -> LinkReport:
        state, why = "", "the terminal is not running"
        try:
            status = await ask_status(daemon_socket(settings))
            state, why = status.link, status.link_why
        except NotRunning:
            pass  # the way can be gone without it
        return LinkReport(state, why, await way_to_service(settings, _now))

    seen = asyncio.run(look())
    if as_json:
        click.echo(msgspec.json.encode(seen).decode())
    else:
        click.echo(f"link           {seen.state or 'unknown'} ({seen.why})")
        for stage in seen.stages:
            click.echo(_stage_line(stage))
        if not seen.stages:
            click.echo("not enrolled: there is no service to go to")
    if not seen.stages:
        raise SystemExit(NOT_ENROLLED)
    if not all(stage.well for stage in seen.stages):
        raise SystemExit(WRONG)


def _stage_line(stage: Stage) -> str:
    took = "" if stage.took_ms is None else f"  {stage.took_ms:.0f} ms"
    word = "ok" if stage.well else "-" if stage.took_ms is None else "FAILED"
    line = f"{stage.name:<14} {word:<7} {stage.what}{took}"
    if stage.fault is None:
        return line
    told = diagnosis(stage.fault, "en")
    return f"{line}\n{'':<14} {told.what}\n{'':<14} {told.next}"


def _said(found: tuple[Diagnosis, ...]) -> str:
    if not found:
        return "Nothing is wrong."
    lines: list[str] = []
    for one in sorted(found, key=lambda each: not each.grave):
        mark = "WRONG " if one.grave else "notice"
        lines += [f"{mark}  {one.area:<11}  {one.what}  [{one.id}]", f"{'':<21}{one.next}"]
        if one.restart:
            lines.append(f"{'':<21}(the terminal must be started again after that)")
    return "\n".join(lines)


def _now() -> datetime:
    return datetime.now(BEIJING)


COMMANDS = (doctor, link)
