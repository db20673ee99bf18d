"""IPP messages: the bytes of RFC 8010, back and forth, and anything else refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.documents import ipp_codec as codec
from drivers.documents.ipp_codec import Attribute, Group, IppMalformed, Message, Tag, Value


def value(tag: int, name: bytes, raw: bytes) -> bytes:
    """One value by hand, as RFC 8010 section 3.1.4 draws it."""
    sizes = [len(part).to_bytes(2, "big") for part in (name, raw)]
    return bytes((tag,)) + sizes[0] + name + sizes[1] + raw


# The shape of the request in RFC 8010 appendix A.1, by hand.
PRINT_JOB = b"".join(
    (
        b"\x01\x01\x00\x02\x00\x00\x00\x01\x01",
        value(0x47, b"attributes-charset", b"utf-8"),
        value(0x48, b"attributes-natural-language", b"en-us"),
        value(0x45, b"printer-uri", b"ipp://printer.example"),
        b"\x02",
        value(0x21, b"copies", b"\x00\x00\x00\x14"),
        value(0x44, b"sides", b"two-sided-long-edge"),
        b"\x03",
    )
)


def test_a_request_is_the_bytes_of_the_standard() -> None:
    message = Message(
        2,
        1,
        (
            Group(
                Tag.OPERATION,
                (
                    codec.words("attributes-charset", Tag.CHARSET, "utf-8"),
                    codec.words("attributes-natural-language", Tag.LANGUAGE, "en-us"),
                    codec.words("printer-uri", Tag.URI, "ipp://printer.example"),
                ),
            ),
            Group(
                Tag.JOB,
                (
                    codec.number("copies", 20),
                    codec.words("sides", Tag.KEYWORD, "two-sided-long-edge"),
                ),
            ),
        ),
    )
    assert codec.encode(message) == PRINT_JOB
    assert codec.decode(PRINT_JOB + b"%PDF") == (message, b"%PDF")


def test_values_are_what_their_tags_say() -> None:
    message = Message(
        0,
        1,
        (
            Group(
                Tag.PRINTER,
                (
                    codec.number("state", 5, Tag.ENUM),
                    codec.truth("accepting", True),
                    codec.words("reasons", Tag.KEYWORD, "media-empty-error", "toner-low-report"),
                    Attribute("info", (Value(0x35, b"\x00\x05zh-cn\x00\x06" + "来货".encode()),)),
                    Attribute("nothing", (Value(0x13, b""),)),
                ),
            ),
        ),
    )
    read, _ = codec.decode(codec.encode(message))
    assert read.integer(Tag.PRINTER, "state") == 5
    assert read.boolean(Tag.PRINTER, "accepting") is True
    assert read.texts(Tag.PRINTER, "reasons") == ("media-empty-error", "toner-low-report")
    assert read.texts(Tag.PRINTER, "info") == ("来货",)
    assert read.integer(Tag.PRINTER, "nothing") is None
    assert read.texts(Tag.PRINTER, "state") == ()
    assert read.integer(Tag.JOB, "state") is None


def test_the_members_of_a_collection_are_not_taken_for_values() -> None:
    inner = (
        value(0x34, b"media-col", b"")
        + value(0x4A, b"", b"media-size")
        + value(0x34, b"", b"")
        + value(0x4A, b"", b"x-dimension")
        + value(0x21, b"", (21000).to_bytes(4, "big"))
        + value(0x37, b"", b"")
        + value(0x37, b"", b"")
        + value(0x34, b"", b"")  # a second one
        + value(0x37, b"", b"")
        + value(0x21, b"copies", (2).to_bytes(4, "big"))
    )
    read, _ = codec.decode(b"\x01\x01\x00\x00\x00\x00\x00\x01\x02" + inner + b"\x03")
    assert [len(a.values) for a in read.groups[0].attributes] == [2, 1]
    assert read.integer(Tag.JOB, "copies") == 2


VALUES = st.builds(
    Value,
    st.sampled_from([0x10, 0x21, 0x22, 0x23, 0x30, 0x41, 0x42, 0x44, 0x45, 0x7F]),
    st.binary(max_size=40),
)
ATTRIBUTES = st.builds(
    Attribute, st.text(min_size=1, max_size=20), st.lists(VALUES, min_size=1, max_size=3).map(tuple)
)
GROUPS = st.builds(
    Group, st.sampled_from([1, 2, 4, 5, 6, 0x0F]), st.lists(ATTRIBUTES, max_size=4).map(tuple)
)
MESSAGES = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(-(2**31), 2**31 - 1),
    st.lists(GROUPS, max_size=3).map(tuple),
)


@given(MESSAGES, st.binary(max_size=20))
def test_what_is_written_is_what_is_read(message: Message, document: bytes) -> None:
    assert codec.decode(codec.encode(message) + document) == (message, document)


@given(MESSAGES, st.data())
def test_a_message_cut_anywhere_is_refused(message: Message, data: st.DataObject) -> None:
    whole = codec.encode(message)
    with pytest.raises(IppMalformed):
        codec.decode(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.binary(max_size=200).map(lambda tail: b"\x01\x01\x00\x00\x00\x00\x00\x01" + tail))
def test_anything_at_all_is_a_message_or_refused(data: bytes) -> None:
    with contextlib.suppress(IppMalformed):
        read, _ = codec.decode(data)
        for group in read.groups:
            for attribute in group.attributes:
                for value in attribute.values:
                    assert (value.integer, value.boolean, value.text) is not None
