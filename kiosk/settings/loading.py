"""All settings of a terminal: defaults, files, what it keeps itself, the environment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.load import Layer, WrongSetting, layers, load, merged
from config.schema import Settings
from kiosk.settings.store import FOLDER, Damaged, SettingsStore, layers_of


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings.

    Attributes:
        layers: what they come from, the weakest first.
        set_aside: why what the terminal keeps itself could not be used, or its newest version;
            "" when all is in use.
    """

    settings: Settings
    layers: tuple[Layer, ...]
    set_aside: str = ""


def store_of(files: Sequence[Path], environment: Mapping[str, str]) -> SettingsStore:
    """Where the terminal keeps its versions: that follows from files and environment alone.

    Raises:
        WrongSetting: a file or a variable cannot be used.
    """
    return SettingsStore(Path(load(files, environment).paths.state_dir) / FOLDER)


def loaded(files: Sequence[Path], environment: Mapping[str, str]) -> Loaded:
    """The settings, with the version in use; without it where it cannot be used.

    A terminal that serves with the settings before is better than one that does not start, so what
    it keeps itself never keeps it from starting.

    Raises:
        WrongSetting: a file or a variable cannot be used.
    """
    store = store_of(files, environment)
    set_aside = ""
    try:
        state = store.state
        numbers = (state.active, state.proven)
    except (Damaged, OSError) as error:
        numbers, set_aside = (0,), str(error)
    for number in numbers:
        try:
            found = layers(files, environment, layers_of(store.version(number)))
            return Loaded(merged(found), found, set_aside)
        except (Damaged, OSError, WrongSetting) as error:
            set_aside = set_aside or str(error)
    found = layers(files, environment)
    return Loaded(merged(found), found, set_aside)
