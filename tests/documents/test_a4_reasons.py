"""What a printer says of itself, in words of ours."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.documents.outcome import (
    A4Cause,
)
from drivers.documents.reasons import Fault, faults


def test_how_bad_a_reason_is_stands_at_its_end() -> None:
    assert faults(["media-empty"]) == (Fault(A4Cause.PAPER_OUT, stops=True),)
    assert faults(["media-empty-error"]) == (Fault(A4Cause.PAPER_OUT, stops=True),)
    assert faults(["media-empty-warning"]) == (Fault(A4Cause.PAPER_OUT, stops=False),)
    assert faults(["media-empty-report", "none", "toner-low-warning", "media-low"]) == ()


def test_what_stops_the_printer_comes_first() -> None:
    found = faults(["toner-empty-warning", "media-jam-error"])
    assert [fault.cause for fault in found] == [A4Cause.PAPER_JAM, A4Cause.TONER_OUT]


@given(st.lists(st.text(max_size=30)))
def test_any_reasons_are_understood_or_passed_over(reasons: list[str]) -> None:
    assert len(faults(reasons)) <= len(reasons)
