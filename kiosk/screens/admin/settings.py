"""Settings: all sections, and the settings of one, each with its value and where it is from."""

from config.explain import Description, descriptions
from kiosk import admin_messages as a
from kiosk import settings_pages as p
from kiosk import staff_messages as s
from kiosk.health.faults import faults
from kiosk.screens.admin.page import AdminScreen
from kiosk.text.settings import about_section, about_setting
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import MarkRow, Row
from kiosk.widgets.theme import Meaning


def schema_of(line: p.SettingLine) -> Description:
    """What is known of a setting."""
    return next(one for one in descriptions() if one.name == line.name)


class SettingsScreen(AdminScreen):
    """All sections, and how the version in use stands."""

    tag = p.SETTINGS
    view: p.SettingsPage

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        self.rows([*self._stand(), *map(self._section, self.view.sections)])
        self.offer(*self._buttons())

    def _stand(self) -> list[MarkRow]:
        stand = self.view.stand
        rows: list[MarkRow] = []
        if stand.given_up:
            why = ", ".join(map(self._trouble, stand.why.split()))
            words = self.say("admin.setting.given_up", number=stand.given_up, why=why)
            rows.append(self.mark("given_up", Meaning.CAUTION, words))
        if stand.active == 0:
            key, tone = "files_alone", Meaning.GOOD
        elif stand.active == stand.proven:
            key, tone = "proven", Meaning.GOOD
        else:
            key, tone = "awaited" if stand.is_awaited else "trial", Meaning.CAUTION
        words = self.say(f"admin.setting.{key}", number=stand.active)
        return [*rows, self.mark("stand", tone, words)]

    def _trouble(self, why: str) -> str:
        known = faults().get(why)
        return known.said(look.language.value, "")[0] if known is not None else self.word(why)

    def _section(self, line: p.SectionLine) -> Row:
        about = about_section(look.language, line.name)
        note = self.say("admin.section_note", settings=line.settings, changed=line.changed)
        return self.things(
            line.name,
            f"{line.name} · {about}",
            note,
            self.press_for(
                "section",
                line.name,
                Icon.ONWARD,
                lambda turn: a.OpenPage(turn=turn, page=p.SECTION, only=line.name),
            ),
        )

    def _buttons(self) -> list[Action]:
        stand = self.view.stand
        no = self.press("no", Icon.END, lambda turn: a.AskFirst(turn=turn, act=""))
        match self.view.asks:
            case "restart":
                yes = self.press(
                    "restart_yes", Icon.AGAIN, lambda turn: a.RestartTerminal(turn=turn)
                )
                return [yes, no]
            case "settings_back":
                ask = s.RollBackSettings()
                yes = self.press(
                    "settings_back_yes", Icon.RETURNED, lambda turn: a.Do(turn=turn, ask=ask)
                )
                return [yes, no]
            case _:
                names = (("restart", Icon.AGAIN, stand.is_awaited),)
                names += (("settings_back", Icon.RETURNED, stand.active > 0),)
                return [self._asking(name, icon) for name, icon, wanted in names if wanted]

    def _asking(self, act: str, icon: Icon) -> Action:
        return self.press(act, icon, lambda turn: a.AskFirst(turn=turn, act=act))


class SettingLines(AdminScreen):
    """What the page of a section and the page of a setting share."""

    def value(self, line: p.SettingLine) -> str:
        """The value as people write it."""
        return line.value or self.say("admin.setting_empty")

    def origin(self, line: p.SettingLine) -> str:
        """Where the value comes from."""
        layer = self.say(f"admin.setting.{line.layer}", name=line.file)
        return self.say("admin.setting.origin", origin=layer)


class SectionScreen(SettingLines):
    """The settings of one section."""

    tag = p.SECTION
    view: p.SectionPage

    @property
    def rows_of(self) -> str:
        """Another section begins at its first page."""
        return f"{self.tag}.{self.view.section}"

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        self.ids.title.words += f" · {self.view.section}"
        self.rows([self._setting(one) for one in self.view.lines])

    def _setting(self, line: p.SettingLine) -> Row:
        schema = schema_of(line)
        words = self.say("admin.setting_line", name=schema.name, value=self.value(line))
        note = f"{about_setting(look.language, schema)}\n{self.origin(line)}"
        if line.barred:
            why = self.say(f"admin.setting.{line.barred}")
            return self.things(line.key, words, f"{note}\n{why}")
        change = self.press_for(
            "setting",
            line.key,
            Icon.PENCIL,
            lambda turn: a.OpenPage(turn=turn, page=p.SETTING, only=schema.name),
        )
        return self.things(line.key, words, note, change)
