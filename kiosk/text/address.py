"""An e-mail address as it is typed on the screen, key by key."""

from central.contract_people import is_address

MAX_TYPED = 64
"""Characters: longer ones are not typed on a screen in a hall."""
SUFFIXES = ("@qq.com", "@163.com", "@126.com", "@139.com")
"""Ends of most addresses here; one press each."""
CLEAR, BACK = "clear", "back"


def pressed(text: str, key: str) -> str:
    """What is typed after a key: a character, one of `SUFFIXES`, `CLEAR` or `BACK`.

    There is one @ in an address: a second is not taken, and a suffix takes the place of what
    stands from the first on.
    """
    if key == CLEAR:
        return ""
    if key == BACK:
        return text[:-1]
    if key in SUFFIXES:
        text = text.partition("@")[0]
    elif key == "@" and "@" in text:
        return text
    longer = text + key
    return longer if len(longer) <= MAX_TYPED else text


def is_whole(text: str) -> bool:
    """Whether a letter can be tried to be sent there."""
    return is_address(text)
