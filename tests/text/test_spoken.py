"""What a speech program is given for what stands on a screen."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.text import BREAK_HINT, Language, catalogue
from kiosk.text.spoken import spoken


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("2611 2000 0001 0000 0018", "2 6 1 1 2 0 0 0 0 0 0 1 0 0 0 0 0 0 1 8"),
        ("拨打 12366 热线", "拨打 1 2 3 6 6 热线"),
        ("¥1,280.50", "1280.50元"),
        ("-¥53.00", "负53.00元"),
        ("小票 SF-03-1124-0042 的结果", "小票 S F 0 3 1 1 2 4 0 0 4 2 的结果"),
        ("20 位或 8 位数字", "20 位或 8 位数字"),
        ("2026年11月24日", "2026年11月24日"),
        (f"请把发票二维码{BREAK_HINT}对准扫描口", "请把发票二维码对准扫描口"),
        ("换纸后可重新打印", "换纸后可虫新打印"),
    ],
)
def test_numbers_and_words_are_said_as_people_say_them(written: str, heard: str) -> None:
    assert spoken(written, Language.CHINESE) == heard


def test_amounts_in_english() -> None:
    assert spoken("¥1,280.50", Language.ENGLISH) == "1280.50 yuan"


@given(st.text(max_size=60), st.sampled_from(Language))
def test_anything_can_be_said(text: str, language: Language) -> None:
    assert BREAK_HINT not in spoken(text, language)


def test_chinese_is_read_in_chinese() -> None:
    """Pinyin read as English words is what the voice with the shorter name gives."""
    titles = [catalogue("zh").say(f"verdict.{name}.title") for name in ("NORMAL", "NOT_FOUND")]
    text = spoken("。".join(titles), Language.CHINESE)
    sounds = subprocess.run(
        ["espeak-ng", "-v", "cmn-latn-pinyin", "-q", "-x", text],
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout.decode()
    assert "ts.h'A35" in sounds  # 查 chá
    assert "(en)" not in sounds
