"""An OFD invoice -> statements of each of its places, the most trusted first.

Order: attachment, `CustomDatas`, tags, page text, data that nothing points at, QR. All are
read, so that any two can be compared.
"""

from einvoice.documents import dialects, limits, values
from einvoice.documents.container import Container
from einvoice.documents.markup import Element, text_of
from einvoice.documents.model import DocumentField, Medium, Place, Problem, Trouble
from einvoice.documents.ofd_package import Package
from einvoice.documents.ofd_pages import Pages, read_pages
from einvoice.documents.ofd_tags import tag_statements
from einvoice.documents.page_fields import page_statements
from einvoice.documents.qr_text import QrReader
from einvoice.documents.recognise import structured_statements
from einvoice.documents.statements import Statements
from einvoice.documents.structured import first

ENTRY = "OFD.xml"
_ENCRYPTIONS = "Encryptions.xml"

_COLOURS = {"蓝": False, "红": True}
# Parts of a document that describe fonts, pictures and notes on it.
_NO_DATA = frozenset({"PublicRes", "DocumentRes", "Annotations", "Extensions"})
# Folders whose XML describes the drawing or the signature, never the invoice.
_DRAWING = ("/pages/", "/tpls/", "/signs/", "/annots/", "/res/", "/tags/")


def is_ofd(opened: Container) -> bool:
    """Whether a ZIP is an OFD: it has the entry file that GB/T 33190 names."""
    return any(name.casefold() == ENTRY.casefold() for name in opened.names)


def is_encrypted(opened: Container) -> bool:
    """Whether an OFD has the list of encrypted parts of GM/T 0099: nothing in it can be read."""
    return opened.find(_ENCRYPTIONS) is not None


def ofd_statements(
    opened: Container, outer: str, qr: QrReader
) -> tuple[list[list[Statements]], list[Problem]]:
    """Read an OFD.

    Args:
        opened: the ZIP.
        outer: path of the OFD in the file handed in, ending with `!`, for places.
        qr: reads the pictures that may be the QR.

    Returns:
        What each of its documents states, the most trusted place first; and what hindered
        the reading.
    """
    package = Package(opened, outer)
    entry_name = package.resolve(ENTRY) or ENTRY
    entry = package.xml(entry_name) if entry_name in opened else None
    bodies = [] if entry is None else [part for part in entry if part.tag == "DocBody"]
    if len(bodies) > 1:
        package.note(Trouble.SEVERAL_DOCUMENTS, entry_name, str(len(bodies)))
    read = [
        _document_statements(package, body, entry_name, qr)
        for body in bodies[: limits.MAX_DOCUMENTS] or [entry]
    ]
    undeclared = _undeclared(package, qr)
    if len(read) == 1:
        ((written, pictured),) = read
        return [[*written, *undeclared, *pictured]], package.problems
    documents = [[*written, *pictured] for written, pictured in read]
    return [*documents, *([undeclared] if undeclared else [])], package.problems


def _document_statements(
    package: Package, body: Element | None, entry_name: str, qr: QrReader
) -> tuple[list[Statements], list[Statements]]:
    """What one document states, the most trusted place first, and its pictures of QR codes."""
    custom = _custom_datas(body, package, entry_name)
    base, document = _document(package, body, entry_name)
    if document is None:
        return [custom], []
    for part in document.iter():
        if part.tag in _NO_DATA:
            package.leave(text_of(part), base)
    attached = _attachments(package, document, base, qr)
    pages = read_pages(package, document, base)
    tagged = _tags(package, document, base, pages, qr)
    on_page = page_statements(pages.runs, pages.part_of_page)
    if not pages.runs:
        package.note(Trouble.NO_PAGE_TEXT, base)
    pictured = _pictured_qr(package, document, base, pages, qr) if qr.reads_pictures else []
    return [*attached, custom, *tagged, on_page], pictured


