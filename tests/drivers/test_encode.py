"""What a document becomes on paper, read back from the bytes."""

import msgspec
import pytest
import qrcode
import qrcode.constants
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_reader import Paper, read_slip
from PIL import Image
from qrcode.util import QRData

from drivers.printers import commands
from drivers.printers.cells import cells, wrap
from drivers.printers.encode import QrTooLarge, encode
from drivers.printers.paper import Align, Document, Element, Feed, Pair, Qr, Rule, Size, Text
from drivers.printers.profile import Charset, Profile, load_profile

GB2312 = Profile(name="t", title="t", source="t", charset=Charset.GB2312, user_kanji=6)
NO_CHINESE = msgspec.structs.replace(GB2312, charset=Charset.ASCII, user_kanji=0, fs_amp=False)
GB18030 = msgspec.structs.replace(GB2312, charset=Charset.GB18030)
NO_KANJI = msgspec.structs.replace(GB2312, user_kanji=0)
NATIVE_QR = msgspec.structs.replace(GB2312, native_qr=True)
NARROW = msgspec.structs.replace(GB2312, dots=384, columns=32)


class Blocks:
    """Draws every cell black, and remembers what it drew."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def draw(self, text: str, width_dots: int, height_dots: int) -> Image.Image:
        self.drawn.append(text)
        return Image.new("1", (width_dots, height_dots), 1)


class Dot:
    """Draws one dot, at the upper left."""

    def draw(self, text: str, width_dots: int, height_dots: int) -> Image.Image:
        del text
        paper = Image.new("1", (width_dots, height_dots), 0)
        paper.putpixel((0, 0), 1)
        return paper


class Stripes:
    """Draws one-dot stripes: full of the bytes 10 04 05 14."""

    def draw(self, text: str, width_dots: int, height_dots: int) -> Image.Image:
        paper = Image.new("1", (width_dots, height_dots), 0)
        for y in range(height_dots):
            for x in range(ord(text[0]) % 3, width_dots):
                if x % 8 == 3 if y % 2 == 0 else x % 8 in (3, 5, 7):
                    paper.putpixel((x, y), 1)
        return paper


def on_paper(profile: Profile, *elements: Element) -> Paper:
    return read_slip(encode(Document(elements), profile, Blocks()).body)


def texts(paper: Paper) -> list[str]:
    return [line.text for line in paper.lines]


# --- characters ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["：", "（", "①", "℃", "·", "—", "“合计”", "￥100.00", "abc"])
def test_punctuation_is_printed_from_the_font_without_a_chinese_character_beside_it(
    text: str,
) -> None:
    assert texts(on_paper(GB2312, Text(text))) == [text]


def test_the_yen_sign_becomes_its_full_width_form() -> None:
    assert texts(on_paper(GB2312, Text("¥12.00"))) == ["￥12.00"]


def test_a_character_outside_the_font_is_defined_once_and_used() -> None:
    glyphs = Blocks()
    slip = encode(Document((Text("王喆喆𬭼"),)), GB2312, glyphs)
    paper = read_slip(slip.body)
    assert glyphs.drawn == ["喆", "𬭼"]
    assert texts(paper) == ["王〓〓〓"]
    assert set(paper.glyphs) == {b"\xfe\xa1", b"\xfe\xa2"}


@pytest.mark.parametrize(
    ("character", "charset", "own"),
    [
        ("票", Charset.ASCII, False),
        ("A", Charset.ASCII, True),
        ("喆", Charset.GB2312, False),
        ("喆", Charset.GBK, True),
        ("㐀", Charset.GBK, False),
        ("㐀", Charset.GB18030, True),  # extension A: every GB 18030-2000 font has it
        ("𠮷", Charset.GB18030, False),  # four bytes that printers turn into digits
        ("\ue000", Charset.GB18030, False),  # private use: encodable and empty
        ("é", Charset.GB2312, True),
        ("e\u0308\u0301", Charset.GB18030, False),
    ],
)
def test_each_font_prints_what_it_has(character: str, charset: Charset, own: bool) -> None:
    glyphs = Blocks()
    encode(Document((Text(character),)), msgspec.structs.replace(GB2312, charset=charset), glyphs)
    assert (glyphs.drawn == []) == own


def test_without_user_defined_characters_the_line_is_drawn() -> None:
    glyphs = Blocks()
    slip = encode(Document((Text("王喆1", align=Align.CENTRE), Text("好"))), NO_KANJI, glyphs)
    paper = read_slip(slip.body)
    assert glyphs.drawn == ["王", "喆", "1"]
    picture, below = paper.pictures
    assert (below.width_bytes, below.rows) == (1, bytes(34 - 24))
    assert picture.align == Align.CENTRE.value
    assert picture.width_bytes * 8 >= 60 > (picture.width_bytes - 1) * 8
    assert len(picture.rows) == picture.width_bytes * 24
    assert texts(paper) == ["好"]


def test_a_drawn_line_is_as_high_as_a_printed_one_and_as_bold() -> None:
    printed, thin, thick = (
        encode(Document((Text(text, bold=bold),)), NO_CHINESE, Dot())
        for text, bold in (("I", False), ("票", False), ("票", True))
    )
    assert thin.height_mm == pytest.approx(printed.height_mm, abs=0.1)
    first_rows = [read_slip(slip.body).pictures[0].rows[0] for slip in (thin, thick)]
    assert first_rows == [0b10000000, 0b11000000]


def test_more_missing_characters_than_the_printer_can_hold_are_drawn() -> None:
    missing = "喆瑄㛃翀赟昉祎"
    paper = on_paper(GB2312, Text(missing[:6]), Text(missing[6:]))
    assert len(paper.glyphs) == 6
    assert len(paper.pictures) == 2  # the line, and the space below it


def test_user_defined_characters_are_sent_column_by_column() -> None:
    class Corner:
        def draw(self, text: str, width_dots: int, height_dots: int) -> Image.Image:
            del text
            paper = Image.new("1", (width_dots, height_dots), 0)
            paper.putpixel((1, 0), 1)  # second column, top
            paper.putpixel((23, 23), 1)  # last column, bottom
            return paper

    paper = read_slip(encode(Document((Text("喆"),)), GB2312, Corner()).body)
    dots = paper.glyphs[b"\xfe\xa1"]
    assert (dots[3], dots[71], sum(dots)) == (0x80, 0x01, 0x81)


def test_control_characters_print_nothing_and_a_tab_is_a_space() -> None:
    assert texts(on_paper(GB2312, Text("a\x1b@\x10\x04b\tc\u202ed\u200b"))) == ["a@b cd"]


# --- layout -------------------------------------------------------------------------------


def test_a_pair_that_fits_stands_on_one_line() -> None:
    (line,) = on_paper(NARROW, Pair("金额", "￥1.00")).lines
    assert line.columns == 32
    assert line.text.startswith("金额 ")
    assert line.text.endswith(" ￥1.00")


def test_a_pair_that_does_not_fit_stands_on_two() -> None:
    label, value = on_paper(NARROW, Pair("发票号码", "x" * 30)).lines
    assert (label.text, label.align) == ("发票号码", Align.LEFT.value)
    assert (value.text, value.align) == ("x" * 30, Align.RIGHT.value)


def test_style_reaches_the_printer_and_ends() -> None:
    big, small = on_paper(
        GB2312, Text("大", size=Size.LARGE, align=Align.CENTRE, bold=True), Text("小")
    ).lines
    assert (big.wide, big.tall, big.bold, big.align) == (2, 2, True, 1)
    assert (small.wide, small.tall, small.bold, small.align) == (1, 1, False, 0)


def test_a_long_number_in_large_type_stays_in_one_line() -> None:
    number = "24112000000123456789"
    (line,) = on_paper(NARROW, Text(number, size=Size.LARGE)).lines
    assert (line.text, line.wide, line.tall) == (number, 1, 2)


def test_numbers_are_not_split() -> None:
    lines = wrap("价税合计人民币￥12,345,678.90元整", 20)
    assert any("￥12,345,678.90" in "".join(cell.text for cell in line) for line in lines)


def test_closing_marks_do_not_begin_a_line() -> None:
    lines = [
        "".join(cell.text for cell in line) for line in wrap("一二三四五，六七八九十（一）二", 10)
    ]
    assert lines == ["一二三四", "五，六七八", "九十（一）", "二"]


def test_a_rule_and_a_feed() -> None:
    paper = on_paper(NARROW, Rule(), Feed(300))
    assert texts(paper) == ["-" * 32]
    assert paper.fed == 300


def test_height_counts_lines_pictures_and_feeds() -> None:
    slip = encode(Document((Text("a"), Text("b", size=Size.TALL), Feed(2))), GB2312, Blocks())
    assert slip.height_mm == pytest.approx(5 * 4.23)


# --- QR codes -----------------------------------------------------------------------------


def test_a_native_code_carries_its_data() -> None:
    paper = on_paper(NATIVE_QR, Qr("https://example.org/发票"))
    assert paper.codes == ["https://example.org/发票".encode()]
    assert paper.pictures == []


@pytest.mark.parametrize("profile", [GB2312, NARROW])
def test_a_drawn_code_can_be_read(profile: Profile) -> None:
    paper = on_paper(profile, Qr("01,32,,24112000000123456789,100.00,20240101,,ABCD", 6))
    across = paper.pictures[0].width_bytes
    assert {picture.align for picture in paper.pictures} == {Align.CENTRE.value}
    rows = b"".join(picture.rows for picture in paper.pictures)
    code = Image.frombytes("1", (across * 8, len(rows) // across), rows, "raw", "1;I")
    slip = Image.new("L", (profile.dots, code.height), 255)
    slip.paste(code, ((profile.dots - code.width) // 2, 0))
    (read,) = zxingcpp.read_barcodes(slip)
    assert read.text == "01,32,,24112000000123456789,100.00,20240101,,ABCD"


def test_a_code_shrinks_until_it_fits() -> None:
    paper = on_paper(NARROW, Qr("x" * 400, 10))
    assert 0 < paper.pictures[0].width_bytes * 8 <= 384


@pytest.mark.parametrize(("length", "dots"), [(2000, 288), (5000, 576)])
def test_a_code_that_cannot_fit_is_refused(length: int, dots: int) -> None:
    paper = msgspec.structs.replace(GB2312, dots=dots, columns=dots // 12)
    with pytest.raises(QrTooLarge):
        encode(Document((Qr("x" * length),)), paper, Blocks())


def test_a_native_code_whose_length_looks_like_a_command_is_drawn() -> None:
    """1,037 bytes: the length field of GS ( k is 10 04, which a printer takes for DLE EOT."""
    wide = msgspec.structs.replace(NATIVE_QR, dots=832, columns=69)
    paper = on_paper(wide, Qr("x" * 1037))
    assert paper.codes == []
    assert paper.pictures


# --- whatever stands in the document ----------------------------------------------------------

TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("0123456789.,￥¥（）：、税额发票喆𠮷①\n -"),
    ),
    max_size=80,
)
ELEMENT = st.one_of(
    st.builds(Text, TEXT, st.sampled_from(list(Size)), st.sampled_from(list(Align)), st.booleans()),
    st.builds(Pair, TEXT, TEXT),
    st.just(Rule()),
    st.builds(Feed, st.integers(1, 300)),
    st.builds(Qr, st.text(max_size=60), st.integers(1, 20).filter(lambda n: n > 1)),
)
PROFILES = st.sampled_from([NO_CHINESE, GB2312, GB18030, NO_KANJI, NATIVE_QR, NARROW])


@settings(deadline=None)
@given(st.lists(ELEMENT, max_size=6), PROFILES)
def test_any_document_keeps_to_the_paper_and_wakes_no_real_time_command(
    elements: list[Element], profile: Profile
) -> None:
    body = encode(Document(tuple(elements)), profile, Stripes()).body
    assert not commands.has_real_time(body)
    paper = read_slip(body)
    for line in paper.lines:
        assert line.columns <= profile.columns
    for picture in paper.pictures:
        assert picture.width_bytes * 8 <= profile.dots
        assert len(picture.rows) // picture.width_bytes <= profile.max_raster_rows
    assert len(paper.glyphs) <= profile.user_kanji


@settings(deadline=None)
@given(TEXT, PROFILES)
def test_every_character_is_printed_or_drawn(text: str, profile: Profile) -> None:
    glyphs = Blocks()
    paper = read_slip(encode(Document((Text(text),)), profile, glyphs).body)
    printed = "".join(texts(paper))
    assert printed.count("?") <= text.count("?")
    for line in text.splitlines():
        for cell in cells(line):
            if cell.text != " ":
                assert cell.text in printed or cell.text in glyphs.drawn


@given(TEXT, st.integers(2, 48))
def test_wrapping_loses_nothing_but_spaces(text: str, columns: int) -> None:
    wanted = [cell.text for cell in cells(text.replace("\n", " ")) if cell.text != " "]
    kept = [cell.text for line in wrap(text, columns) for cell in line if cell.text != " "]
    assert "".join(kept) == "".join(wanted)


@pytest.mark.parametrize("name", ["generic-58", "epson-tm-t88", "snbc-bt-t080"])
def test_real_profiles_print_a_receipt(name: str) -> None:
    profile = load_profile(name)
    slip = encode(
        Document(
            (
                Text("发票查验结果", size=Size.LARGE, align=Align.CENTRE),
                Rule(),
                Pair("发票号码", "24112000000123456789"),
                Pair("价税合计", "¥113.00"),
                Qr("ticket:0123456789"),
                Feed(1),
            )
        ),
        profile,
        Blocks(),
    )
    assert all(line.columns <= profile.columns for line in read_slip(slip.body).lines)


@pytest.mark.parametrize("length", [0, 1, 14, 15, 213, 214, 2331])
def test_a_code_is_taken_to_be_as_large_as_a_printer_makes_it(length: int) -> None:
    """Around the ends of versions 1, 9 and 40 (ISO/IEC 18004 table 7, level M)."""
    data = "\xe4" * (length // 2) + "a" * (length % 2)  # two bytes each in UTF-8
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(QRData(data.encode(), mode=4), optimize=0)
    code.make()
    wide = msgspec.structs.replace(NATIVE_QR, dots=832)
    height_mm = encode(Document((Qr(data, 2),)), wide, Blocks()).height_mm
    modules = (height_mm - 2 * wide.line_mm) * wide.dots_per_mm / 2
    assert round(modules) == len(code.modules)


def test_more_data_than_a_code_holds_is_refused() -> None:
    with pytest.raises(QrTooLarge):
        encode(Document((Qr("a" * 2332, 2),)), NATIVE_QR, Blocks())


ONE_LINE = st.characters(exclude_characters="\r\n\u2028\u2029")


@given(st.text(ONE_LINE, max_size=60), st.integers(0, 8))
@settings(max_examples=60)
def test_a_line_that_fits_is_not_broken_and_loses_only_the_spaces_at_its_end(
    text: str, room: int
) -> None:
    line = cells(text)
    (kept,) = wrap(text, sum(cell.columns for cell in line) + room)
    assert kept == line[: len(kept)]
    assert all(cell.text == " " for cell in line[len(kept) :])
