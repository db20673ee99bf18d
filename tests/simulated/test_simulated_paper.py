"""What stands on the paper after which commands, dot by dot."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image
from printer_bench import INSTANT, Bench

from drivers.simulated.model import Charset
from drivers.simulated.paper import Band, Ending, Piece

CUT = b"\x1dVB\x00"
CHINESE = "票".encode("gb18030")


def printed(bench: Bench, data: bytes) -> list[Band]:
    """The bands with ink that come out for these bytes and a cut."""
    bench.send(data + CUT)
    return [band for band in bench.pieces[-1].bands if band.has_ink]


def ink_box(band: Band) -> tuple[int, int, int, int]:
    assert band.image is not None
    box = band.image.getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize(
    ("style", "half_width", "full_width"),
    [
        (b"", (12, 24), (24, 24)),
        (b"\x1b!\x10", (12, 48), (24, 24)),
        (b"\x1b!\x20", (24, 24), (24, 24)),
        (b"\x1b!\x01", (9, 17), (24, 24)),
        (b"\x1c!\x04", (12, 24), (48, 24)),
        (b"\x1c!\x08", (12, 24), (24, 48)),
        (b"\x1cW\x01", (12, 24), (48, 48)),
        (b"\x1d!\x01", (12, 48), (24, 48)),
        (b"\x1d!\x10", (24, 24), (48, 24)),
        (b"\x1d!\x77", (96, 192), (192, 192)),
        (b"\x1d!\x11\x1b@", (12, 24), (24, 24)),
    ],
)
def test_each_size_command_takes_its_room(
    bench: Bench, style: bytes, half_width: tuple[int, int], full_width: tuple[int, int]
) -> None:
    # In reverse a cell is black to its edges, so that its room can be seen.
    black = style + b"\x1b3\x00\x1dB\x01"
    (narrow,) = printed(bench, black + b" \n")
    (wide,) = printed(bench, b"\x1b@" + black + "\u3000".encode("gb18030") + b"\n")
    assert ink_box(narrow) == (0, 0, *half_width)
    assert ink_box(wide) == (0, 0, *full_width)


@pytest.mark.parametrize(
    ("justify", "left"), [(b"\x1ba\x00", 0), (b"\x1ba\x01", 276), (b"\x1ba2", 552)]
)
def test_lines_images_and_codes_stand_where_they_should(
    bench: Bench, justify: bytes, left: int
) -> None:
    line, image = printed(bench, justify + b"\x1dB\x01  \n\x1dv0\x00\x03\x00\x01\x00\xff\xff\xff")
    assert ink_box(line)[0] == left
    assert ink_box(image) == (left, 0, left + 24, 1)


def test_a_glyph_of_the_hosts_own_is_drawn_dot_for_dot(bench: Bench) -> None:
    # Column by column: the first all black, the last with its top dot only.
    glyph = b"\xff\xff\xff" + b"\x00" * 66 + b"\x80\x00\x00"
    (band,) = printed(bench, b"\x1c2\xfe\xa1" + glyph + b"\xfe\xa1\n")
    assert band.text == "〓"
    assert band.image is not None
    black = {(x, y) for x in range(24) for y in range(24) if band.image.getpixel((x, y))}
    assert black == {(0, y) for y in range(24)} | {(23, 0)}


def test_a_cancelled_glyph_is_the_fonts_again(bench: Bench) -> None:
    own = b"\x1c2" + CHINESE + b"\xff" * 72
    assert printed(bench, own + CHINESE + b"\n")[0].text == "〓"
    assert printed(bench, b"\x1c?" + CHINESE + CHINESE + b"\n")[0].text == "票"


def test_a_cut_without_a_feed_leaves_the_last_lines_inside(bench: Bench) -> None:
    # The blade stands 96 dots above the head: three lines of 30 dots and a bit of the fourth.
    bench.send(b"1\n2\n3\n4\n5\n\x1dV\x00")
    bench.send(b"next\n" + CUT)
    bench.send(b"whole\n" + CUT)
    first, second, third = bench.pieces
    assert (first.text, first.complete) == ("1\n2\n", False)
    assert (second.text, second.complete) == ("3\n4\n5\nnext\n", False)
    assert (third.text, third.complete) == ("whole\n", True)


def test_a_cut_after_a_feed_of_the_hosts_own_is_complete(bench: Bench) -> None:
    bench.send(b"1\n2\n\x1bJ\x60\x1dV\x01")
    assert bench.pieces[0].complete


def test_blank_paper_is_nothing_to_keep(bench: Bench) -> None:
    bench.send(b"\n\n   \n" + CUT + CUT)
    assert bench.pieces == []


def test_codes_outside_the_printers_font_come_out_wrong(new_bench: Callable[..., Bench]) -> None:
    gb2312 = new_bench(replace(INSTANT, charset=Charset.GB2312))
    # Row 10 of GB2312 is empty: a box. 鎔 is in GBK only, its second byte is a letter: garbage.
    gb2312.send("票".encode("gb2312") + b"\xaa\xa1" + "鎔".encode("gbk") + b"\n" + CUT)
    assert gb2312.text == "票\N{REPLACEMENT CHARACTER}\N{MICRO SIGN}g\n"
    assert gb2312.engine.unprintable == ("aa a1",)

    gb18030 = new_bench()
    gb18030.send("票鎔𠮷".encode("gb18030") + b"\n" + CUT)
    assert gb18030.text == "票鎔𠮷\n"
    assert gb18030.engine.unprintable == ()


def test_single_bytes_come_from_the_code_page(bench: Bench) -> None:
    bench.send(b"\x1c.\x1bt\x00\x82\x1bt\x10\xe9\x1bt\x13\xd5\n" + CUT)
    assert bench.text == "éé€\n"


def test_a_code_wider_than_the_paper_is_not_printed(bench: Bench) -> None:
    data = b"x" * 300
    store = b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"1P0" + data
    bench.send(b"\x1d(k\x03\x001C\x10" + store + b"\x1d(k\x03\x001Q0left\n" + CUT)
    assert bench.text == "left\n"
    assert "QR code of" in bench.engine.unprintable[0]


def test_a_code_with_too_much_data_is_not_printed(bench: Bench) -> None:
    data = b"x" * 3000
    store = b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"1P0" + data
    bench.send(b"\x1d(k\x03\x001C\x01" + store + b"\x1d(k\x03\x001Q0left\n" + CUT)
    assert bench.text == "left\n"
    assert bench.engine.unprintable == ("QR code with too much data",)


def test_power_off_brings_back_the_settings_of_power_on(bench: Bench) -> None:
    bench.send(b"\x1c.\x1d!\x11\x1ba\x01")
    bench.engine.power_off()
    bench.engine.power_on(bench.now)
    (band,) = printed(bench, CHINESE + b"\n")
    assert band.text == "票"
    assert ink_box(band)[2] <= 24


def test_a_hand_that_tears_leaves_two_incomplete_pieces(bench: Bench) -> None:
    bench.send(b"1\n2\n3\n4\n5\n")
    bench.engine.tear_off(bench.now)
    bench.engine.tear_off(bench.now)
    bench.send(b"6\n" + CUT)
    assert [(p.text, p.complete, p.ending) for p in bench.pieces] == [
        ("1\n2\n", False, Ending.TORN_OFF),
        ("3\n4\n5\n6\n", False, Ending.CUT),
    ]


def test_a_hand_finds_nothing_where_nothing_hangs_out(bench: Bench) -> None:
    bench.send(b"1\n")
    bench.engine.tear_off(bench.now)
    bench.send(b"2\n" + CUT)
    assert [(p.text, p.complete) for p in bench.pieces] == [("1\n2\n", True)]


def test_without_a_cutter_a_hand_ends_the_print(new_bench: Callable[..., Bench]) -> None:
    bench = new_bench(replace(INSTANT, cutter=False, torn_off_after_s=1.0))
    feed = b"\x1bJ\x60"
    bench.send(b"one\n" + feed)
    bench.later(0.9)
    assert bench.pieces == []
    bench.later(0.2)
    bench.send(b"two\n" + feed + b"thr")
    bench.later(5.0)
    assert [(p.text, p.complete) for p in bench.pieces] == [("one\n", True)]
    bench.engine.tear_off(bench.now)
    assert [(p.text, p.complete) for p in bench.pieces[1:]] == [("two\n", False)]


def test_a_print_that_was_not_fed_to_the_tear_bar_is_not_complete(
    new_bench: Callable[..., Bench],
) -> None:
    bench = new_bench(replace(INSTANT, cutter=False, torn_off_after_s=1.0))
    bench.send(b"1\n2\n3\n4\n5\n")
    bench.later(2.0)
    assert [(p.text, p.complete) for p in bench.pieces] == [("1\n2\n", False)]


def test_tabs_and_positions_show_in_the_text(bench: Bench) -> None:
    bench.send(b"a\tb\x1b$\xf0\x00c\n" + CUT)
    assert bench.text == "a       b           c\n"


def test_torn_paper_has_teeth_and_cut_paper_a_fine_line() -> None:
    ink = Image.new("1", (576, 24), 1)
    edges: dict[Ending, int] = {}
    for ending in (Ending.CUT, Ending.TORN_OFF):
        picture = Piece((Band(24, ink, "x"),), complete=False, ending=ending).render(INSTANT)
        assert picture.size == (640, 40)
        dark = picture.convert("L").point([255] * 140 + [0] * 116)
        edges[ending] = dark.crop((0, 32, 640, 40)).histogram()[255]
    assert edges[Ending.CUT] == 0
    assert edges[Ending.TORN_OFF] > 640
