"""Switching the machine off, or starting it anew, through systemd-logind.

`busctl` (systemd's own) asks org.freedesktop.login1; a polkit rule of the package
(deploy/polkit/50-kiosk.rules) lets the daemon's user do these two things and no more.
"""

import asyncio
import contextlib
import logging
import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk import admin_messages as a
from kiosk.admin_base import Said
from kiosk.daemon import acts
from kiosk.daemon.audit import Note
from kiosk.logs import fact
from kiosk.training import is_training

BUSCTL = "/usr/bin/busctl"
KIOSK_USER = "kiosk"
ANSWER_WITHIN_S = 4.0
_LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
_METHODS: Mapping[a.PowerAct, str] = {"power_off": "PowerOff", "reboot": "Reboot"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int
    """The exit code of busctl: not 0 when the call failed or was refused."""
    words: str


class MachinePower:
    """Asks logind.

    Args:
        barred: why this terminal has no power to switch (training, not_installed); "" if it has.
        is_printing: whether a slip or sheet is on its way.
        busctl: path of the program.
    """

    def __init__(
        self,
        note: Note,
        *,
        barred: str,
        is_printing: Callable[[], bool],
        busctl: str = BUSCTL,
        within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self._note = note
        self._barred = barred
        self._is_printing = is_printing
        self._busctl = busctl
        self._within_s = within_s

    async def hindrance(self, act: a.PowerAct) -> str:
        """Why it cannot be done now, as a key under [admin.power]; "" when it can."""
        if self._barred:
            return self._barred
        answer = await self._call(f"Can{_METHODS[act]}")
        if answer is None or answer.code != 0:
            return "no_answer"
        # "challenge" wants a password of an administrator: nobody can type one here.
        return "" if answer.words == 's "yes"' else "refused"

    async def switch(self, act: a.PowerAct, by: str) -> Said:
        """Do it. What was asked is in the audit before, and what came of it after."""
        if self._is_printing():
            return Said("power_printing", well=False)
        self._note(acts.PowerAsked(act, by))
        why = await self.hindrance(act)
        if not why:
            answer = await self._call(_METHODS[act], "b", "false")
            if answer is None:
                why = "unknown"
            elif answer.code != 0:
                why = "refused"
        self._note(acts.PowerAnswered(act, why or "taken", by))
        return Said(f"power_{why}", well=False) if why else Said(f"{act}_taken")

    async def _call(self, method: str, *arguments: str) -> _Answer | None:
        """Call the manager; None when nothing answered in time."""
        try:
            process = await asyncio.create_subprocess_exec(
                self._busctl,
                "--system",
                "call",
                *_LOGIN,
                method,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            fact(_log, "power.no_busctl", error=error.strerror or "")
            return None
        try:
            async with asyncio.timeout(self._within_s):
                said, _ = await process.communicate()
        except TimeoutError:
            fact(_log, "power.no_answer", method=method)
            return None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        code = process.returncode or 0
        fact(_log, "power.answered", method=method, code=code)
        return _Answer(code, said.decode("utf-8", "replace").strip())


def barred_here(environment: Mapping[str, str], user_id: int | None = None) -> str:
    """Why a terminal may not switch its machine: it only trains, or was only tried by hand.

    The units run it as the user that the polkit rule names. Started by anybody else it is a
    demonstration on somebody's own machine, which their own session may switch off.
    """
    if is_training(environment):
        return "training"
    try:
        user = pwd.getpwuid(os.getuid() if user_id is None else user_id).pw_name
    except KeyError:
        user = ""
    return "" if user == KIOSK_USER else "not_installed"
