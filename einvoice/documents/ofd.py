"""An OFD invoice -> statements of each of its places, the most trusted first.

Order: attachment, `CustomDatas`, tags, page text, data that nothing points at, QR. All are
read, so that any two can be compared.
"""

from collections.abc import Callable

from einvoice.documents import dialects, limits, values
from einvoice.documents.container import Container
from einvoice.documents.markup import Element, local, text_of
from einvoice.documents.model import DocumentField, Medium, Place, Problem, Trouble
from einvoice.documents.ofd_package import Package
from einvoice.documents.ofd_pages import Pages, read_pages
from einvoice.documents.ofd_tags import tag_statements
from einvoice.documents.page_fields import page_statements
from einvoice.documents.qr_text import qr_statements
from einvoice.documents.recognise import structured_statements
from einvoice.documents.statements import Statements
from einvoice.documents.structured import first

ENTRY = "OFD.xml"

QrDecoder = Callable[[bytes], str]
"""Picture file -> the text of the QR in it; empty if there is none. Must not raise."""

_COLOURS = {"蓝": False, "红": True}
# Folders whose XML describes the drawing or the signature, never the invoice.
_DRAWING = ("/pages/", "/tpls/", "/signs/", "/annots/", "/res/", "/tags/")


def is_ofd(opened: Container) -> bool:
    """Whether a ZIP is an OFD: it has the entry file that GB/T 33190 names."""
    return any(name.casefold() == ENTRY.casefold() for name in opened.names)


def ofd_statements(
    opened: Container, outer: str = "", decode_qr: QrDecoder | None = None
) -> tuple[list[Statements], list[Problem]]:
    """Read an OFD.

    Args:
        opened: the ZIP.
        outer: path of the OFD in the file handed in, ending with `!`, for places.
        decode_qr: reads the pictures that may be the QR; without it they are left out.
    """
    package = Package(opened, outer)
    entry_name = package.resolve(ENTRY)
    entry = package.xml(entry_name) if entry_name else None
    custom = _custom_datas(entry, package, entry_name or ENTRY)
    base, document = _document(package, entry, entry_name or ENTRY)
    attached: list[Statements] = []
    tagged: list[Statements] = []
    pages = Pages()
    if document is not None:
        attached = _attachments(package, document, base)
        pages = read_pages(package, document, base)
        tagged = _tags(package, document, base, pages)
    on_page = page_statements(pages.runs, pages.part_of_page)
    if not pages.runs:
        package.note(Trouble.NO_PAGE_TEXT, base)
    undeclared = _undeclared(package)
    qr = _pictured_qr(package, document, base, pages, decode_qr) if decode_qr else []
    return [*attached, custom, *tagged, on_page, *undeclared, *qr], package.problems


def _custom_datas(entry: Element | None, package: Package, name: str) -> Statements:
    stated = Statements()
    for element in () if entry is None else entry.iter():
        if local(element) != "CustomData":
            continue
        key = values.plain(element.get("Name", ""))
        place = Place(Medium.CUSTOM_DATA, package.path(name), key)
        field = dialects.LABELS.get(key)
        if field is not None:
            stated.text(field, text_of(element), place)
        elif key == "开票类型" and text_of(element)[:1] in _COLOURS:
            stated.put(DocumentField.IS_RED, _COLOURS[text_of(element)[:1]], place)
    return stated


def _document(package: Package, entry: Element | None, base: str) -> tuple[str, Element | None]:
    """The document that the entry file names, else the one that every writer calls `Doc_0`."""
    roots = [
        text_of(element)
        for element in (() if entry is None else entry.iter())
        if local(element) == "DocRoot" and text_of(element)
    ]
    if len(roots) > 1:
        package.note(Trouble.SEVERAL_DOCUMENTS, base, str(len(roots)))
    name = package.resolve(roots[0] if roots else "Doc_0/Document.xml", base)
    return (name or base), (package.xml(name) if name else None)


def _listed(package: Package, document: Element, base: str, element: str) -> list[str]:
    """The parts that a list of the document (attachments, tags) names."""
    names: list[str] = []
    for pointer in document.iter():
        if local(pointer) != element or not text_of(pointer):
            continue
        list_name = package.resolve(text_of(pointer), base)
        listing = package.xml(list_name) if list_name else None
        if list_name is None or listing is None:
            continue
        locations = [text_of(item) for item in listing.iter() if local(item) == "FileLoc"]
        names.extend(
            found
            for location in locations[: limits.MAX_ATTACHMENTS]
            if (found := package.resolve(location, list_name)) is not None
        )
    return names[: limits.MAX_ATTACHMENTS]


def _attachments(package: Package, document: Element, base: str) -> list[Statements]:
    stated: list[Statements] = []
    for name in _listed(package, document, base, "Attachments"):
        if name in package.visited or not name.lower().endswith((".xml", ".xbrl")):
            continue
        root = package.xml(name)
        if root is not None:
            stated.extend(structured_statements(root, package.path(name)))
    return stated


def _tags(package: Package, document: Element, base: str, pages: Pages) -> list[Statements]:
    stated: list[Statements] = []
    for name in _listed(package, document, base, "CustomTags"):
        root = None if name in package.visited else package.xml(name)
        if root is not None:
            stated.extend(tag_statements(root, pages, package.path(name)))
    return stated


def _undeclared(package: Package) -> list[Statements]:
    """Invoice data in parts that nothing points at: read last, and said to be so."""
    stated: list[Statements] = []
    names = [
        name
        for name in package.names
        if name.lower().endswith((".xml", ".xbrl"))
        and name not in package.visited
        and not any(folder in f"/{name.lower()}" for folder in _DRAWING)
    ]
    for name in names[: limits.MAX_ATTACHMENTS]:
        root = package.xml(name)
        found = [] if root is None else structured_statements(root, package.path(name))
        if found:
            package.note(Trouble.UNDECLARED, name)
            stated.extend(found)
    return stated


def _pictured_qr(
    package: Package,
    document: Element | None,
    base: str,
    pages: Pages,
    decode_qr: QrDecoder,
) -> list[Statements]:
    """QR statements from pictures on the first page that are about as wide as high."""
    if document is None:
        return []
    files = _pictures(package, document, base)
    stated: list[Statements] = []
    for picture in pages.pictures[: limits.MAX_PICTURES]:
        box, name = picture.box, files.get(picture.resource)
        if name is None or picture.page != 1 or not 0.8 < box.width / (box.height or 1.0) < 1.25:
            continue
        data = package.bytes_of(name)
        if data:
            place = Place(Medium.QR, package.path(name), "picture", picture.page, box)
            stated.append(qr_statements(decode_qr(data), place))
    return stated


def _pictures(package: Package, document: Element, base: str) -> dict[str, str]:
    files: dict[str, str] = {}
    for pointer in document.iter():
        if local(pointer) not in {"PublicRes", "DocumentRes"} or not text_of(pointer):
            continue
        list_name = package.resolve(text_of(pointer), base)
        listing = package.xml(list_name) if list_name else None
        if list_name is None or listing is None:
            continue
        folder = listing.get("BaseLoc", "")
        for media in listing.iter():
            location = first(media, "MediaFile") if local(media) == "MultiMedia" else None
            if location is not None:
                joined = f"{folder}/{text_of(location)}" if folder else text_of(location)
                found = package.resolve(joined, list_name)
                if found is not None:
                    files[media.get("ID", "")] = found
    return files
