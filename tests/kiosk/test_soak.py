"""What a soak complains about."""

from benches.soak import Counts, Reading, grown


def reading(visit: int, *, kib: int = 100_000, widgets: int = 70, restarts: int = 0) -> Reading:
    screen = Counts(widgets=widgets, textures=31, garbage=0, resident_kib=kib)
    return Reading(visit=visit, screen=screen, daemon_kib=50_000, restarts=restarts)


def test_what_grows_before_the_terminal_has_settled_does_not_count() -> None:
    assert grown([reading(0, kib=60_000), reading(500), reading(1000)], 500) == []


def test_more_memory_than_a_twentieth_is_a_complaint() -> None:
    assert grown([reading(500), reading(1000, kib=105_000)], 500) == []
    assert len(grown([reading(500), reading(1000, kib=105_001)], 500)) == 1


def test_one_widget_more_is_a_complaint_and_a_restart_too() -> None:
    assert grown([reading(500), reading(1000, widgets=71)], 500) == ["widgets grew from 70 to 71"]
    assert grown([reading(500), reading(1000, restarts=1)], 500) == ["1 restarts"]


def test_a_soak_that_was_too_short_says_nothing_good() -> None:
    assert grown([reading(0), reading(400)], 500) != []
