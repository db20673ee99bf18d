"""What each setting is, what is allowed, and where its value comes from: for people and forms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from config.load import Layer, line_of, merged
from config.schema import Settings
from config.section import Changed

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Description:
    """One setting of the schema.

    Attributes:
        kind: "text", "whole number" or "number".
        about: a whole sentence, with the unit.
        allowed: ranges and patterns in words; "" when anything of its kind is.
        least, most: bounds that are allowed themselves, of numbers; None without one.
        above: a bound that is not allowed itself; None without one.
        choices: all values that are allowed, where they are few words.
        changed: from where it may be changed.
    """

    section: str
    key: str
    kind: str
    about: str
    allowed: str
    default: str | float
    least: float | None = None
    most: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    changed: Changed = Changed.AT_SCREEN

    @property
    def name(self) -> str:
        """As people write it: "printer.baud"."""
        return f"{self.section}.{self.key}"


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting as it stands. `origin` is "default", or the layer's name with the line."""

    section: str
    key: str
    value: str | float
    origin: str


def descriptions() -> tuple[Description, ...]:
    """All settings, in the order of the schema."""
    return tuple(_described())


def explained(of: Sequence[Layer]) -> tuple[Explained, ...]:
    """Every setting with its value and its origin, given the checked layers, weakest first."""
    settings = merged(of)
    rows: list[Explained] = []
    for one in descriptions():
        value = getattr(getattr(settings, one.section), one.key)
        rows.append(Explained(one.section, one.key, value, _origin(of, one.section, one.key)))
    return tuple(rows)


def _origin(of: Sequence[Layer], section: str, key: str) -> str:
    for layer in reversed(of):
        keys: Mapping[str, Any] = layer.values.get(section, {})
        if key in keys:
            line = line_of(layer.text, section, key)
            return f"{layer.name}:{line}" if line else layer.name
    return DEFAULT


def section_words(section: str) -> str:
    """What a section is about: a whole sentence."""
    found = next(one for one in msgspec.structs.fields(Settings) if one.name == section)
    return (found.type.__doc__ or "").strip()


def only_in_files() -> frozenset[tuple[str, str]]:
    """Section and key of the settings that files alone may set."""
    return frozenset(
        (one.section, one.key) for one in descriptions() if one.changed is Changed.IN_FILES
    )


def _described() -> Iterator[Description]:
    for section in msgspec.structs.fields(Settings):
        for field in msgspec.structs.fields(section.type):
            kind = inspect.type_info(field.type)
            if isinstance(kind, inspect.Metadata):
                kind = kind.type
            metas: tuple[msgspec.Meta, ...] = getattr(field.type, "__metadata__", ())
            about = " ".join(meta.description for meta in metas if meta.description)
            changed = [meta.extra["changed"] for meta in metas if meta.extra]
            word, allowed, least, most = _allowed(kind)
            yield Description(
                section.name,
                field.name,
                word,
                about,
                allowed,
                field.default,
                least,
                most,
                above=kind.gt if isinstance(kind, inspect.IntType | inspect.FloatType) else None,
                choices=_choices(kind),
                changed=changed[0] if changed else Changed.AT_SCREEN,
            )


def _choices(kind: inspect.Type) -> tuple[str, ...]:
    """The words of a pattern that is nothing but a list of words."""
    pattern = kind.pattern if isinstance(kind, inspect.StrType) else None
    found = re.fullmatch(r"\^\(([\w|-]+)\)\$", pattern or "")
    return tuple(found[1].split("|")) if found else ()


def _allowed(kind: inspect.Type) -> tuple[str, str, float | None, float | None]:
    match kind:
        case inspect.IntType() | inspect.FloatType():
            bounds = [("at least", kind.ge), ("more than", kind.gt)]
            bounds += [("at most", kind.le), ("less than", kind.lt)]
            said = " and ".join(f"{word} {bound}" for word, bound in bounds if bound is not None)
            word = "whole number" if isinstance(kind, inspect.IntType) else "number"
            return word, said, kind.ge, kind.le
        case inspect.StrType():
            said = f"pattern {kind.pattern}" if kind.pattern else ""
            if kind.min_length:
                said = "not empty"
            return "text", said, None, None
        case _:
            raise TypeError(f"a setting of a kind that no form knows: {kind}")
