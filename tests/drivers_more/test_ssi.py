"""Zebra's packets: the manual's bytes, any split, a wrong checksum, a packet sent again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanners.framer import BadFrame, Code, CommandReply, Flaw, Frame
from drivers.scanners.ssi import (
    ACK,
    DECODE_DATA,
    NAK,
    NAK_RESEND,
    START_SESSION,
    STOP_SESSION,
    SsiFramer,
    packet_bytes,
)

QR = b"\xf1"  # some code type
OK = packet_bytes(ACK)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def framer(clock: Clock) -> SsiFramer:
    return SsiFramer(clock)


def decoded(text: bytes, status: int = 0) -> bytes:
    return packet_bytes(DECODE_DATA, QR + text, status, source=0)


@pytest.mark.parametrize(
    ("opcode", "wire"),
    [
        (START_SESSION, "04 E4 04 00 FF 14"),
        (STOP_SESSION, "04 E5 04 00 FF 13"),
        (ACK, "04 D0 04 00 FF 28"),
    ],
)
def test_packets_are_those_of_the_manual(opcode: int, wire: str) -> None:
    assert packet_bytes(opcode) == bytes.fromhex(wire)


def test_a_packet_has_251_bytes_of_data_at_most() -> None:
    assert len(packet_bytes(DECODE_DATA, bytes(251))) == 257
    with pytest.raises(ValueError):
        packet_bytes(DECODE_DATA, bytes(252))


def test_a_code_is_told_and_acknowledged(framer: SsiFramer) -> None:
    assert framer.feed(decoded(b"abc\r")) == [Code(b"abc")]
    assert framer.owed() == OK
    assert framer.owed() == b""


@given(st.binary(min_size=1, max_size=250).filter(lambda d: d.rstrip(b"\r\n")), st.data())
def test_any_split_gives_the_same(text: bytes, data: st.DataObject) -> None:
    wire = decoded(text) + packet_bytes(ACK, source=0)
    places = sorted(data.draw(st.lists(st.integers(0, len(wire)))))
    framer = SsiFramer(Clock())
    frames: list[Frame] = []
    for start, end in zip([0, *places], [*places, len(wire)], strict=True):
        frames += framer.feed(wire[start:end])
    assert frames == [Code(text.rstrip(b"\r\n")), CommandReply(bytes((ACK,)))]
    assert framer.owed() == OK


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_changed_byte_is_never_another_code(text: bytes, data: st.DataObject) -> None:
    wire = bytearray(decoded(text))
    at = data.draw(st.integers(1, len(wire) - 1))
    wire[at] ^= data.draw(st.integers(1, 255))
    framer = SsiFramer(Clock())
    frames = framer.feed(bytes(wire))
    assert not [frame for frame in frames if isinstance(frame, Code)]
    assert framer.owed() == packet_bytes(NAK, bytes((NAK_RESEND,)))


@given(st.lists(st.binary(max_size=40)))
def test_anything_at_all_is_survived(parts: list[bytes]) -> None:
    framer = SsiFramer(Clock())
    for part in parts:
        framer.feed(part)
    framer.reset()
    assert framer.feed(decoded(b"ok")) == [Code(b"ok")]


def test_what_was_garbled_is_read_when_it_is_sent_again(framer: SsiFramer) -> None:
    wire = decoded(b"abc")
    assert framer.feed(wire[:-1] + b"\x00") == []
    framer.owed()
    assert framer.feed(decoded(b"abc", status=0x01)) == [Code(b"abc")]


def test_a_packet_sent_again_for_a_lost_answer_is_the_same_code(
    framer: SsiFramer, clock: Clock
) -> None:
    assert framer.feed(decoded(b"abc")) == [Code(b"abc")]
    clock.now += 2.0  # the time-out of the answer
    assert framer.feed(decoded(b"abc", status=0x01)) == []
    assert framer.owed() == OK + OK


def test_a_code_held_under_the_scanner_is_one_scan(framer: SsiFramer, clock: Clock) -> None:
    assert framer.feed(decoded(b"abc")) == [Code(b"abc")]
    clock.now += 1.0
    assert framer.feed(decoded(b"abc")) == []
    clock.now += 2.0
    assert framer.feed(decoded(b"abc")) == [Code(b"abc")]


def test_a_code_in_several_packets_is_too_long_and_the_next_is_whole(framer: SsiFramer) -> None:
    assert framer.feed(decoded(b"a" * 200, status=2)) == [BadFrame(Flaw.TOO_LONG, 201)]
    assert framer.feed(decoded(b"b" * 200, status=2)) == []
    assert framer.feed(decoded(b"the end")) == []
    assert framer.feed(decoded(b"next")) == [Code(b"next")]
    assert framer.owed() == OK * 4


def test_half_a_packet_is_cut_off_by_silence(framer: SsiFramer, clock: Clock) -> None:
    framer.feed(decoded(b"abc")[:5])
    clock.now += 0.4
    assert framer.silence() == []
    clock.now += 0.2
    assert framer.silence() == [BadFrame(Flaw.CUT_OFF, 5)]
    assert framer.feed(decoded(b"next")) == [Code(b"next")]


def test_events_want_only_to_be_acknowledged(framer: SsiFramer) -> None:
    assert framer.feed(packet_bytes(0xF6, b"\x01", source=0)) == []
    assert framer.owed() == OK
