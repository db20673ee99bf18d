"""A PDF invoice -> statements: embedded XML and XBRL, information dictionary, text by position.

The railway embeds its XBRL, the tax platform writes fields into the information dictionary,
everybody else has a text layer only.
"""

import io
import logging
from collections.abc import Iterator
from typing import Any, cast

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ContentStream, NameObject, StreamObject

from einvoice.documents import dialects, limits, markup, values
from einvoice.documents.container import Budget, LimitExceeded
from einvoice.documents.errors import DocumentError
from einvoice.documents.layout import Run, width_of
from einvoice.documents.model import Cause, Medium, Place, Problem, Trouble
from einvoice.documents.page_fields import page_statements
from einvoice.documents.pdf_bulk import is_too_bulky
from einvoice.documents.pdf_pictures import picture_files
from einvoice.documents.qr_text import QrReader
from einvoice.documents.recognise import structured_statements
from einvoice.documents.statements import Statements

SIGNATURE = b"%PDF-"

_MM_PER_POINT = 25.4 / 72
# What the library raises on damaged files beside its own errors: it walks objects of any
# type as the type it expects. Found by fuzzing.
_DAMAGE = (
    PyPdfError,
    DependencyError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


# Limits handed to the library; its own allow 75 MB for every stream.
_BOUNDS = Configuration(
    maximum_declared_stream_length=limits.MAX_PDF_BYTES,
    array_based_stream_maximum_output_length=limits.MAX_PDF_STREAM_BYTES,
    array_maximum_element_count=limits.MAX_PDF_OBJECTS,
    dictionary_maximum_element_count=limits.MAX_PDF_OBJECTS,
    jbig2_maximum_output_length=limits.MAX_PDF_STREAM_BYTES,
    lzw_maximum_output_length=limits.MAX_PDF_STREAM_BYTES,
    run_length_maximum_output_length=limits.MAX_PDF_STREAM_BYTES,
    zlib_maximum_output_length=limits.MAX_PDF_STREAM_BYTES,
    brotli_maximum_output_length=limits.MAX_PDF_STREAM_BYTES,
    zlib_maximum_recovery_input_length=limits.MAX_PDF_RECOVERED_BYTES,
    stream_filters_maximum_length=4,
    stream_decoding_work_maximum_length=2 * limits.MAX_PDF_STREAM_BYTES,
    stream_parsing_work_maximum_count=limits.MAX_PDF_OPERATIONS,
    page_tree_maximum_entries=limits.MAX_PDF_OBJECTS,
    page_tree_maximum_depth=20,
    page_tree_maximum_page_entries=limits.MAX_PDF_OBJECTS,
    xform_maximum_invocations_per_extraction=limits.MAX_PDF_FORMS,
    jbig2dec_binary=None,
    disable_legacy_handling=True,
)
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what it repairs, with content
_SHOWS_TEXT = frozenset({b"Tj", b"TJ", b"'", b'"'})


class _Metered(io.BytesIO):
    """The file, read in no more steps than an invoice needs many times over.

    The library walks tables, references and tokens in small reads; a file built in loops
    ends here, whichever loop it is.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = limits.MAX_PDF_READS

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as ever, until the steps are used up.

        Raises:
            LimitReachedError: then.
        """
        self._left -= 1
        if self._left < 0:
            raise LimitReachedError("steps")
        return super().read(size)


class _Text:
    """Receives pieces of text with their matrices and turns them into runs."""

    def __init__(self, page: int, top: float) -> None:
        self.runs: list[Run] = []
        self._page = page
        self._top = top

    def __call__(
        self, text: str, current: list[float], matrix: list[float], _font: object, size: float
    ) -> None:
        """Take one piece, as the library's text visitor hands it over."""
        stripped = text.strip()
        if not stripped:
            return
        if len(self.runs) >= limits.MAX_RUNS:
            raise LimitReachedError("pieces of text")
        a, b, c, d, e, f = _product(matrix, current)
        if abs(b) > 0.1 * abs(a) or abs(c) > 0.1 * abs(d):
            return  # written upwards: a watermark, never a field
        left, height = e * _MM_PER_POINT, abs(size * d) * _MM_PER_POINT
        baseline = (self._top - f) * _MM_PER_POINT
        if abs(left) < 1e5 and abs(baseline) < 1e5 and 0 < height < 1e4:
            right = left + width_of(stripped, height) * abs(a / d)
            self.runs.append(Run(stripped, self._page, left, right, baseline, height))


def pdf_statements(
    data: bytes, budget: Budget, outer: str, qr: QrReader
) -> tuple[list[Statements], list[Problem]]:
    """Read a PDF.

    Args:
        data: the whole file.
        budget: pays for what is interpreted.
        outer: path of the PDF in the file handed in, ending with `!`, for places.
        qr: reads the QR of its pictures.

    Raises:
        DocumentError: encrypted, too large, or damaged beyond reading.
    """
    if is_too_bulky(data):
        raise DocumentError(Cause.TOO_LARGE, "PDF")
    with apply_configuration(_BOUNDS):
        try:
            reader = PdfReader(
                _Metered(data),
                strict=False,
                root_object_recovery_limit=limits.MAX_PDF_RECOVERED_OBJECTS,
                xref_stream_maximum_entries=limits.MAX_PDF_OBJECTS,
            )
            if reader.is_encrypted and not reader.decrypt(""):
                raise DocumentError(Cause.ENCRYPTED, "PDF")
        except FileNotDecryptedError as closed:
            raise DocumentError(Cause.ENCRYPTED, "PDF") from closed
        except LimitReachedError as much:
            raise DocumentError(Cause.TOO_LARGE, "PDF") from much
        except _DAMAGE as bad:
            raise DocumentError(Cause.DAMAGED, "PDF") from bad
        return _Pdf(reader, budget, outer, qr).statements()


class _Pdf:
    """One opened PDF."""

    def __init__(self, reader: PdfReader, budget: Budget, outer: str, qr: QrReader) -> None:
        self._reader = reader
        self._qr = qr
        self._budget = budget
        self._outer = outer
        self._problems: list[Problem] = []

    def statements(self) -> tuple[list[Statements], list[Problem]]:
        """Everything that the PDF states, the most trusted first."""
        embedded = self._embedded()
        info = self._info()
        runs = self._runs()
        if not runs:
            self._note(Trouble.NO_PAGE_TEXT)
        on_page = page_statements(runs, dict.fromkeys({run.page for run in runs}, self._outer))
        pictured = self._pictured(is_scan=not runs) if self._qr.reads_pictures else []
        return [*embedded, info, on_page, *pictured], self._problems

    def _note(self, trouble: Trouble, part: str = "", detail: str = "") -> None:
        self._problems.append(Problem(trouble, self._outer + part, detail))

    def _embedded(self) -> list[Statements]:
        stated: list[Statements] = []
        try:
            for number, (name, content) in enumerate(self._files()):
                if number >= limits.MAX_ATTACHMENTS:
                    self._note(Trouble.FILES_LEFT_OUT)
                    break
                stated.extend(self._structured(name, content))
        except LimitReachedError:
            self._note(Trouble.PART_TOO_LARGE, "embedded files")
        except _DAMAGE:
            self._note(Trouble.PART_DAMAGED, "embedded files")
        return stated

    def _files(self) -> Iterator[tuple[str, bytes]]:
        """Embedded files by name, and associated files of the catalogue (PDF 2.0, 7.11.4)."""
        for file in self._reader.attachment_list:
            yield values.tidy(file.name), file.content
        associated = self._reader.root_object.get("/AF")
        listed = associated.get_object() if associated is not None else None
        for pointer in cast("list[Any]", listed) if isinstance(listed, list) else ():
            specification = cast("dict[str, Any]", pointer.get_object())
            embedded = specification["/EF"].get_object()
            stream = (embedded.get("/F") or embedded.get("/UF")).get_object()
            if isinstance(stream, StreamObject):
                yield values.tidy(str(specification.get("/F", "associated"))), stream.get_data()

    def _structured(self, name: str, content: bytes) -> list[Statements]:
        if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return []
        try:
            data = markup.parse(content, self._budget)
        except markup.MarkupTooLarge:
            self._note(Trouble.PART_TOO_LARGE, name)
        except markup.MarkupForbidden:
            self._note(Trouble.PART_REFUSED, name)
        except markup.MarkupDamaged:
            self._note(Trouble.PART_DAMAGED, name)
        else:
            return structured_statements(data, self._outer + name, self._qr)
        return []

    def _pictured(self, *, is_scan: bool) -> list[Statements]:
        """What QR codes in pictures of the first page state."""
        stated: list[Statements] = []
        place = Place(Medium.QR, self._outer, "picture", 1)
        try:
            for picture in picture_files(self._reader.pages[0].get("/Resources"), is_scan=is_scan):
                stated.extend(self._qr.picture(picture, place))
                if not self._qr.reads_pictures:
                    break
        except _DAMAGE:
            self._note(Trouble.PART_DAMAGED, "pictures")
        return stated

    def _info(self) -> Statements:
        stated = Statements()
        try:
            metadata = cast("dict[object, object]", self._reader.metadata or {})
            told = {str(key): str(value) for key, value in metadata.items()}
        except _DAMAGE:
            self._note(Trouble.PART_DAMAGED, "information dictionary")
            return stated
        for key, value in told.items():
            name = key.removeprefix("/")
            field = dialects.DIGITAL.fields.get(name) or dialects.LABELS.get(name)
            if field is not None:
                stated.text(field, value, Place(Medium.PDF_INFO, self._outer, name))
        return stated

    def _runs(self) -> list[Run]:
        runs: list[Run] = []
        try:
            count = len(self._reader.pages)
        except LimitReachedError:
            self._note(Trouble.PAGES_LEFT_OUT)
            return runs
        except _DAMAGE:
            self._note(Trouble.PART_DAMAGED, "pages")
            return runs
        if count > limits.MAX_PDF_PAGES:
            self._note(Trouble.PAGES_LEFT_OUT, detail=str(count))
        for index in range(min(count, limits.MAX_PDF_PAGES)):
            try:
                runs.extend(self._runs_of_page(index))
            except (LimitExceeded, LimitReachedError):
                self._note(Trouble.PAGES_LEFT_OUT, detail=str(count))
                break
            except _DAMAGE:
                self._note(Trouble.PART_DAMAGED, f"page {index + 1}")
        return runs

    def _runs_of_page(self, index: int) -> list[Run]:
        page = self._reader.pages[index]
        drawn = page.get("/Contents")
        if drawn is None:
            return []
        # Strings as bytes: their fonts say how they are to be decoded.
        contents = ContentStream(drawn.get_object(), self._reader, "bytes")
        self._budget.spend_drawing(len(contents.get_data()))
        self._weigh(page.get("/Resources"), depth=0)
        _part_pieces(contents)
        page[NameObject("/Contents")] = contents
        text = _Text(index + 1, float(page.mediabox.top))
        page.extract_text(visitor_text=text)
        return text.runs

    def _weigh(self, resources: Any, depth: int) -> None:
        """Pay for the fonts and forms that drawing a page will interpret.

        Raises:
            LimitExceeded: too many, or more than is left.
        """
        told: dict[str, Any] = _dictionary(resources)
        fonts, drawn = _dictionary(told.get("/Font")), _dictionary(told.get("/XObject"))
        if len(fonts) > limits.MAX_PDF_FONTS:
            raise LimitExceeded("fonts")
        for font in map(_dictionary, fonts.values()):
            self._budget.spend_drawing(_length(font.get("/ToUnicode")))
        forms = [
            form for form in map(_dictionary, drawn.values()) if form.get("/Subtype") == "/Form"
        ]
        if len(forms) > limits.MAX_PDF_FORMS or (forms and depth >= limits.MAX_PDF_FORM_DEPTH):
            raise LimitExceeded("forms")
        for form in forms:
            # Each may be drawn as often as the library draws forms of one page.
            self._budget.spend_drawing(_length(form) * limits.MAX_PDF_FORMS)
            self._weigh(form.get("/Resources"), depth + 1)


def _dictionary(pointer: Any) -> dict[str, Any]:
    found = None if pointer is None else pointer.get_object()
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _length(pointer: Any) -> int:
    found = None if pointer is None else pointer.get_object()
    return len(found.get_data()) if isinstance(found, StreamObject) else 0


def _part_pieces(contents: ContentStream) -> None:
    """Repeat the font before each text operator: the library then hands over piece by piece.

    It joins pieces of one line otherwise and gives the place of the first only.
    """
    font: list[Any] | None = None
    parted: list[tuple[Any, bytes]] = []
    for operands, operator in contents.operations:
        if operator == b"Tf":
            font = cast("list[Any]", operands)
        elif operator in _SHOWS_TEXT and font is not None:
            parted.append((font, b"Tf"))
        parted.append((operands, operator))
    contents.operations = parted


def _product(first: list[float], second: list[float]) -> tuple[float, ...]:
    """The matrix that applies `first`, then `second` (PDF 1.7, 8.3.4)."""
    a, b, c, d, e, f = map(float, first)
    g, h, i, j, k, m = map(float, second)
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
