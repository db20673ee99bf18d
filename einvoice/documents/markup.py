"""XML from a stranger: no document types, no entities, no network, bounded in size and depth.

Real invoice parts begin with byte order marks, declare one encoding and use another, or are
no XML at all (`<:eInvoice xmlns:="">`, prefixes that nobody declared). The last are read with
all name prefixes removed; whatever was repaired, the caller is told.
"""

import codecs
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import chain

from einvoice.documents import limits
from einvoice.documents.container import Budget, LimitExceeded

Element = ET.Element

_DECLARED = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]*\?>""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NAMESPACES = re.compile(r"""\sxmlns(?::[^\s=>]*)?\s*=\s*(?:"[^"]*"|'[^']*')""")
_PREFIXED_TAG = re.compile(r"<(/?)[^\s<>/=\"'!?:]*:")
_PREFIXED_ATTRIBUTE = re.compile(r"""(\s)[^\s<>/="':]+:(?=[^\s<>/="':]+\s*=)""")
_HAN = re.compile("[\u4e00-\u9fff]")
_TAG = re.compile(r"<[^<>!?][^<>]*>")

# GB 18030 holds GBK and GB 2312. Any other encoding is refused: none was seen, and exotic
# ones serve to hide declarations from the check below.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "utf-16": "utf-16",
}


class MarkupError(Exception):
    """A part that cannot be read as XML. Each cause is a subclass."""


class MarkupDamaged(MarkupError):
    """Not XML, even after repair, or in an encoding that no invoice uses."""


class MarkupForbidden(MarkupError):
    """It declares a document type or entities."""


class MarkupTooLarge(MarkupError):
    """More bytes, elements or levels than `limits` allows."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A parsed part.

    Attributes:
        root: its root element. All elements bear their local name; attributes are as parsed.
        is_repaired: whether prefixes were removed, or another encoding used than the declared one.
        namespaces: that elements were in, once each; empty where prefixes were removed.
    """

    root: Element
    is_repaired: bool
    namespaces: tuple[str, ...]


def text_of(element: Element) -> str:
    """The element's own text, stripped; text of children does not count."""
    return (element.text or "").strip()


def parse(data: bytes, budget: Budget | None = None) -> Markup:
    """Parse one XML part.

    Args:
        data: the part.
        budget: pays for its tags, so that many parts cannot do what one may not; a fresh one
            if None.

    Raises:
        MarkupTooLarge: too many bytes, elements, attributes or levels.
        MarkupForbidden: a document type or entities.
        MarkupDamaged: no XML.
    """
    if len(data) > limits.MAX_XML_BYTES:
        raise MarkupTooLarge("bytes")
    text, is_repaired = _decode(data)
    tags = max(text.count("<"), text.count("="))
    if tags > limits.MAX_XML_TAGS:
        raise MarkupTooLarge("elements")
    try:
        (Budget() if budget is None else budget).spend_tags(tags)
    except LimitExceeded as bad:
        raise MarkupTooLarge("elements of all parts") from bad
    # Most parts have no `<!` at all, which is found out much faster than the pattern.
    if "<!" in text and _FORBIDDEN.search(text):
        raise MarkupForbidden("document type or entities")
    declaration = _DECLARATION.match(text)
    if declaration:
        text = text[declaration.end() :]
    try:
        root = _tree(text)
    except ET.ParseError:
        try:
            root, is_repaired = _tree(_TAG.sub(_without_prefixes, text)), True
        except ET.ParseError as bad:
            raise MarkupDamaged("no XML") from bad
    return Markup(root, is_repaired, _strip_namespaces(root))


def _tree(text: str) -> Element:
    try:
        return ET.fromstring(text)  # noqa: S314 - DTD and entities were refused above
    except (ValueError, UnicodeError) as bad:  # lone surrogates and NUL
        raise MarkupDamaged("characters that XML cannot hold") from bad


def _decode(data: bytes) -> tuple[str, bool]:
    """The text, and whether the part lies about its encoding.

    Writers declare GBK and write UTF-8, or the other way round. GBK text is hardly ever valid
    UTF-8, and then holds no Han characters, so UTF-8 is tried first.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), False
    declared = _DECLARED.match(data[:200].removeprefix(codecs.BOM_UTF8).decode("latin-1"))
    name = "utf-8" if declared is None else _ENCODINGS.get(declared[1].lower())
    if name is None or name == "utf-16":
        raise MarkupDamaged("unusual encoding")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030"), name != "gb18030"
    if name == "utf-8" or data.startswith(codecs.BOM_UTF8) or text.isascii():
        return text, False
    return (text, True) if _HAN.search(text) else (_strictly(data, name), False)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as bad:
        raise MarkupDamaged("not in its encoding") from bad


def _without_prefixes(tag: re.Match[str]) -> str:
    plain = _NAMESPACES.sub("", tag[0])
    plain = _PREFIXED_TAG.sub(r"<\1", plain, count=1)
    return _PREFIXED_ATTRIBUTE.sub(r"\1", plain)


class _LocalNames(dict[str, str]):
    """Qualified name (`{namespace}name`) -> name without namespace, worked out once each."""

    def __init__(self) -> None:
        super().__init__()
        self.namespaces: dict[str, None] = {}

    def __missing__(self, qualified: str) -> str:
        namespace, _, name = qualified.rpartition("}")
        if namespace:
            self.namespaces.setdefault(namespace[1:])
        self[qualified] = name
        return name


def _strip_namespaces(root: Element) -> tuple[str, ...]:
    """Give every element its local name.

    Raises:
        MarkupTooLarge: more levels than `limits` allows.
    """
    names = _LocalNames()
    level = [root]
    for _ in range(limits.MAX_XML_DEPTH):
        for element in level:
            element.tag = names[element.tag]
        level = list(chain.from_iterable(level))
        if not level:
            return tuple(names.namespaces)
    raise MarkupTooLarge("levels")
