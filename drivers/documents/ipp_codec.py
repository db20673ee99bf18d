"""IPP messages as bytes (RFC 8010 section 3)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class IppMalformed(ValueError):
    """These bytes are no IPP message."""


class Tag(IntEnum):
    """Tags that are used here. Values of other kinds are kept as they came."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    BEGIN_COLLECTION = 0x34
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


_FIRST_VALUE_TAG = 0x10
_WITH_LANGUAGE = frozenset((0x35, 0x36))  # text and name with their own language


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its tag and its bytes."""

    tag: int
    raw: bytes

    @property
    def integer(self) -> int | None:
        """An integer or enum; None if it is something else."""
        if self.tag in (Tag.INTEGER, Tag.ENUM) and len(self.raw) == 4:
            return int.from_bytes(self.raw, "big", signed=True)
        return None

    @property
    def boolean(self) -> bool | None:
        """A boolean; None if it is something else."""
        return bool(self.raw[0]) if self.tag == Tag.BOOLEAN and len(self.raw) == 1 else None

    @property
    def text(self) -> str | None:
        """Characters of any kind; None if it is a number or a structure."""
        raw = self.raw
        if self.tag in _WITH_LANGUAGE:
            language_end = 2 + int.from_bytes(raw[:2], "big")
            raw = raw[language_end + 2 :]
        elif self.tag < Tag.TEXT:
            return None
        return raw.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and its values. Collections are kept without their members."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes under one delimiter (`Tag.OPERATION`, `JOB`, `PRINTER`, ...)."""

    tag: int
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A request (`code` is the operation) or an answer (`code` is the status)."""

    code: int
    request_id: int
    groups: tuple[Group, ...] = ()
    version: tuple[int, int] = (1, 1)

    def values(self, group: int, name: str) -> tuple[Value, ...]:
        """The values of an attribute in the first group of this kind that has it; else empty."""
        for one in self.groups:
            if one.tag == group:
                for attribute in one.attributes:
                    if attribute.name == name:
                        return attribute.values
        return ()

    def integer(self, group: int, name: str) -> int | None:
        """The number of that name, if there is one."""
        return next((value.integer for value in self.values(group, name)), None)

    def boolean(self, group: int, name: str) -> bool | None:
        """The truth of that name, if there is one."""
        return next((value.boolean for value in self.values(group, name)), None)

    def integers(self, group: int, name: str) -> frozenset[int]:
        """All numbers of that name."""
        numbers = (value.integer for value in self.values(group, name))
        return frozenset(number for number in numbers if number is not None)

    def texts(self, group: int, name: str) -> tuple[str, ...]:
        """All texts of that name."""
        texts = (value.text for value in self.values(group, name))
        return tuple(text for text in texts if text is not None)


def number(name: str, value: int, tag: Tag = Tag.INTEGER) -> Attribute:
    """An integer, or with `Tag.ENUM` an enum."""
    return Attribute(name, (Value(tag, value.to_bytes(4, "big", signed=True)),))


def truth(name: str, value: bool) -> Attribute:
    """A boolean."""
    return Attribute(name, (Value(Tag.BOOLEAN, bytes((value,))),))


def words(name: str, tag: Tag, *texts: str) -> Attribute:
    """Texts of one kind: `Tag.KEYWORD`, `URI`, `NAME`, `MIME`, ..."""
    return Attribute(name, tuple(Value(tag, text.encode("utf-8")) for text in texts))


def encode(message: Message) -> bytes:
    """The message as bytes, without the document that may follow it."""
    whole = bytearray(struct.pack(">BBHi", *message.version, message.code, message.request_id))
    for group in message.groups:
        whole.append(group.tag)
        for attribute in group.attributes:
            name = attribute.name.encode("utf-8")
            for value in attribute.values:
                whole += struct.pack(">BH", value.tag, len(name)) + name
                whole += struct.pack(">H", len(value.raw)) + value.raw
                name = b""  # a further value of the same attribute has no name
    whole.append(Tag.END)
    return bytes(whole)


def decode(data: bytes) -> tuple[Message, bytes]:
    """The message at the beginning of the bytes, and the document after it.

    Raises:
        IppMalformed: it is cut off, or is none.
    """
    if len(data) < 8:
        raise IppMalformed("shorter than a header")
    major, minor, code, request_id = struct.unpack(">BBHi", data[:8])
    reader = _Reader(data, 8)
    groups: list[Group] = []
    while (tag := reader.byte()) != Tag.END:
        if tag >= _FIRST_VALUE_TAG:
            raise IppMalformed("a value without a group")
        groups.append(Group(tag, tuple(_attributes(reader))))
    return Message(code, request_id, tuple(groups), (major, minor)), reader.rest()


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def byte(self) -> int:
        return self._take(1)[0]

    def peek(self) -> int:
        if self._at >= len(self._data):
            raise IppMalformed("cut off")
        return self._data[self._at]

    def string(self) -> bytes:
        return self._take(int.from_bytes(self._take(2), "big"))

    def rest(self) -> bytes:
        return self._data[self._at :]

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise IppMalformed("cut off")
        taken, self._at = self._data[self._at : end], end
        return taken


def _attributes(reader: _Reader) -> Iterator[Attribute]:
    """The attributes up to the next delimiter."""
    name: str | None = None
    values: list[Value] = []
    depth = 0  # inside a collection its members are passed over
    while reader.peek() >= _FIRST_VALUE_TAG:
        tag = reader.byte()
        raw_name, raw = reader.string(), reader.string()
        if tag == Tag.END_COLLECTION:
            depth -= 1
            if depth < 0:
                raise IppMalformed("a collection that never began")
            continue
        depth += tag == Tag.BEGIN_COLLECTION
        if depth > (tag == Tag.BEGIN_COLLECTION):
            continue
        if raw_name:
            if name is not None:
                yield Attribute(name, tuple(values))
            name, values = raw_name.decode("utf-8", errors="replace"), []
        elif name is None:
            raise IppMalformed("a further value of nothing")
        values.append(Value(tag, raw))
    if depth:
        raise IppMalformed("a collection that never ends")
    if name is not None:
        yield Attribute(name, tuple(values))
