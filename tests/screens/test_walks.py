"""The counts of docs/usability.md are those of the screens."""

import pytest
from survey import SURVEY_WITHIN_S, View
from walks import PAGE, UPRIGHT, WALKS, NotThere, Step, counted, put_into

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SURVEY_WITHIN_S)]


def test_the_page_says_what_is_counted(surveys: dict[str, list[View]]) -> None:
    page = PAGE.read_text("utf-8")
    assert put_into(page, counted(surveys[UPRIGHT])) == page, "python -m tests.screens.walks"


def test_a_code_is_checked_without_a_touch(surveys: dict[str, list[View]]) -> None:
    row = counted(surveys[UPRIGHT])[0]
    assert (row.scans, row.touches, row.keys) == (1, 0, 0)


def test_a_control_that_is_not_there_is_said(
    surveys: dict[str, list[View]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WALKS, "wrong", (Step("home", "verdict.print"),))
    with pytest.raises(NotThere, match=r"verdict\.print"):
        counted(surveys[UPRIGHT])
