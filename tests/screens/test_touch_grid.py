"""The touch test: each field tells once, and the whole window belongs to it."""

from offscreen import Stage
from samples import show

from kiosk import screen_pages as g


def test_each_field_answers_once_up_to_the_edges_of_the_window(stage: Stage) -> None:
    stage.show(show("admin_touch", language="zh", large=False, turn=1), draw=False)
    width, height = stage.size_px
    stage.tap_at(2, height - 2)
    stage.tap_at(5, height - 5)
    stage.tap_at(width - 2, 2)
    stage.tap_at(width / 2 + 5, height / 2)
    told = [intent.field for intent in stage.sent if isinstance(intent, g.FieldTouched)]
    assert told == [0, 53, 4 * 6 + 3]
