"""A ZIP from a stranger: entries by checked name, within limits, never silently ambiguous.

Shared by the readers of invoice files and the checker of seals. Nothing is ever written
to disk; names are still checked, because a file with a path that escapes was made to hurt.
"""

import io
import struct
import zipfile
import zlib
from collections import Counter
from typing import Self

from einvoice.documents import limits

# End of central directory record: APPNOTE.TXT 6.3.10, section 4.3.16.
_END_SIGNATURE = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_MAX_COMMENT = 0xFFFF
# Zip64 locator, 20 bytes before the end record: section 4.3.15. Its sizes would override
# the ones checked here, and no invoice file needs 4 GB.
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_BYTES = 20
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


class ContainerError(Exception):
    """The ZIP, or the entry asked for, cannot be used. Each cause is a subclass."""


class NotAContainer(ContainerError):
    """These bytes are no ZIP, or one whose directory is damaged."""


class EntryMissing(ContainerError):
    """No entry has this name."""


class EntryDamaged(ContainerError):
    """The entry's bytes do not unpack to what the directory says."""


class EntryRefused(ContainerError):
    """The entry is encrypted or packed by a method that no invoice file uses."""


class UnsafeName(ContainerError):
    """An entry's path leaves the container or cannot be a path."""


class DuplicateEntry(ContainerError):
    """Two entries have this name: readers would differ about which one counts."""


class LimitExceeded(ContainerError):
    """More entries or bytes than `limits` allows."""


class Budget:
    """Work that may still be done for one file handed in, nested files included.

    Attributes:
        left_bytes: that may still be unpacked.
        left_tags: of XML that may still be parsed.
        left_drawing_bytes: of PDF page contents and font maps that may still be interpreted.
    """

    def __init__(
        self,
        total_bytes: int = limits.MAX_UNPACKED_BYTES,
        total_tags: int = limits.MAX_ALL_TAGS,
        total_drawing_bytes: int = limits.MAX_PDF_DRAWING_BYTES,
    ) -> None:
        self.left_bytes = total_bytes
        self.left_tags = total_tags
        self.left_drawing_bytes = total_drawing_bytes

    def spend(self, count_bytes: int) -> None:
        """Take bytes to unpack.

        Raises:
            LimitExceeded: when fewer are left.
        """
        if count_bytes > self.left_bytes:
            raise LimitExceeded("unpacked bytes")
        self.left_bytes -= count_bytes

    def spend_tags(self, count: int) -> None:
        """Take tags of XML to parse.

        Raises:
            LimitExceeded: when fewer are left.
        """
        if count > self.left_tags:
            raise LimitExceeded("tags")
        self.left_tags -= count

    def spend_drawing(self, count_bytes: int) -> None:
        """Take bytes of PDF drawing to interpret.

        Raises:
            LimitExceeded: when fewer are left.
        """
        if count_bytes > self.left_drawing_bytes:
            raise LimitExceeded("drawing bytes")
        self.left_drawing_bytes -= count_bytes


