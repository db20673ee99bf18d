"""The tag file of an OFD -> statements: field names that point at text objects of pages."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from einvoice.documents import limits, values
from einvoice.documents.markup import Element, text_of
from einvoice.documents.model import Box, DocumentField, Line, Medium, Place
from einvoice.documents.ofd_pages import Pages, TextObject
from einvoice.documents.qr_text import QrReader
from einvoice.documents.statements import Statements
from einvoice.documents.structured import (
    PlaceOf,
    digital_invoice,
    first,
    original_invoice,
)

_POINTERS = frozenset({"ObjectRef", "ObjectData"})
_MAX_POINTERS = 64  # text objects of one field: a long remark takes about six
_DIGITAL = ("TaxSupervisionInfo", "EInvoiceData", "SellerInformation")


def tag_statements(root: Element, pages: Pages, part: str, qr: QrReader) -> list[Statements]:
    """What the tags state once each pointer is replaced by the text that it points at."""
    resolver = _Resolver(pages, part)
    resolved = resolver.resolve(root)
    if any(first(resolved, name) is not None for name in _DIGITAL):
        return digital_invoice(resolved, resolver.place_of)
    stated = original_invoice(resolved, resolver.place_of, part, qr)
    _state_flat_lines(resolved, resolver.place_of, stated[0])
    return stated


class _Resolver:
    """Rebuilds a tag tree with text in place of pointers, and remembers where it stood."""

    def __init__(self, pages: Pages, part: str) -> None:
        self._pages = pages
        self._part = part
        self._pointed: dict[Element, tuple[list[str], list[TextObject]]] = {}
        self._by_object: dict[str, TextObject] = {}
        for (_, number), text in pages.objects.items():
            self._by_object.setdefault(number, text)

    def place_of(self, element: Element) -> Place:
        """Where the text of an element of the resolved tree stands on the page."""
        pointed = self._pointed.get(element)
        if pointed is None:
            return Place(Medium.TAG, self._part, element.tag)
        numbers, objects = pointed
        return Place(
            Medium.TAG,
            self._part,
            " ".join([element.tag, *(number[:12] for number in numbers)]),
            objects[0].page if objects else 0,
            _around([found.box for found in objects]),
        )

    def resolve(self, root: Element) -> Element:
        """The tree without pointers."""
        resolved = ET.Element(root.tag)
        waiting = [(root, resolved)]
        while waiting:
            source, target = waiting.pop()
            pointers: list[Element] = []
            for child in source:
                tag = child.tag
                if tag in _POINTERS:
                    pointers.append(child)
                elif len(child):
                    waiting.append((child, ET.SubElement(target, tag)))
                else:
                    ET.SubElement(target, tag).text = child.text
            if pointers:
                self._fill(target, pointers[:_MAX_POINTERS])
            else:
                target.text = source.text
        return resolved

    def _fill(self, target: Element, pointers: Sequence[Element]) -> None:
        texts: list[str] = []
        objects: list[TextObject] = []
        numbers: list[str] = []
        on_pages, anywhere = self._pages.objects, self._by_object
        for pointer in pointers:
            number = (pointer.text or "").strip()
            numbers.append(number)
            if pointer.tag == "ObjectData":
                texts.append(number)
                continue
            found = on_pages.get((pointer.get("PageRef", ""), number)) or anywhere.get(number)
            if found is not None:
                texts.append(found.text)
                objects.append(found)
        target.text = "".join(texts)[: limits.MAX_TEXT]
        self._pointed[target] = (numbers, objects)


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right = max(box.left + box.width for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


_COLUMNS = (
    "Item",
    "Specification",
    "MeasurementDimension",
    "Quantity",
    "Price",
    "Amount",
    "TaxScheme",
    "TaxAmount",
)


def _state_flat_lines(root: Element, place_of: PlaceOf, into: Statements) -> None:
    """Lines of a 数电票, whose tags stand side by side without a frame around each line.

    They are lines only where every line has its own name, amount and tax. Another column
    counts only if no line leaves it empty: otherwise nothing says which line does.
    """
    if DocumentField.LINES in into.found:
        return
    cells = {name: root.findall(name) for name in _COLUMNS}
    count = len(cells["Item"])
    if not 0 < count <= limits.MAX_LINES or any(
        len(cells[name]) != count for name in ("Amount", "TaxAmount")
    ):
        return
    columns = [
        [text_of(cell) for cell in cells[name]] if len(cells[name]) == count else [""] * count
        for name in _COLUMNS
    ]
    lines = tuple(
        Line(
            name=values.tidy(name),
            specification=values.tidy(specification),
            unit=values.tidy(unit),
            quantity=values.number_from(quantity),
            unit_price=values.number_from(price),
            amount=values.amount_from(amount),
            rate=values.rate_from(rate),
            tax=values.amount_from(tax),
        )
        for name, specification, unit, quantity, price, amount, rate, tax in zip(
            *columns, strict=True
        )
    )
    into.put(DocumentField.LINES, lines, place_of(cells["Item"][0]))
