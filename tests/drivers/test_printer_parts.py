"""Tables and small parts of the receipt printer driver."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.printers import commands
from drivers.printers.decode import auto_status_cause, auto_status_near_end
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.profile import (
    Cutter,
    Profile,
    UnknownProfile,
    load_profile,
    profile_for_model,
    profile_names,
)
from drivers.printers.raster import Bitmap, longest_block, raster_blocks, without_real_time
from drivers.printers.status import Cause
from drivers.printers.tag import job_tag

FONTS = [
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    # Built at set-up; it has no Chinese.
    Path(__file__).parents[2] / "build" / "fonts" / "MaterialIcons-Regular.ttf",
]


@pytest.mark.parametrize(
    ("four", "cause"),
    [
        ("10 00 00 00", None),
        ("10 00 00 0f", None),  # SNBC BTP-M300
        ("14 00 00 00", None),  # drawer
        ("10 00 03 00", None),  # near end
        ("18 00 0f 00", Cause.PAPER_OUT),
        ("38 00 00 00", Cause.COVER_OPEN),
        ("38 00 0f 00", Cause.COVER_OPEN),
        ("18 08 00 00", Cause.CUTTER_JAM),
        ("18 20 00 00", Cause.HARDWARE),
        ("18 40 00 00", Cause.HEAD_HOT),
        ("10 04 00 00", None),  # undefined on some models unless off-line
        ("18 04 00 00", Cause.HARDWARE),
        ("58 00 00 00", Cause.OFFLINE),  # feed button
    ],
)
def test_what_an_automatic_status_means(four: str, cause: Cause | None) -> None:
    assert auto_status_cause(bytes.fromhex(four)) is cause


def test_an_automatic_status_says_when_the_roll_is_near_its_end() -> None:
    assert auto_status_near_end(b"\x10\x00\x03\x00")
    assert not auto_status_near_end(b"\x10\x00\x0c\x00")


@given(st.text(max_size=40))
def test_a_tag_fits_the_command_and_is_the_same_every_time(job_id: str) -> None:
    tag = job_tag(job_id)
    assert len(tag) == 4
    assert all(0x20 <= byte <= 0x7E for byte in tag)
    assert tag == job_tag(job_id)


def test_tags_of_neighbouring_jobs_differ() -> None:
    assert len({job_tag(f"job-{n}") for n in range(1000)}) == 1000


def test_bytes_agree_with_python_escpos() -> None:
    paper = Dummy()
    paper.qr("HELLO", ec=1, size=6, native=True)
    assert commands.native_qr("HELLO", 6) == paper.output
    paper.clear()
    paper.cut("PART")
    profile = Profile(name="t", title="", source="", cutter=Cutter.PARTIAL, cut_feed_lines=6)
    assert commands.cut(profile) == paper.output


def test_importing_the_printer_driver_does_not_load_python_escpos() -> None:
    code = "import sys, drivers.printers.escpos; sys.exit('escpos' in sys.modules)"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, env=os.environ)


@given(st.binary(max_size=400))
def test_a_picture_never_holds_a_real_time_command(data: bytes) -> None:
    clean = without_real_time(data)
    assert len(clean) == len(data)
    assert not commands.has_real_time(clean)
    # Only ink is added, and only beside a line one dot wide.
    assert all(a == b or (a, b) == (0x10, 0x18) for a, b in zip(data, clean, strict=True))


@given(st.integers(1, 72), st.integers(1, 300), st.integers(1, 200))
def test_raster_blocks_keep_to_the_limit(width_bytes: int, height: int, max_rows: int) -> None:
    blocks = raster_blocks(Bitmap(width_bytes, b"\xff" * width_bytes * height), max_rows)
    assert longest_block(blocks) == width_bytes * min(height, max_rows)
    assert blocks.count(b"\x1d\x76\x30\x00") == -(-height // max_rows)


def test_a_bitmap_has_whole_rows() -> None:
    with pytest.raises(ValueError, match="whole"):
        Bitmap(3, b"1234")


# --- profiles ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_loads_and_says_where_it_comes_from(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.source
    assert profile.ordered_status or profile.process_id, "nothing could ever prove a slip"


def test_a_model_finds_its_profile() -> None:
    assert profile_for_model("TM-T82III") == load_profile("epson-tm-t82iii")
    assert profile_for_model("TM-T88III") is None


def test_an_unknown_profile_is_an_error_of_its_own() -> None:
    with pytest.raises(UnknownProfile):
        load_profile("../escpos")


@pytest.mark.parametrize(
    "wrong", [{"columns": 49}, {"dots": 570}, {"user_kanji": 95}, {"max_raster_rows": 0}]
)
def test_a_profile_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        msgspec.convert({"name": "t", "title": "", "source": "", **wrong}, Profile)


# --- glyphs -------------------------------------------------------------------------------


def _ink(image: Image.Image) -> int:
    return sum(byte.bit_count() for byte in image.tobytes())


@pytest.mark.skipif(not FONTS[0].exists(), reason="font not installed")
def test_a_glyph_is_drawn_from_the_first_font_that_has_it() -> None:
    glyphs = FontGlyphs([FontFile(FONTS[1]), FontFile(FONTS[0])])
    image = glyphs.draw("喆", 24, 24)
    assert (image.mode, image.size) == ("1", (24, 24))
    assert 100 < _ink(image) < 400
    assert glyphs.draw("喆", 48, 24).size == (48, 24)


@pytest.mark.skipif(not FONTS[1].exists(), reason="font not installed")
def test_a_character_that_no_font_has_shows_its_code_point() -> None:
    glyphs = FontGlyphs([FontFile(FONTS[1])])
    one, other = glyphs.draw("\U00030edd", 24, 24), glyphs.draw("\U00030ede", 24, 24)
    assert one.getpixel((0, 0)) == 1
    assert one.tobytes() != other.tobytes()
