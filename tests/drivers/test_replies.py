"""The reply parser: any split, any merge, anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printers.replies import (
    BLOCK_LIMIT,
    AutoStatus,
    Block,
    Flow,
    Ordered,
    RealTime,
    Reply,
    ReplyParser,
    Stray,
)


@pytest.mark.parametrize(
    ("stream", "replies"),
    [
        ("12", [RealTime(0x12)]),
        ("72 7e 92", [RealTime(0x72), RealTime(0x7E), RealTime(0x92)]),
        ("10 00 00 00", [AutoStatus(b"\x10\x00\x00\x00")]),
        ("18 08 00 0f", [AutoStatus(b"\x18\x08\x00\x0f")]),  # SNBC BTP-M300: byte 4 = 0F
        ("3c 00 0f 00", [AutoStatus(b"\x3c\x00\x0f\x00")]),
        ("18 00 13 0f 00", [Flow(stop=True), AutoStatus(b"\x18\x00\x0f\x00")]),
        ("10 00 12 00 00", [RealTime(0x12), AutoStatus(b"\x10\x00\x00\x00")]),
        ("10 00 10 00 00 00", [Stray(b"\x10\x00"), AutoStatus(b"\x10\x00\x00\x00")]),
        ("00", [Ordered(0x00)]),
        ("0c", [Ordered(0x0C)]),
        ("37 22 61 42 33 78 00", [Block(0x37, b'"aB3x')]),
        ("37 25 00", [Block(0x37, b"%")]),
        ("5f 45 50 53 4f 4e 00", [Block(0x5F, b"EPSON")]),
        ("5f 54 4d 11 2d 00", [Flow(stop=False), Block(0x5F, b"TM-")]),
        ("5f 54 10 00 0f 00 4d 00", [AutoStatus(b"\x10\x00\x0f\x00"), Block(0x5F, b"TM")]),
        ("5f 54 1a 4d 00", [RealTime(0x1A), Block(0x5F, b"TM")]),
        ("11", [Flow(stop=False)]),
        ("15 7f", [Stray(b"\x15"), Stray(b"\x7f")]),
    ],
)
def test_each_kind_of_reply(stream: str, replies: list[Reply]) -> None:
    assert ReplyParser().feed(bytes.fromhex(stream)) == replies


def test_a_block_without_end_is_given_up() -> None:
    parser = ReplyParser()
    replies = parser.feed(b"\x5f" + b"A" * (BLOCK_LIMIT + 1))
    assert replies == [Stray(b"\x5f" + b"A" * BLOCK_LIMIT), Ordered(ord("A"))]
    assert parser.feed(b"\x12") == [RealTime(0x12)]


def test_reset_forgets_what_has_begun() -> None:
    parser = ReplyParser()
    parser.feed(b"\x5fTM\x10\x00")
    parser.reset()
    assert parser.feed(b"\x00") == [Ordered(0)]


WHOLE = st.one_of(
    st.builds(lambda n: bytes((n & ~0x13 | 0x12,)), st.integers(0, 255)),
    st.builds(
        lambda first, rest: bytes((first & 0x6C | 0x10, *(byte & 0x6F for byte in rest))),
        st.integers(0, 255),
        st.lists(st.integers(0, 127), min_size=3, max_size=3),
    ),
    st.builds(
        lambda header, text: bytes((header,)) + text + b"\x00",
        st.sampled_from([0x37, 0x5F]),
        st.binary(max_size=40).map(lambda raw: bytes(0x20 + byte % 0x5F for byte in raw)),
    ),
    st.sampled_from([b"\x00", b"\x03", b"\x0c", b"\x11", b"\x13"]),
)


@given(st.lists(WHOLE, max_size=20), st.data())
def test_whole_replies_come_out_whole_however_they_are_cut(
    replies: list[bytes], data: st.DataObject
) -> None:
    expected = [reply for whole in replies for reply in ReplyParser().feed(whole)]
    assert not any(isinstance(reply, Stray) for reply in expected)
    stream = b"".join(replies)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))))
    parser = ReplyParser()
    found: list[Reply] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found.extend(parser.feed(stream[start:end]))
    assert found == expected


@given(st.lists(st.binary(max_size=30)))
def test_anything_at_all_is_survived_and_the_cut_does_not_matter(pieces: list[bytes]) -> None:
    parser = ReplyParser()
    in_pieces = [reply for piece in pieces for reply in parser.feed(piece)]
    assert in_pieces == ReplyParser().feed(b"".join(pieces))


@given(st.binary(max_size=200))
def test_after_anything_the_parser_finds_its_way_back(noise: bytes) -> None:
    parser = ReplyParser()
    parser.feed(noise)
    parser.feed(bytes(BLOCK_LIMIT))  # ends whatever has begun
    assert parser.feed(b"\x37\x25\x00") == [Block(0x37, b"%")]
