"""The pictures on the first page of a PDF that may be its QR, as picture files."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pypdf.errors import LimitReachedError
from pypdf.generic import StreamObject

from einvoice.documents import limits

# Encodings that are picture files of their own.
_WHOLE_FILES = frozenset({"/DCTDecode", "/JPXDecode"})


def picture_files(resources: Any, *, is_scan: bool) -> Iterator[bytes]:
    """Picture files of the images that a page may draw, in the order of its resources.

    Images of the encodings that need the imaging library are left out where it is missing.

    Args:
        resources: of the page.
        is_scan: whether the page has no text: then a picture of the whole page counts too,
            else only pictures about as wide as high.

    Yields:
        JPEG, JPEG 2000 or PNG.

    Raises:
        Exception: whatever the library raises on damaged files.
    """
    for image in _images(resources, limits.MAX_PDF_FORM_DEPTH):
        width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
        if not 0 < width * height <= limits.MAX_PICTURE_PIXELS:
            continue
        if not is_scan and not 0.8 < width / height < 1.25:
            continue
        try:
            yield _file_of(image)
        except (LimitReachedError, ImportError):
            continue  # larger than any QR, or no imaging library here


def _images(resources: Any, depth: int) -> Iterator[StreamObject]:
    drawn = _dictionary(_dictionary(resources).get("/XObject"))
    for pointer in drawn.values():
        found = pointer.get_object()
        if not isinstance(found, StreamObject):
            continue
        if found.get("/Subtype") == "/Image":
            yield found
        elif found.get("/Subtype") == "/Form" and depth > 0:
            yield from _images(found.get("/Resources"), depth - 1)


def _file_of(image: StreamObject) -> bytes:
    named = image.get("/Filter")
    filters = cast("list[Any]", named) if isinstance(named, list) else [named]
    if len(filters) == 1 and filters[0] in _WHOLE_FILES:
        return image.get_data()
    picture = cast("Any", image).decode_as_image()
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _dictionary(pointer: Any) -> Mapping[str, Any]:
    found = None if pointer is None else pointer.get_object()
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else {}