def _custom_datas(body: Element | None, package: Package, name: str) -> Statements:
    stated = Statements()
    for element in () if body is None else body.iter("CustomData"):
        key = values.plain(element.get("Name", ""))
        place = Place(Medium.CUSTOM_DATA, package.path(name), key)
        field = dialects.LABELS.get(key)
        if field is not None:
            stated.text(field, text_of(element), place)
        elif key == "开票类型" and text_of(element)[:1] in _COLOURS:
            stated.put(DocumentField.IS_RED, _COLOURS[text_of(element)[:1]], place)
    return stated


def _document(package: Package, body: Element | None, base: str) -> tuple[str, Element | None]:
    """The document that the entry file names, else the one that every writer calls `Doc_0`."""
    roots = [
        text_of(element)
        for element in (() if body is None else body.iter("DocRoot"))
        if text_of(element)
    ]
    name = package.resolve(roots[0] if roots else "Doc_0/Document.xml", base)
    return (name or base), (package.xml(name) if name else None)


def _listed(package: Package, document: Element, base: str, element: str) -> list[str]:
    """The parts that a list of the document (attachments, tags) names."""
    names: list[str] = []
    for pointer in document.iter(element):
        if not text_of(pointer):
            continue
        list_name = package.resolve(text_of(pointer), base)
        listing = package.xml(list_name) if list_name else None
        if list_name is None or listing is None:
            continue
        locations = [text_of(item) for item in listing.iter("FileLoc")]
        names.extend(
            found
            for location in locations[: limits.MAX_ATTACHMENTS]
            if (found := package.resolve(location, list_name)) is not None
        )
    return names[: limits.MAX_ATTACHMENTS]


def _attachments(package: Package, document: Element, base: str, qr: QrReader) -> list[Statements]:
    stated: list[Statements] = []
    for name in _listed(package, document, base, "Attachments"):
        if name in package.visited or not name.lower().endswith((".xml", ".xbrl")):
            continue
        data = package.markup(name)
        if data is not None:
            stated.extend(structured_statements(data, package.path(name), qr))
    return stated


def _tags(
    package: Package, document: Element, base: str, pages: Pages, qr: QrReader
) -> list[Statements]:
    stated: list[Statements] = []
    for name in _listed(package, document, base, "CustomTags"):
        root = None if name in package.visited else package.xml(name)
        if root is not None:
            stated.extend(tag_statements(root, pages, package.path(name), qr))
    return stated


def _undeclared(package: Package, qr: QrReader) -> list[Statements]:
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
        data = package.markup(name)
        found = [] if data is None else structured_statements(data, package.path(name), qr)
        if found:
            package.note(Trouble.UNDECLARED, name)
            stated.extend(found)
    return stated


def _pictured_qr(
    package: Package, document: Element, base: str, pages: Pages, qr: QrReader
) -> list[Statements]:
    """QR statements from pictures on the first page that are about as wide as high."""
    files = _pictures(package, document, base)
    stated: list[Statements] = []
    for picture in pages.pictures:
        box, name = picture.box, files.get(picture.resource)
        if name is None or picture.page != 1 or not 0.8 < box.width / (box.height or 1.0) < 1.25:
            continue
        if not qr.reads_pictures:
            break
        place = Place(Medium.QR, package.path(name), "picture", picture.page, box)
        stated.extend(qr.picture(package.bytes_of(name) or b"", place))
    return stated


def _pictures(package: Package, document: Element, base: str) -> dict[str, str]:
    files: dict[str, str] = {}
    for pointer in document.iter():
        if pointer.tag not in {"PublicRes", "DocumentRes"} or not text_of(pointer):
            continue
        list_name = package.resolve(text_of(pointer), base)
        listing = package.xml(list_name) if list_name else None
        if list_name is None or listing is None:
            continue
        folder = listing.get("BaseLoc", "")
        for media in listing.iter("MultiMedia"):
            location = first(media, "MediaFile")
            if location is not None:
                joined = f"{folder}/{text_of(location)}" if folder else text_of(location)
                found = package.resolve(joined, list_name)
                if found is not None:
                    files[media.get("ID", "")] = found
    return files
