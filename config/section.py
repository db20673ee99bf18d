"""What all sections of the settings are."""

import msgspec


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One section: every key has a default, and one that nobody knows is a mistake."""
