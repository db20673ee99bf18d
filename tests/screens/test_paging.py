"""Rows are dealt out to columns and pages."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.widgets.paging import Chunk, paginate

EDGE, GAP = 10.0, 20.0


def rows(*heights: float, group: str = "a") -> list[Chunk]:
    return [Chunk(group, height) for height in heights]


def test_what_fits_stands_on_one_page() -> None:
    assert paginate(rows(40, 40), 1, 90, GAP, EDGE) == [[[0, 1]]]


def test_what_does_not_fit_goes_on_overleaf() -> None:
    assert paginate(rows(40, 40, 40), 1, 90, GAP, EDGE) == [[[0, 1]], [[2]]]


def test_another_group_needs_another_card() -> None:
    chunks = rows(40) + rows(40, group="b")
    assert paginate(chunks, 1, 120, GAP, EDGE) == [[[0, 1]]]
    assert paginate(chunks, 1, 119, GAP, EDGE) == [[[0]], [[1]]]


def test_columns_are_filled_before_pages_are_turned() -> None:
    assert paginate(rows(80, 80, 80), 2, 90, GAP, EDGE) == [[[0], [1]], [[2]]]


def test_a_row_that_is_too_high_has_a_page_to_itself() -> None:
    assert paginate(rows(500, 40), 1, 90, GAP, EDGE) == [[[0]], [[1]]]


def test_no_rows_are_one_empty_page() -> None:
    assert paginate([], 2, 90, GAP, EDGE) == [[[]]]


@given(
    st.lists(st.builds(Chunk, st.sampled_from("ab"), st.floats(1, 80)), max_size=30),
    st.integers(1, 3),
)
def test_every_row_stands_once_and_in_order(chunks: list[Chunk], columns: int) -> None:
    pages = paginate(chunks, columns, 100, GAP, EDGE)
    assert [row for page in pages for column in page for row in column] == list(range(len(chunks)))
    assert all(len(page) <= columns for page in pages)
