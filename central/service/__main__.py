"""`python -m central.service`: the service alone, without the terminal's command line."""

import logging
from pathlib import Path

import click

from central.platforms.settings import WrongPlatforms
from central.service.choosing import chosen_platform
from central.service.fetching import Links, WrongLinks
from central.service.mail import Mail, WrongMail
from central.service.main import serve
from central.service.store import StoreUnavailable


@click.command()
@click.option("--dir", "directory", required=True, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8443, show_default=True, help="0 takes a free one.")
@click.option("--name", "names", multiple=True, help="A name or address that terminals use.")
@click.option(
    "--database",
    default="",
    envvar="CENTRAL_DATABASE",
    help="postgresql://…; without it, SQLite in --dir.",
)
@click.option(
    "--certificate-days", default=90.0, show_default=True, help="Life of a terminal's certificate."
)
@click.option("--sandbox", is_flag=True, help="Answer from made-up records.")
@click.option(
    "--platforms",
    type=click.Path(path_type=Path),
    help="Ask the platforms of this settings file (docs/platforms.md).",
)
@click.option(
    "--mail",
    type=click.Path(path_type=Path),
    help="Answer cases by letter, through the SMTP server of this settings file.",
)
@click.option(
    "--links",
    type=click.Path(path_type=Path),
    help="Let phones fetch files, as this settings file says (docs/central.md).",
)
@click.option("--ready-file", type=click.Path(path_type=Path), help="Gets the port when ready.")
@click.option("--ready-fd", type=int, help="Gets the port when ready, and is closed.")
def main(
    directory: Path,
    host: str,
    port: int,
    names: tuple[str, ...],
    database: str,
    certificate_days: float,
    sandbox: bool,
    platforms: Path | None,
    mail: Path | None,
    links: Path | None,
    ready_file: Path | None,
    ready_fd: int | None,
) -> None:
    """Run the central service until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        serve(
            directory,
            platform=chosen_platform(sandbox=sandbox, settings=platforms),
            host=host,
            port=port,
            names=names,
            database=database,
            certificate_days=certificate_days,
            mail=None if mail is None else Mail.of_file(mail),
            links=None if links is None else Links.of_file(links),
            ready_file=ready_file,
            ready_fd=ready_fd,
        )
    except (WrongPlatforms, WrongMail, WrongLinks, StoreUnavailable) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
