"""Settings in layers: defaults, then files in their order, then the environment."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from config.schema import Settings

MAX_CHARS = 65536
"""Of one file, and of each text in it a sixty-fourth."""
ENV_PREFIX = "KIOSK__"
"""`KIOSK__PRINTER__ADDRESS=lp:/dev/kiosk/printer` sets `address` in `[printer]`."""
ENVIRONMENT = "environment"
"""Name of the layer of all variables."""


class WrongSetting(ValueError):
    """A settings file, or a variable, that cannot be used. The message says where and why."""


class Unreadable(WrongSetting):
    """There is no such file, or it may not be read."""


class NotToml(WrongSetting):
    """The file is no TOML."""


class WrongVariable(WrongSetting):
    """A setting in the environment is wrong."""


Values = Mapping[str, Mapping[str, Any]]
"""Section, key, and the value as TOML gives it."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Some of the settings, from one place.

    Attributes:
        name: where they stand, for people: a path, "environment", ...
        values: what is set there.
        text: the file, so that a complaint can name the line; "" where there is none.
    """

    name: str
    values: Values
    text: str = ""


def load(
    files: Iterable[Path] = (),
    environment: Mapping[str, str] | None = None,
    kept: Sequence[Layer] = (),
) -> Settings:
    """Read all layers; a later one wins, key by key.

    Args:
        files: in their order.
        environment: wins over all.
        kept: what the terminal keeps itself, after the files (`kiosk.settings`).

    Raises:
        WrongSetting: a file is missing or no TOML, a key is unknown, or a value is not
            allowed; the message names file, line, key and what is allowed.
    """
    return merged(layers(files, environment, kept))


def layers(
    files: Iterable[Path] = (),
    environment: Mapping[str, str] | None = None,
    kept: Sequence[Layer] = (),
) -> tuple[Layer, ...]:
    """All layers, the weakest first, each checked by itself.

    Raises:
        WrongSetting: as for `load`.
    """
    found: list[Layer] = []
    for file in files:
        values = _read(file)
        found.append(Layer(str(file), *values))
    found += [*kept, Layer(ENVIRONMENT, _from_environment(environment or {}))]
    for layer in found:
        check(layer)
    return tuple(found)


def merged(of: Iterable[Layer]) -> Settings:
    """The settings that checked layers come to."""
    values: dict[str, dict[str, Any]] = {}
    for layer in of:
        for section, keys in layer.values.items():
            values.setdefault(section, {}).update(keys)
    return msgspec.convert(values, Settings)


def typed(section: str, key: str, written: str) -> Any:
    """What somebody wrote for a setting, as the kind of value that the setting wants."""
    return written if _wants_text(section, key) else _typed(written)


def parse(text: str, where: str) -> Values:
    """What a TOML text sets; whether that is allowed says `check`.

    Raises:
        WrongSetting: it is no TOML, or too much of it.
    """
    if len(text) > MAX_CHARS:
        raise WrongSetting(f"{where}: longer than {MAX_CHARS} characters")
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:  # lists in lists in lists
        raise NotToml(f"{where}: not a TOML file: {error}") from error
    for section, values in content.items():
        if not isinstance(values, dict):
            raise WrongSetting(f"{where}: {section}: belongs into a [section]")
    return content


def _read(file: Path) -> tuple[Values, str]:
    try:
        with file.open("rb") as opened:
            text = opened.read(4 * MAX_CHARS + 1).decode()
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NotToml(f"{file}: not a TOML file: {error}") from error
    return parse(text, str(file)), text


def _from_environment(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    layer: dict[str, dict[str, Any]] = {}
    for name, value in environment.items():
        parts = name.removeprefix(ENV_PREFIX).lower().split("__")
        if not name.startswith(ENV_PREFIX):
            continue
        if len(parts) != 2:
            raise WrongVariable(f"environment: {name}: should be {ENV_PREFIX}SECTION__KEY")
        section, key = parts
        layer.setdefault(section, {})[key] = typed(section, key, value)
    return layer


def _typed(value: str) -> Any:
    if re.fullmatch(r"-?\d+", value):
        return int(value)
    if re.fullmatch(r"-?\d+\.\d+", value):
        return float(value)
    return value


_PATH = re.compile(r" - at `\$\.(?P<section>\w+)(?:\.(?P<key>\w+))?`")
_UNKNOWN = re.compile(r"unknown field `(?P<name>\w+)`")


def check(layer: Layer) -> None:
    """Check one layer by itself, so that a complaint names the file it is about.

    Raises:
        WrongSetting: a key is unknown or a value is not allowed.
    """
    where, text = layer.name, layer.text
    try:
        msgspec.convert(layer.values, Settings)
    except msgspec.ValidationError as error:
        message = str(error)
        path, unknown = _PATH.search(message), _UNKNOWN.search(message)
        section = path["section"] if path else ""
        key = (path["key"] if path else "") or ""
        if unknown:
            section, key = (section, unknown["name"]) if section else (unknown["name"], "")
        line = line_of(text, section, key)
        place = f"{where}:{line}" if line else where
        name = f"[{section}] {key}".strip()
        allowed = _PATH.sub("", message)
        about = _description(section, key)
        kind = WrongVariable if where == "environment" else WrongSetting
        raise kind(f"{place}: {name}: {allowed}{about}") from error
    for section, keys in layer.values.items():
        for key, value in keys.items():
            if isinstance(value, str) and (len(value) > MAX_CHARS // 64 or not _is_plain(value)):
                line = line_of(text, section, key)
                place = f"{where}:{line}" if line else where
                raise WrongSetting(
                    f"{place}: [{section}] {key}: at most {MAX_CHARS // 64} characters,"
                    " and none that is not a letter, digit, sign or space"
                )


def _is_plain(text: str) -> bool:
    """Whether it can be shown and handed to the system: no control characters, no NUL."""
    return text.isprintable()


def _fields(section: str) -> dict[str, Any]:
    for field in msgspec.structs.fields(Settings):
        if field.name == section:
            return {inner.name: inner.type for inner in msgspec.structs.fields(field.type)}
    return {}


def _wants_text(section: str, key: str) -> bool:
    kind = _fields(section).get(key)
    return kind is not None and getattr(kind, "__origin__", kind) is str


def _description(section: str, key: str) -> str:
    kind = _fields(section).get(key)
    for meta in getattr(kind, "__metadata__", ()):
        if meta.description:
            return f" ({meta.description})"
    return ""


def line_of(text: str, section: str, key: str) -> int | None:
    """The line on which a key stands, counted from 1; TOML readers do not tell."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
        if header:
            inside = header[1] == section
            if inside and not key:
                return number
        elif inside and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return None
