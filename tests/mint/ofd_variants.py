"""Ways in which writers of OFD differ, as changes to the parts of a minted file."""

import io
import random
import re
import zipfile
from collections.abc import Callable

Parts = dict[str, bytes]
Variant = Callable[[Parts], Parts]


def parts_of(file: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _xml(change: Callable[[str], str]) -> Variant:
    def changed(parts: Parts) -> Parts:
        return {
            name: change(content.decode("utf-8-sig")).encode() if name.endswith("xml") else content
            for name, content in parts.items()
        }

    return changed


def _named(change: Callable[[str], str]) -> Variant:
    return lambda parts: {change(name): content for name, content in parts.items()}


def _references(pattern: str, replacement: str) -> Variant:
    return _xml(lambda text: re.sub(pattern, replacement, text))


def default_namespace(text: str) -> str:
    return re.sub(r"(</?)ofd:", r"\1", text).replace("xmlns:ofd=", "xmlns=")


def shuffled_page(parts: Parts) -> Parts:
    """Objects drawn in another order."""

    def change(text: str) -> str:
        objects = re.findall(r"<ofd:TextObject.*?</ofd:TextObject>", text)
        mixed = random.Random(7).sample(objects, len(objects))
        for at, one in enumerate(objects):
            text = text.replace(one, f"\0{at}\0", 1)
        return re.sub("\0([0-9]+)\0", lambda match: mixed[int(match[1])], text)

    return {
        name: change(content.decode()).encode() if "Pages/" in name else content
        for name, content in parts.items()
    }


def shuffled_tags(parts: Parts) -> Parts:
    """Fields of the tag file in another order."""

    def change(text: str) -> str:
        head, body, foot = re.fullmatch(r"(.*?<[^?>]+>)(.*)(</[^>]+>\s*)", text, re.DOTALL).groups()  # pyright: ignore[reportOptionalMemberAccess]
        fields = re.findall(r"<([a-z:]*[A-Za-z]+)>(.*?)</\1>", body)
        # Lines stand side by side, so their order among themselves means something.
        fields.sort(key=lambda field: (field[0][::-1],))
        return head + "".join(f"<{name}>{inside}</{name}>" for name, inside in fields) + foot

    return {
        name: change(content.decode()).encode()
        if re.search(r"Tags/(?!CustomTags)", name)
        else content
        for name, content in parts.items()
    }


def pretty_printed(parts: Parts) -> Parts:
    return {
        name: re.sub(rb"><", b">\r\n\t<", content)
        if name.endswith("xml") and "Content" not in name
        else content
        for name, content in parts.items()
    }


def in_gbk(parts: Parts) -> Parts:
    return {
        name: content.decode("utf-8-sig").replace("UTF-8", "GBK", 1).encode("gb18030")
        if name.endswith("xml")
        else content
        for name, content in parts.items()
    }


def in_gbk_undeclared(parts: Parts) -> Parts:
    return {
        name: content.decode("utf-8-sig").encode("gb18030") if name.endswith("xml") else content
        for name, content in parts.items()
    }


def with_marks(parts: Parts) -> Parts:
    return {
        name: b"\xef\xbb\xbf" + content if name.endswith("xml") else content
        for name, content in parts.items()
    }


def without(pattern: str) -> Variant:
    """Parts that are missing although others name them."""
    return lambda parts: {
        name: content for name, content in parts.items() if not re.search(pattern, name)
    }


WRITTEN_OTHERWISE: dict[str, Variant] = {
    "namespace without its year": _xml(
        lambda text: text.replace("ofdspec.org/2016", "ofdspec.org")
    ),
    "default namespace": _xml(default_namespace),
    "another prefix": _xml(lambda text: text.replace("ofd:", "ns0:").replace(":ofd=", ":ns0=")),
    "names in upper case": _named(str.upper),
    "names in lower case": _named(str.lower),
    "names with backslashes": _named(lambda name: name.replace("/", "\\")),
    "names that begin with ./": _named(lambda name: f"./{name}"),
    "names that begin with /": _named(lambda name: f"/{name}"),
    "paths from the root": _references(r'BaseLoc="(?=Pages|Tpls)', 'BaseLoc="/Doc_0/'),
    "paths from the root, no slash": _references(r'BaseLoc="(?=Pages|Tpls)', 'BaseLoc="Doc_0/'),
    "paths that begin with ./": _references(r'BaseLoc="(?=Pages|Tpls)', 'BaseLoc="./'),
    "paths with backslashes": _references(r"Pages/Page_(\d+)/", r"Pages\\Page_\1\\"),
    "objects drawn in another order": shuffled_page,
    "pretty printed": pretty_printed,
    "a comment in front": _xml(lambda text: text.replace("?>", "?><!-- 样例 -->", 1)),
}
"""The same content in another writing: everything must be read."""

ENCODED: dict[str, Variant] = {
    "as it is": lambda parts: parts,
    "byte order marks": with_marks,
    "GBK": in_gbk,
    "GBK that says UTF-8": in_gbk_undeclared,
}
"""The same content in other bytes; to be applied last."""

LACKING: dict[str, Variant] = {
    "no attachment": without("original_invoice"),
    "no list of attachments": without(r"Attachments\.xml"),
    "no tags": without(r"Tags/(?!CustomTags)"),
    "no list of tags": without(r"CustomTags\.xml"),
    "no entry data": _xml(lambda text: re.sub(r"<ofd:CustomDatas>.*?</ofd:CustomDatas>", "", text)),
    "no resources": without(r"Res\.xml"),
    "no QR": without("qr.png"),
    "tags in another order": shuffled_tags,
}
"""One place less: the others must do."""
