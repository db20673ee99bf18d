"""What `kiosk staff` asks for: whoever may speak on the daemon's socket may do all of it."""

from typing import assert_never

from kiosk import staff_messages as s
from kiosk.daemon.accounts.accounts import BY_COMMAND, Accounts
from kiosk.daemon.accounts.roster import StaffRole


class AccountsDesk:
    """Answers for the accounts."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def answer(
        self, asked: s.AccountAsk, by: str = BY_COMMAND
    ) -> s.StaffShown | s.Acted | s.NotDone:
        """Do it, and say how that went."""
        match asked:
            case s.AskStaff():
                return self.shown()
            case s.AddStaff(number, name, role, pin):
                if role not in [one.value for one in StaffRole]:
                    return s.NotDone("a role is technician or supervisor")
                why = await self._accounts.add(number, name, StaffRole(role), pin, by)
            case s.RemoveStaff(number):
                why = await self._accounts.remove(number, by)
            case s.SetPin(number, pin):
                why = await self._accounts.set_pin(number, pin, by)
            case _:
                assert_never(asked)
        return s.NotDone(why) if why else s.Acted()

    def shown(self) -> s.StaffShown:
        """Everybody, without their PINs."""
        return s.StaffShown(
            tuple(
                s.StaffLine(
                    one.number,
                    one.name,
                    one.role.value,
                    one.tries,
                    round(self._accounts.locked_for_s(one.number)),
                )
                for one in self._accounts.all
            )
        )
