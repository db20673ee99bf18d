"""After the end of a visit the screen's process holds nothing of the person who had it."""

import gc
import types
import weakref
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest
from marking import MARK, MARKED_MONEY, marked
from offscreen import Stage
from samples import FIRST_OF_EACH, SITUATIONS, show

from einvoice.entry import Entry
from einvoice.fields import KnownFields
from kiosk import applying_messages as ap
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk.admin_messages import AdminSituation

PUBLIC = tuple(
    name for name in FIRST_OF_EACH if not isinstance(SITUATIONS[name], get_args(AdminSituation))
)
MORE = ("verdict_normal_old", "verdict_mismatch_told", "not_an_invoice_link", "own_invoice")
"""Beyond the first of each: a code, two values that differ, a number to go on with."""


PASSED_BY = (type, types.ModuleType, types.FrameType)


def reachable(*roots: object) -> Iterator[object]:
    """Everything that can be got at from these: attributes, contents, closures, callbacks."""
    seen, waiting = set[int](), list(roots)
    while waiting:
        one = waiting.pop()
        # By type: a weak proxy may stand for nothing any more.
        if id(one) in seen or issubclass(type(one), PASSED_BY):
            continue
        if type(one) is dict and "__builtins__" in one:
            continue  # the names of a module
        seen.add(id(one))
        yield one
        waiting += gc.get_referents(one)


def has_mark(one: Any) -> bool:
    """Whether a text, bytes or an amount is of the marked person."""
    kind = type(one)
    if kind is str:
        return MARK in one or MARKED_MONEY in one
    if kind is bytes or kind is bytearray:
        return MARK.encode() in one
    return kind is Decimal and MARK in str(one)


def roots(stage: Stage) -> tuple[object, ...]:
    """What lives on in the screen's process, of the project and of Kivy."""
    from kivy.cache import Cache
    from kivy.clock import Clock
    from kivy.core.text import LabelBase
    from kivy.lang import Builder
    from kivy.uix import widget

    from kiosk.widgets.look import look

    caches = [value for name, value in vars(Cache).items() if name.startswith("_")]
    fonts = [value for value in vars(LabelBase).values() if isinstance(value, dict | list)]
    rules = list(vars(Builder).values())
    return (
        stage.frame, stage.window, stage.loop, Clock, look, *caches, *fonts, *rules,
        vars(widget).get("_widget_destructors"),
    )  # fmt: skip


def kept_of(stage: Stage) -> set[str]:
    """Marked texts that something which lives on still holds."""
    return {repr(one)[:80] for one in reachable(*roots(stage)) if has_mark(one)}


def in_the_whole_process() -> list[object]:
    """Marked texts that any object at all holds, cached or not."""
    return [
        text
        for holder in gc.get_objects()
        for text in gc.get_referents(holder)
        if has_mark(text)
    ]  # fmt: skip


def the_end(stage: Stage, turn: int) -> None:
    """What the daemon sends when a visit is over, and the moment after it."""
    stage.show(show("home", language="zh", large=False, turn=turn), draw=False)
    stage.settle()
    gc.collect()


def type_something(stage: Stage) -> None:
    """As a finger would have: something stands half typed when the time is over."""
    kept, situation = stage.frame.kept, stage.frame._show
    assert situation is not None
    match situation.situation:
        case m.EnterNumber():
            kept.entry = Entry.begin(date(2026, 11, 24), KnownFields(number=MARK + "0" * 16))
        case m.EnterAddress():
            kept.address = "".join((MARK, "@example.com"))
        case ap.EnterTaxId() | ap.EnterPrice() as view:
            kept.type(view, "".join((MARK, "00")))
        case m.NotAnInvoice(number=number) if number:
            kept.offer_number(number)
        case o.EnterOrder() | o.AskTax():
            kept.plain = "".join((MARK, "5577"))
        case _:
            pass


@pytest.fixture
def known(stage: Stage) -> set[int]:
    """The constants of the tests themselves, and digits that look alike by chance."""
    the_end(stage, 1)
    return {id(text) for text in in_the_whole_process()}


@pytest.fixture
def frozen(stage: Stage) -> Iterator[Stage]:
    """What was there before is not looked at again by each collection."""
    the_end(stage, 1)
    gc.freeze()
    yield stage
    gc.unfreeze()


def test_after_each_screen_nothing_that_lives_on_holds_the_persons_data(
    known: set[int], frozen: Stage
) -> None:
    stage = frozen
    assert kept_of(stage) == set()
    seen = 0
    for number, name in enumerate(dict.fromkeys((*PUBLIC, *MORE))):
        shown = show(name, language="en" if number % 3 else "zh", large=False, turn=10 + 2 * number)
        shown = msgspec.structs.replace(
            shown, situation=marked(shown.situation), voice=m.VoiceView(on=True)
        )
        stage.show(shown, draw=False)
        type_something(stage)
        del shown
        seen += any(has_mark(getattr(one, "text", "")) for one in stage.widgets())
        pictures = [
            weakref.ref(one)
            for one in (getattr(stage.frame.screen, "picture", None), stage.frame.screen)
            if one is not None
        ]
        stage.sent.clear()
        the_end(stage, 11 + 2 * number)
        assert kept_of(stage) == set(), name
        assert [ref() for ref in pictures if ref() is not None] == [], name
    assert seen >= 20, "else the marks were not on the screens"
    gc.unfreeze()
    gc.collect()
    stays = [text for text in in_the_whole_process() if id(text) not in known]
    assert stays == []


def test_a_reference_that_is_kept_is_found(stage: Stage) -> None:
    the_end(stage, 1)
    stage.frame.kept.address = "".join((MARK, "@example.com"))
    assert kept_of(stage) == {repr(MARK + "@example.com")}
    stage.frame.kept.address = ""
