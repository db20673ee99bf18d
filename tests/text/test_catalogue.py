"""Both languages say the same things, and every value that a person meets has its sentence."""

import os
import string
from enum import Enum
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from drivers.documents.outcome import A4Cause
from drivers.documents.reasons import CAUSES
from drivers.printers.outcome import Doubt
from drivers.printers.status import Cause
from drivers.scanners.events import WhyDisconnected, WhyUnreadable
from einvoice.diagnosis import CauseId
from einvoice.kinds import Kind
from einvoice.qr import SCANNED_KEYS
from einvoice.reasons import NOTE_KEYS, REASON_KEYS
from einvoice.verdict import Check, Finding, Source, Verdict
from kiosk.daemon.flows.diagnosing import UNANSWERED
from kiosk.text import BREAK_HINT, Catalogue, Language, UnknownKey, catalogue

FONTS = Path(os.environ.get("KIOSK_FONTS") or Path(__file__).parents[2] / "build" / "fonts")
BOTH = [catalogue(language) for language in Language]
GOOD_SCANS = {"invoice", "ticket"}
"""What is scanned and leads on at once needs no sentence."""


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_keys() -> None:
    chinese, english = BOTH
    assert chinese.keys == english.keys


def test_both_languages_fill_in_the_same_values() -> None:
    chinese, english = BOTH
    different = [
        key
        for key in chinese.keys
        if placeholders(chinese.template(key)) != placeholders(english.template(key))
    ]
    assert different == []


def values(kind: type[Enum]) -> list[str]:
    return [member.value for member in kind]


WAITED_FOR = {fault.value for fault in CAUSES.values()}
NEEDED = [
    *(f"verdict.{v}.{part}" for v in values(Verdict) for part in ("title", "sentence", "next")),
    *(f"slip.short.{v}" for v in values(Verdict)),
    *(f"kind.{value}" for value in values(Kind)),
    *(f"source.{value}" for value in values(Source)),
    *(f"evidence.{check}.{found}" for check in values(Check) for found in values(Finding)),
    *(f"slip.finding.{check}.{found}" for check in values(Check) for found in values(Finding)),
    *(f"slip.{check}" for check in values(Check)),
    *(f"cannot_print.{cause}" for cause in (*values(Cause), "silent")),
    *(f"ribbon.{cause}" for cause in (*values(Cause), "silent", "link_down")),
    *(f"print_failed.{cause}" for cause in values(Cause)),
    *(f"print_doubt.{doubt}" for doubt in values(Doubt)),
    *(f"a4_failed.{cause}" for cause in (*values(A4Cause), "storage")),
    *(f"a4_waiting.{cause}" for cause in (*WAITED_FOR, "other")),
    *(f"a4_doubt.{doubt}" for doubt in values(Doubt)),
    *(
        f"admin.word.{word}"
        for kind in (Cause, A4Cause, Doubt, WhyDisconnected, WhyUnreadable)
        for word in values(kind)
    ),
    *(f"reason.{key}" for key in REASON_KEYS),
    *(f"note.{key}" for key in NOTE_KEYS),
    *(f"cause.{cause}.{part}" for cause in values(CauseId) for part in ("title", "do")),
    *(f"why_not_found.{verdict.value}" for verdict in UNANSWERED),
    *(
        f"not_an_invoice.{key}_{part}"
        for key in SCANNED_KEYS - GOOD_SCANS
        for part in ("title", "next")
    ),
]


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.language.value)
def test_every_value_has_its_sentence(words: Catalogue) -> None:
    assert [key for key in NEEDED if key not in words] == []


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.language.value)
def test_only_verdicts_without_advice_are_empty(words: Catalogue) -> None:
    assert [key for key in words.keys if not words.template(key)] == ["verdict.NORMAL.next"]


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.language.value)
def test_nobody_is_shouted_at_and_no_jargon_is_spoken(words: Catalogue) -> None:
    said = {key: words.template(key) for key in words.keys}
    unwanted = ("!", "！", "HTTP", "SQL", "timeout", "超时", "driver", "驱动", "error", "错误")
    assert [key for key, text in said.items() if any(bad in text for bad in unwanted)] == []


@pytest.mark.parametrize("words", BOTH, ids=lambda words: words.language.value)
def test_not_found_is_never_false_and_unavailable_says_nothing_of_the_invoice(
    words: Catalogue,
) -> None:
    for key in ("title", "sentence", "next"):
        unavailable = words.say(f"verdict.UNAVAILABLE.{key}")
        assert not any(word in unavailable for word in ("假", "false", "fake", "不存在"))
    denial = words.say("verdict.NOT_FOUND.sentence")
    assert "不等于是假发票" in denial or "does not mean it is false" in denial


@pytest.mark.parametrize("file", ["NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"])
def test_the_font_has_every_character(file: str) -> None:
    path = FONTS / file
    if not path.exists():
        pytest.skip("fonts are not built")
    known = TTFont(path, lazy=True).getBestCmap() or {}
    used = {sign for words in BOTH for key in words.keys for sign in words.template(key)}
    assert {sign for sign in used - {BREAK_HINT} if ord(sign) not in known} == set()


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(UnknownKey):
        catalogue("zh").say("nothing.stands.here")


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue("zh").say("idle.sentence")


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(ValueError, match="fr"):
        catalogue("fr")


def test_the_first_key_that_exists_is_said() -> None:
    words = catalogue("zh")
    assert words.say_first("reason.unheard", "reason.other") == words.say("reason.other")
    assert words.say_first("reason.number_zero", "reason.other") == words.say("reason.number_zero")


def test_break_hints_are_for_screens_only() -> None:
    words = catalogue("zh")
    assert words.say("home.scan_title") == "请把发票二维码对准扫描口"
    assert "\u200b" in words.say_breakable("home.scan_title")
