"""What one model of receipt printer can do. One TOML file per model in `profiles/`."""

import tomllib
from enum import Enum
from functools import cache
from importlib.resources import files

import msgspec

from drivers.links.flow import FlowControl


class Charset(Enum):
    """Which Chinese characters the printer's own font has."""

    ASCII = "ascii"
    """No Chinese at all: every other character is drawn."""
    GB2312 = "gb2312"
    GBK = "gbk"
    GB18030 = "gb18030"


class Cutter(Enum):
    """What the printer can do at the end of a slip."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class ClearBuffer(Enum):
    """How a printer forgets the data of a slip that failed."""

    DLE_DC4 = "dle_dc4_8"
    """`DLE DC4` function 8, which answers 37 25 00."""
    NONE = "none"
    """No command does it: what is left may come out when paper returns."""


class Presenter(Enum):
    """What holds a slip out to a person, and can draw it back in."""

    NONE = "none"
    """The slip hangs or falls out, and nobody knows whether it was taken."""
    GS_E = "gs_e"
    """Custom's commands: `GS e` presents and retracts, `DLE EOT 20` tells."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model. Every flag defaults to what works on the plainest printer.

    Attributes:
        name: name of the profile and of its file.
        title: maker and model, for people.
        source: where these facts were read; "unverified" where nothing was found.
        models: replies to `GS I 67` (printer name) that mean this model.
        dots: printable width, dots.
        dots_per_mm: resolution.
        columns: characters of 12 dots on one line.
        charset: double-byte characters of its font.
        fs_amp: send `FS &` (double-byte on) before text.
        user_kanji: characters that `FS 2` can define at once (codes FE A1 and up); 0 = none.
        native_qr: `GS ( k` prints a QR code.
        cutter: what it can do.
        cut_feed_lines: lines from the print head to the cutter.
        presenter: what it can do with a slip after the cut.
        present_steps: how far the presenter holds a slip out, in its own steps; 0 without one.
        near_end: has a near-end sensor (without it, it always says "adequate").
        process_id: answers `GS ( H` function 48.
        ordered_status: answers `GS r 1` in order with the data.
        asb: sends automatic status back after `GS a`.
        identifies: answers `GS I 66` and `GS I 67`.
        clear_buffer: how it forgets.
        recover: `DLE ENQ 2` recovers from a cutter error.
        max_raster_rows: rows of one `GS v 0` block.
        baud: speed it is delivered with, bits per second.
        flow: flow control it is delivered with.
        speed_mm_s: paper speed that can be counted on.
        line_mm: height of one text line with default line spacing (1/6 inch).
    """

    name: str
    title: str
    source: str
    models: tuple[str, ...] = ()
    dots: int = 576
    dots_per_mm: int = 8
    columns: int = 48
    charset: Charset = Charset.GB2312
    fs_amp: bool = True
    user_kanji: int = 0
    native_qr: bool = False
    cutter: Cutter = Cutter.NONE
    cut_feed_lines: int = 5
    presenter: Presenter = Presenter.NONE
    present_steps: int = 0
    near_end: bool = False
    process_id: bool = False
    ordered_status: bool = True
    asb: bool = False
    identifies: bool = False
    clear_buffer: ClearBuffer = ClearBuffer.NONE
    recover: bool = False
    max_raster_rows: int = 96
    baud: int = 9600
    flow: FlowControl = FlowControl.NONE
    speed_mm_s: float = 100.0
    line_mm: float = 4.23

    def __post_init__(self) -> None:
        if self.dots % 8 or self.columns * CELL_DOTS > self.dots:
            raise ValueError(f"{self.name}: {self.columns} columns do not fit {self.dots} dots")
        if not 0 <= self.user_kanji <= _KANJI_CODES:
            raise ValueError(f"{self.name}: FS 2 has only the codes FE A1 to FE FE")
        if self.presenter is Presenter.GS_E and not 1 <= self.present_steps <= _MAX_STEPS:
            raise ValueError(f"{self.name}: a presenter needs 1 to {_MAX_STEPS} present_steps")
        if self.presenter is Presenter.GS_E and self.asb:
            # Both begin with a byte of 10; nobody could tell them apart.
            raise ValueError(f"{self.name}: DLE EOT 20 and automatic status look alike")
        if not 1 <= self.max_raster_rows <= _MAX_ROWS:
            raise ValueError(f"{self.name}: a raster block has 1 to {_MAX_ROWS} rows")


CELL_DOTS = 12
"""Width of one column: font A is 12x24, a Chinese character 24x24 (every manual cited in
`profiles/`)."""
CELL_ROWS = 24
"""Height of both."""

_KANJI_CODES = 0xFE - 0xA1 + 1
_MAX_STEPS = 255  # one byte of GS e 3
_MAX_ROWS = 2047  # yH of GS v 0 is 0-7 on the oldest models

_FOLDER = files("drivers.printers").joinpath("profiles")


class UnknownProfile(LookupError):
    """There is no profile of that name."""


def profile_names() -> tuple[str, ...]:
    """Names of all profiles, in alphabetical order."""
    return tuple(
        sorted(
            file.name.removesuffix(".toml")
            for file in _FOLDER.iterdir()
            if file.name.endswith(".toml")
        )
    )


@cache
def load_profile(name: str) -> Profile:
    """The profile of that name.

    Raises:
        UnknownProfile: there is none.
    """
    if name not in profile_names():
        raise UnknownProfile(name)
    text = _FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert({"name": name, **tomllib.loads(text)}, Profile)


def profile_for_model(model: str) -> Profile | None:
    """The profile of the model that calls itself so (reply to `GS I 67`), or None."""
    for name in profile_names():
        profile = load_profile(name)
        if model in profile.models:
            return profile
    return None
