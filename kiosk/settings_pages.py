"""Pages of staff for settings: the sections, one section, one setting to change.

What a setting is and what is allowed stands in the schema (`config.explain`); a page carries
only how it stands here.
"""

from kiosk.admin_base import Base, Page

SETTINGS, SECTION, SETTING = "admin_settings", "admin_section", "admin_setting"
SETTINGS_PAGES = (SETTINGS, SECTION, SETTING)
LAYERS = ("default", "file", "signed", "here", "environment")
"""The weakest first."""


class SettingLine(Base, frozen=True):
    """One setting as it stands, from the next start on.

    Attributes:
        value: as people write it.
        layer: where the value comes from: one of `LAYERS`.
        file: name of the file, with the line; "" for other layers.
        barred: why it cannot be changed at the screen: key under [admin.setting]; "" if it can.
    """

    section: str
    key: str
    value: str
    layer: str
    file: str = ""
    barred: str = ""

    @property
    def name(self) -> str:
        """As people write it: "printer.baud"."""
        return f"{self.section}.{self.key}"


class SectionLine(Base, frozen=True):
    """A section: how many settings it has, and how many of them are not the default."""

    name: str
    settings: int
    changed: int


class SettingsStand(Base, frozen=True):
    """Which version is used (`kiosk.settings.store.State`).

    Attributes:
        active, proven: numbers; 0 for files and environment alone.
        is_awaited: the version is used from the next start on.
        given_up: the version that was given up last; 0 for none. `why` says the reason.
    """

    active: int
    proven: int
    is_awaited: bool = False
    given_up: int = 0
    why: str = ""


class SettingsPage(Page, frozen=True, kw_only=True, tag=SETTINGS):
    """All sections. `asks` is an act that waits for a yes, or ""."""

    stand: SettingsStand
    sections: tuple[SectionLine, ...] = ()
    asks: str = ""


class SectionPage(Page, frozen=True, kw_only=True, tag=SECTION):
    """The settings of one section."""

    section: str
    lines: tuple[SettingLine, ...] = ()


class SettingPage(Page, frozen=True, kw_only=True, tag=SETTING):
    """One setting to change."""

    line: SettingLine


SettingsPages = SettingsPage | SectionPage | SettingPage
