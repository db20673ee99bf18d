"""One setting to change: words to choose from, a number pad, or letters, as its kind wants."""

from collections.abc import Callable

from config.explain import Description
from kiosk import admin_messages as a
from kiosk import settings_pages as p
from kiosk import staff_messages as s
from kiosk.screens.admin.page import MakeIntent
from kiosk.screens.admin.settings import SettingLines, schema_of
from kiosk.screens.situation import Means
from kiosk.text.plain_typing import pressed
from kiosk.text.settings import about_setting
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.keypad import AMOUNT_KEYS, NUMBER_KEYS, PRICE_KEYS, Keypad, ValueBox
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.text_pad import TextPad


class SettingScreen(SettingLines):
    """What it is for, what is allowed, and a way to say another value."""

    tag = p.SETTING
    view: p.SettingPage

    def __init__(self, view: p.SettingPage, means: Means) -> None:
        means.kept.begin_setting(view.line.name, view.line.value)
        super().__init__(view, means)

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        line, schema = self.view.line, schema_of(self.view.line)
        about = about_setting(look.language, schema)
        self.ids.title.words = schema.name
        parts = (about, self._allowed(schema), self.origin(line))
        self.ids.about.words = " ".join(part for part in parts if part)
        buttons: list[Action] = []
        if schema.choices:
            self.rows([self._choice(one) for one in schema.choices])
        else:
            self._box = ValueBox(tid=f"{self.tag}.value", empty=self.value_none)
            if schema.kind == "text":
                self._box.ids.value.font_size = look.type.label  # a path is long
            self.ids.value.add_widget(self._box)
            self.ids.place.add_widget(self._pad(schema))
            self._show_typed()
            buttons.append(
                self.press("keep", Icon.TICK, self._keeping(lambda: self.typed), filled=True)
            )
        if line.layer == "here":
            buttons.append(self.press("give_back", Icon.RETURNED, self._keeping(lambda: None)))
        self.offer(*buttons)

    @property
    def value_none(self) -> str:
        """What stands for an empty value."""
        return self.say("admin.setting_empty")

    @property
    def typed(self) -> str:
        """What is typed so far; at first the value as it is."""
        return self.means.kept.setting

    def press_key(self, key: str) -> None:
        """A key of either pad."""
        self.means.kept.setting = pressed(self.typed, key)
        self._show_typed()

    def _show_typed(self) -> None:
        self._box.value = self.typed

    def _allowed(self, schema: Description) -> str:
        if schema.most is None:
            return ""
        if schema.above is not None:
            values = {"above": f"{schema.above:g}", "most": f"{schema.most:g}"}
            return self.say("admin.setting.allowed_above", **values)
        values = {"least": f"{schema.least:g}", "most": f"{schema.most:g}"}
        return self.say("admin.setting.allowed", **values)

    def _pad(self, schema: Description) -> Keypad | TextPad:
        if schema.kind == "text":
            return TextPad(take_key=self.press_key)
        keys = NUMBER_KEYS if schema.kind == "whole number" else PRICE_KEYS
        if (schema.least or 0) < 0:
            keys = AMOUNT_KEYS
        return Keypad(take_key=self.press_key, keys=keys, modest=not look.portrait)

    def _choice(self, value: str) -> Row:
        words = value or self.value_none
        if value == self.view.line.value:
            return self.things(f"choice.{value}", words, self.say("admin.setting.chosen"))
        return self.things(
            f"choice.{value}",
            words,
            "",
            self.press_for("keep", value or "empty", Icon.TICK, self._keeping(lambda: value)),
        )

    def _keeping(self, value: Callable[[], str | None]) -> MakeIntent:
        """Makes the change; None gives the setting back to the layers below."""
        line = self.view.line

        def made(turn: int) -> a.Do:
            change = s.SettingChange(line.section, line.key, value())
            return a.Do(turn=turn, ask=s.ChangeSettings((change,)))

        return made


load_kv(__file__)
