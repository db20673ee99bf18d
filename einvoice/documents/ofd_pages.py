"""Pages and templates of an OFD -> text objects by number, and runs by position.

GB/T 33190-2016, 11: a text object has a boundary on the page, a matrix, and text codes
whose first character stands at X, Y inside the boundary; `DeltaX="g 19 1.5875"` means
19 times the same step.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from einvoice.documents import limits
from einvoice.documents.layout import Run, width_of
from einvoice.documents.markup import Element, local
from einvoice.documents.model import Box, Trouble
from einvoice.documents.ofd_package import Package

_DRAWN = frozenset({"TextObject", "ImageObject"})
_MAX_CODES = 64  # lines of one text object
# Steps wider than this many type sizes part a text into two runs: it spans two columns.
PARTING_STEP = 2.5


@dataclass(frozen=True, slots=True)
class TextObject:
    """One text object: its whole text and where it stands."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Picture:
    """A square-ish picture drawn on a page: the QR is one. `resource` names its image."""

    resource: str
    page: int
    box: Box


@dataclass(slots=True)
class Pages:
    """All text of a document.

    Attributes:
        runs: of pages and the templates beneath them.
        objects: (page identifier, object identifier) -> text object; templates are entered
            under the page that shows them, and never hide an object of the page itself.
        part_of_page: page, counted from 1 -> path of its part.
        pictures: in drawing order.
        drawn: how many objects were placed so far.
        characters: how many characters they have.
    """

    runs: list[Run] = field(default_factory=list[Run])
    objects: dict[tuple[str, str], TextObject] = field(
        default_factory=dict[tuple[str, str], TextObject]
    )
    part_of_page: dict[int, str] = field(default_factory=dict[int, str])
    pictures: list[Picture] = field(default_factory=list[Picture])
    drawn: int = 0
    characters: int = 0

    @property
    def is_full(self) -> bool:
        """Whether no more is placed."""
        return (
            self.drawn >= limits.MAX_DRAWN
            or self.characters >= limits.MAX_CHARACTERS
            or len(self.runs) >= limits.MAX_RUNS
        )


def read_pages(package: Package, document: Element, base: str) -> Pages:
    """Read the pages that a document lists, as far as `limits` allows."""
    pages = Pages()
    templates = {
        element.get("ID", ""): element.get("BaseLoc", "")
        for element in document.iter()
        if local(element) == "TemplatePage"
    }
    roots: dict[str, Element | None] = {}

    def part(name: str) -> Element | None:
        if name not in roots:
            roots[name] = package.xml(name)
        return roots[name]

    listed = [element for element in document.iter() if local(element) == "Page"]
    if len(listed) > limits.MAX_PAGES:
        package.note(Trouble.PAGES_LEFT_OUT, base, str(len(listed)))
    for number, entry in enumerate(listed[: limits.MAX_PAGES], start=1):
        name = package.resolve(entry.get("BaseLoc", ""), base)
        root = None if name is None else part(name)
        if name is None or root is None:
            continue
        pages.part_of_page[number] = package.path(name)
        _gather(root, entry.get("ID", ""), number, pages)
        for shown in root.iter():
            if local(shown) != "Template":
                continue
            location = templates.get(shown.get("TemplateID", ""))
            beneath = package.resolve(location, base) if location else None
            template = part(beneath) if beneath else None
            if template is not None:
                _gather(template, entry.get("ID", ""), number, pages)
        if pages.is_full:
            package.note(Trouble.PAGES_LEFT_OUT, name, str(number))
            break
    return pages


def _gather(root: Element, page_id: str, page: int, pages: Pages) -> None:
    for element in root.iter():
        name = local(element)
        if name not in _DRAWN:
            continue
        if pages.is_full:
            return
        pages.drawn += 1
        if name == "TextObject":
            box = _box(element)
            texts: list[str] = []
            for text, runs in _codes(element, box, page):
                texts.append(text)
                pages.characters += len(text)
                pages.runs.extend(runs)
            key = (page_id, element.get("ID", ""))
            pages.objects.setdefault(key, TextObject("".join(texts), page, box))
        else:
            pages.pictures.append(Picture(element.get("ResourceID", ""), page, _box(element)))


def _codes(element: Element, box: Box, page: int) -> Iterator[tuple[str, list[Run]]]:
    """Each text code of an object: its text, and its runs if it is written level."""
    size = _number(element.get("Size", ""), 3.0)
    matrix = _numbers(element.get("CTM", ""))
    a, b, c, d, e, f = matrix if len(matrix) == 6 else [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    is_level = abs(b) < 0.1 * abs(a) and abs(c) < 0.1 * max(abs(d), 0.001)
    x = y = 0.0
    for code in [child for child in element if local(child) == "TextCode"][:_MAX_CODES]:
        text = (code.text or "")[: limits.MAX_TEXT]
        x, y = _number(code.get("X", ""), x), _number(code.get("Y", ""), y)
        runs: list[Run] = []
        if is_level and not code.get("DeltaY") and text.strip():
            steps = _steps(code.get("DeltaX", ""), len(text) - 1)
            for piece, left, right in _pieces(text, x, steps, size):
                place = box.left + a * left + c * y + e, box.left + a * right + c * y + e
                baseline = box.top + b * left + d * y + f
                mark = element.get("ID", "")
                height = size * abs(d)
                run = Run(piece, page, min(place), max(place), baseline, height, mark)
                if all(map(math.isfinite, (run.left, run.right, run.baseline, run.size))):
                    runs.append(run)
        yield text, runs


def _pieces(
    text: str, x: float, steps: list[float], size: float
) -> Iterator[tuple[str, float, float]]:
    """Text parted where the step to the next character is far wider than a character."""
    if not steps or max(steps) <= PARTING_STEP * size:
        # The last step leads to the last character that has one; the rest follow close.
        yield text, x, x + sum(steps) + width_of(text[len(steps) :], size)
        return
    start, left, at = 0, x, x
    for index in range(len(text)):
        own = width_of(text[index], size)
        step = steps[index] if index < len(steps) else own
        is_last = index == len(text) - 1
        if is_last or step > PARTING_STEP * size:
            yield text[start : index + 1], left, at + own
            start, left = index + 1, at + step
        at += step


def _steps(written: str, wanted: int) -> list[float]:
    """The steps of `DeltaX`, no more than wanted."""
    steps: list[float] = []
    words = written[: 8 * limits.MAX_TEXT].split()
    at = 0
    while at < len(words) and len(steps) < wanted:
        if words[at] == "g" and at + 2 < len(words):
            count = min(int(_number(words[at + 1], 0.0)), wanted - len(steps))
            steps.extend([_number(words[at + 2], 0.0)] * max(0, count))
            at += 3
        else:
            steps.append(_number(words[at], 0.0))
            at += 1
    return steps


def _box(element: Element) -> Box:
    numbers = _numbers(element.get("Boundary", ""))
    if len(numbers) != 4:
        return Box(0.0, 0.0, 0.0, 0.0)
    return Box(*numbers)


def _numbers(written: str) -> list[float]:
    return [_number(word, 0.0) for word in written[:200].split()[:6]]


def _number(written: str, otherwise: float) -> float:
    try:
        number = float(written)
    except ValueError:
        return otherwise
    # Beyond a kilometre nothing is a place on a page, and sums could overflow.
    return number if abs(number) < 1e6 else otherwise
