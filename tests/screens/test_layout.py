"""Every situation, in both languages, text sizes and window sizes: computed from what stands
where. `survey.py` shows the screens, in one process for each window size."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from survey import SIZES, SURVEY_WITHIN_S, WAYS, Seen, View

from kiosk.widgets import theme

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SURVEY_WITHIN_S)]


@pytest.fixture(params=SIZES)
def views(request: pytest.FixtureRequest, surveys: dict[str, list[View]]) -> list[View]:
    return surveys[request.param]


def each(views: list[View]) -> Iterator[tuple[str, View, Seen]]:
    for view in views:
        size = "large" if view.large else "normal"
        for seen in view.widgets:
            text = seen.text.replace("\n", "/")
            yield f"{view.name} {view.language} {size}: {seen.cls} {seen.tid} {text!r}", view, seen


def window(view: View) -> tuple[int, int]:
    """The header is as wide as the window, the footer stands at its foot."""
    widest = max(seen.box[2] for seen in view.widgets)
    return (1080, 1920) if widest <= 1080 else (1280, 800)


def test_every_situation_was_seen(views: list[View]) -> None:
    assert {view.name.partition("-")[0] for view in views} >= {
        "home",
        "enter_review",
        "verdict_unavailable",
        "printing",
        "staff_coming",
    }
    assert {(view.language, view.large, view.high_contrast) for view in views} == set(WAYS)


def test_nothing_is_clipped(views: list[View]) -> None:
    assert [f"{where}: {seen.clipped}" for where, _, seen in each(views) if seen.clipped] == []


def test_everything_is_inside_the_window(views: list[View]) -> None:
    outside = [
        (where, seen.box)
        for where, view, seen in each(views)
        if seen.box[0] < -1
        or seen.box[1] < -1
        or seen.box[2] > window(view)[0] + 1
        or seen.box[3] > window(view)[1] + 1
    ]
    assert outside == []


def test_targets_are_large_enough(views: list[View]) -> None:
    small = [
        (where, seen.box)
        for where, view, seen in each(views)
        if seen.touch
        and min(seen.box[2] - seen.box[0], seen.box[3] - seen.box[1])
        < theme.spacing(portrait=window(view)[1] > window(view)[0]).target - 1
    ]
    assert small == []


def test_nothing_to_touch_where_not_everybody_reaches(views: list[View]) -> None:
    high = [
        (where, seen.box)
        for where, view, seen in each(views)
        if seen.touch and seen.box[1] < window(view)[1] * theme.REACH_TOP - 1
    ]
    assert high == []


def test_targets_do_not_touch_each_other(views: list[View]) -> None:
    close: list[str] = []
    for view in views:
        targets = [seen for seen in view.widgets if seen.touch and seen.top]
        for one, other in combinations(targets, 2):
            beside = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
            above = max(one.box[1], other.box[1]) - min(one.box[3], other.box[3])
            if max(beside, above) < 8:
                close.append(f"{view.name} {view.language}: {one.tid} {other.tid}")
    assert close == []


def test_no_text_lies_under_what_can_be_touched(views: list[View]) -> None:
    covered: list[str] = []
    for view in views:
        shown = [seen for seen in view.widgets if seen.top]
        for target in (seen for seen in shown if seen.touch):
            left, top, right, bottom = target.box
            for text in (seen for seen in shown if seen.text and not seen.touch):
                x0, y0, x1, y1 = text.box
                across = min(right, x1) - max(left, x0)
                down = min(bottom, y1) - max(top, y0)
                inside = x0 >= left - 2 and x1 <= right + 2 and y0 >= top - 2 and y1 <= bottom + 2
                if across > 4 and down > 4 and not inside:
                    covered.append(f"{view.name} {view.language}: {text.text!r} {target.tid}")
    assert covered == []


def test_text_can_be_read(views: list[View]) -> None:
    faint = [
        (where, seen.contrast)
        for where, view, seen in each(views)
        if seen.contrast
        and seen.contrast < (theme.MIN_HIGH_CONTRAST if view.high_contrast else theme.MIN_CONTRAST)
    ]
    assert faint == []


def test_whatever_can_be_touched_has_a_name(views: list[View]) -> None:
    nameless = [where for where, _, seen in each(views) if seen.touch and not seen.tid]
    assert nameless == []


def test_names_are_unique_on_a_screen(views: list[View]) -> None:
    for view in views:
        names = [seen.tid for seen in view.widgets if seen.touch]
        assert len(names) == len(set(names)), view.name


# --- the tactile keypad -----------------------------------------------------------------------

NOT_BY_KEYPAD = ("admin_", "sign_in", "attract")
"""Staff's pages are left with the keypad, and not used with it; any key leads on from "attract"."""


def test_the_keypad_comes_to_whatever_can_be_touched(views: list[View]) -> None:
    trapped: list[tuple[str, set[str]]] = []
    walked = 0
    for view in views:
        if view.language != "zh" or view.large or view.name.startswith("home_cleaning"):
            continue
        able = {seen.tid for seen in view.widgets if seen.touch and seen.top and not seen.disabled}
        if view.name.startswith(NOT_BY_KEYPAD):
            able = set()
        walked += len(view.by_keypad)
        if set(view.by_keypad) != able or len(view.by_keypad) != len(able):
            trapped.append((view.name, able ^ set(view.by_keypad)))
    assert trapped == []
    assert walked > 500


def test_the_ring_of_the_keypad_is_whole_and_covers_no_neighbour(views: list[View]) -> None:
    wrong: list[str] = []
    for view in views:
        width, height = window(view)
        ring = sum(theme.ring_bands(portrait=height > width))
        targets = [seen for seen in view.widgets if seen.touch and seen.top]
        for one in targets:
            left, top, right, bottom = (
                edge + off for edge, off in zip(one.box, (-ring, -ring, ring, ring), strict=True)
            )
            if left < 0 or top < 0 or right > width or bottom > height:
                wrong.append(f"{view.name} {view.language}: {one.tid} leaves the window")
            for other in targets:
                x0, y0, x1, y1 = other.box
                over = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
                if other is not one and min(over) > 0.5:
                    wrong.append(f"{view.name} {view.language}: {one.tid} covers {other.tid}")
    assert wrong == []
