"""The catalogue of faults, and what is said of each.

The faults themselves stand in `faults.toml` beside this file. An id never changes its meaning;
new ones are added. `docs/faults.md` is made from it (`kiosk doctor --catalogue`).
"""

import tomllib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib import resources
from typing import Annotated

import msgspec

from kiosk.staff_messages import FaultFound


class Area(Enum):
    """What a fault belongs to."""

    DEVICE = "device"
    NETWORK = "network"
    SERVICE = "service"
    DISK = "disk"
    CLOCK = "clock"
    CERTIFICATE = "certificate"
    SETTINGS = "settings"
    UPDATE = "update"


class FaultCause(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One thing that leads to a fault, in two languages."""

    zh: str
    en: str


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be wrong.

    Attributes:
        zh: what is wrong, and the next step; so is `en`.
        causes: how it comes about, the likeliest first.
        grave: people are not served as they should be.
        screen: what the public screen says: key of a ribbon or of a situation; "" for nothing.
        restart: recovery needs a start of the terminal.
    """

    area: Area
    zh: tuple[str, str]
    en: tuple[str, str]
    causes: Annotated[tuple[FaultCause, ...], msgspec.Meta(min_length=1)]
    grave: bool = True
    screen: str = ""
    restart: bool = False

    def said(self, language: str, detail: str) -> tuple[str, str]:
        """What is wrong and the next step, in "zh" or "en"."""
        title, step = self.zh if language == "zh" else self.en
        filled = title.replace("{detail}", detail)
        return filled.rstrip(" :：") if not detail else filled, step


@cache
def faults() -> Mapping[str, Fault]:
    """All faults by their id, in the order of the catalogue."""
    text = resources.files("kiosk.health").joinpath("faults.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Fault])


class Diagnosis(msgspec.Struct, frozen=True):
    """A fault that was found, whole: for programs.

    Attributes:
        what, next: in the language that was asked for.
    """

    id: str
    area: str
    grave: bool
    what: str
    next: str
    screen: str
    restart: bool


def diagnosis(found: FaultFound, language: str) -> Diagnosis:
    """Everything that the catalogue says of what was found.

    Raises:
        KeyError: it is none of the catalogue's.
    """
    fault = faults()[found.id]
    what, step = fault.said(language, found.detail)
    return Diagnosis(
        found.id, fault.area.value, fault.grave, what, step, fault.screen, fault.restart
    )


def page() -> str:
    """The page on all faults, in Markdown."""
    lines = [
        "# Faults",
        "",
        "What the terminal knows to be wrong with itself. Made by `kiosk doctor --catalogue`.",
        'A fault that is "not grave" leaves people served. Recovery needs no restart unless it',
        "is said; nothing has to be confirmed, a fault ends with its cause.",
    ]
    for area in Area:
        lines += ["", f"## {area.value}", "", "| fault | what, and the next step | screen | |"]
        lines += ["|---|---|---|---|"]
        for name, fault in faults().items():
            if fault.area is area:
                marks = ("grave" if fault.grave else "", "restart" if fault.restart else "")
                texts = "<br>".join(". ".join(text).replace("|", "\\|") for text in _texts(fault))
                rest = ", ".join(filter(None, marks))
                lines.append(
                    f"| [`{name}`](troubles/{name}.md) | {texts} | {fault.screen} | {rest} |"
                )
    return "\n".join(lines) + "\n"


def _texts(fault: Fault) -> tuple[tuple[str, str], ...]:
    return (fault.en, fault.zh)
