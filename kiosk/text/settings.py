"""What settings are for, in the language of the screen: English from the schema, Chinese here."""

import tomllib
from functools import cache
from importlib import resources
from typing import cast

from config.explain import Description, section_words
from kiosk.text.catalogue import Language


def about_setting(language: Language, of: Description) -> str:
    """A whole sentence, with the unit; English where the Chinese one is missing."""
    if language is Language.CHINESE:
        return _chinese().get(of.section, {}).get(of.key, of.about)
    return of.about


def about_section(language: Language, section: str) -> str:
    """A whole sentence; English where the Chinese one is missing."""
    english = section_words(section)
    if language is Language.CHINESE:
        return _chinese()["sections"].get(section, english)
    return english


def chinese_names() -> frozenset[str]:
    """The settings that have a Chinese sentence, like "printer.baud"."""
    return frozenset(
        f"{section}.{key}"
        for section, keys in _chinese().items()
        if section != "sections"
        for key in keys
    )


@cache
def _chinese() -> dict[str, dict[str, str]]:
    text = resources.files("kiosk.text").joinpath("settings_zh.toml").read_text("utf-8")
    return cast("dict[str, dict[str, str]]", tomllib.loads(text))
