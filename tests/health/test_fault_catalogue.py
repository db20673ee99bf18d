"""Every fault is whole, and is said where people are concerned."""

import re
from pathlib import Path

import msgspec
import pytest
from click import Group
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.health.faults import Area, Fault, diagnosis, faults
from kiosk.health.trouble_pages import trouble_page
from kiosk.restarts import Budget
from kiosk.settings.store import MAX_STARTS
from kiosk.staff_messages import FaultFound
from kiosk.text.catalogue import catalogue
from offline_queue.backup import SERVICE_MEMORY
from offline_queue.entry import Limits

SITUATIONS = {"reconnecting", "keep_failed", "out_of_service"}
ROOT = Path(__file__).parents[2]
TROUBLES = ROOT / "docs" / "troubles"


def test_there_is_a_fault_of_every_area() -> None:
    assert {one.area for one in faults().values()} == set(Area)
    assert len(faults()) >= 40


@pytest.mark.parametrize("name", list(faults()))
def test_a_fault_says_what_is_wrong_and_what_to_do_in_both_languages(name: str) -> None:
    fault = faults()[name]
    for language in ("zh", "en"):
        what, step = fault.said(language, "/dev/x")
        assert what
        assert step
        assert "{" not in what + step
        assert not fault.said(language, "")[0].endswith((":", "："))
        # A sentence of one language has not slipped into the other.
        assert bool(re.search("[一-鿿]", what)) is (language == "zh")


@pytest.mark.parametrize("name", list(faults()))
def test_a_fault_says_how_it_comes_about_in_both_languages(name: str) -> None:
    causes = faults()[name].causes
    assert len(set(causes)) == len(causes)
    for cause in causes:
        assert re.search("[一-鿿]", cause.zh), cause
        assert cause.en, cause
        assert not re.search("[一-鿿]", cause.en), cause
        # The page puts the full stop.
        assert not (cause.zh + cause.en).endswith((".", "。", " ")), cause


@pytest.mark.parametrize("name", list(faults()))
def test_the_page_gives_each_cause_before_the_remedy_in_their_order(name: str) -> None:
    told = trouble_page(name).partition("## How it comes about")[2].partition("## What to do")[0]
    listed = [line for line in told.splitlines() if line[:1].isdigit()]
    assert len(listed) == len(faults()[name].causes) >= 1
    for n, (line, cause) in enumerate(zip(listed, faults()[name].causes, strict=True), start=1):
        assert line == f"{n}. {cause.en}. {cause.zh}。"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("people_refused", Limits().free_bytes >> 20),
        ("people_refused", Limits().kept),
        ("owed_parked", SERVICE_MEMORY.days),
        ("daemon_keeps_failing", Budget().failures),
        ("daemon_keeps_failing", round(Budget().window_s / 60)),
        ("settings_given_up", MAX_STARTS),
    ],
)
def test_a_number_in_a_cause_is_that_of_the_code(name: str, number: int) -> None:
    causes = faults()[name].causes
    for language in ("zh", "en"):
        assert any(str(number) in re.findall(r"\d+", getattr(one, language)) for one in causes)


def test_a_fault_without_a_cause_is_none() -> None:
    said = {"area": "disk", "zh": ["甲", "乙"], "en": ["a", "b"]}
    for without in (said, {**said, "causes": []}, {**said, "causes": [["只有中文"]]}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(without, Fault)


@pytest.mark.parametrize("name", list(faults()))
def test_what_the_public_screen_says_is_a_sentence_that_there_is(name: str) -> None:
    screen = faults()[name].screen
    for language in ("zh", "en"):
        assert not screen or screen in SITUATIONS or f"ribbon.{screen}" in catalogue(language)


def test_the_page_is_that_of_the_catalogue() -> None:
    made = CliRunner().invoke(main, ["doctor", "--catalogue"]).output
    assert (ROOT / "docs/faults.md").read_text(encoding="utf-8") == made


def test_each_fault_has_its_page_and_there_is_no_other() -> None:
    there = {path.stem: path.read_text(encoding="utf-8") for path in TROUBLES.glob("*.md")}
    assert there == {name: trouble_page(name) for name in faults()}


def test_a_detail_with_braces_is_shown_as_it_is() -> None:
    assert "{x}" in diagnosis(FaultFound("network_dns", "{x}"), "en").what


@pytest.mark.parametrize("name", list(faults()))
def test_a_fault_is_known_by_something(name: str) -> None:
    code = (path.read_text(encoding="utf-8") for path in (ROOT / "kiosk").rglob("*.py"))
    assert any(f'"{name}"' in text for text in code)


@pytest.mark.parametrize("name", list(faults()))
def test_steps_and_causes_name_only_commands_that_there_are(name: str) -> None:
    fault = faults()[name]
    steps = [fault.said(language, "x")[1] for language in ("zh", "en")]
    for said in (*steps, *(text for cause in fault.causes for text in (cause.zh, cause.en))):
        for words in re.findall(r"(?<![/-])kiosk ((?:[a-z][a-z-]+ ?)+)", said):
            group, context = main, main.make_context("kiosk", ["--help"], resilient_parsing=True)
            for word in words.split():
                if not isinstance(group, Group):
                    break
                found = group.get_command(context, word)
                assert found is not None, f"kiosk {words}"
                group = found
