"""The technician's side of the daemon's socket."""

import asyncio
from pathlib import Path

import msgspec

from kiosk import messages as m
from kiosk.picture_messages import AskPicture, ScreenPicture
from kiosk.staff_messages import NotDone, StaffAnswer, StaffAsk, Tried

SOCKET_NAME = "daemon.sock"
"""The daemon's socket, in its state folder."""
ANSWER_WITHIN_S = 5.0
TRIAL_WORDS = {
    "proven": "printed, and the printer said so",
    "failed": "not printed",
    "unknown": "not known whether it was printed: look at the outlet",
    "read": "read",
    "unreadable": "scanned, but not readable",
    "nothing": "nothing was scanned",
    "missing": "no scanner",
}


class NotRunning(RuntimeError):
    """No daemon answers on the socket."""


class OutOfService(NotRunning):
    """The supervisor answers in its place: the daemon keeps failing."""


async def ask_status(socket: Path) -> m.Status:
    """How the running terminal stands.

    Raises:
        NotRunning: nobody listens, or nobody answers in time.
    """
    answer = await _ask(socket, m.AskStatus(), ANSWER_WITHIN_S)
    if not isinstance(answer, m.Status):
        raise NotRunning(f"unexpected answer on {socket}")
    return answer


async def ask(socket: Path, asked: StaffAsk, *, within_s: float = ANSWER_WITHIN_S) -> StaffAnswer:
    """Ask the running terminal for something.

    Raises:
        NotRunning: nobody listens, or nobody answers in time.
    """
    answer = await _ask(socket, asked, within_s)
    if not isinstance(answer, StaffAnswer):
        raise NotRunning(f"unexpected answer on {socket}")
    return answer


async def ask_picture(socket: Path) -> ScreenPicture | NotDone:
    """What the running terminal's screen shows, without data.

    Raises:
        NotRunning: nobody listens, or nobody answers in time.
    """
    answer = await _ask(socket, AskPicture(), ANSWER_WITHIN_S)
    if not isinstance(answer, ScreenPicture | NotDone):
        raise NotRunning(f"unexpected answer on {socket}")
    return answer


async def _ask(
    socket: Path, asked: m.AskStatus | AskPicture | StaffAsk, within_s: float
) -> m.FromDaemon:
    try:
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_unix_connection(socket, limit=m.MAX_LINE_BYTES)
            hello = m.Hello(role=m.Role.STAFF, version=m.PROTOCOL_VERSION)
            writer.write(msgspec.json.encode(hello) + b"\n")
            writer.write(msgspec.json.encode(asked) + b"\n")
            line = await reader.readline()
            writer.close()
        answer = msgspec.json.decode(line, type=m.FromDaemon)
    except (OSError, TimeoutError) as error:
        raise NotRunning(f"the terminal is not running ({socket}: {error})") from error
    except msgspec.DecodeError as error:
        raise NotRunning(f"the terminal on {socket} hung up") from error
    if isinstance(answer, m.Refused):
        raise OutOfService(f"the terminal does not serve: {answer.why}")
    return answer


def trial_line(trial: Tried) -> str:
    """How a trial ended and when, in honest words: "printed" only with proof."""
    words = TRIAL_WORDS.get(trial.outcome, trial.outcome)
    why = f" ({trial.why})" if trial.why else ""
    return f"{words}{why}, {trial.at:%Y-%m-%d %H:%M:%S}"


def _printer_line(printer: m.PrinterView) -> tuple[str, str]:
    paper = f"about {printer.left_slips} slips left ({printer.left_m:g} m, {printer.paper})"
    return f"  {printer.name}", f"{printer.status}; {paper}"


def status_lines(status: m.Status) -> str:
    """The same for people."""
    waiting = str(status.waiting)
    if status.oldest_waiting_s is not None:
        waiting += f" (oldest {status.oldest_waiting_s / 60:.0f} min)"
    lines = [
        ("terminal", f"{status.terminal} (version {status.version})"),
        ("running since", f"{status.started_at:%Y-%m-%d %H:%M:%S}"),
        ("screen shows", status.situation),
        ("identity", status.identity),
        ("link", f"{status.link} ({status.link_why})"),
        ("clock", status.clock),
        ("printer", status.printer),
        *(_printer_line(printer) for printer in status.printers),
        *([("a4 printer", status.a4)] if status.a4 else []),
        ("scanner", status.scanner),
        *([("keypad", status.keypad)] if status.keypad else []),
        ("voice", status.voice),
        ("owed, waiting", waiting),
        ("owed, parked", str(status.parked)),
        ("backup", status.backup),
        ("  at service", status.backup_at_service),
        *((f"tried {one.device}", trial_line(one)) for one in status.trials),
    ]
    return "\n".join(f"{name:<14} {value}" for name, value in lines)
