"""Picture guides: steps that are turned, and each step with its picture and its sentence."""

from math import cos, radians, sin

import pytest
from visit_kit import Hall

from kiosk import guide_messages as g
from kiosk import messages as m
from kiosk.guides import STEPS, Guide
from kiosk.text import Language, catalogue
from kiosk.widgets.pictures.guides import PICTURES
from kiosk.widgets.pictures.shapes import (
    HIGH,
    WIDE,
    Box,
    Disc,
    Frame,
    Label,
    Path,
    Shape,
    Turned,
    Wedge,
)


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def test_steps_are_turned_and_back_leads_to_the_tasks(hall: Hall) -> None:
    hall.visit.intend(m.OpenHelp(hall.turn, "use"))
    hall.visit.intend(g.OpenGuide(hall.turn, Guide.SCAN))
    assert hall.situation == g.GuideShown(Guide.SCAN, 1)
    hall.visit.intend(g.TurnGuide(hall.turn, 2))
    hall.visit.intend(g.TurnGuide(hall.turn, 3))
    assert hall.situation == g.GuideShown(Guide.SCAN, 3)
    for beyond in (0, 4, -1):
        hall.visit.intend(g.TurnGuide(hall.turn, beyond))
        assert hall.situation == g.GuideShown(Guide.SCAN, 3)
    hall.visit.intend(m.GoBack(hall.turn))
    assert hall.situation == m.Help("use", takes_sticks=True)


async def test_how_a_roll_is_changed_is_for_staff(hall: Hall) -> None:
    hall.visit.intend(m.OpenHelp(hall.turn, "use"))
    hall.visit.intend(g.OpenGuide(hall.turn, Guide.REFILL))
    assert hall.situation == m.Help("use", takes_sticks=True)


async def test_an_invoice_that_is_held_up_in_a_guide_is_verified(hall: Hall) -> None:
    hall.visit.intend(m.OpenHelp(hall.turn, "use"))
    hall.visit.intend(g.OpenGuide(hall.turn, Guide.SCAN))
    await hall.scan()
    assert isinstance(hall.situation, m.VerdictShown)


@pytest.mark.parametrize("guide", Guide, ids=lambda guide: guide.value)
def test_each_step_has_its_picture_and_sentence(guide: Guide) -> None:
    assert len(PICTURES[guide]) == STEPS[guide]
    for words in map(catalogue, Language):
        assert f"guide.{guide.value}.s{STEPS[guide]}" in words
        assert f"guide.{guide.value}.s{STEPS[guide] + 1}" not in words
        for picture in PICTURES[guide]:
            assert all(f"picture.{one.key}" in words for one in picture if isinstance(one, Label))


@pytest.mark.parametrize("guide", Guide, ids=lambda guide: guide.value)
def test_nothing_is_drawn_outside_the_picture(guide: Guide) -> None:
    for picture in PICTURES[guide]:
        for x, y in points(picture):
            assert -0.01 <= x <= WIDE + 0.01, picture
            assert -0.01 <= y <= HIGH + 0.01, picture


def points(shapes: tuple[Shape, ...]) -> list[tuple[float, float]]:
    """Corners of all shapes, where they are drawn."""
    found: list[tuple[float, float]] = []
    for shape in shapes:
        match shape:
            case Box(x, y, wide, high) | Frame(x, y, wide, high):
                found += [(x, y), (x + wide, y + high)]
            case Disc(x, y, radius):
                found += [(x - radius, y - radius), (x + radius, y + radius)]
            case Path(corners) | Wedge(corners):
                found += corners
            case Turned(shapes=inner):
                way = radians(shape.degrees)
                found += [
                    (
                        shape.x + (x - shape.x) * cos(way) - (y - shape.y) * sin(way),
                        shape.y + (x - shape.x) * sin(way) + (y - shape.y) * cos(way),
                    )
                    for x, y in points(inner)
                ]
            case Label(x=x, y=y):
                found.append((x, y))
    return found
