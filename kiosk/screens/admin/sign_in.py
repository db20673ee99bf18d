"""Staff sign in: a number, a PIN; and when the PIN is lost, a code of the office."""

from enum import Enum

from einvoice.entry import Key
from kiosk import admin_messages as a
from kiosk.screens.situation import FooterPlaces, Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.keypad import NUMBER_KEYS, Keypad, ValueBox, shuffled_keys
from kiosk.widgets.kv import load_kv

DOT = "●"


class Step(Enum):
    """What is asked for. The value is the key of its sentences."""

    NUMBER = "number"
    PIN = "pin"
    CODE = "code"
    NEW = "new"
    AGAIN = "again"
    NEW_NUMBER = "new_number"
    NAME = "name"
    ROLE = "role"
    OLD = "old"


_SECRET = (Step.PIN, Step.NEW, Step.AGAIN, Step.OLD)
_MOST = {Step.NUMBER: 6, Step.NEW_NUMBER: 6, Step.CODE: 8}
MOST_PIN = 12


class AskingScreen(Situation):
    """Asks one thing after the other. A PIN is dots, on keys whose order nobody knows."""

    footer = FooterPlaces(call=False)
    _step: Step
    _typed: dict[Step, str]

    def take_key(self, key: Key) -> None:
        """A key of the pad."""
        typed = self._typed.get(self._step, "")
        if key == "clear":
            typed = ""
        elif key == "back":
            typed = typed[:-1]
        elif len(typed) < _MOST.get(self._step, MOST_PIN):
            typed += key
        self._typed[self._step] = typed
        self._show_typed()

    def on_next(self) -> None:
        """确定."""
        raise NotImplementedError

    def on_lost(self) -> None:
        """忘记 PIN."""
        raise NotImplementedError

    def _ask(self, step: Step, remark: str = "") -> None:
        self._step = step
        self._typed.pop(step, None)
        ids = self.ids
        ids.title.words = self.say(f"admin.sign_in.{step.value}")
        ids.hint.words = self.say(f"admin.sign_in.{step.value}_hint")
        ids.challenge.words = self.view.challenge if step is Step.CODE else ""
        ids.remark.words = self.say("admin.sign_in.busy") if self._is_busy() else remark
        ids.remark.is_problem = bool(remark)
        for place in (ids.value, ids.pad):
            place.clear_widgets()
        ids.value.add_widget(ValueBox(tid="sign_in.value", empty=self.say("admin.sign_in.empty")))
        is_secret = step in _SECRET
        keys = shuffled_keys() if is_secret else NUMBER_KEYS
        if not self._is_busy():
            # What would be typed now belongs to a question that is about to go.
            ids.pad.add_widget(Keypad(take_key=self.take_key, keys=keys, discreet=is_secret))
        actions = [
            Action(
                "sign_in.next",
                None,
                self.say("admin.sign_in.next"),
                self.on_next,
                filled=True,
                disabled=self._is_busy(),
            )
        ]
        if step is Step.PIN:
            lost = self.say("admin.sign_in.lost")
            actions.append(Action("sign_in.lost", None, lost, self.on_lost, modest=True))
        ids.actions.actions = tuple(actions)

    def _is_busy(self) -> bool:
        """A try is being looked at."""
        return self.view.busy

    def _show_typed(self) -> None:
        typed = self._typed.get(self._step, "")
        box = self.ids.value.children[0]
        box.value = DOT * len(typed) if self._step in _SECRET else typed


class SignInScreen(AskingScreen):
    """Number and PIN; when the PIN is lost, the office's code and a new PIN."""

    tag = "sign_in"
    view: a.SignIn

    def compose(self) -> None:
        """Begin."""
        self._typed: dict[Step, str] = {}
        view = self.view
        if view.trouble:
            words = self.say(f"admin.bar.{view.trouble}", seconds=view.wait_s)
            self._ask(Step.CODE if view.challenge else Step.NUMBER, words)
        else:
            self._ask(Step.CODE if view.challenge else Step.NUMBER)

    def on_next(self) -> None:
        """确定."""
        typed = self._typed.get(self._step, "")
        if not typed or self.view.busy:
            return
        match self._step:
            case Step.NUMBER:
                self._ask(Step.PIN)
            case Step.PIN:
                number = self._typed[Step.NUMBER]
                self.intend(lambda turn: a.TrySignIn(turn=turn, number=number, pin=typed))
            case Step.CODE:
                self._ask(Step.NEW)
            case Step.NEW:
                self._ask(Step.AGAIN)
            case Step.AGAIN if typed != self._typed[Step.NEW]:
                self._typed.pop(Step.NEW)
                self._ask(Step.NEW, self.say("admin.bar.differ"))
            case Step.AGAIN:
                code = self._typed[Step.CODE]
                self.intend(
                    lambda turn: a.Recover(turn=turn, number=self.view.number, code=code, pin=typed)
                )

    def on_lost(self) -> None:
        """忘记 PIN."""
        number = self._typed[Step.NUMBER]
        self.intend(lambda turn: a.LostPin(turn=turn, number=number))


load_kv(__file__)
