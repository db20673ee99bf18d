"""Settings in layers: defaults, then files in their order, then the environment."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from config.schema import Settings

ENV_PREFIX = "KIOSK__"
"""`KIOSK__PRINTER__ADDRESS=lp:/dev/kiosk/printer` sets `address` in `[printer]`."""


class WrongSetting(ValueError):
    """A settings file, or a variable, that cannot be used. The message says where and why."""


class Unreadable(WrongSetting):
    """There is no such file, or it may not be read."""


class NotToml(WrongSetting):
    """The file is no TOML."""


class WrongVariable(WrongSetting):
    """A setting in the environment is wrong."""


def load(files: Iterable[Path] = (), environment: Mapping[str, str] | None = None) -> Settings:
    """Read all layers; a later one wins, key by key.

    Raises:
        WrongSetting: a file is missing or no TOML, a key is unknown, or a value is not
            allowed; the message names file, line, key and what is allowed.
    """
    merged: dict[str, dict[str, Any]] = {}
    for file in files:
        layer = _read(file)
        _check(layer, str(file), file.read_text(encoding="utf-8"))
        _merge(merged, layer)
    layer = _from_environment(environment or {})
    _check(layer, "environment", "")
    _merge(merged, layer)
    return msgspec.convert(merged, Settings)


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotToml(f"{file}: not a TOML file: {error}") from error
    for section, values in content.items():
        if not isinstance(values, dict):
            raise WrongSetting(f"{file}: {section}: belongs into a [section]")
    return content


def _from_environment(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    layer: dict[str, dict[str, Any]] = {}
    for name, value in environment.items():
        parts = name.removeprefix(ENV_PREFIX).lower().split("__")
        if not name.startswith(ENV_PREFIX):
            continue
        if len(parts) != 2:
            raise WrongVariable(f"environment: {name}: should be {ENV_PREFIX}SECTION__KEY")
        section, key = parts
        layer.setdefault(section, {})[key] = value if _wants_text(section, key) else _typed(value)
    return layer


def _typed(value: str) -> Any:
    if re.fullmatch(r"-?\d+", value):
        return int(value)
    if re.fullmatch(r"-?\d+\.\d+", value):
        return float(value)
    return value


def _merge(into: dict[str, dict[str, Any]], layer: Mapping[str, Mapping[str, Any]]) -> None:
    for section, values in layer.items():
        into.setdefault(section, {}).update(values)


_PATH = re.compile(r" - at `\$\.(?P<section>\w+)(?:\.(?P<key>\w+))?`")
_UNKNOWN = re.compile(r"unknown field `(?P<name>\w+)`")


def _check(layer: Mapping[str, Mapping[str, Any]], where: str, text: str) -> None:
    """Check one layer by itself, so that a complaint names the file it is about."""
    try:
        msgspec.convert(layer, Settings)
    except msgspec.ValidationError as error:
        message = str(error)
        path, unknown = _PATH.search(message), _UNKNOWN.search(message)
        section = path["section"] if path else ""
        key = (path["key"] if path else "") or ""
        if unknown:
            section, key = (section, unknown["name"]) if section else (unknown["name"], "")
        line = _line_of(text, section, key)
        place = f"{where}:{line}" if line else where
        name = f"[{section}] {key}".strip()
        allowed = _PATH.sub("", message)
        about = _description(section, key)
        kind = WrongSetting if text else WrongVariable
        raise kind(f"{place}: {name}: {allowed}{about}") from error


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


def _line_of(text: str, section: str, key: str) -> int | None:
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
