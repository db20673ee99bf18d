"""The screen's picture without data; part of `kiosk.messages`.

A picture for the support bundle: where what stands, and of the words only which sentence of the
catalogue it is. No field can hold a text, so that none of a person's can be in it.
"""

from enum import Enum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MAX_PARTS = 1000
"""Of one picture: more than any screen has, and well below the longest line."""
NAME = r"[a-z][a-z_]*[0-9]?(?:\.(?:[a-z_]+[0-9]?|[0-9A-Za-z]))?"
"""What of a widget's name may leave: two parts of it, without any number of two digits."""

_Px = Annotated[int, Meta(ge=-20_000, le=20_000)]
_Side = Annotated[int, Meta(ge=1, le=8192)]


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class PartKind(Enum):
    """What stands in a place.

    WORDS is a sentence of the catalogue, DATA any other text, PICTURE something drawn (a QR code,
    a preview, a chart), CONTROL what can be touched or is named.
    """

    WORDS = "words"
    DATA = "data"
    PICTURE = "picture"
    CONTROL = "control"


class Part(_Base, frozen=True):
    """One place of the screen.

    Attributes:
        cls: class of the widget.
        box: left, top, width, height, px from the window's top left; of DATA rounded outwards to
            four characters within what holds it, so that it does not tell how long the text is.
        tid: stable name, as far as `NAME` goes.
        key: of WORDS, the sentence's key in the catalogue.
        type_px: size of the type.
        centred: its lines stand in the middle of the box.
    """

    cls: Annotated[str, Meta(pattern=r"\A[A-Za-z_]{1,40}\Z")]
    kind: PartKind
    box: tuple[_Px, _Px, _Px, _Px]
    tid: Annotated[str, Meta(pattern=rf"\A(?:{NAME})?\Z", max_length=80)] = ""
    key: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_.]*\Z", max_length=80)] = ""
    type_px: Annotated[int, Meta(ge=0, le=400)] = 0
    centred: bool = False


class ScreenPicture(_Base, frozen=True, tag="screen_picture"):
    """What one screen shows, without data.

    Attributes:
        number: of the question that it answers.
        situation: tag of what is shown; staff's pages begin with "admin".
        parts: back to front; the first `MAX_PARTS`.
    """

    number: int
    situation: Annotated[str, Meta(pattern=r"\A[a-z_0-9]{0,40}\Z")]
    language: Literal["zh", "en"]
    large_text: bool
    high_contrast: bool
    width_px: _Side
    height_px: _Side
    parts: Annotated[tuple[Part, ...], Meta(max_length=MAX_PARTS)]


class DescribeScreen(_Base, frozen=True, tag="describe_screen"):
    """The daemon asks a screen for its picture without data."""

    number: int


class AskPicture(_Base, frozen=True, tag="ask_picture"):
    """Whoever makes a support bundle asks the daemon for it. Answered by it or by `NotDone`."""
