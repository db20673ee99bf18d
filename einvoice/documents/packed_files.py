"""The files of a ZIP that is no OFD, and of the ZIPs in it.

Mail providers and finance software pack what they were sent, which often is a ZIP itself.
One such level is opened. All files together share one count and the budget of the file
handed in.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from einvoice.documents import container, limits
from einvoice.documents.container import Container, ContainerError
from einvoice.documents.ofd import is_ofd

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_DEEPEST = 1
# What the archiver of macOS adds about each file.
_ABOUT_FILES = "__MACOSX/"


class NestedTooDeep(ContainerError):
    """A ZIP in a ZIP in a ZIP."""


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file that is no ZIP. `path` joins the names of the ZIPs around it with `!`."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OfdFile:
    """A file that is an OFD."""

    path: str
    opened: Container


@dataclass(frozen=True, slots=True)
class Unopened:
    """A file that could not be had, or a ZIP that could not be opened."""

    path: str
    error: ContainerError


@dataclass(frozen=True, slots=True)
class LeftOut:
    """No more is looked at. `path` is of the ZIP that has more files, empty for the outermost."""

    path: str
    files: int


PackedFile = PlainFile | OfdFile | Unopened | LeftOut


def packed_files(opened: Container) -> Iterator[PackedFile]:
    """Every file of a ZIP, in its order, up to `limits.MAX_FILES`. Nothing is raised."""
    return _Walk().files(opened, "", 0)


class _Walk:
    def __init__(self) -> None:
        self._left = limits.MAX_FILES

    def files(self, opened: Container, path: str, depth: int) -> Iterator[PackedFile]:
        names = [name for name in opened.names if not name.startswith(_ABOUT_FILES)]
        for name in names:
            if self._left <= 0:
                yield LeftOut(path.removesuffix("!"), len(names))
                return
            self._left -= 1
            yield from self._file(opened, name, path + name, depth)

    def _file(self, opened: Container, name: str, path: str, depth: int) -> Iterator[PackedFile]:
        try:
            data = opened.read(name)
            inner = Container.open(data, opened.budget) if data.startswith(ZIP_STARTS) else None
        except container.ContainerError as bad:
            yield Unopened(path, bad)
            return
        if inner is None:
            yield PlainFile(path, data)
        elif is_ofd(inner):
            yield OfdFile(path, inner)
        elif depth >= _DEEPEST:
            yield Unopened(path, NestedTooDeep(path))
        else:
            yield from self.files(inner, f"{path}!", depth + 1)
