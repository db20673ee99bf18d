"""Names of buyers that somebody typed: what can be one."""

import re
import unicodedata

MIN_TYPED_CHARS = 2
MAX_TYPED_CHARS = 40
"""Of a typed name: longer ones are scanned."""
_ALLOWED = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff（）()·&.,，、\- ]+")
_HAS_WORD = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff]{2}")


def typed_name(text: str) -> str | None:
    """The name as it is put on an application; None for what cannot be one.

    Spaces at its ends go, round brackets become the Chinese ones that stand in registered names.
    Nothing says that a company of this name exists.
    """
    name = unicodedata.normalize("NFC", text).strip()
    name = name.replace("(", "（").replace(")", "）")
    if not MIN_TYPED_CHARS <= len(name) <= MAX_TYPED_CHARS:
        return None
    if not _ALLOWED.fullmatch(name) or not _HAS_WORD.search(name):
        return None
    return name
