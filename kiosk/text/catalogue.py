"""Finds the sentence for a key in one language.

The sentences stand in `zh.toml` and `en.toml` beside this file, in sections; a key is the
section and the name joined by dots ("verdict.NORMAL.title").
"""

import tomllib
from enum import Enum
from functools import cache, cached_property
from importlib import resources
from typing import cast

BREAK_HINT = "\u200b"
"""Written in a sentence where a line may best end; invisible, and gone from what `say` gives."""


class Language(Enum):
    """A language that the terminal speaks. The value is that of `Show.language`."""

    CHINESE = "zh"
    ENGLISH = "en"

    @property
    def other(self) -> "Language":
        """The language that the button offers."""
        return Language.ENGLISH if self is Language.CHINESE else Language.CHINESE


class UnknownKey(LookupError):
    """There is no sentence under this key: a mistake in the program, never shown to people."""


class Catalogue:
    """The sentences of one language."""

    def __init__(self, language: Language, sentences: dict[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def say(self, key: str, **values: object) -> str:
        """The sentence under `key`, with its {names} filled in.

        Raises:
            UnknownKey: nothing stands under this key.
            KeyError: the sentence has a {name} that is not among `values`.
        """
        return self.say_breakable(key, **values).replace(BREAK_HINT, "")

    def say_breakable(self, key: str, **values: object) -> str:
        """As `say`, with the break hints left in, for those who break lines themselves."""
        return self.template(key).format(**values)

    def template(self, key: str) -> str:
        """The sentence under `key` with its {names} as they are.

        Raises:
            UnknownKey: nothing stands under this key.
        """
        try:
            return self._sentences[key]
        except KeyError:
            raise UnknownKey(key) from None

    def say_first(self, *keys: str, **values: object) -> str:
        """The sentence under the first of `keys` that exists.

        For keys that come from another process, whose list may be longer than ours: the last
        key is one that always exists.

        Raises:
            UnknownKey: none of them exists.
        """
        for key in keys[:-1]:
            if key in self._sentences:
                return self.say(key, **values)
        return self.say(keys[-1], **values)

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def key_of(self, sentence: str) -> str:
        """The key under which exactly this sentence stands, without names in it; "" if none."""
        return self._whole.get(sentence.replace(BREAK_HINT, ""), "")

    @cached_property
    def _whole(self) -> dict[str, str]:
        """Keys of the sentences in which nothing is filled in, by what they say."""
        return {
            self.say(key): key
            for key, text in sorted(self._sentences.items(), reverse=True)
            if text and "{" not in text and "}" not in text
        }

    @property
    def keys(self) -> frozenset[str]:
        """All keys of this language."""
        return frozenset(self._sentences)


@cache
def catalogue(language: Language | str) -> Catalogue:
    """The sentences of a language, read once.

    Args:
        language: a `Language` or its value, "zh" or "en".

    Raises:
        ValueError: no such language.
    """
    chosen = Language(language)
    text = resources.files("kiosk.text").joinpath(f"{chosen.value}.toml").read_text("utf-8")
    return Catalogue(chosen, dict(_flat("", tomllib.loads(text))))


def _flat(prefix: str, table: dict[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += _flat(f"{prefix}{name}.", cast("dict[str, object]", value))
        elif isinstance(value, str):
            found.append((prefix + name, value))
        else:
            raise TypeError(f"{prefix}{name} is not a sentence")
    return found
