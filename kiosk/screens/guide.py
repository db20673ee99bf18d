"""One step of a picture guide: a picture, one sentence, and the way to the steps beside it."""

from kiosk.guide_messages import GuideShown, TurnGuide
from kiosk.guides import OF_STAFF, STEPS
from kiosk.screens.situation import FooterPlaces, Situation
from kiosk.widgets.buttons import Action, action_button
from kiosk.widgets.icons import Icon
from kiosk.widgets.keypad import StepDots
from kiosk.widgets.kv import load_kv
from kiosk.widgets.pictures.guides import PICTURES


class GuideScreen(Situation):
    """The buttons stand where they stood on the step before, so that a finger need not look."""

    tag = "guide"
    view: GuideShown

    def compose(self) -> None:
        """Fill the parts."""
        view, ids = self.view, self.ids
        if view.guide in OF_STAFF:
            self.footer = FooterPlaces(call=False)
        of = STEPS[view.guide]
        key = f"guide.{view.guide.value}"
        ids.drawing.picture = PICTURES[view.guide][view.step - 1]
        dots = StepDots(at=view.step, total=of, pos_hint={"center_y": 0.5})
        ids.steps.add_widget(dots, index=1)
        ids.where.words = self.say("enter.step", step=view.step, steps=of)
        ids.task.words = self.say(f"{key}.title")
        ids.sentence.words = self.say(f"{key}.s{view.step}")
        last = view.step == of
        before = Action(
            "guide.before",
            Icon.BACK,
            self.say("guide.before"),
            self.on_before,
            disabled=view.step == 1,
        )
        after = Action(
            "guide.after",
            None,
            self.say("guide.done" if last else "guide.after"),
            self.on_back if last else self.on_after,
            filled=True,
        )
        for action in (before, after):
            button = action_button(action)
            ids.turns.add_widget(button)
            button.fbind("natural_height", ids.turns.even_out)
        ids.turns.even_out()

    def on_before(self) -> None:
        """上一步."""
        self.intend(lambda turn: TurnGuide(turn=turn, step=self.view.step - 1))

    def on_after(self) -> None:
        """下一步."""
        self.intend(lambda turn: TurnGuide(turn=turn, step=self.view.step + 1))


load_kv(__file__)
