"""The file of the staff: who may sign in, their PINs' hashes, and how often each was tried.

A file of its own (0600) and not the queue's: the queue is copied to the service and restored
from copies, and neither may carry PINs or give tries back.
"""

from enum import Enum
from pathlib import Path

import msgspec

from central.files import write_whole

ROSTER_FILE = "staff.json"
"""In the state folder."""


class StaffRole(Enum):
    """What a member of staff may do."""

    TECHNICIAN = "technician"
    """Everything about devices, queue and network."""
    SUPERVISOR = "supervisor"
    """Also who may sign in, and settings."""


class Account(msgspec.Struct, frozen=True):
    """A member of staff.

    Attributes:
        number: what they sign in with: two to six digits.
        name: as colleagues know them; never in the audit.
        pin: the PIN's hash (PHC string).
        tries: wrong PINs since the last right one.
        code_tries: wrong codes of the office since the last right one.
        challenge: what a code of the office has to answer; "" for none.
    """

    number: str
    name: str
    role: StaffRole
    pin: str
    tries: int = 0
    code_tries: int = 0
    challenge: str = ""


class Roster(msgspec.Struct, frozen=True):
    """Everybody. `unknown_tries`: wrong numbers since somebody signed in."""

    accounts: tuple[Account, ...] = ()
    unknown_tries: int = 0

    def account(self, number: str) -> Account | None:
        """Who has this number."""
        return next((one for one in self.accounts if one.number == number), None)

    def with_account(self, account: Account) -> "Roster":
        """With this account, in place of the one of its number."""
        others = [one for one in self.accounts if one.number != account.number]
        accounts = sorted((*others, account), key=lambda one: one.number)
        return msgspec.structs.replace(self, accounts=tuple(accounts))

    def without(self, number: str) -> "Roster":
        """Without the account of this number."""
        kept = tuple(one for one in self.accounts if one.number != number)
        return msgspec.structs.replace(self, accounts=kept)


class RosterDamaged(ValueError):
    """The file is not what was written: nobody can sign in until staff are added anew."""


def read_roster(folder: Path) -> Roster:
    """The roster on the disk; an empty one before the first.

    Raises:
        RosterDamaged: it is not what was written.
        OSError: it cannot be read.
    """
    path = folder / ROSTER_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Roster)
    except FileNotFoundError:
        return Roster()
    except msgspec.DecodeError as error:
        raise RosterDamaged(f"{path}: {error}") from error


def write_roster(folder: Path, roster: Roster) -> None:
    """Keep it: when this returns it is on the disk.

    Raises:
        OSError: the old one stays.
    """
    write_whole(folder / ROSTER_FILE, msgspec.json.encode(roster), mode=0o600)
