"""A page as pieces of text at places, for OFD and PDF alike. Millimetres from the upper left."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BODY_SIZE = 3.175
"""Type size of the body on public invoices, mm."""


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of text.

    Attributes:
        left, baseline: where it begins, mm.
        size: type size, mm.
        tag: the field that an OFD's tag file names it by (`Buyer/BuyerName`); empty for none.
    """

    text: str
    left: float
    baseline: float
    size: float = BODY_SIZE
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Square:
    """Where the QR stands, mm."""

    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        width, height: mm.
        form: what is printed on every invoice of its kind: title, labels, headings.
        filled: what is this invoice's.
        qr: None on pages without one.
    """

    width: float
    height: float
    form: tuple[Text, ...]
    filled: tuple[Text, ...]
    qr: Square | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of goods.

    Attributes:
        heading: as printed.
        heading_left: where the heading begins, mm.
        edge: where the texts begin, or end if they are amounts, mm.
        is_number: whether texts end at the edge.
    """

    heading: str
    heading_left: float
    edge: float
    is_number: bool = False

    def place(self, text: str, baseline: float, tag: str = "") -> Text:
        """A text of this column."""
        return (
            right(text, self.edge, baseline, tag)
            if self.is_number
            else Text(text, self.edge, baseline, tag=tag)
        )


def width_of(text: str, size: float) -> float:
    """How wide text is, mm: Han and full-width forms are square, all others half as wide."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return size * (wide + len(text)) / 2


def right(text: str, edge: float, baseline: float, tag: str = "") -> Text:
    """A text that ends at an edge."""
    return Text(text, edge - width_of(text, BODY_SIZE), baseline, tag=tag)


def filled(texts: Sequence[Text]) -> Iterator[Text]:
    """The texts that say something."""
    return (text for text in texts if text.text)
