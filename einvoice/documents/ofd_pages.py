"""Pages and templates of an OFD -> text objects by number, and runs by position.

GB/T 33190-2016, 11: a text object has a boundary on the page, a matrix, and text codes
whose first character stands at X, Y inside the boundary; `DeltaX="g 19 1.5875"` means
19 times the same step.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from einvoice.documents import limits
from einvoice.documents.layout import Run, width_of
from einvoice.documents.markup import Element
from einvoice.documents.model import Box, Trouble
from einvoice.documents.ofd_package import Package

_MAX_CODES = 64  # lines of one text object
_BEYOND = 1e6  # millimetres
_NOWHERE = Box(0.0, 0.0, 0.0, 0.0)
_BOX_NUMBERS = 4
_UNCHANGED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# Steps wider than this many type sizes part a text into two runs: it spans two columns.
PARTING_STEP = 2.5


class TextObject(NamedTuple):
    """One text object: its whole text and where it stands.

    Attributes:
        text: whole.
        page: counted from 1.
        boundary: as written; few objects are ever asked for their box.
    """

    text: str
    page: int
    boundary: str

    @property
    def box(self) -> Box:
        """Where it stands."""
        return _box(self.boundary)


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


class _Drawing:
    """What one part draws, put on as many pages as show it.

    Attributes:
        runs: with a page that does not count.
        texts: number, whole text and boundary of each text object.
        pictures: number of the resource, and the place.
        characters: of all texts.
    """

    def __init__(self, root: Element) -> None:
        self.runs: list[Run] = []
        self.texts: list[tuple[str, str, str]] = []
        self.pictures: list[tuple[str, Box]] = []
        self.characters = 0
        for element in root.iter("TextObject"):
            if (
                len(self.texts) >= limits.MAX_DRAWN
                or self.characters >= limits.MAX_CHARACTERS
                or len(self.runs) >= limits.MAX_RUNS
            ):
                return
            boundary, number = element.get("Boundary", ""), element.get("ID", "")
            text = _write(element, boundary, number, self.runs)
            self.characters += len(text)
            self.texts.append((number, text, boundary))
        for element in root.iter("ImageObject"):
            if len(self.texts) + len(self.pictures) >= limits.MAX_DRAWN:
                return
            box = _box(element.get("Boundary", ""))
            self.pictures.append((element.get("ResourceID", ""), box))

    def put_on(self, pages: Pages, page: int, page_id: str) -> None:
        """Draw it on a page. The page that fills `pages` is the last that is drawn on."""
        if pages.is_full:
            return
        pages.drawn += len(self.texts) + len(self.pictures)
        pages.characters += self.characters
        pages.runs.extend(
            Run(text, page, left, right, baseline, size, mark)
            for text, _, left, right, baseline, size, mark in self.runs
        )
        objects = pages.objects
        for number, text, boundary in self.texts:
            key = (page_id, number)
            if key not in objects:
                objects[key] = TextObject(text, page, boundary)
        pages.pictures.extend(Picture(resource, page, box) for resource, box in self.pictures)


def read_pages(package: Package, document: Element, base: str) -> Pages:
    """Read the pages that a document lists, as far as `limits` allows."""
    pages = Pages()
    templates = {
        element.get("ID", ""): element.get("BaseLoc", "")
        for element in document.iter("TemplatePage")
    }
    parts: dict[str, _Part | None] = {}

    def part(name: str) -> _Part | None:
        if name not in parts:
            root = package.xml(name)
            parts[name] = None if root is None else _Part.of(root)
        return parts[name]

    listed = list(document.iter("Page"))
    if len(listed) > limits.MAX_PAGES:
        package.note(Trouble.PAGES_LEFT_OUT, base, str(len(listed)))
    for number, entry in enumerate(listed[: limits.MAX_PAGES], start=1):
        name = package.resolve(entry.get("BaseLoc", ""), base)
        shown = None if name is None else part(name)
        if name is None or shown is None:
            continue
        page_id = entry.get("ID", "")
        pages.part_of_page[number] = package.path(name)
        shown.drawing.put_on(pages, number, page_id)
        for template in shown.templates:
            location = templates.get(template)
            beneath = package.resolve(location, base) if location else None
            drawn = part(beneath) if beneath else None
            if drawn is not None:
                drawn.drawing.put_on(pages, number, page_id)
        if pages.is_full:
            package.note(Trouble.PAGES_LEFT_OUT, name, str(number))
            break
    return pages


class _Part(NamedTuple):
    """A page or template: what it draws, and the templates beneath it."""

    drawing: _Drawing
    templates: list[str]

    @classmethod
    def of(cls, root: Element) -> "_Part":
        return cls(_Drawing(root), [shown.get("TemplateID", "") for shown in root.iter("Template")])


def _corner_and_size(boundary: str, written_size: str) -> tuple[float, float, float]:
    """Left and top of a text object's boundary, and its type size."""
    try:
        # Nearly always so; what follows is several times as slow.
        left, top, _, _ = map(float, boundary.split())
        size = float(written_size)
    except ValueError:
        pass
    else:
        if -_BEYOND < left < _BEYOND and -_BEYOND < top < _BEYOND and -_BEYOND < size < _BEYOND:
            return left, top, size
    box = _box(boundary)
    return box.left, box.top, _number(written_size, 3.0)


