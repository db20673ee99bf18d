"""A picture of a PDF: what is drawn, what is refused, and that the child can reach nothing."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from central.sandbox.mint import Mint
from kiosk.preview import preview as previews
from kiosk.preview.preview import MAX_PICTURE_BYTES, NoPicture, Picture, preview

FONT = Path(__file__).parents[2] / "build" / "fonts" / "NotoSansSC-Regular.otf"
pytestmark = pytest.mark.skipif(not FONT.exists(), reason="fonts are made at set-up")


def pdf_of(page: str, drawn: str = "", font: str = "", trailer: str = "") -> bytes:
    """A PDF of one page: entries of its dictionary, what is drawn, its font, its trailer's."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>{page}>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        font or "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        (
            "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
            "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>"
        ),
    ]
    out, offsets = "%PDF-1.7\n", list[int]()
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    return (
        f"{out}xref\n0 7\n0000000000 65535 f \n{table}trailer<</Size 7/Root 1 0 R{trailer}>>\n"
        f"startxref\n{len(out)}\n%%EOF"
    ).encode()


def dark_part(picture: Picture) -> float:
    grey = Image.open(io.BytesIO(picture.png)).convert("L")
    return sum(grey.histogram()[:128]) / (grey.width * grey.height)


async def test_an_invoice_is_drawn_as_wide_as_it_may_be() -> None:
    picture = await preview(Mint("preview").invoice().pdf(FONT), max_width=900, max_height=900)
    assert isinstance(picture, Picture)
    assert (picture.width, picture.pages) == (900, 1)
    assert Image.open(io.BytesIO(picture.png)).size == (picture.width, picture.height)
    assert len(picture.png) <= MAX_PICTURE_BYTES
    assert 0.005 < dark_part(picture) < 0.3


async def test_chinese_in_a_font_that_the_file_does_not_carry_is_drawn() -> None:
    """Without a font of ours there would be empty paper, and no file may be opened for one."""
    page = "/MediaBox[0 0 200 100]"
    text = "发票税额".encode("utf-16-be").hex()
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[6 0 R]>>"
    )
    drawn = await preview(pdf_of(page, f"BT /F1 40 Tf 10 30 Td <{text}> Tj ET", font))
    assert isinstance(drawn, Picture)
    assert dark_part(drawn) > 0.03


@pytest.mark.parametrize(
    ("pdf", "why"),
    [
        (b"", NoPicture.NOT_A_PDF),
        (b"PK\x03\x04 not a pdf", NoPicture.NOT_A_PDF),
        (
            pdf_of(
                "/MediaBox[0 0 9 9]",
                trailer="/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4"
                f"/O<{'00' * 32}>/U<{'00' * 32}>>>",
            ),
            NoPicture.LOCKED,
        ),
    ],
)
async def test_what_cannot_be_drawn_is_told_apart(pdf: bytes, why: NoPicture) -> None:
    assert await preview(pdf) is why


async def test_a_picture_that_never_ends_is_given_up() -> None:
    """A form that draws itself many times over: each level draws the one below eight times."""
    levels = "".join(
        f"{n} 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {n + 1} 0 R"
        f">>>>/Length 50>>stream\n{'/X Do ' * 8:50}\nendstream\nendobj\n"
        for n in range(10, 28)
    )
    page = (
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids"
        "[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents"
        " 4 0 R/Resources<</XObject<</X 10 0 R>>>>>>\nendobj\n4 0 obj\n<</Length 5>>stream\n/X Do"
        "\nendstream\nendobj\n28 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 9>>"
        "stream\n0 0 9 9 re f\nendstream\nendobj\n"
    )
    endless = (page + levels + "trailer<</Root 1 0 R>>\n%%EOF").encode()
    assert await preview(endless, within_s=1.5) is NoPicture.TOO_LONG


async def test_a_page_of_any_size_gives_a_picture_that_fits() -> None:
    for box in ("0 0 14400 3", "0 0 3 14400", "-9 -9 200000 200000"):
        drawn = await preview(pdf_of(f"/MediaBox[{box}]", "0 0 1 1 re f"))
        assert isinstance(drawn, Picture), box
        assert drawn.width <= previews.MAX_WIDTH_PX
        assert drawn.height <= previews.MAX_HEIGHT_PX


async def test_a_child_that_answers_nonsense_gives_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one would that a file has taken over: too little, too much, or another size."""
    whole = "b'\\0\\0\\0\\1\\0\\0\\0\\2\\0\\0\\0\\2' + bytes(12)"
    python = sys.executable
    for says in ("b'x'", f"({whole})[:-1]", f"{whole} + b'x'", "bytes(64 << 20)"):
        child = tmp_path / "python"
        child.write_text(
            f"#!{python}\nimport sys\nsys.stdin.buffer.read()\nsys.stdout.buffer.write({says})\n"
        )
        child.chmod(0o755)
        monkeypatch.setattr(previews.sys, "executable", str(child))
        assert await preview(b"%PDF") is NoPicture.BROKEN, says


ATTEMPTS = {
    "read a file": "os.open('/etc/hostname', os.O_RDONLY)",
    "write a file": "os.open('/tmp/preview-was-here', os.O_WRONLY | os.O_CREAT)",
    "reach the network": "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "reach the daemon": "socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)",
    "start a program": "os.execv('/bin/true', ['true'])",
    "become two": "os.fork()",
    "look at a folder": "os.listdir('/')",
    "kill somebody": "os.kill(os.getppid(), 0)",
    "make memory executable": "mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_locked_up_it_can_reach_nothing(attempt: str) -> None:
    """Each attempt works before the doors are shut, so that it is they that refuse it."""
    program = (
        "import mmap, os, socket, sys\nfrom kiosk.preview.sandbox import lock_up\n"
        "def attempt():\n"
        "    try:\n"
        f"        {ATTEMPTS[attempt]}\n"
        "    except OSError as error:\n"
        "        return error.errno\n"
        "    return 0\n"
        "lock_up()\n"
        "os.write(1, str(attempt()).encode())\n"
        "os._exit(0)\n"
    )

    def tried(lines: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", lines], capture_output=True, check=True, env=os.environ
        )
        return ran.stdout.decode()

    assert tried(program) == str(errno.EPERM)
    if attempt not in ("start a program", "become two", "write a file"):
        assert tried(program.replace("\nlock_up()\n", "\n")) == "0"
