"""Picture guides: a task in a few steps, turned by hand. 返回 leads to where they were opened."""

from kiosk import guide_messages as g
from kiosk import messages as m
from kiosk.daemon.stage import Stage
from kiosk.guides import OF_STAFF, STEPS


class GuideFlow:
    """Opens a guide and turns its steps."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def intend(self, intent: m.Intent) -> bool:
        """看图, 上一步, 下一步."""
        shown = self._stage.situation
        match intent:
            case g.OpenGuide(_, guide):
                if isinstance(shown, m.Help) and guide not in OF_STAFF:
                    self._stage.step_to(g.GuideShown(guide))
            case g.TurnGuide(_, step):
                if isinstance(shown, g.GuideShown) and 1 <= step <= STEPS[shown.guide]:
                    self._stage.go(g.GuideShown(shown.guide, step))
            case _:
                return False
        return True

    def tick(self) -> None:
        """Nothing here waits for time."""
