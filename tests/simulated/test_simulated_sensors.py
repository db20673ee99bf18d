"""The status bytes, one line of the makers' tables after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulated.sensors import Sensors, automatic_status, dle_eot, paper_sensor

sensors = st.builds(Sensors, *[st.booleans()] * 8)


@pytest.mark.parametrize(
    ("state", "answers", "asb", "paper"),
    [
        (Sensors(), "12 12 12 12", "10 00 00 00", 0x00),
        (Sensors(near_end=True), "12 12 12 1e", "10 00 03 00", 0x03),
        (Sensors(paper_end=True), "1a 32 12 72", "18 00 0c 00", 0x0C),
        (Sensors(paper_end=True, near_end=True), "1a 32 12 7e", "18 00 0f 00", 0x0F),
        (Sensors(cover_open=True), "1a 16 12 12", "38 00 00 00", 0x00),
        (
            Sensors(cover_open=True, cover_opened_in_print=True),
            "1a 56 52 12",
            "38 40 00 00",
            0x00,
        ),
        (Sensors(cutter_error=True), "1a 52 1a 12", "18 08 00 00", 0x00),
        (Sensors(hardware_error=True), "1a 52 32 12", "18 20 00 00", 0x00),
        (Sensors(head_hot=True), "1a 52 52 12", "18 40 00 00", 0x00),
        (Sensors(feed_button=True), "5a 1a 12 12", "58 02 00 00", 0x00),
    ],
)
def test_each_state_has_its_bytes(state: Sensors, answers: str, asb: str, paper: int) -> None:
    assert bytes(dle_eot(n, state) for n in (1, 2, 3, 4)) == bytes.fromhex(answers)
    assert automatic_status(state) == bytes.fromhex(asb)
    assert paper_sensor(state) == paper


@given(sensors)
def test_the_fixed_bits_tell_the_kinds_of_answers_apart(state: Sensors) -> None:
    for n in (1, 2, 3, 4):
        assert dle_eot(n, state) & 0b1001_0011 == 0b0001_0010
    first, *rest = automatic_status(state)
    assert first & 0b1001_0011 == 0b0001_0000
    assert all(byte & 0b1001_0000 == 0 for byte in rest)
    assert paper_sensor(state) & 0b1001_0000 == 0


def test_there_is_no_fifth_status() -> None:
    with pytest.raises(ValueError, match="DLE EOT 5"):
        dle_eot(5, Sensors())
