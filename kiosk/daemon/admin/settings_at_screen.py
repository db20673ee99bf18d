"""Settings at the screen: the pages, and what a supervisor may change there.

Everything is checked, kept, tried and taken back as for `kiosk settings`. Which settings are not
for the screen says the schema (`config.section.Changed`).
"""

from collections.abc import Sequence
from functools import cache
from pathlib import PurePath

from config.explain import DEFAULT, Explained, descriptions
from config.load import ENVIRONMENT, Layer, WrongSetting, check, typed
from config.section import Changed
from kiosk import settings_pages as p
from kiosk import staff_messages as s
from kiosk.admin_base import Said, Who
from kiosk.daemon import acts
from kiosk.daemon.audit import Note
from kiosk.daemon.settings_desk import SettingsDesk
from kiosk.settings.store import FROM_SERVICE, SET_HERE, Damaged

_LAYERS = {
    DEFAULT: "default",
    FROM_SERVICE: "signed",
    SET_HERE: "here",
    ENVIRONMENT: "environment",
}

ScreenChange = s.ChangeSettings | s.RollBackSettings


class SettingsAtScreen:
    """Makes the pages and does the changes."""

    def __init__(self, desk: SettingsDesk, note: Note) -> None:
        self._desk = desk
        self._note = note

    async def page(
        self, tag: str, only: str, who: Who, said: Said | None, asks: str
    ) -> p.SettingsPages:
        """A page: `only` is a section, or a setting like "printer.baud"."""
        try:
            found = await self._desk.in_force()
            stand = await self._stand()
        except (WrongSetting, Damaged, OSError):
            # What is wrong with them is on the overview, with its next step.
            said = Said("settings_unreadable", well=False)
            return p.SettingsPage(who=who, said=said, stand=p.SettingsStand(0, 0))
        if tag == p.SETTING:
            wanted = [one for one in map(_line, found) if one.name == only and not one.barred]
            if wanted:
                return p.SettingPage(who=who, said=said, line=wanted[0])
        section = only.partition(".")[0]
        lines = [_line(one) for one in found if one.section == section]
        if tag in (p.SECTION, p.SETTING) and lines:
            return p.SectionPage(who=who, said=said, section=section, lines=tuple(lines))
        return p.SettingsPage(who=who, said=said, stand=stand, sections=_sections(found), asks=asks)

    async def change(self, asked: ScreenChange, by: str) -> Said:
        """Change settings for a supervisor, and say how that went."""
        try:
            return await self._change(asked, by)
        except (WrongSetting, Damaged, OSError):
            return Said("settings_unreadable", well=False)

    async def _change(self, asked: ScreenChange, by: str) -> Said:
        names = await self._undone() if isinstance(asked, s.RollBackSettings) else _names(asked)
        free = {one.name for one in map(_line, await self._desk.in_force()) if not one.barred}
        for name in names:
            if name not in free:
                return Said("setting_not_here", name, well=False)
        if isinstance(asked, s.ChangeSettings):
            wrong = next((one for one in asked.changes if not _is_allowed(one)), None)
            if wrong is not None:
                return Said("setting_refused", f"{wrong.section}.{wrong.key}", well=False)
        answer = await self._desk.answer(asked)
        match answer:
            case s.Acted():
                self._note(acts.SettingsChangedAtScreen(by, " ".join(names)))
                return Said("settings_kept", str((await self._stand()).active))
            case s.NotDone(why):
                return Said("setting_unusable", why, well=False)
            case s.SettingsShown():
                raise TypeError("a change was answered with a list")

    async def _undone(self) -> tuple[str, ...]:
        """What the version in use changed: going back changes it again."""
        shown = await self._desk.answer(s.AskSettings())
        if not isinstance(shown, s.SettingsShown):
            return ()
        return next((one.changed for one in shown.versions if one.number == shown.active), ())

    async def _stand(self) -> p.SettingsStand:
        shown = await self._desk.answer(s.AskSettings())
        if not isinstance(shown, s.SettingsShown):
            raise Damaged("the versions cannot be read")
        return p.SettingsStand(
            shown.active, shown.proven, shown.awaited, shown.rolled_back, shown.why
        )


def _names(asked: s.ChangeSettings) -> tuple[str, ...]:
    return tuple(f"{one.section}.{one.key}" for one in asked.changes)


def _is_allowed(one: s.SettingChange) -> bool:
    """Whether the schema allows the value; whether it goes with all others says the desk."""
    if one.value is None:
        return True
    value = typed(one.section, one.key, one.value)
    try:
        check(Layer(SET_HERE, {one.section: {one.key: value}}))
    except WrongSetting:
        return False
    return True


def _line(of: Explained) -> p.SettingLine:
    value = f"{of.value:g}" if isinstance(of.value, float) else str(of.value)
    layer = _LAYERS.get(of.origin, "file")
    file = PurePath(of.origin).name if layer == "file" else ""
    changed = _changed()[f"{of.section}.{of.key}"]
    barred = "by_environment" if layer == "environment" else ""
    if changed is not Changed.AT_SCREEN:
        barred = "by_files" if changed is Changed.IN_FILES else "by_command"
    return p.SettingLine(of.section, of.key, value, layer, file, barred)


@cache
def _changed() -> dict[str, Changed]:
    return {one.name: one.changed for one in descriptions()}


def _sections(found: Sequence[Explained]) -> tuple[p.SectionLine, ...]:
    names = dict.fromkeys(one.section for one in found)
    return tuple(
        p.SectionLine(
            name,
            sum(one.section == name for one in found),
            sum(one.section == name and one.origin != DEFAULT for one in found),
        )
        for name in names
    )
