"""What a scanner sends, cut into codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanners.framer import (
    MAX_FRAME_BYTES,
    BadFrame,
    Code,
    CommandReply,
    Flaw,
    Frame,
    Framer,
    Framing,
    Suffix,
)

NEWLAND_REPLY = b"\x02\x010000SCNTRG1\x06;\x03"
NEWLAND = CommandReply(b"\x010000SCNTRG1\x06;")
HONEYWELL_REPLY = b"SUFBK2990D\x06."
HONEYWELL = CommandReply(HONEYWELL_REPLY)


class FakeClock:
    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize(
    ("suffix", "stream", "frames"),
    [
        (Suffix.LINE, b"abc\r", [Code(b"abc")]),
        (Suffix.LINE, b"abc\n", [Code(b"abc")]),
        (Suffix.LINE, b"abc\r\ndef\r\n", [Code(b"abc"), Code(b"def")]),
        (Suffix.TAB, b"abc\t", [Code(b"abc")]),
        (Suffix.TAB, b"a\rb\t", [Code(b"a\rb")]),
        (Suffix.ETX, b"\x02abc\x03", [Code(b"abc")]),
        (Suffix.LINE, b"\x02abc\r", [Code(b"abc")]),
        (Suffix.LINE, b"]Q1abc\r", [Code(b"abc", "]Q1")]),
        (Suffix.LINE, b"\x02]E06901234567892\r", [Code(b"6901234567892", "]E0")]),
        (Suffix.LINE, b"a]Q1\r", [Code(b"a]Q1")]),
        (Suffix.LINE, b"\r\n\r\n", []),
        (Suffix.LINE, b"]Q1\r", []),
        (Suffix.LINE, NEWLAND_REPLY + b"abc\r", [NEWLAND, Code(b"abc")]),
        (Suffix.ETX, NEWLAND_REPLY + b"\x02abc\x03", [NEWLAND, Code(b"abc")]),
        (Suffix.LINE, b"abc\r" + HONEYWELL_REPLY + b"d\r", [Code(b"abc"), HONEYWELL, Code(b"d")]),
        (Suffix.LINE, b"XYZ\x15;", [CommandReply(b"XYZ\x15;")]),
    ],
)  # fmt: skip
def test_each_way_of_framing(suffix: Suffix, stream: bytes, frames: list[Frame]) -> None:
    assert Framer(Framing(suffix), FakeClock()).feed(stream) == frames


def test_without_suffix_silence_ends_a_code() -> None:
    clock = FakeClock()
    framer = Framer(Framing(Suffix.NONE), clock)
    assert framer.feed(b"ab") == []
    clock.now_s += 0.05
    assert framer.silence() == []
    assert framer.feed(b"c\r\n") == []
    clock.now_s += 0.1
    assert framer.silence() == [Code(b"abc")]
    assert framer.silence() == []


def test_without_suffix_the_next_code_ends_the_one_before() -> None:
    clock = FakeClock()
    framer = Framer(Framing(Suffix.NONE), clock)
    framer.feed(b"abc")
    clock.now_s += 2
    assert framer.feed(b"def") == [Code(b"abc")]


def test_a_suffix_that_does_not_come_is_said_and_the_tail_is_no_code() -> None:
    clock = FakeClock()
    framer = Framer(Framing(), clock)
    framer.feed(b"0132240")
    clock.now_s += 0.6
    assert framer.silence() == [BadFrame(Flaw.CUT_OFF, 7)]
    assert framer.feed(b"00001\r") == []
    assert framer.feed(b"next\r") == [Code(b"next")]


def test_after_a_lost_suffix_a_later_scan_is_read() -> None:
    clock = FakeClock()
    framer = Framer(Framing(), clock)
    framer.feed(b"half")
    clock.now_s += 0.6
    framer.silence()
    clock.now_s += 3
    assert framer.feed(b"whole\r") == [Code(b"whole")]


def test_the_same_code_again_at_once_is_one_scan() -> None:
    clock = FakeClock()
    framer = Framer(Framing(), clock)
    assert framer.feed(b"abc\r") == [Code(b"abc")]
    for _ in range(5):  # held under the scanner
        clock.now_s += 1.0
        assert framer.feed(b"abc\r") == []
    clock.now_s += 1.5
    assert framer.feed(b"abc\r") == [Code(b"abc")]
    assert framer.feed(b"def\rabc\r") == [Code(b"def"), Code(b"abc")]


def test_too_much_is_said_once_and_discarded_to_the_suffix() -> None:
    framer = Framer(Framing(), FakeClock())
    frames = framer.feed(b"x" * 10_000 + b"\rabc\r")
    assert frames == [BadFrame(Flaw.TOO_LONG, MAX_FRAME_BYTES + 1), Code(b"abc")]


def test_the_longest_frame_is_a_code() -> None:
    payload = b"x" * MAX_FRAME_BYTES
    assert Framer(Framing(), FakeClock()).feed(payload + b"\r") == [Code(payload)]


def test_a_new_connection_begins_a_new_frame() -> None:
    framer = Framer(Framing(), FakeClock())
    framer.feed(b"half")
    framer.reset()
    assert framer.feed(b"whole\r") == [Code(b"whole")]


CODES = st.lists(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
    .map(str.encode)
    .filter(lambda raw: not raw.startswith(b"]")),
    max_size=8,
)


@given(CODES, st.sampled_from([b"\r", b"\n", b"\r\n"]), st.booleans(), st.data())
def test_codes_come_out_whole_however_they_are_cut(
    codes: list[bytes], end: bytes, stx: bool, data: st.DataObject
) -> None:
    stream = b"".join((b"\x02" if stx else b"") + code + end for code in codes)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))))
    framer = Framer(Framing(repeat_s=0), FakeClock())
    found: list[Frame] = []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found.extend(framer.feed(stream[start:stop]))
    assert found == [Code(code) for code in codes]


@given(
    st.lists(st.tuples(st.binary(max_size=40), st.sampled_from([0.0, 0.2, 0.7, 3.0]))),
    st.sampled_from(list(Suffix)),
)
def test_anything_at_all_is_survived(pieces: list[tuple[bytes, float]], suffix: Suffix) -> None:
    clock = FakeClock()
    framer = Framer(Framing(suffix), clock)
    for piece, pause_s in pieces:
        for frame in framer.feed(piece) + framer.silence():
            if isinstance(frame, Code):
                assert 0 < len(frame.payload) <= MAX_FRAME_BYTES
        clock.now_s += pause_s
    clock.now_s += 10
    framer.silence()
    framer.feed(b";\r\n\t\x03")  # ends whatever has begun
    clock.now_s += 10
    framer.silence()
    ending = {Suffix.TAB: b"\t", Suffix.ETX: b"\x03"}.get(suffix, b"\r")
    found = framer.feed(b"good code" + ending)
    clock.now_s += 1
    assert [*found, *framer.silence()] == [Code(b"good code")]


@given(st.lists(st.binary(max_size=30)))
def test_the_cut_never_matters(pieces: list[bytes]) -> None:
    framer = Framer(Framing(), FakeClock())
    in_pieces = [frame for piece in pieces for frame in framer.feed(piece)]
    assert in_pieces == Framer(Framing(), FakeClock()).feed(b"".join(pieces))
