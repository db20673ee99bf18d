"""In a training its ribbon stands on whatever is shown, and alone says that all is made up."""

from collections.abc import Iterator

import msgspec
import pytest
from offscreen import Stage
from samples import show


def ribbons(stage: Stage) -> list[str]:
    from kiosk.widgets.frame_parts import Ribbon

    return sorted(widget.tid for widget in stage.widgets() if isinstance(widget, Ribbon))


@pytest.fixture
def training(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with monkeypatch.context() as patch:
        patch.setattr(stage.frame, "_training", True)
        yield stage
    stage.frame.disconnected()


@pytest.mark.parametrize("name", ["home", "out_of_service", "admin_overview"])
def test_on_every_page(training: Stage, name: str) -> None:
    training.frame.disconnected()
    sample = show(name, language="zh", large=False, turn=1)
    for said in ((), ("sandbox",)):
        training.show(msgspec.structs.replace(sample, ribbons=said), draw=False)
        assert ribbons(training) == ["ribbon.training"]
    training.show(msgspec.structs.replace(sample, ribbons=("link_down",)), draw=False)
    assert ribbons(training) == ["ribbon.link_down", "ribbon.training"]


def test_also_while_no_daemon_answers(training: Stage) -> None:
    training.frame.disconnected()
    assert ribbons(training) == ["ribbon.training"]


def test_and_nowhere_else(stage: Stage) -> None:
    stage.frame.disconnected()
    stage.show(show("home", language="zh", large=False, turn=1), draw=False)
    assert ribbons(stage) == []
