"""A terminal as it stands in a hall: daemon and screen, and who watches them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from config.schema import Settings
from kiosk import logs
from kiosk.process import serving
from kiosk.supervisor import Program, Supervisor, kiosk_command


def terminal_programs(
    files: Sequence[Path], screen_arguments: Sequence[str], environment: Mapping[str, str]
) -> tuple[Program, Program]:
    """The two processes of a terminal, in the order in which they start."""
    settings = [part for file in files for part in ("--settings", str(file))]
    return (
        Program("daemon", kiosk_command("daemon", *settings), environment),
        Program("screen", kiosk_command("screen", *settings, *screen_arguments), environment),
    )


async def run_terminal(settings: Settings, files: Sequence[Path]) -> None:
    """Run daemon and screen until SIGTERM."""
    logs.start("supervisor")
    supervisor = Supervisor(Path(settings.paths.state_dir) / "notify")
    try:
        for program in terminal_programs(files, (), {}):
            await supervisor.start(program)
        async with serving() as stopped:
            await stopped.wait()
    finally:
        await supervisor.stop()
