"""Names of companies in pinyin, asked from the real library; nothing of it is learnt."""

from pathlib import Path

import pytest

import kiosk.pinyin.engine
from kiosk.pinyin.composing import MAX_LETTERS
from kiosk.pinyin.engine import is_there, pinyin

FOLDER = Path(kiosk.pinyin.engine.__file__).parent / "rime"


def test_the_library_is_found_without_loading_it() -> None:
    assert is_there()


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("beijing", "北京"),
        ("keji", "科技"),
        ("youxiangongsi", "有限公司"),
        ("yxgs", "有限公司"),
        ("beijinghaidiankejiyouxiangongsi", "北京海淀科技有限公司"),
        ("xi'an", "西安"),
        ("canyinguanli", "餐饮管理"),
    ],
)
def test_words_of_companies_come_first(letters: str, first: str) -> None:
    assert pinyin().candidates(letters)[0] == first
    assert pinyin().take(letters, 0).text == first
    assert pinyin().take(letters, 0).rest == ""


def test_part_of_the_letters_is_taken_and_the_rest_is_left() -> None:
    offered = pinyin().candidates("beijingkeji")
    taken = pinyin().take("beijingkeji", offered.index("背景"))
    assert (taken.text, taken.rest) == ("背景", "keji")
    late = 14  # on the second page of the library's own menu
    taken = pinyin().take("beijingkeji", late)
    assert (taken.text, taken.rest) == (offered[late], "jingkeji")


def test_each_candidate_takes_something_and_leaves_less() -> None:
    for letters in ("shanghaixxjs", "xi'anshi", "zhzhzh", "vvv", "a'a'a", "q" * MAX_LETTERS):
        for index, word in enumerate(pinyin().candidates(letters)):
            taken = pinyin().take(letters, index)
            assert taken.text == word, letters
            assert len(taken.rest) < len(letters)
            assert letters.endswith(taken.rest)


def test_what_one_person_chooses_does_not_come_up_for_the_next() -> None:
    files = {file: file.read_bytes() for file in FOLDER.iterdir()}
    before = pinyin().candidates("mouren")
    rare = len(before) - 1
    for _ in range(30):
        assert pinyin().take("mouren", rare).text == before[rare]
        pinyin().take("moumougongsi", 0)
    assert pinyin().candidates("mouren") == before
    assert {file: file.read_bytes() for file in FOLDER.iterdir()} == files
