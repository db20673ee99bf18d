"""Signing in: a number and a PIN, five tries, then waits that double.

A try is on the disk before the PIN is looked at, so that whoever pulls the plug between try
and answer has lost it. Waits are counted on the clock that never steps: setting the wall clock
shortens none, and after a restart a wait begins anew.
"""

import asyncio
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import msgspec

from central.unlock import new_challenge, unlock_code
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.accounts.pins import Cost, hashed, is_pin, is_weak
from kiosk.daemon.accounts.roster import (
    Account,
    Roster,
    RosterDamaged,
    StaffRole,
    read_roster,
    write_roster,
)
from kiosk.daemon.audit import Note
from kiosk.logs import fact

FREE_TRIES = 5
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 3600.0
BY_COMMAND = "command_line"
"""Who did it, when it was done over the socket and not at the screen."""
_UNKNOWN = ""
"""Every number that nobody has shares one count and one wait."""

_log = logging.getLogger(__name__)


def wait_after_s(tries: int) -> float:
    """Seconds to wait after so many wrong tries in a row."""
    if tries < FREE_TRIES:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(tries - FREE_TRIES, 30))


class Bar(Enum):
    """Why somebody is not signed in. The value is the key of a sentence."""

    WRONG = "wrong"
    """Number or PIN: it is not said which."""
    LOCKED = "locked"
    WEAK_PIN = "weak_pin"
    NO_OFFICE = "no_office"
    """The office has given this terminal no key yet: it never was enrolled, or long ago."""
    NOT_KEPT = "not_kept"
    """The disk takes nothing: what cannot be counted is not tried."""


