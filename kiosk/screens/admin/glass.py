"""The screen itself: whether all of it can be touched, wiping it, how bright it is."""

from kiosk import admin_messages as a
from kiosk import screen_pages as p
from kiosk import staff_messages as s
from kiosk.screens.admin.page import AdminScreen
from kiosk.screens.situation import FooterPlaces, Situation
from kiosk.widgets.icons import Icon
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning
from kiosk.widgets.touch_grid import TouchGrid

STEP_PERCENT = 10
WIPED_FOR_S = 20.0
MAX_NAMED = 12
"""Fields that are named; where more are dead, the panel is to be replaced anyway."""


class GlassScreen(AdminScreen):
    """Touch, cleaning, brightness."""

    tag = p.SCREEN
    view: p.ScreenPage

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        self.rows([*self._touch(), self._wiping(), self._brightness()])

    def _touch(self) -> list[Row]:
        test = self.press("touch_test", Icon.SEARCH, lambda turn: p.BeginTouchTest(turn=turn))
        rows: list[Row] = [
            self.things("touch", self.say("admin.screen.touch"), self.say("admin.screen.how"), test)
        ]
        result = self.view.touch
        if result is not None and result.dead:
            named = [
                self.say(
                    "admin.screen.field",
                    row=field // result.columns + 1,
                    column=field % result.columns + 1,
                )
                for field in result.dead[:MAX_NAMED]
            ]
            more = "…" if len(result.dead) > MAX_NAMED else ""
            words = self.say("admin.screen.dead", fields=" · ".join(named) + more)
            rows.append(self.mark("dead", Meaning.STOP, words))
        elif result is not None:
            rows.append(self.mark("whole", Meaning.GOOD, self.say("admin.screen.whole")))
        return rows

    def _wiping(self) -> Row:
        return self.things(
            "wiping",
            self.say("admin.screen.wiping", seconds=round(WIPED_FOR_S)),
            "",
            self.press(
                "wipe", Icon.BARRED, lambda turn: a.Do(turn=turn, ask=s.LockScreen(WIPED_FOR_S))
            ),
        )

    def _brightness(self) -> Row:
        now = self.view.brightness
        if now is None:
            return self.things("brightness", self.say(f"admin.screen.{self.view.dark}"), "")
        actions = [
            self.press(
                name,
                icon,
                lambda turn, to=to: p.SetBrightness(turn=turn, percent=to),
            )
            for name, icon, to in (
                ("darker", Icon.DOWN, max(0, now - STEP_PERCENT)),
                ("brighter", Icon.UP, min(100, now + STEP_PERCENT)),
            )
        ]
        return self.things(
            "brightness", self.say("admin.screen.brightness", percent=now), "", *actions
        )


class TouchScreen(Situation):
    """The whole window in fields."""

    tag = p.TOUCH
    footer = FooterPlaces(back=False, end=False, call=False, settings=False)
    whole_window = True
    view: p.TouchPage

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        self.add_widget(
            TouchGrid(
                tid=self.tag,
                columns=view.columns,
                rows=view.rows,
                title=self.say("admin.screen.touch_all"),
                sentence=self.say("admin.screen.leaves", seconds=view.quiet_s),
                touched=lambda field: self.means.presses.tell(p.FieldTouched(field=field)),
            )
        )
