"""Every sentence that people read, by key and language. No Kivy here: slips use it too."""

from kiosk.text.catalogue import Catalogue, Language, UnknownKey, catalogue

__all__ = ["Catalogue", "Language", "UnknownKey", "catalogue"]
