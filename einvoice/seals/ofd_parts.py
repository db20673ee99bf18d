"""The XML parts of an OFD that concern signatures (GB/T 33190-2016, chapter 18).

OFD.xml names a list of signatures, the list names one Signature.xml each, and that names
the files it protects, their digests and the file with the signature itself.
"""

import base64
import binascii
import posixpath
import re
from dataclasses import dataclass
from datetime import datetime

from einvoice.documents import markup
from einvoice.documents.container import Container, ContainerError
from einvoice.documents.markup import Element, MarkupError
from einvoice.seals.validity import CHINA

ROOT = "OFD.xml"
_INVOICE_CODE = "发票代码"
_INVOICE_NUMBER = "发票号码"
_DATE_DIGITS = len("yyyymmddhhmmss")


class PartError(Exception):
    """A part that cannot be used.

    Attributes:
        note: key of the sentence that says why.
        name: the part.
    """

    def __init__(self, note: str, name: str) -> None:
        super().__init__(f"{note}: {name}")
        self.note = note
        self.name = name


@dataclass(frozen=True, slots=True)
class ListedSignature:
    """One entry of a list of signatures.

    Its type (Seal, Sign or nothing) is not kept: nobody signs the list, and the signature
    itself shows what it is.

    Attributes:
        name: path of its Signature.xml, from the root.
        listed_in: path of the list.
    """

    name: str
    listed_in: str


@dataclass(frozen=True, slots=True)
class Root:
    """What OFD.xml says.

    Attributes:
        lists: paths of the lists of signatures, from the root.
        region: of the invoice, as in its code or number: 2 or 4 digits; empty if unknown.
    """

    lists: tuple[str, ...]
    region: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One protected file: its path from the root, and the digest it must have."""

    name: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class SignatureXml:
    """What a Signature.xml says.

    Attributes:
        raw: its bytes, which the signature covers.
        check_method: of the digests, as written: an object identifier or a name.
        references: the protected files.
        signed_value: path of the signature itself.
        seal_file: path of the seal beside it, named or found there; empty if none.
        signed_at: the time it states, taken as China's; None where it is unreadable.
    """

    raw: bytes
    check_method: str
    references: tuple[Reference, ...]
    signed_value: str
    seal_file: str
    signed_at: datetime | None


def read_entry(container: Container, name: str) -> bytes:
    """One entry's bytes.

    Raises:
        PartError: it is missing, damaged, refused or too large.
    """
    try:
        return container.read(name)
    except ContainerError as bad:
        raise PartError(note_of(bad), name) from bad


def read_root(container: Container) -> Root:
    """Read OFD.xml.

    Raises:
        PartError: there is none, or it cannot be read.
    """
    _, root = _parsed(container, container.find(ROOT) or ROOT)
    lists = [
        resolved(container, ROOT, markup.text_of(part))
        for body in _children(root, "DocBody")
        for part in _children(body, "Signatures")
    ]
    said = {part.get("Name", ""): markup.text_of(part) for part in _all(root, "CustomData")}
    return Root(
        lists=tuple(dict.fromkeys(lists)),
        region=region_of(said.get(_INVOICE_CODE, ""), said.get(_INVOICE_NUMBER, "")),
    )


def read_list(container: Container, name: str) -> tuple[ListedSignature, ...]:
    """Read a list of signatures.

    Raises:
        PartError: it is missing or cannot be read.
    """
    _, root = _parsed(container, name)
    return tuple(
        ListedSignature(
            name=resolved(container, name, part.get("BaseLoc", "")),
            listed_in=name,
        )
        for part in _children(root, "Signature")
    )


def read_signature(container: Container, name: str) -> SignatureXml:
    """Read a Signature.xml.

    Raises:
        PartError: it is missing, cannot be read or says nothing about the signature.
    """
    raw, root = _parsed(container, name)
    info = _child(root, "SignedInfo", name)
    listed = _child(info, "References", name)
    references = tuple(
        Reference(
            name=resolved(container, name, part.get("FileRef", "")),
            digest=_base64(markup.text_of(_child(part, "CheckValue", name)), name),
        )
        for part in _children(listed, "Reference")
    )
    if not references:
        raise PartError("nothing_protected", name)
    seal_files = [part for seal in _children(info, "Seal") for part in _children(seal, "BaseLoc")]
    return SignatureXml(
        raw=raw,
        check_method=listed.get("CheckMethod", ""),
        references=references,
        signed_value=resolved(container, name, markup.text_of(_child(root, "SignedValue", name))),
        seal_file=(
            resolved(container, name, markup.text_of(seal_files[0]))
            if seal_files
            else _seal_beside(container, name)
        ),
        signed_at=stated_time(
            "".join(markup.text_of(part) for part in _children(info, "SignatureDateTime"))
        ),
    )


def note_of(problem: Exception) -> str:
    """The key of the sentence about a problem: its type's name in small letters."""
    name = type(problem).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def resolved(container: Container, base: str, reference: str) -> str:
    """A path from the root for a reference written in the part `base`.

    A leading slash means the root. Without one, makers mean the folder of the part, one of
    those above it, or the root: the first that holds such an entry counts.

    Raises:
        PartError: the reference is empty or leaves the container.
    """
    reference = reference.replace("\\", "/")
    from_root = posixpath.normpath(reference.lstrip("/"))
    folders = [""]
    if not reference.startswith("/"):
        folder = posixpath.dirname(base)
        while folder:
            folders.insert(-1, folder)
            folder = posixpath.dirname(folder)
    candidates = [posixpath.normpath(posixpath.join(folder, from_root)) for folder in folders]
    chosen = next((name for name in candidates if name in container), None)
    if chosen is None:
        # Packers on Windows change letters between upper and lower case.
        found = (container.find(name) for name in candidates)
        chosen = next((name for name in found if name is not None), candidates[0])
    if not reference.strip("/") or chosen.split("/")[0] in {"..", "."}:
        raise PartError("path_escapes", reference)
    return chosen


def _parsed(container: Container, name: str) -> tuple[bytes, Element]:
    raw = read_entry(container, name)
    try:
        return raw, markup.parse(raw, container.budget).root
    except MarkupError as bad:
        raise PartError(note_of(bad), name) from bad


def _seal_beside(container: Container, name: str) -> str:
    beside = posixpath.join(posixpath.dirname(name), "Seal.esl")
    return beside if beside in container else ""


def _children(parent: Element, name: str) -> list[Element]:
    return [part for part in parent if part.tag == name]


def _all(root: Element, name: str) -> list[Element]:
    return list(root.iter(name))


def _child(parent: Element, name: str, where: str) -> Element:
    parts = _children(parent, name)
    if len(parts) != 1:
        raise PartError("signature_incomplete", where)
    return parts[0]


def _base64(text: str, where: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as bad:
        raise PartError("digest_unreadable", where) from bad


def stated_time(text: str) -> datetime | None:
    """The time in one of the many ways it is written, taken as China's; None if in none.

    A Z behind it means nothing: makers put it behind local times too.
    """
    digits = "".join(filter(str.isdecimal, text.partition(".")[0]))[:_DATE_DIGITS]
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    except ValueError:
        return None


def region_of(code: str, number: str) -> str:
    """The region in an old code (four digits) or a 数电票 number (two); empty if in neither."""
    if re.fullmatch("[0-9]{12}", code):
        return code[1:5]
    if re.fullmatch("[0-9]{10}", code):
        return code[:4]
    if re.fullmatch("[0-9]{20}", number):
        return number[2:4]
    return ""
