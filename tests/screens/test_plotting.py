"""The pieces of a chart: nothing leaves the plot, nothing that was counted is unseen."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.widgets.plotting import LEAST_PX, Pattern, gaps, pieces, tile

BARS = st.lists(
    st.none() | st.tuples(*(st.floats(0, 1e4) for _ in range(3))), min_size=1, max_size=30
)


def test_values_stand_on_each_other_in_their_place() -> None:
    found = pieces([(5.0, 0.0, 5.0), None], 200, 100, 10)
    assert [(one.series, round(one.x), one.y, round(one.width), one.height) for one in found] == [
        (0, 14, 0, 72, 50),
        (2, 14, 50, 72, 50),
    ]


def test_one_of_a_thousand_is_seen() -> None:
    assert pieces([(0.0, 1.0)], 100, 100, 1000)[0].height == LEAST_PX


def test_no_data_is_a_mark_and_nothing_counted_is_no_mark() -> None:
    assert [middle for middle, _ in gaps([None, (0.0,), None], 300)] == [50, 250]
    assert pieces([None, (0.0,)], 300, 100, 5) == []


@given(BARS)
def test_pieces_stay_inside_and_do_not_cover_each_other(
    bars: list[tuple[float, ...] | None],
) -> None:
    most = max(sum(values) for values in bars if values) if any(bars) else 0
    found = pieces(bars, 480, 120, most)
    for one in found:
        assert one.height > 0
        assert 0 <= one.x <= one.x + one.width <= 480 + 1e-6
        assert 0 <= one.y <= one.y + one.height <= 120 + 1e-6
    for below, above in pairwise(found):
        assert above.x > below.x or above.y >= below.y + below.height - 1e-6


def test_each_pattern_is_another_without_its_colour() -> None:
    tiles = {pattern: tile(pattern) for pattern in Pattern}
    assert len(set(tiles.values())) == len(Pattern)
    filled = {pattern: sum(map(sum, rows)) for pattern, rows in tiles.items()}
    assert filled[Pattern.HOLLOW] == 0
    assert filled[Pattern.SOLID] == 64
