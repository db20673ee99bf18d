"""The common shape of staff's pages: a title, how the last act went, rows, buttons."""

from collections.abc import Callable
from typing import ClassVar

from kiosk import admin_messages as a
from kiosk.messages import Intent
from kiosk.screens.situation import FooterPlaces, Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.do_row import DoRow
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.pages import Pages
from kiosk.widgets.rows import FieldRow, MarkRow, Row
from kiosk.widgets.theme import Meaning

MakeIntent = Callable[[int], Intent]
"""Makes an intent for a turn."""


class AdminScreen(Situation):
    """A page. Figures on it are brought up to date: the rows stay turned to where they were."""

    footer = FooterPlaces(call=False)
    _turned: ClassVar[tuple[str, int]] = ("", 0)
    """Which page's rows were turned, and to where: a screen is built anew at each change."""

    @property
    def rows_of(self) -> str:
        """Which rows these are: others begin at their first page."""
        return self.tag

    def head(self) -> None:
        """Title, who is signed in, and how the last act went."""
        view, ids = self.view, self.ids
        ids.title.words = self.say(f"admin.title.{self.tag}")
        ids.who.words = f"{view.who.number} {view.who.name}"
        if view.said is not None:
            said = look.words.say_first(
                f"admin.said.{view.said.key}", "admin.said.other", **view.said.values
            )
            detail = self.word(view.said.detail)
            ids.said.words = f"{said} ({detail})" if detail else said
            tone = Meaning.GOOD if view.said.well else Meaning.STOP
            ids.said.color = look.colours.tone(tone).ink

    def rows(self, rows: list[Row]) -> None:
        """Put rows into their place."""
        pages = Pages(tid=f"{self.tag}.pages", rows=rows)
        of, at = AdminScreen._turned
        pages.page = at if of == self.rows_of else 0
        pages.bind(page=lambda _, page: self._remember(page))
        self.ids.place.add_widget(pages)

    def _remember(self, page: int) -> None:
        AdminScreen._turned = (self.rows_of, page)

    def offer(self, *actions: Action) -> None:
        """Put the buttons in their place."""
        self.ids.actions.actions = actions

    def press(
        self, name: str, icon: Icon | None, intent: MakeIntent, *, filled: bool = False
    ) -> Action:
        """A button: its words stand under [admin.do]."""
        return self.press_for(name, "", icon, intent, filled=filled)

    def press_for(
        self,
        name: str,
        of: str,
        icon: Icon | None,
        intent: MakeIntent,
        *,
        filled: bool = False,
    ) -> Action:
        """A button of one thing among several; `of` says of which."""
        tid = f"{self.tag}.{name}.{of}" if of else f"{self.tag}.{name}"
        words = self.say(f"admin.do.{name}")
        return Action(tid, icon, words, lambda: self.intend(intent), filled=filled, modest=True)

    def to_page(self, page: str, icon: Icon) -> Action:
        """A button that leads to another page."""
        return self.press(page, icon, lambda turn: a.OpenPage(turn=turn, page=page))

    def filter(self, of: str, values: tuple[str, ...], now: str) -> Action:
        """A button that says what is shown and goes on to the next; words under [admin.only]."""
        following = values[(values.index(now) + 1) % len(values)]
        words = self.say(f"admin.only.{of}_{now}")
        return Action(
            f"{self.tag}.only",
            Icon.LIST,
            words,
            lambda: self.intend(lambda turn: a.OpenPage(turn=turn, page=self.tag, only=following)),
            modest=True,
        )

    def line(self, name: str, value: str) -> FieldRow:
        """A label and its value; the label stands under [admin.field]."""
        label = self.say(f"admin.field.{name}")
        return FieldRow(tid=f"{self.tag}.{name}", label=label, value=value, group="lines")

    def mark(self, tid: str, tone: Meaning, words: str) -> MarkRow:
        """A mark and its sentence."""
        icon = Icon.TICK_ROUND if tone is Meaning.GOOD else Icon.ATTENTION
        colours = look.colours.tone(tone)
        return MarkRow(tid=f"{self.tag}.{tid}", icon=icon, words=words, tone=colours, group="marks")

    def things(self, tid: str, words: str, note: str, *actions: Action) -> DoRow:
        """A line with what can be done about it."""
        return DoRow(
            tid=f"{self.tag}.{tid}", words=words, note=note, actions=actions, group="things"
        )

    def word(self, value: str) -> str:
        """A state or cause in the language of the screen; as it is, if it is none of ours."""
        key = f"admin.word.{value.replace('.', '_')}"
        return self.say(key) if value and key in look.words else value


load_kv(__file__)
