from pathlib import Path

import pytest

from config.load import WrongSetting, load


def written(folder: Path, text: str, name: str = "terminal.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_nothing_configured_is_a_working_terminal() -> None:
    settings = load()
    assert settings.screen.width_px == 1080
    assert settings.service.answer_within_s == 3.0


def test_a_later_file_wins_key_by_key_and_the_environment_wins_over_all(tmp_path: Path) -> None:
    hall = written(tmp_path, '[hall]\nname_zh = "甲厅"\n[terminal]\nnumber = "11"\n', "hall.toml")
    terminal = written(tmp_path, '[terminal]\nnumber = "12"\n')
    settings = load([hall, terminal], {"KIOSK__PRINTER__BAUD": "9600", "PATH": "/bin"})
    assert (settings.hall.name_zh, settings.terminal.number) == ("甲厅", "12")
    assert settings.printer.baud == 9600


def test_a_number_in_the_environment_may_be_the_text_that_a_setting_wants() -> None:
    assert load((), {"KIOSK__TERMINAL__NUMBER": "17"}).terminal.number == "17"
    assert load((), {"KIOSK__TERMINAL__NUMBER": "03"}).terminal.number == "03"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[printer]\n\nbaud = 7\n", ["terminal.toml:3", "[printer] baud", ">= 1200", "bits per"]),
        ("[printer]\nbuad = 9600\n", ["terminal.toml:2", "[printer] buad", "unknown field"]),
        ("[prnter]\nbaud = 9600\n", ["terminal.toml:1", "[prnter]", "unknown field"]),
        ('[terminal]\nnumber = "a b"\n', ["terminal.toml:2", "[terminal] number", "regex"]),
        ("[terminal]\nnumber = 3\n", ["terminal.toml:2", "[terminal] number", "`str`"]),
        ("baud = 3\n", ["terminal.toml", "baud", "[section]"]),
        ("[printer\n", ["terminal.toml", "not a TOML file"]),
    ],
)
def test_a_wrong_value_is_said_with_its_place_and_what_is_allowed(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(WrongSetting) as caught:
        load([file])
    for part in said:
        assert part in str(caught.value)


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(WrongSetting, match=r"environment: \[printer\] baud"):
        load((), {"KIOSK__PRINTER__BAUD": "fast"})
    with pytest.raises(WrongSetting, match="KIOSK__BAUD"):
        load((), {"KIOSK__BAUD": "1"})


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="cannot be read"):
        load([tmp_path / "no.toml"])
