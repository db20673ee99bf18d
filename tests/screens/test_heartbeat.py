"""The screen says that it lives when its thread runs, and with every fourth beat a frame."""

from collections.abc import Iterator

import pytest
from offscreen import Stage

from kiosk import notify

FRAME_EVERY = 4
"""As the module says; it opens a window when it is imported, so not before the stage has one."""


class Heart:
    """Beats only when a test says so."""

    def __init__(self) -> None:
        from kiosk.screens.heartbeat import Heartbeat

        self.said: list[str] = []
        self.beats = Heartbeat(self._say, on_beat=lambda: None, dies_when_stalled=False)
        self.beats.clock.cancel()

    def _say(self, state: str) -> bool:
        self.said.append(state)
        return True


@pytest.fixture
def heart(stage: Stage) -> Iterator[Heart]:
    heart = Heart()
    yield heart
    heart.beats.stop()


def test_nothing_is_said_before_a_frame_was_drawn(stage: Stage, heart: Heart) -> None:
    heart.beats.beat()
    assert heart.said == []
    stage.idle(2)
    assert heart.said == [notify.READY, notify.WATCHDOG]


def test_a_frame_that_does_not_come_silences_it(stage: Stage, heart: Heart) -> None:
    stage.idle(2)
    heart.said.clear()
    for _ in range(FRAME_EVERY - 1):
        heart.beats.beat()
    assert heart.said == [notify.WATCHDOG] * (FRAME_EVERY - 1)
    for _ in range(FRAME_EVERY * 2):
        heart.beats.beat()  # the first asks for a frame; none is drawn
    assert len(heart.said) == FRAME_EVERY - 1
    stage.idle(2)
    assert len(heart.said) == FRAME_EVERY
