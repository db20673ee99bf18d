"""The command that makes a terminal one of a service's."""

import asyncio
from pathlib import Path

import click

from central.enrolling import CodeBar, CodeRefused, EnrolmentFailure, enrol
from central.enrolment_code import CodeFault, EnrolmentCode, NoEnrolmentCode
from central.failure import (
    BadCertificate,
    NotAdmitted,
    NoTime,
    NotOurs,
    Overloaded,
    Refused,
    Unreachable,
)
from central.identity import Identity, IdentityFiles, IdentityInUse
from kiosk.commands.options import loaded_settings, settings_option
from kiosk.daemon.identity import FOLDER

NOT_A_CODE = 2
REFUSED = 4
NOT_REACHED = 5

_FAULTS = {
    CodeFault.LENGTH: "The code has 17 characters, like 8KQ2-7MWA-PX4T-9D3FN.",
    CodeFault.CHARACTER: "A code has only digits and letters, and no U.",
    CodeFault.CHECK: "The code is mistyped: one character is wrong, or two have changed places.",
    CodeFault.QR: "The scanned text is damaged: it lacks a part of an enrolment code.",
}
_BARS = {
    CodeBar.WRONG: "The service does not know this code. Is it of this service?",
    CodeBar.USED: "This code was used already. Have a new one issued.",
    CodeBar.EXPIRED: "This code has expired. Have a new one issued.",
    CodeBar.CANCELLED: "This code was cancelled: a newer one was issued, the terminal was revoked, "
    "or it was tried too often. Have a new one issued.",
    CodeBar.FOR_ANOTHER: "This code is for another terminal. This one's number is {terminal}: "
    "correct [terminal] number in the settings, or have a code issued for {terminal}.",
    CodeBar.TOO_MANY_TRIES: "Too many wrong codes came from here. Wait ten minutes.",
    CodeBar.NO_ADDRESS: "A typed code does not say where the service is: add --url "
    "https://HOST:PORT, or set [service] url.",
    CodeBar.IMPOSTOR: "Whoever answers at this address did not issue this code. Is the address "
    "right? If it is, somebody stands between: do not go on.",
}


_CLOCK = (
    "The service's certificate is not valid at this terminal's time: set the clock of the "
    "terminal first."
)


@click.command()
@settings_option
@click.argument("code")
@click.option("--url", default="", help="The service's address; a scanned code carries it.")
def enroll(files: tuple[Path, ...], code: str, url: str) -> None:
    """Make this terminal one of a service's, with the one-time CODE that it has issued.

    CODE is what was typed (17 characters) or what the QR says. A terminal that runs goes
    on with the new identity within seconds. Exit codes: 2 not a code, 4 the service
    refuses it, 5 the service was not reached.
    """
    settings = loaded_settings(files)
    terminal = settings.terminal.number
    try:
        parsed = EnrolmentCode.parse(code)
    except NoEnrolmentCode as error:
        raise _end(_FAULTS[error.fault], NOT_A_CODE) from error
    identity_files = IdentityFiles(Path(settings.paths.state_dir) / FOLDER)
    try:
        with identity_files.held():
            result = asyncio.run(
                enrol(identity_files, parsed, terminal, url or parsed.url or settings.service.url)
            )
    except IdentityInUse as error:
        raise _end("The terminal is renewing its certificate now: try again.", REFUSED) from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(
            f"The identity cannot be written: {error}. Run this as the user of the terminal."
        ) from error
    if not isinstance(result, Identity):
        sentence, exit_code = _said(result, terminal)
        raise _end(sentence, exit_code)
    click.echo(f"Terminal {result.terminal} is enrolled with {result.url}.")
    click.echo(f"Its certificate is good until {result.not_after.astimezone():%Y-%m-%d %H:%M}.")


def _end(sentence: str, exit_code: int) -> SystemExit:
    click.echo(sentence, err=True)
    return SystemExit(exit_code)


def _said(failure: EnrolmentFailure, terminal: str) -> tuple[str, int]:
    """The sentence for a failure, and the exit code."""
    match failure:
        case CodeRefused(bar):
            return _BARS[bar].format(terminal=terminal), REFUSED
        case Refused(problem):
            return f"The service refuses: {problem.code} {problem.detail}".rstrip(), REFUSED
        case NotAdmitted(bar):
            return f"The service does not let this terminal in: {bar.value}", REFUSED
        case BadCertificate(why, clock_suspected):
            if clock_suspected:
                return _CLOCK, NOT_REACHED
            return f"The service's certificate is not for this address: {why}", NOT_REACHED
        case Unreachable(why):
            return f"The service cannot be reached: {why}", NOT_REACHED
        case NoTime():
            return "The service did not answer in time.", NOT_REACHED
        case NotOurs(what):
            return f"Somebody answers there who is not the service: {what}", NOT_REACHED
        case Overloaded(retry_after_s):
            return f"The service is busy: try again in {retry_after_s:.0f} s.", NOT_REACHED


COMMANDS = (enroll,)
