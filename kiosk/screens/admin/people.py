"""Somebody new among staff, and one's own PIN: one question after the other, PINs as dots."""

from kiosk import admin_messages as a
from kiosk import people_pages as pp
from kiosk import staff_messages as s
from kiosk.screens.admin.sign_in import AskingScreen, Step
from kiosk.text.plain_typing import pressed
from kiosk.widgets.buttons import Action
from kiosk.widgets.look import look
from kiosk.widgets.text_pad import TextPad

ROLES = ("technician", "supervisor")
MOST_NAME = 40


class EntryScreen(AskingScreen):
    """Asks `steps`; `finish` sends what was typed."""

    steps: tuple[Step, ...] = ()

    def compose(self) -> None:
        """Begin, and say why the last try came to nothing."""
        self._typed: dict[Step, str] = {}
        said = self.view.said
        remark = ""
        if said is not None:
            remark = look.words.say_first(
                f"admin.said.{said.key}", "admin.said.other", **said.values
            )
            remark += f" ({_worded(said.detail)})" if said.detail else ""
        self._ask(self.steps[0], remark)

    def on_next(self) -> None:
        """确定."""
        typed = self._typed.get(self._step, "").strip()
        if not typed:
            return
        if self._step is Step.AGAIN and typed != self._typed[Step.NEW]:
            self._typed.pop(Step.NEW)
            self._ask(Step.NEW, self.say("admin.bar.differ"))
        elif self._step is self.steps[-1]:
            self.finish({step: value.strip() for step, value in self._typed.items()})
        else:
            self._ask(self.steps[self.steps.index(self._step) + 1])

    def finish(self, typed: dict[Step, str]) -> None:
        """Send it."""
        raise NotImplementedError

    def _is_busy(self) -> bool:
        said = self.view.said
        return said is not None and said.key == "busy"

    def _ask(self, step: Step, remark: str = "") -> None:
        super()._ask(step, remark)
        ids = self.ids
        if step is Step.NAME and not self._is_busy():
            ids.pad.clear_widgets()
            ids.pad.add_widget(TextPad(take_key=self._take_letter))
        elif step is Step.ROLE:
            ids.pad.clear_widgets()
            ids.value.clear_widgets()
            ids.actions.actions = tuple(
                Action(
                    f"{self.tag}.{role}",
                    None,
                    self.say(f"admin.word.{role}"),
                    lambda role=role: self._choose(role),
                )
                for role in ROLES
            )

    def _take_letter(self, key: str) -> None:
        self._typed[Step.NAME] = pressed(self._typed.get(Step.NAME, ""), key)[:MOST_NAME]
        self._show_typed()

    def _choose(self, role: str) -> None:
        self._typed[Step.ROLE] = role
        self.on_next()


class NewStaffScreen(EntryScreen):
    """Somebody new."""

    tag = pp.NEW_STAFF
    view: pp.NewStaffPage
    steps = (Step.NEW_NUMBER, Step.NAME, Step.ROLE, Step.NEW, Step.AGAIN)

    def finish(self, typed: dict[Step, str]) -> None:
        """Let them in from now on."""
        new = s.AddStaff(
            typed[Step.NEW_NUMBER], typed[Step.NAME], typed[Step.ROLE], typed[Step.NEW]
        )
        self.intend(lambda turn: a.Do(turn=turn, ask=new))


class OwnPinScreen(EntryScreen):
    """Another PIN of one's own."""

    tag = pp.OWN_PIN
    view: pp.OwnPinPage
    steps = (Step.OLD, Step.NEW, Step.AGAIN)

    def finish(self, typed: dict[Step, str]) -> None:
        """Change it."""
        self.intend(
            lambda turn: pp.ChangeOwnPin(turn=turn, old=typed[Step.OLD], new=typed[Step.NEW])
        )


def _worded(detail: str) -> str:
    """A reason in the language of the screen; as it is, if it is none of ours."""
    key = f"admin.word.{detail}"
    return look.say(key) if key in look.words else detail