class Container:
    """An opened ZIP. Made by `open`."""

    def __init__(self, archive: zipfile.ZipFile, budget: Budget) -> None:
        self._archive = archive
        self._budget = budget
        named = [(clean_name(_written_name(info)), info) for info in archive.infolist()]
        files = [(name, info) for name, info in named if not name.endswith("/")]
        counts = Counter(name for name, _ in files)
        self._entries = dict(files)
        self._duplicates = tuple(name for name, count in counts.items() if count > 1)
        self._by_case: dict[str, str] = {}
        for name in self._entries:
            self._by_case.setdefault(name.casefold(), name)

    @classmethod
    def open(cls, data: bytes, budget: Budget | None = None) -> Self:
        """Read the directory of a ZIP; nothing is unpacked yet.

        Args:
            data: the whole file.
            budget: shared with the file that this one was found in; a fresh one if None.

        Raises:
            NotAContainer: no ZIP, or a damaged directory.
            LimitExceeded: too large, or too many entries.
            UnsafeName: an entry's path leaves the container.
        """
        _check_directory_size(data)
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        # UnicodeDecodeError and ValueError come out of damaged name and date fields.
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError) as bad:
            raise NotAContainer(str(bad)) from bad
        if len(archive.infolist()) > limits.MAX_ENTRIES:
            raise LimitExceeded("entries")
        return cls(archive, Budget() if budget is None else budget)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files, once each, in the directory's order, without a leading slash."""
        return tuple(self._entries)

    @property
    def duplicates(self) -> tuple[str, ...]:
        """Names that more than one entry bears. `read` refuses them."""
        return self._duplicates

    @property
    def budget(self) -> Budget:
        """What may still be unpacked; hand it to a container found inside this one."""
        return self._budget

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/") in self._entries

    def find(self, name: str) -> str | None:
        """The file of this name, else the first whose name differs only in case; None if none."""
        name = name.lstrip("/")
        return name if name in self._entries else self._by_case.get(name.casefold())

    def size(self, name: str) -> int:
        """The unpacked size that the directory claims, in bytes.

        Raises:
            EntryMissing: no such entry.
        """
        return self._info(name).file_size

    def read(self, name: str) -> bytes:
        """The unpacked bytes of one entry. A leading slash in `name` is ignored.

        Every call counts against the budget, also for the same entry again.

        Raises:
            EntryMissing: no such entry.
            DuplicateEntry: more than one.
            EntryRefused: encrypted, or an unusual packing.
            EntryDamaged: broken data or checksum, or another name in front of the data.
            LimitExceeded: larger than one entry may be, or than what is left.
        """
        info = self._info(name)
        if name.lstrip("/") in self._duplicates:
            raise DuplicateEntry(name)
        if info.flag_bits & _ENCRYPTED:
            raise EntryRefused(f"encrypted: {name}")
        if info.compress_type not in _METHODS:
            raise EntryRefused(f"packing method {info.compress_type}: {name}")
        if info.file_size > limits.MAX_ENTRY_BYTES:
            raise LimitExceeded(f"entry of {info.file_size} bytes: {name}")
        self._budget.spend(info.file_size)
        try:
            # The stream stops at file_size and then compares the checksum, so a false size
            # in the directory ends here and unpacks no more than was spent.
            content = self._archive.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            struct.error,
            OSError,
        ) as bad:
            raise EntryDamaged(name) from bad
        if len(content) != info.file_size:
            raise EntryDamaged(name)
        return content

    def _info(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._entries[name.lstrip("/")]
        except KeyError:
            raise EntryMissing(name) from None


def clean_name(raw: str) -> str:
    """An entry's path with forward slashes, without leading slash, empty parts and `.`.

    Raises:
        UnsafeName: it is empty, climbs with `..`, names a drive or holds a control character.
    """
    slashed = raw.replace("\\", "/")
    parts = [part for part in slashed.split("/") if part not in {"", "."}]
    name = "/".join(parts) + ("/" if slashed.endswith("/") else "")
    if (
        not slashed.strip("/")
        or ".." in parts
        or any(part.endswith(":") for part in parts[:1])
        or (not name.isprintable() and any(ord(character) < 0x20 for character in name))
    ):
        raise UnsafeName(ascii(raw))
    return name


def _written_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it.

    Without the UTF-8 flag a name is read as code page 437 (APPNOTE.TXT, appendix D); packers
    on Chinese Windows put GBK there, others UTF-8 without saying so.
    """
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    written = name.encode("cp437")
    for codec in ("utf-8", "gb18030"):
        try:
            return written.decode(codec)
        except UnicodeDecodeError:
            continue
    return name


def _check_directory_size(data: bytes) -> None:
    """Refuse a directory too large to be read at all: `zipfile` reads it whole at once."""
    if len(data) > limits.MAX_FILE_BYTES:
        raise LimitExceeded("file size")
    at = data.rfind(_END_SIGNATURE, max(0, len(data) - _END.size - _MAX_COMMENT))
    if at < 0 or len(data) - at < _END.size:
        raise NotAContainer("no end record")
    if data[max(0, at - _ZIP64_LOCATOR_BYTES) : at].startswith(_ZIP64_LOCATOR):
        raise LimitExceeded("Zip64")
    _, _, _, _, entries, directory_bytes, _, _ = _END.unpack_from(data, at)
    if entries > limits.MAX_ENTRIES or directory_bytes > limits.MAX_DIRECTORY_BYTES:
        raise LimitExceeded("directory")
