"""What all sections of the settings are, and where a setting may be changed."""

from enum import Enum

import msgspec
from msgspec import Meta


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One section: every key has a default, and one that nobody knows is a mistake."""


class Changed(Enum):
    """From where a setting may be changed, each place beside those before."""

    IN_FILES = "files"
    """Only there: what the terminal keeps itself is found by it."""
    BY_COMMAND = "command"
    """Also by the command line and by the service: who the terminal is, whom it trusts, and
    what could shut out whoever changes it at the screen."""
    AT_SCREEN = "screen"


ONLY_IN_FILES = Meta(extra={"changed": Changed.IN_FILES})
NOT_AT_SCREEN = Meta(extra={"changed": Changed.BY_COMMAND})
