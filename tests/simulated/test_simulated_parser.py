"""The parser takes the same commands however bytes arrive, and bears any byte."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printer_bench import Bench

from drivers.simulated import commands as c
from drivers.simulated.escpos_parser import EscPosParser
from drivers.simulated.model import Charset
from drivers.simulated.paper import Piece

CUT = b"\x1dVB\x00"


def commands_of(data: bytes, charset: Charset = Charset.GB18030) -> list[c.Command]:
    parser = EscPosParser(charset, double_byte=True)
    buffer = bytearray(data)
    found: list[c.Command] = []
    while (parsed := parser.next_command(buffer)) is not None:
        command, length = parsed
        assert length > 0
        found.append(command)
        del buffer[:length]
    return found


@pytest.mark.parametrize(
    ("data", "command"),
    [
        ("1b 40", c.Initialise()),
        ("1b 61 31", c.SetJustify(c.Justify.CENTRE)),
        ("1b 45 01", c.Emphasis(True)),
        ("1d 21 12", c.CharacterSize(2, 3)),
        ("1b 64 03", c.FeedLines(3)),
        ("1b 4a 78", c.FeedDots(120)),
        ("1d 56 00", c.Cut(partial=False, feed_dots=None)),
        ("1d 56 31", c.Cut(partial=True, feed_dots=None)),
        ("1d 56 42 10", c.Cut(partial=True, feed_dots=16)),
        ("1d 61 0f", c.AutomaticStatus(0x0F)),
        ("1d 72 01", c.TransmitPaper()),
        ("1d 49 43", c.TransmitIdentity(67)),
        ("1d 28 48 06 00 30 30 41 42 43 44", c.ProcessId(b"ABCD")),
        ("1d 28 6b 03 00 31 43 06", c.QrModule(6)),
        ("1d 28 6b 03 00 31 45 33", c.QrLevel("H")),
        ("1d 28 6b 05 00 31 50 30 68 69", c.QrStore(b"hi")),
        ("1d 28 6b 03 00 31 51 30", c.QrPrint()),
        ("1d 76 30 00 01 00 02 00 aa 55", c.Raster(1, 2, b"\xaa\x55")),
        ("d6 d0", c.Character(b"\xd6\xd0")),
        ("95 34 b2 35", c.Character(b"\x95\x34\xb2\x35")),
        ("1f", c.Unknown(b"\x1f")),
        ("1b 7f", c.Unknown(b"\x1b\x7f")),
        ("10 04 01", c.RealTimeInPlace()),
        ("1b 63 35 00", c.NoEffect("sensors and buttons", b"\x1bc5\x00")),
    ],
)
def test_a_command_is_taken_whole_and_not_before(data: str, command: c.Command) -> None:
    given_bytes = bytes.fromhex(data)
    assert commands_of(given_bytes) == [command]
    for length in range(1, len(given_bytes)):
        begun = commands_of(given_bytes[:length])
        assert command not in begun


def test_chinese_ends_with_fs_dot_and_comes_back_with_esc_at() -> None:
    two_bytes = b"\xd6\xd0"
    assert commands_of(b"\x1c." + two_bytes)[1:] == [
        c.Character(b"\xd6"),
        c.Character(b"\xd0"),
    ]
    assert commands_of(b"\x1c.\x1b@" + two_bytes)[2:] == [c.Character(two_bytes)]


def test_a_gb2312_font_does_not_know_four_byte_codes() -> None:
    code = "𠮷".encode("gb18030")
    assert commands_of(code, Charset.GB18030) == [c.Character(code)]
    assert len(commands_of(code, Charset.GB2312)) > 1


@given(st.binary(max_size=300), st.sampled_from(Charset))
def test_no_bytes_make_the_parser_fail(data: bytes, charset: Charset) -> None:
    commands_of(data, charset)


pieces_of_jobs = st.one_of(
    st.text(alphabet="发票查验结果0123456789 ABCxyz：￥〇𠮷①\n", max_size=30).map(
        lambda text: text.encode("gb18030")
    ),
    st.sampled_from(
        [
            b"\x1b@",
            b"\x1ba\x01",
            b"\x1ba\x02",
            b"\x1bE\x01",
            b"\x1bE\x00",
            b"\x1b!\x38",
            b"\x1d!\x11",
            b"\x1d!\x00",
            b"\x1c!\x0c",
            b"\x1c.",
            b"\x1c&",
            b"\x1bd\x02",
            b"\x1bJ\x20",
            b"\x1b3\x28",
            b"\x1b2",
            b"\n",
            b"\x1d(k\x03\x001C\x02\x1d(k\x09\x001P0abcdef\x1d(k\x03\x001Q0",
            b"\x1dv0\x00\x02\x00\x03\x00\xff\x01\x80\xff\x10\x04",
            b"\x1c2\xfe\xa1" + bytes(range(72)),
            b"\xfe\xa1",
            CUT,
            b"\x1dV\x00",
        ]
    ),
    st.binary(max_size=6),
)


def papers(bench: Bench) -> list[tuple[str, bool, list[bytes | None]]]:
    return [(piece.text, piece.complete, images(piece)) for piece in bench.pieces]


def images(piece: Piece) -> list[bytes | None]:
    return [None if band.image is None else band.image.tobytes() for band in piece.bands]


@settings(max_examples=60, deadline=None)
@given(job=st.lists(pieces_of_jobs, max_size=15).map(b"".join), edges=st.lists(st.integers(0, 600)))
def test_the_paper_does_not_depend_on_how_bytes_were_split(
    new_bench: Callable[..., Bench], job: bytes, edges: list[int]
) -> None:
    job += b"\n" + CUT
    whole, split = new_bench(), new_bench()
    whole.send(job)
    places = [0, *sorted(min(edge, len(job)) for edge in edges), len(job)]
    for start, end in pairwise(places):
        split.send(job[start:end])
    assert papers(split) == papers(whole)


def test_every_single_byte_split_gives_the_same_paper(new_bench: Callable[..., Bench]) -> None:
    job = (
        b"\x1b@\x1c&\x1ba\x01\x1d!\x11"
        + "查验结果".encode("gb18030")
        + b"\n\x1d!\x00\x1d(k\x03\x001C\x03\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0"
        + b"\x1dv0\x00\x02\x00\x02\x00\x10\x04\x01\xff"
        + CUT
    )
    whole, split = new_bench(), new_bench()
    whole.send(job)
    for byte in job:
        split.send(bytes((byte,)))
    assert papers(split) == papers(whole)
    assert len(whole.pieces) == 1
