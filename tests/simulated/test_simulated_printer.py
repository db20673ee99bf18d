"""The printer on a real pseudo-terminal: clients that come and go, foreign clients, paper."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import serial
import zxingcpp
from escpos.printer import File, Serial
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from printer_bench import INSTANT, Bench

from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.pty_device import DeviceStopped

START = b"\x1b@\x1da\x0f\x1c&"
IDLE = b"\x10\x00\x00\x00"
CUT = b"\x1dVB\x00"
PROOF = b"\x1d(H\x06\x0000job1"
PROVEN = b'\x37"job1\x00'
URL = "https://example.invalid/ticket/0123456789"


def ask(line: serial.Serial, data: bytes, length: int) -> bytes:
    line.write(data)
    return line.read(length)


def heard_code(picture: Path) -> list[str]:
    with Image.open(picture) as image:
        return [found.text for found in zxingcpp.read_barcodes(image)]


def brightness(picture: Image.Image, x: int, y: int) -> int:
    pixel = picture.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return sum(pixel)


def qr(data: bytes, module_dots: int = 6) -> bytes:
    return (
        b"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C"
        + bytes((module_dots,))
        + b"\x1d(k\x03\x001E1\x1d(k"
        + (len(data) + 3).to_bytes(2, "little")
        + b"1P0"
        + data
        + b"\x1d(k\x03\x001Q0"
    )


def test_a_slip_is_a_picture_and_a_text(printer: SimulatedPrinter, line: serial.Serial) -> None:
    job = (
        START
        + b"\x1ba\x01\x1d!\x11"
        + "查验结果".encode("gb18030")
        + b"\n\x1d!\x00"
        + qr(URL.encode())
        + b"\x1ba\x00"
        + "状态：正常 ￥1.00".encode("gb18030")
        + b"\n"
        + CUT
        + PROOF
    )
    assert ask(line, job, 11) == IDLE + PROVEN
    (slip,) = printer.wait_for_slips(1)
    assert slip.complete
    assert slip.codes == (URL,)
    assert heard_code(slip.picture) == [URL]
    # 576 dots are 48 columns; four characters of double width take 16 of them.
    assert slip.text_file.read_text("utf-8") == (
        " " * 16 + f"查验结果\n[QR {URL}]\n状态：正常 ￥1.00\n"
    )
    assert slip.picture.name == "slip-0001.png"


def test_the_picture_is_warm_paper_with_margins_and_one_pixel_for_one_dot(
    printer: SimulatedPrinter, line: serial.Serial
) -> None:
    line.write(b"\x1dv0\x00\x48\x00\x10\x00" + b"\xff" * 72 * 16 + CUT)
    (slip,) = printer.wait_for_slips(1)
    with Image.open(slip.picture) as image:
        picture = image.convert("RGB")
    assert picture.width == 640
    bar = [x for x in range(picture.width) if brightness(picture, x, 110) < 200]
    assert (bar[0], bar[-1], len(bar)) == (32, 607, 576)
    assert brightness(picture, 5, 50) > 735


def test_bold_and_large_characters_have_more_ink(
    printer: SimulatedPrinter, line: serial.Serial
) -> None:
    for style in (b"", b"\x1bE\x01", b"\x1d!\x01", b"\x1d!\x11"):
        line.write(b"\x1b@" + style + "发票".encode("gb18030") + b"\n" + CUT)
    slips = printer.wait_for_slips(4)
    ink = []
    for slip in slips:
        with Image.open(slip.picture) as image:
            ink.append(image.convert("L").point([255] * 100 + [0] * 156).histogram()[255])
    plain, bold, tall, large = ink
    assert plain < bold < tall < large
    assert (tall, large) == (2 * plain, 4 * plain)


def test_clients_come_and_go(printer: SimulatedPrinter) -> None:
    for _ in range(3):
        with serial.Serial(str(printer.path), timeout=5, exclusive=True) as line:
            assert ask(line, b"\x10\x04\x01", 1) == b"\x12"


def test_a_client_that_changes_nothing_finds_a_raw_line(printer: SimulatedPrinter) -> None:
    every_byte = bytes(range(256))
    fd = os.open(printer.path, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(fd, b"\x1dv0\x00\x01\x00\x00\x01" + every_byte + CUT)
        (slip,) = printer.wait_for_slips(1)
        printer.send_unasked(every_byte)
        heard = b""
        while len(heard) < 256:
            heard += os.read(fd, 256)
    finally:
        os.close(fd)
    assert heard == every_byte
    with Image.open(slip.picture) as picture:
        dots = picture.convert("L").point([255] * 100 + [0] * 156)
    top = dots.crop((32, 0, 40, dots.height)).getbbox()
    assert top is not None
    rows = dots.crop((32, top[1] - 1, 40, top[1] + 255)).convert("1")
    assert rows.tobytes() == every_byte


def test_python_escpos_over_serial(printer: SimulatedPrinter) -> None:
    foreign = Serial(str(printer.path), baudrate=115200, timeout=0.3, profile="NT-80-V-UL")
    foreign.open()
    try:
        assert foreign.is_online()
        assert foreign.paper_status() == 2
        foreign.text("发票查验\n")
        foreign.qr(URL, native=True, size=6)
        foreign.text("\n\n")
        foreign.image(Image.new("1", (200, 40), 0))
        foreign.cut()
        (slip,) = printer.wait_for_slips(1)
        assert slip.complete
        assert heard_code(slip.picture) == [URL]
        assert "发票查验" in slip.text
        assert "[image 200 x 40]" in slip.text

        printer.paper_near_end()
        assert foreign.paper_status() == 1
        printer.paper_out()
        assert foreign.paper_status() == 0
        assert not foreign.is_online()
    finally:
        foreign.close()


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_python_escpos_images_of_every_kind_are_the_same_on_paper(
    printer: SimulatedPrinter, way: str
) -> None:
    foreign = File(str(printer.path))
    foreign.open()
    try:
        foreign.qr(URL, native=False, size=5, impl=way)
        foreign.cut()
    finally:
        foreign.close()
    (slip,) = printer.wait_for_slips(1)
    assert heard_code(slip.picture) == [URL]


def test_unplugged_clients_are_hung_up_and_the_name_comes_back(printer: SimulatedPrinter) -> None:
    with serial.Serial(str(printer.path), timeout=5, exclusive=True) as line:
        assert ask(line, b"\x10\x04\x01", 1) == b"\x12"
        printer.unplug()
        assert not printer.path.is_symlink()
        with pytest.raises(OSError):
            ask(line, b"\x10\x04\x01", 1)
    assert not printer.state().plugged
    printer.replug()
    with serial.Serial(str(printer.path), timeout=5, exclusive=True) as line:
        assert ask(line, b"\x10\x04\x01", 1) == b"\x12"


def test_what_was_received_prints_on_without_a_plug(
    printer: SimulatedPrinter, line: serial.Serial
) -> None:
    printer.open_cover()
    assert ask(line, b"one\n" + CUT + PROOF + b"\x10\x04\x02", 1) == b"\x16"
    printer.unplug()
    printer.close_cover()
    (slip,) = printer.wait_for_slips(1)
    assert slip.complete
    assert printer.lost_bytes == len(PROVEN)


def test_paper_out_while_running(printer: SimulatedPrinter, line: serial.Serial) -> None:
    printer.paper_out(after_lines=2)
    assert ask(line, START + b"one\ntwo\nthree\n" + CUT + PROOF, 8) == IDLE + b"\x18\x00\x0f\x00"
    assert printer.state().paper_end
    printer.load_paper()
    assert line.read(11) == IDLE + PROVEN
    first, second = printer.wait_for_slips(2)
    assert (first.text, first.complete) == ("one\ntwo\n", False)
    assert (second.text, second.complete) == ("three\n", False)


def test_each_steering_shows_in_state_and_status(
    printer: SimulatedPrinter, line: serial.Serial
) -> None:
    printer.paper_near_end()
    printer.open_cover()
    printer.head_hot()
    printer.hardware_error()
    printer.hold_feed_button()
    state = printer.state()
    assert state.near_end
    assert state.cover_open
    assert state.head_hot
    assert state.hardware_error
    assert state.feed_button
    assert state.offline
    said = b"".join(ask(line, bytes((0x10, 4, n)), 1) for n in (1, 2, 3, 4))
    assert said == b"\x5a\x5e\x72\x1e"
    printer.heal()
    said = b"".join(ask(line, bytes((0x10, 4, n)), 1) for n in (1, 2, 3, 4))
    assert said == b"\x12\x12\x12\x12"
    assert not printer.state().offline


def test_the_cutter_over_the_line(printer: SimulatedPrinter, line: serial.Serial) -> None:
    printer.jam_cutter()
    assert ask(line, START + b"one\n" + CUT + PROOF, 8) == IDLE + b"\x18\x08\x00\x00"
    printer.free_cutter()
    assert printer.state().cutter_error
    assert ask(line, b"\x10\x05\x01", 11) == IDLE + PROVEN


def test_split_answers_still_say_the_same(printer: SimulatedPrinter, line: serial.Serial) -> None:
    printer.split_answers()
    assert ask(line, START + b"one\n" + CUT + PROOF, 11) == IDLE + PROVEN


def test_unknown_commands_are_noted_and_harm_nothing(
    printer: SimulatedPrinter, line: serial.Serial
) -> None:
    assert ask(line, b"\x1f\x1b\x7f\x1bc5\x01" + START + b"one\n" + CUT + PROOF, 11)
    assert printer.slips[0].text == "one\n"
    noted = printer.state().without_effect
    assert noted[:3] == ("unknown 1f", "unknown 1b 7f", "sensors and buttons 1b 63 35 01")


def test_unasked_bytes_come_at_once(printer: SimulatedPrinter, line: serial.Serial) -> None:
    printer.send_unasked(b"\x11\x18\x00")
    assert line.read(3) == b"\x11\x18\x00"


def test_a_silent_printer_prints_and_says_nothing(
    printer: SimulatedPrinter, line: serial.Serial
) -> None:
    printer.fall_silent()
    line.write(START + b"one\n" + CUT + PROOF)
    assert printer.wait_for_slips(1)[0].complete
    printer.fall_silent(False)
    assert ask(line, b"\x10\x04\x01", 1) == b"\x12"


def test_a_printer_that_stops_reading_stalls_the_writer(printer: SimulatedPrinter) -> None:
    printer.stop_reading()
    with serial.Serial(str(printer.path), timeout=5, write_timeout=0.1, exclusive=True) as line:
        with pytest.raises(serial.SerialTimeoutException):
            line.write(b"x" * 100_000)
        printer.stop_reading(False)
        line.reset_output_buffer()
        assert ask(line, b"\x10\x04\x01", 1) == b"\x12"


def test_power_loss_over_the_line(printer: SimulatedPrinter, line: serial.Serial) -> None:
    assert ask(line, START + b"one\n\x10\x04\x01", 5)
    printer.power_off()
    printer.power_on()
    (slip,) = printer.wait_for_slips(1)
    assert not slip.complete
    assert printer.state().automatic_status == 0


def test_a_slow_line_and_a_slow_mechanism_end_well(tmp_path: Path, fonts_dir: Path) -> None:
    moved = [0.0]
    with SimulatedPrinter(
        tmp_path / "printer",
        fonts_dir,
        tmp_path / "out",
        baud=9600,
        clock=lambda: moved[0],
    ) as slow:
        with serial.Serial(str(slow.path), timeout=0, write_timeout=5) as line:
            line.write(START + b"one\n" + CUT + PROOF)
            heard = b""
            while len(heard) < len(IDLE + PROVEN):
                heard += line.read(64)
                moved[0] += 0.001
                slow.wake()
        assert heard == IDLE + PROVEN
        # 25 bytes at 960 a second, then 126 dots at 150 mm/s and a cut of 0.3 s.
        assert moved[0] > 0.4


def test_numbers_go_on_from_the_folder(tmp_path: Path, fonts_dir: Path) -> None:
    for number in (1, 2):
        with (
            SimulatedPrinter(tmp_path / "printer", fonts_dir, tmp_path / "out", INSTANT) as device,
            serial.Serial(str(device.path), timeout=5) as line,
        ):
            line.write(b"one\n" + CUT)
            assert [slip.number for slip in device.wait_for_slips(1)] == [number]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "slip-0001.png",
        "slip-0001.txt",
        "slip-0002.png",
        "slip-0002.txt",
    ]


def test_a_stopped_printer_is_gone_and_says_so(tmp_path: Path, fonts_dir: Path) -> None:
    device = SimulatedPrinter(tmp_path / "printer", fonts_dir, tmp_path / "out", INSTANT)
    with pytest.raises(DeviceStopped):
        device.state()
    device.start()
    assert stat.S_ISCHR(device.path.stat().st_mode)
    device.stop()
    device.stop()
    assert not device.path.is_symlink()
    with pytest.raises(DeviceStopped):
        device.paper_out()


def test_paper_cannot_end_in_two_ways_or_in_the_past(printer: SimulatedPrinter) -> None:
    with pytest.raises(ValueError, match="not both"):
        printer.paper_out(after_bytes=1, after_lines=1)
    with pytest.raises(ValueError, match="past"):
        printer.paper_out(after_bytes=-1)


@settings(max_examples=25, deadline=None)
@given(data=st.binary(min_size=1, max_size=200), module_dots=st.integers(3, 6))
def test_any_qr_data_is_read_back_from_the_picture(
    new_bench: Callable[..., Bench], data: bytes, module_dots: int
) -> None:
    bench = new_bench()
    bench.send(qr(data, module_dots) + b"\n" + CUT)
    (found,) = zxingcpp.read_barcodes(bench.pieces[0].render(INSTANT))
    assert found.bytes == data
