"""Who may sign in: somebody new, and nobody any more."""

from kiosk import admin_messages as a
from kiosk import staff_messages as s
from kiosk.people_pages import NEW_STAFF
from kiosk.screens.admin.page import AdminScreen
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.rows import Row


class UsersScreen(AdminScreen):
    """Staff."""

    tag = "admin_users"
    view: a.Users

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        self.rows([self._person(one) for one in self.view.lines])
        if self.view.asks:
            number = self.view.asks
            self.offer(
                self.press_for(
                    "remove_yes",
                    number,
                    Icon.BARRED,
                    lambda turn: a.Do(turn=turn, ask=s.RemoveStaff(number)),
                ),
                self.press("no", Icon.END, lambda turn: a.AskFirst(turn=turn, act="")),
            )
        else:
            self.offer(self.to_page(NEW_STAFF, Icon.PERSON))

    def _person(self, line: s.StaffLine) -> Row:
        words = self.say(
            "admin.person", number=line.number, name=line.name, role=self.word(line.role)
        )
        note = self.say("admin.person_tries", tries=line.tries, wait=line.locked_s)
        actions: list[Action] = []
        # Whoever is signed in does not take the ground from under their own feet.
        if line.number != self.view.who.number and not self.view.asks:
            actions.append(
                self.press_for(
                    "remove",
                    line.number,
                    Icon.BARRED,
                    lambda turn: a.AskFirst(turn=turn, act=line.number),
                )
            )
        return self.things(f"person.{line.number}", words, note if line.tries else "", *actions)
