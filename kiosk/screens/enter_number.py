"""The person types the fields of an invoice, one question at a time."""

from typing import assert_never

from einvoice.entry import Entry, Key, Problem
from einvoice.fields import Field
from einvoice.kinds import FourthField
from kiosk.messages import EnterNumber, GoBack, ReferenceView, SubmitReference
from kiosk.screens.entry_display import displayed, question_key
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.reference_rows import reference_rows
from kiosk.screens.situation import Means
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.intent_card import IntentCard
from kiosk.widgets.keypad import AMOUNT_KEYS, NUMBER_KEYS, Keypad, StepDots, ValueBox
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pages import Pages
from kiosk.widgets.rows import Row


class EnterNumberScreen(MessageScreen):
    """Asks for number, code, date and so on; shows all of it for a last look; submits."""

    tag = "enter_number"
    view: EnterNumber

    def __init__(self, view: EnterNumber, means: Means) -> None:
        self._entry: Entry = means.kept.for_screen(view)
        super().__init__(view, means)

    def compose(self) -> None:
        """Show the question that is current."""
        self._take(self._entry, anew=True)

    # --- what the person does ---------------------------------------------------------------

    def press(self, key: Key) -> None:
        """A key of the keypad."""
        self._take(self._entry.press(key))

    def choose(self, fourth: FourthField) -> None:
        """One of the two answers to what stands on the invoice."""
        chosen = self._entry.choose(fourth).next()
        if isinstance(chosen, Entry):
            self._take(chosen, anew=True)

    def on_next(self) -> None:
        """下一项."""
        following = self._entry.next()
        if isinstance(following, Problem):
            self._tell(look.say(f"reason.{following.reason.value}"), is_problem=True)
        else:
            self._take(following, anew=True)

    def on_submit(self) -> None:
        """查验."""
        reference = self._reference
        if reference is not None:
            self.intend(lambda turn: SubmitReference(turn=turn, reference=reference))

    def on_back(self) -> None:
        """返回: to the question before, and from the first one to where the person came from."""
        before = self._entry.back()
        if before == self._entry:
            self.intend(lambda turn: GoBack(turn=turn))
        else:
            self._take(before, anew=True)

    # --- what is shown ----------------------------------------------------------------------

    @property
    def _reference(self) -> ReferenceView | None:
        reference = self._entry.reference
        if reference is None:
            return None
        return ReferenceView(
            kind=reference.kind,
            number=reference.number,
            issued_on=reference.issued_on,
            code=reference.code,
            amount=reference.amount,
            check_code=reference.check_code,
        )

    def _take(self, entry: Entry, *, anew: bool = False) -> None:
        self._entry = self.means.kept.entry = entry
        if anew:
            self._ask()
        box = self.ids.value.children
        if box:
            box[0].value = displayed(entry)
        if entry.problem is not None:
            self._tell(look.say(f"reason.{entry.problem.value}"), is_problem=True)
        elif entry.note is not None:
            self._tell(look.say(f"note.{entry.note.value}"), is_problem=False)
        else:
            self._tell("", is_problem=False)

    def _tell(self, words: str, *, is_problem: bool) -> None:
        remark = self.ids.remark
        remark.words = words
        remark.is_problem = is_problem

    def _ask(self) -> None:
        """Build the parts of the current question."""
        entry, ids = self._entry, self.ids
        key = question_key(entry)
        ids.title.words = look.say(f"enter.title_{key}")
        ids.hint.words = look.say(f"enter.hint_{key}")
        for place in (ids.steps, ids.value, ids.pad):
            place.clear_widgets()
        self._show_steps(entry)
        next_step = Action("enter.next", None, look.say("enter.next"), self.on_next, filled=True)
        match entry.current:
            case Field.NUMBER | Field.CODE | Field.ISSUED_ON | Field.AMOUNT | Field.CHECK_CODE:
                ids.value.add_widget(ValueBox(tid="enter.value", empty=look.say("enter.empty")))
                keys = AMOUNT_KEYS if entry.current is Field.AMOUNT else NUMBER_KEYS
                ids.pad.add_widget(Keypad(take_key=self.press, keys=keys))
                ids.actions.actions = (next_step,)
            case Field.CHOICE_OF_FOURTH:
                ids.pad.add_widget(self._choice("check_code", FourthField.CHECK_CODE))
                ids.pad.add_widget(self._choice("amount", FourthField.AMOUNT_WITHOUT_TAX))
                ids.actions.actions = ()
            case Field.REVIEW:
                ids.pad.add_widget(Pages(tid="enter.pages", rows=self._review_rows()))
                submit = look.say("enter.submit_own" if self.view.for_own else "enter.submit")
                ids.actions.actions = (
                    Action("enter.submit", Icon.SEARCH, submit, self.on_submit, filled=True),
                )
            case _:
                assert_never(entry.current)

    def _show_steps(self, entry: Entry) -> None:
        at, total = entry.steps
        self.ids.step.words = (
            look.say("enter.step_open", step=at)
            if total is None
            else look.say("enter.step", step=at, steps=total)
        )
        if total is not None:
            self.ids.steps.add_widget(StepDots(at=at, total=total))

    def _review_rows(self) -> list[Row]:
        reference = self._reference
        return [] if reference is None else reference_rows(self, reference)

    def _choice(self, name: str, fourth: FourthField) -> IntentCard:
        card = IntentCard(
            tid=f"enter.choice_{name}",
            icon=Icon.TICK if fourth is FourthField.CHECK_CODE else Icon.LIST,
            words=look.say(f"enter.choice_{name}"),
            hint=look.say(f"enter.choice_{name}_hint"),
        )
        card.bind(on_release=lambda _: self.choose(fourth))
        return card


load_kv(__file__)
