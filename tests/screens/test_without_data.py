"""The screen's picture for the support bundle: all of the layout, and nothing of the person."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offscreen import Stage
from samples import show
from survey import ENTRIES, NAMES, entry_after

from kiosk.bundle.picturing import draw, words_of
from kiosk.fonts import fonts_dir
from kiosk.picture_messages import Part, PartKind, ScreenPicture
from kiosk.text.catalogue import catalogue

MARKS = (
    *("2611 2000", "1234 5678", "106.00", "made-up.person", "mail.example", "links.example.com"),
    *("北京示", "某某"),
)
SHOWN = ("verdict_normal", "batch", "enter_address_typed", "own_invoice", "own_found", "own_phone")


def picture(stage: Stage) -> ScreenPicture:
    from kiosk.screens.without_data import picture_of

    return picture_of(stage.frame, 7)


def said_by(stage: Stage) -> str:
    """Every text that a widget has, wherever it has it."""
    names = ("words", "value", "text", "character", "title", "sentence", "hall")
    return "\n".join(str(getattr(one, name, "")) for one in stage.widgets() for name in names)


def marks_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text.replace("\xa0", " ")}


def told(seen: ScreenPicture) -> str:
    """All that leaves the screen, as it leaves, and all that is written in the drawn picture."""
    return "\n".join([msgspec.json.encode(seen).decode(), *words_of(seen)])


def test_nothing_of_a_person_on_the_screen_is_in_its_picture(stage: Stage) -> None:
    found: set[str] = set()
    for name in SHOWN:
        for language, large in (("zh", False), ("en", True)):
            stage.show(show(name, language=language, large=large, turn=5), draw=False)
            assert marks_in(said_by(stage)), name
            found |= marks_in(said_by(stage))
            assert not marks_in(told(picture(stage))), name
    stage.frame.kept.entry = entry_after(ENTRIES["enter_number_typed"])
    stage.show(show("enter_number", language="zh", large=False, turn=6), draw=False)
    assert "2611 2000" in marks_in(said_by(stage))
    assert not marks_in(told(picture(stage)))
    stage.frame.kept.name = NAMES["apply_name_composing"]
    stage.show(show("apply_name", language="zh", large=False, turn=7), draw=False)
    found |= marks_in(said_by(stage))
    assert not marks_in(told(picture(stage)))
    assert found == set(MARKS)


def test_the_picture_has_the_screens_size_and_its_own_sentences(stage: Stage) -> None:
    stage.show(show("own_invoice", language="zh", large=False, turn=5), draw=False)
    seen = picture(stage)
    assert (seen.number, seen.situation, seen.language) == (7, "own_invoice", "zh")
    words = catalogue("zh")
    assert {words.say("common.end"), words.say("common.back")} <= set(words_of(seen))
    (preview,) = [one for one in seen.parts if one.kind is PartKind.PICTURE]
    drawn = draw(seen, fonts_dir())
    assert drawn.size == stage.size_px
    left, top, width, height = preview.box
    assert drawn.getpixel((left + width // 2, top + height // 4)) == (0xDC, 0xDC, 0xDC)
    buttons = {one.tid: one.box for one in seen.parts if one.kind is PartKind.CONTROL}
    left, top, width, height = buttons["footer.end"]
    inside = drawn.crop((left + 5, top + 5, left + width - 5, top + height - 5))
    assert len(inside.getcolors() or ()) > 1


@given(st.text(min_size=1, max_size=40))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_a_text_that_is_no_sentence_only_a_rounded_place_leaves(stage: Stage, text: str) -> None:
    sentences = {catalogue("zh").say(key) for key in catalogue("zh").keys if not _has_names(key)}
    stage.show(show("verdict_normal", language="zh", large=False, turn=5), draw=False)
    title: Any = stage.find("verdict.title")
    title.words = text
    stage.settle()
    seen = picture(stage)
    (part,) = [one for one in seen.parts if one.tid == "verdict.title"] or [None]
    if part is not None and text not in sentences:
        assert (part.kind, part.key) == (PartKind.DATA, "")


def _has_names(key: str) -> bool:
    return "{" in catalogue("zh").template(key)


def test_a_sentence_in_a_values_place_is_data_too(stage: Stage) -> None:
    stage.show(show("verdict_normal", language="zh", large=False, turn=5), draw=False)
    rows = {
        key: text
        for key in catalogue("zh").keys
        if key.startswith("kind.")
        if (text := catalogue("zh").say(key)) in said_by(stage)
    }
    assert rows
    assert not set(rows.values()) & set(words_of(picture(stage)))


@given(st.text(max_size=30))
def test_a_text_in_place_of_a_key_or_a_name_is_refused_on_the_way(text: str) -> None:
    for field in ("key", "tid", "cls"):
        part = {"cls": "Text", "kind": "data", "box": [0, 0, 1, 1], field: text}
        try:
            taken = msgspec.convert(part, Part)
        except msgspec.ValidationError:
            continue
        assert getattr(taken, field).isascii()
        assert not any(sign in text for sign in " @-\n*")


@pytest.mark.parametrize("name", ["13800138000", "own.13800138000", "x.zhang_san2000", "用户.名"])
def test_a_number_in_a_widgets_name_does_not_leave(stage: Stage, name: str) -> None:
    stage.show(show("home", language="zh", large=False, turn=5), draw=False)
    widget: Any = stage.find("home.enter")
    widget.tid = name
    assert name not in told(picture(stage))
    assert "2000" not in "".join(one.tid for one in picture(stage).parts)