def _write(element: Element, boundary: str, number: str, runs: list[Run]) -> str:
    """The whole text of an object; its runs are added if it is written level."""
    codes = element.findall("TextCode")
    matrix = element.get("CTM")
    box_left, box_top, size = _corner_and_size(boundary, element.get("Size", ""))
    if len(codes) == 1 and matrix is None:
        run = _plain_run(codes[0], box_left, box_top, size, number)
        if run is not None:
            runs.append(run)
            return run.text
    a, b, c, d, e, f = _UNCHANGED if matrix is None else _matrix(matrix)
    is_level = abs(b) < 0.1 * abs(a) and abs(c) < 0.1 * max(abs(d), 0.001)
    height = size * abs(d)
    x = y = 0.0
    texts: list[str] = []
    for code in codes[:_MAX_CODES]:
        text = (code.text or "")[: limits.MAX_TEXT]
        texts.append(text)
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        if not is_level or not text or text.isspace() or code.get("DeltaY"):
            continue
        from_left, from_top = box_left + c * y + e, box_top + d * y + f
        for piece, left, right in _pieces(text, x, code.get("DeltaX"), size):
            start, end = from_left + a * left, from_left + a * right
            baseline = from_top + b * left
            if end < start:
                start, end = end, start
            # Infinities and what is no number fail every comparison.
            if -_BEYOND < start <= end < _BEYOND and -_BEYOND < baseline < _BEYOND > height:
                runs.append(Run(piece, 0, start, end, baseline, height, number))
    return "".join(texts)


def _plain_run(
    code: Element, box_left: float, box_top: float, size: float, number: str
) -> Run | None:
    """The run of an object as nearly all are: one code, no matrix, steps that part nothing.

    None wherever anything is otherwise, and then the slower way decides.
    """
    text = code.text
    written_steps = code.get("DeltaX")
    if not text or len(text) > limits.MAX_TEXT or code.get("DeltaY") or text.isspace():
        return None
    try:
        x, y = float(code.get("X", "0")), float(code.get("Y", "0"))
        width = _even_width(text, written_steps, size) if written_steps else width_of(text, size)
    except ValueError:
        return None
    start, baseline = box_left + x, box_top + y
    # Infinities and what is no number fail every comparison.
    if -_BEYOND < x < _BEYOND and -_BEYOND < y < _BEYOND and 0.0 <= width < _BEYOND > size:
        end = start + width
        if -_BEYOND < start <= end < _BEYOND and -_BEYOND < baseline < _BEYOND:
            return Run(text, 0, start, end, baseline, size, number)
    return None