@dataclass(frozen=True, slots=True)
class Barred:
    """Not signed in. `wait_s`: seconds until the next try."""

    bar: Bar
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who it is."""

    number: str
    name: str
    role: StaffRole


class Accounts:
    """Who may sign in.

    Args:
        folder: holds the roster.
        clock: for the waits.
        note: tells the audit.
        terminal: this terminal's number.
        unlock_key: the office's key for this terminal, or None.
        cost: of one try.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        note: Note,
        *,
        terminal: str,
        unlock_key: Callable[[], bytes | None],
        cost: Cost | None = None,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._note = note
        self._terminal = terminal
        self._unlock_key = unlock_key
        self._cost = cost or Cost()
        self._decoy = ""
        self._one = asyncio.Lock()
        self._open_at_s: dict[str, float] = {}
        self._roster = self._read()
        for one in self._roster.accounts:
            self._bar(one.number, max(one.tries, one.code_tries))
        self._bar(_UNKNOWN, self._roster.unknown_tries)

    @property
    def all(self) -> tuple[Account, ...]:
        """Everybody, by number."""
        return self._roster.accounts

    def locked_for_s(self, number: str) -> float:
        """Seconds until the next try for a number."""
        return max(0.0, self._open_at_s.get(self._key(number), 0.0) - self._clock.monotonic())

    async def sign_in(self, number: str, pin: str) -> SignedIn | Barred:
        """Try a PIN."""
        async with self._one:
            key = self._key(number)
            if (wait_s := self.locked_for_s(number)) > 0:
                return Barred(Bar.LOCKED, wait_s)
            account = self._roster.account(number)
            tries = 1 + (self._roster.unknown_tries if account is None else account.tries)
            if not await self._counted(account, tries):
                return Barred(Bar.NOT_KEPT)
            kept = account.pin if account is not None else await self._decoy_hash()
            # A number that nobody has takes as long as one that somebody has.
            is_right = await asyncio.to_thread(is_pin, pin, kept)
            if account is None or not is_right:
                self._bar(key, tries)
                self._note(acts.SignInRefused(key or "unknown", tries))
                return Barred(Bar.WRONG, wait_after_s(tries))
            return await self._let_in(msgspec.structs.replace(account, tries=0), "pin")

    async def challenge(self, number: str) -> str | Barred:
        """What to read to the office when a PIN is lost; the same until it is answered."""
        async with self._one:
            if self._unlock_key() is None:
                return Barred(Bar.NO_OFFICE)
            account = self._roster.account(number)
            if account is None:
                return new_challenge(self._terminal)  # nothing answers it, and nobody can tell
            if not account.challenge:
                account = msgspec.structs.replace(account, challenge=new_challenge(self._terminal))
                if not await self._keep(self._roster.with_account(account)):
                    return Barred(Bar.NOT_KEPT)
            return account.challenge

    async def recover(self, number: str, code: str, pin: str) -> SignedIn | Barred:
        """Set a new PIN with the office's code. A code is good once."""
        if is_weak(pin, number):
            return Barred(Bar.WEAK_PIN)
        async with self._one:
            key, account = self._unlock_key(), self._roster.account(number)
            if key is None:
                return Barred(Bar.NO_OFFICE)
            tries = 1 + (self._roster.unknown_tries if account is None else account.code_tries)
            if tries > FREE_TRIES and (wait_s := self.locked_for_s(number)) > 0:
                return Barred(Bar.LOCKED, wait_s)
            if account is None:
                await self._counted(None, tries)
                self._bar(_UNKNOWN, tries)
                return Barred(Bar.WRONG, wait_after_s(tries))
            counted = msgspec.structs.replace(account, code_tries=tries)
            if not await self._keep(self._roster.with_account(counted)):
                return Barred(Bar.NOT_KEPT)
            wanted = unlock_code(key, account.challenge) if account.challenge else ""
            if not wanted or not hmac.compare_digest(wanted.encode(), code.encode()):
                self._bar(number, tries)
                self._note(acts.SignInRefused(number, tries))
                return Barred(Bar.WRONG, wait_after_s(tries))
            renewed = msgspec.structs.replace(
                account,
                pin=await asyncio.to_thread(hashed, pin, self._cost),
                tries=0,
                code_tries=0,
                challenge="",
            )
            return await self._let_in(renewed, "office_code")

    # --- who there is ---------------------------------------------------------------------

    async def add(self, number: str, name: str, role: StaffRole, pin: str, by: str) -> str:
        """Let somebody in from now on; why not, or ""."""
        if not (number.isascii() and number.isdigit() and 2 <= len(number) <= 6):
            return "a staff number has two to six digits"
        if not name.strip() or len(name) > 40:
            return "a name has one to forty characters"
        if is_weak(pin, number):
            return "too easy to guess: six to twelve digits, no row, no repetition"
        async with self._one:
            if self._roster.account(number) is not None:
                return f"{number} is taken"
            kept = await asyncio.to_thread(hashed, pin, self._cost)
            account = Account(number, name.strip(), role, kept)
            if not await self._keep(self._roster.with_account(account)):
                return "not kept on the disk"
            self._note(acts.StaffAdded(number, role.value, by))
            return ""

    async def remove(self, number: str, by: str) -> str:
        """Let somebody in no more; why not, or ""."""
        async with self._one:
            if self._roster.account(number) is None:
                return f"nobody has the number {number}"
            if not await self._keep(self._roster.without(number)):
                return "not kept on the disk"
            self._open_at_s.pop(number, None)
            self._note(acts.StaffRemoved(number, by))
            return ""

    async def set_pin(self, number: str, pin: str, by: str) -> str:
        """Give somebody another PIN, and their tries back; why not, or ""."""
        if is_weak(pin, number):
            return "too easy to guess: six to twelve digits, no row, no repetition"
        async with self._one:
            account = self._roster.account(number)
            if account is None:
                return f"nobody has the number {number}"
            kept = await asyncio.to_thread(hashed, pin, self._cost)
            renewed = msgspec.structs.replace(
                account, pin=kept, tries=0, code_tries=0, challenge=""
            )
            if not await self._keep(self._roster.with_account(renewed)):
                return "not kept on the disk"
            self._open_at_s.pop(number, None)
            self._note(acts.PinSet(number, by))
            return ""

    async def change_pin(self, number: str, old: str, new: str) -> Barred | None:
        """Another PIN for whoever says the present one; a wrong one counts as at the sign-in.

        Gives why not, or None.
        """
        if is_weak(new, number):
            return Barred(Bar.WEAK_PIN)
        who = await self.sign_in(number, old)
        if isinstance(who, Barred):
            return who
        return Barred(Bar.NOT_KEPT) if await self.set_pin(number, new, number) else None

    # --- within ---------------------------------------------------------------------------

    def _key(self, number: str) -> str:
        return number if self._roster.account(number) is not None else _UNKNOWN

    def _bar(self, key: str, tries: int) -> None:
        wait_s = wait_after_s(tries)
        if wait_s > 0:
            self._open_at_s[key] = self._clock.monotonic() + wait_s

    async def _counted(self, account: Account | None, tries: int) -> bool:
        if account is None:
            return await self._keep(msgspec.structs.replace(self._roster, unknown_tries=tries))
        return await self._keep(
            self._roster.with_account(msgspec.structs.replace(account, tries=tries))
        )

    async def _let_in(self, account: Account, by: str) -> SignedIn | Barred:
        roster = msgspec.structs.replace(self._roster.with_account(account), unknown_tries=0)
        if not await self._keep(roster):
            return Barred(Bar.NOT_KEPT)
        for key in (account.number, _UNKNOWN):
            self._open_at_s.pop(key, None)
        self._note(acts.StaffSignedIn(account.number, account.role.value, by))
        return SignedIn(account.number, account.name, account.role)

    async def _decoy_hash(self) -> str:
        if not self._decoy:
            self._decoy = await asyncio.to_thread(hashed, "no PIN", self._cost)
        return self._decoy

    async def _keep(self, roster: Roster) -> bool:
        try:
            await asyncio.to_thread(write_roster, self._folder, roster)
        except OSError as error:
            fact(_log, "staff.not_kept", why=type(error).__name__)
            return False
        self._roster = roster
        return True

    def _read(self) -> Roster:
        try:
            return read_roster(self._folder)
        except (RosterDamaged, OSError) as error:
            # Nobody can sign in; the terminal serves people all the same.
            fact(_log, "staff.unreadable", why=type(error).__name__)
            return Roster()
