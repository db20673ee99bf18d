"""Every screen looks as its reference picture in docs/screens. The survey of the layout draws."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reference import FOLDER, RENEW, TOLERANCE, compare, difference, file_of, keep
from survey import SIZES, SURVEY_WITHIN_S, View

slow = [pytest.mark.slow, pytest.mark.timeout(SURVEY_WITHIN_S)]


class TestAll:
    pytestmark = slow

    def test_every_screen_looks_as_before(self, surveys: dict[str, list[View]]) -> None:
        other = [
            f"{size} {view.way} {view.name}: {view.picture}"
            for size in SIZES
            for view in surveys[size]
            if view.picture
        ]
        assert other == [], f"look at them; if they are meant so: {RENEW}"

    def test_no_picture_is_of_a_screen_that_is_gone(self, surveys: dict[str, list[View]]) -> None:
        drawn = {file_of(size, view.way, view.name) for size in SIZES for view in surveys[size]}
        assert set(FOLDER.rglob("*.webp")) - drawn == set(), f"{RENEW} takes them away"


@pytest.fixture
def window() -> Image.Image:
    picture = Image.new("RGB", (1080, 1920), (243, 246, 250))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((48, 600, 1032, 900), 24, fill=(11, 87, 208))
    draw.text((100, 700), "2611 2000 0001 0000 0018", fill=(255, 255, 255), font_size=28)
    return picture


def test_a_picture_that_is_kept_is_as_it_was(window: Image.Image, tmp_path: Path) -> None:
    keep(window, tmp_path / "x.webp")
    assert compare(window, tmp_path / "x.webp") == ""


def test_a_picture_that_is_missing_is_said(window: Image.Image, tmp_path: Path) -> None:
    assert compare(window, tmp_path / "x.webp") == "missing"


def test_one_digit_of_the_smallest_text_is_seen(window: Image.Image, tmp_path: Path) -> None:
    keep(window, tmp_path / "x.webp")
    draw = ImageDraw.Draw(window)
    draw.rectangle((95, 700, 440, 735), fill=(11, 87, 208))
    draw.text((100, 700), "2611 2000 0001 0000 0010", fill=(255, 255, 255), font_size=28)
    assert compare(window, tmp_path / "x.webp").startswith("differs by ")


def test_another_size_differs_altogether() -> None:
    by, _ = difference(Image.new("RGB", (8, 8)), Image.new("RGB", (8, 9)))
    assert by > TOLERANCE
