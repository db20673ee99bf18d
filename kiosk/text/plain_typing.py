"""A line of text as it is typed on the screen, key by key."""

MAX_TYPED = 120
"""Characters: addresses of devices are shorter."""
CLEAR, BACK, SPACE = "clear", "back", "space"


def pressed(text: str, key: str) -> str:
    """What is typed after a key: a character, `SPACE`, `CLEAR` or `BACK`."""
    if key == CLEAR:
        return ""
    if key == BACK:
        return text[:-1]
    longer = text + (" " if key == SPACE else key)
    return longer if len(longer) <= MAX_TYPED else text
