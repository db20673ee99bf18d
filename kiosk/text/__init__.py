"""Every sentence that people read, by key and language. No Kivy here: slips use it too."""

from kiosk.text.catalogue import BREAK_HINT, Catalogue, Language, UnknownKey, catalogue

__all__ = ["BREAK_HINT", "Catalogue", "Language", "UnknownKey", "catalogue"]
