"""One line of settings names a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.links.address import LineSpeed, WrongAddress, link_at
from drivers.links.hid_keyboard import HidKeyboard
from drivers.links.libusb import LibusbLink
from drivers.links.serial import SerialLink
from drivers.links.tcp import TcpLink
from drivers.links.usb_lp import UsbLpLink


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0", SerialLink),
        ("/dev/kiosk/printer", SerialLink),
        ("serial:/dev/ttyS0", SerialLink),
        ("/dev/usb/lp0", UsbLpLink),
        ("lp:/dev/kiosk/printer", UsbLpLink),
        ("usb:0416:5011", LibusbLink),
        ("usb:0416:5011:A:1", LibusbLink),
        ("hid:/dev/input/by-id/usb-scanner-event-kbd", HidKeyboard),
        ("tcp:192.168.1.50", TcpLink),
        ("tcp:192.168.1.50:9101", TcpLink),
        ("tcp:[fd00::1]:9100", TcpLink),
    ],
)
def test_each_kind_has_its_form(address: str, kind: type) -> None:
    assert type(link_at(address)) is kind


@pytest.mark.parametrize(
    "address",
    ["", "lp0", "usb:416:5011", "tcp:printer.local", "tcp:1.2.3.4:0", "tcp:1.2.3.4:70000",
     "tcp:[::1", "http://x", "tcp:999.1.1.1"],
)  # fmt: skip
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(WrongAddress):
        link_at(address)


@given(st.text())
def test_no_text_makes_anything_but_a_link_or_a_refusal(address: str) -> None:
    try:
        link = link_at(address)
    except WrongAddress:
        return
    assert not link.is_open


def test_a_serial_port_has_its_speed() -> None:
    assert link_at("/dev/ttyS0", LineSpeed(baud=9600)).bytes_per_s == 960
