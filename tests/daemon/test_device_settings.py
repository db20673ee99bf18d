"""What the settings name is what is opened; what cannot be is said before anything starts."""

from pathlib import Path

import pytest

from config.load import WrongSetting, load
from drivers.links.hid_keyboard import HidKeyboard
from drivers.links.serial import SerialLink
from drivers.scanners.decode import Encoding
from drivers.scanners.framer import Suffix
from kiosk import messages as m
from kiosk.daemon.devices import check_devices, scanner_link, scanner_speech
from kiosk.daemon.scanning import awaits_scan


def settings(folder: Path, text: str):
    file = folder / "terminal.toml"
    file.write_text(text, encoding="utf-8")
    return load([file])


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lp:/dev/kiosk/printer",
        "/dev/usb/lp0",
        "/dev/serial/by-id/x",
        "usb:0416:5011",
        "usb:0416:5011:SERIAL",
        "tcp:192.168.1.50:9100",
        "tcp:[::1]:9100",
    ],
)
def test_every_kind_of_address_is_taken(tmp_path: Path, address: str) -> None:
    check_devices(settings(tmp_path, f'[printer]\naddress = "{address}"\n'))


@pytest.mark.parametrize("address", ["ttyUSB0", "usb:416:5011", "hid:/dev/input/x", "lp:printer"])
def test_a_line_that_names_no_printer_is_said_with_its_place(tmp_path: Path, address: str) -> None:
    with pytest.raises(WrongSetting, match=r"terminal\.toml:2: \[printer\] address"):
        settings(tmp_path, f'[printer]\naddress = "{address}"\n')


def test_what_only_the_driver_knows_is_said_too(tmp_path: Path) -> None:
    for text, said in (
        ('[printer]\naddress = "tcp:300.1.1.1"\n', r"\[printer\] address"),
        ('[printer]\nprofile = "no-such"\n', r"\[printer\] profile.*generic-80"),
        ('[scanner]\nprofile = "no-such"\n', r"\[scanner\] profile.*newland"),
    ):
        with pytest.raises(WrongSetting, match=said):
            check_devices(settings(tmp_path, text))


def test_a_scanner_is_what_its_section_says(tmp_path: Path) -> None:
    keyboard = settings(tmp_path, '[scanner]\naddress = "hid:/dev/input/by-id/x"\n').scanner
    assert isinstance(scanner_link(keyboard), HidKeyboard)
    assert scanner_speech(keyboard).trigger is None
    lit = settings(
        tmp_path,
        '[scanner]\naddress = "/dev/ttyS9"\nprofile = "newland"\n'
        'suffix = "tab"\nencoding = "gb18030"\n',
    ).scanner
    assert isinstance(scanner_link(lit), SerialLink)
    speech = scanner_speech(lit)
    assert speech.trigger is not None
    assert speech.framing.suffix is Suffix.TAB
    assert speech.encoding is Encoding.GB18030
    assert scanner_link(settings(tmp_path, "").scanner) is None


def test_the_light_is_on_only_where_a_code_is_asked_for() -> None:
    assert awaits_scan(m.Home())
    assert awaits_scan(m.NotAnInvoice(what="nothing"))
    assert not awaits_scan(m.Checking())
    assert not awaits_scan(m.Printing(slip="SF-03-261124-0001"))
    assert not awaits_scan(m.OutOfService(reason="internal"))


@pytest.mark.parametrize(
    "text",
    [
        'address = "usb:2047"',
        'address = "/dev/input/event3"',
        'keys = "KEY_F1"',
        'keys = "F1=next"',
    ],
)
def test_a_line_that_names_no_keypad_is_said_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongSetting, match=r"terminal\.toml:2: \[keypad\] (address|keys)"):
        settings(tmp_path, f"[keypad]\n{text}\n")


def test_a_key_that_there_is_not_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=r"\[keypad\] keys: KEY_NOSUCH"):
        check_devices(settings(tmp_path, '[keypad]\nkeys = "KEY_NOSUCH=next"\n'))