def _even_width(text: str, written_steps: str, size: float) -> float:
    """The width of a text that its steps do not part.

    Raises:
        ValueError: they may part it, or are written in another way than most.
    """
    words = written_steps[: 8 * limits.MAX_TEXT].split()
    wanted = len(text) - 1
    if words[0] == "g":
        if len(words) != 3:
            raise ValueError("more than one group")
        count, widest = int(words[1]), float(words[2])
        if not 0 <= count < _BEYOND or widest < 0.0:
            raise ValueError("backwards, or no number of characters")
        count = min(count, wanted)
        total = count * widest
    else:
        steps = list(map(float, words[:wanted]))
        if not steps:
            return width_of(text, size)
        count, total, widest = len(steps), sum(steps), max(steps)
        if min(steps) < 0.0:
            raise ValueError("backwards")
    # Not the other way round: what is no number fails the comparison.
    if not widest <= PARTING_STEP * size:
        raise ValueError("parted")
    return total + width_of(text[count:], size)


class _Steps(NamedTuple):
    """The steps from character to character.

    Attributes:
        groups: how often and how wide, in order.
        number: of all steps together.
        total: their width.
        widest: 0 if there are none.
    """

    groups: list[tuple[int, float]]
    number: int
    total: float
    widest: float


def _steps(written: str, wanted: int) -> _Steps:
    """The steps that a `DeltaX` writes, no more than wanted."""
    groups: list[tuple[int, float]] = []
    count, total, widest = 0, 0.0, 0.0
    words = written[: 8 * limits.MAX_TEXT].split()
    at, end = 0, len(words)
    while at < end and count < wanted:
        often = 1
        if words[at] == "g" and at + 2 < end:
            often = min(int(_number(words[at + 1], 0.0)), wanted - count)
            at += 2
        width = _number(words[at], 0.0)
        at += 1
        if often > 0:
            groups.append((often, width))
            count += often
            total += often * width
            if width > widest:
                widest = width
    return _Steps(groups, count, total, widest)


def _pieces(
    text: str, x: float, written_steps: str | None, size: float
) -> Iterable[tuple[str, float, float]]:
    """Text parted where the step to the next character is far wider than a character."""
    if not written_steps:
        return ((text, x, x + width_of(text, size)),)
    steps = _steps(written_steps, len(text) - 1)
    if steps.widest <= PARTING_STEP * size:
        # The last step leads to the last character that has one; the rest follow close.
        return ((text, x, x + steps.total + width_of(text[steps.number :], size)),)
    return _parted(text, x, steps, size)


def _parted(text: str, x: float, steps: _Steps, size: float) -> Iterator[tuple[str, float, float]]:
    each = [width for often, width in steps.groups for _ in range(often)]
    start, left, at = 0, x, x
    for index, character in enumerate(text):
        own = width_of(character, size)
        step = each[index] if index < len(each) else own
        is_last = index == len(text) - 1
        if is_last or step > PARTING_STEP * size:
            yield text[start : index + 1], left, at + own
            start, left = index + 1, at + step
        at += step


def _box(written: str) -> Box:
    numbers = _numbers(written)
    return Box(*numbers) if len(numbers) == _BOX_NUMBERS else _NOWHERE


def _matrix(written: str) -> tuple[float, float, float, float, float, float]:
    numbers = _numbers(written)
    if len(numbers) != 6:
        return _UNCHANGED
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _numbers(written: str) -> list[float]:
    return [_number(word, 0.0) for word in written[:200].split()[:6]]


def _number(written: str | None, otherwise: float) -> float:
    if not written:
        return otherwise
    try:
        number = float(written)
    except ValueError:
        return otherwise
    # Beyond a kilometre nothing is a place on a page, and sums could overflow.
    return number if -_BEYOND < number < _BEYOND else otherwise
