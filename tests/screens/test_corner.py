"""The hidden corner: where it is, and where it is not."""

import pytest

from kiosk.screens.corner import Corner
from kiosk.widgets.keypad import shuffled_keys

SIZE = (1080, 1920)


@pytest.mark.parametrize(
    ("place", "x", "y"),
    [
        ("top_left", 5, 1915),
        ("top_right", 1075, 1915),
        ("bottom_left", 5, 5),
        ("bottom_right", 1075, 5),
    ],
)
def test_a_corner_is_where_it_is_called(place: str, x: int, y: int) -> None:
    others = {"top_left", "top_right", "bottom_left", "bottom_right", "none"} - {place}
    assert Corner(place).has(x, y, SIZE)
    assert not any(Corner(other).has(x, y, SIZE) for other in others)
    assert not Corner(place).has(540, 960, SIZE)


def test_the_keys_of_a_pin_stand_elsewhere_each_time() -> None:
    pads = {shuffled_keys() for _ in range(20)}
    assert len(pads) > 15, "where fingers go, and what they leave on the glass, says nothing"
    for pad in pads:
        assert sorted(key for row in pad for key in row) == sorted([*"0123456789", "back", "clear"])
