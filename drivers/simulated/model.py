"""What kind of printer is simulated: its width, its fonts, what it can and cannot do."""

from dataclasses import dataclass, replace
from enum import Enum

from drivers.printers.profile import Cutter, Presenter, Profile, load_profile

DOTS_PER_MM = 8
"""203 dpi, as all receipt printers of this class."""


class Charset(Enum):
    """The double-byte font in the printer. The value is the Python codec of its codes."""

    ASCII = "ascii"
    GB2312 = "gb2312"
    GBK = "gbk"
    GB18030 = "gb18030"


@dataclass(frozen=True, slots=True)
class PrinterModel:
    """A printer as its data sheet would describe it.

    Widths and heights are in dots (8 per mm). `speed_mm_s` and `cut_s` are the pace of the
    mechanism; `None` and 0 make it instant. `receive_buffer_bytes` is where the printer stops
    taking data while it cannot print.
    """

    maker: str = "SIMULATED"
    name: str = "SIM-80"
    firmware: str = "1.00"
    paper_dots: int = 640
    print_dots: int = 576
    charset: Charset = Charset.GB18030
    double_byte_at_power_on: bool = True
    near_end_sensor: bool = True
    process_id: bool = True
    """Whether GS ( H is answered. Of the Chinese makers' manuals none lists it."""
    status_back: bool = True
    """Whether GS a (automatic status back) is known."""
    cutter: bool = True
    cutter_distance_dots: int = 96
    """From the head up to the blade. A cut without a feed leaves the last lines inside."""
    torn_off_after_s: float | None = None
    """For a printer without a cutter: when somebody tears off what has come out of it."""
    cuts_at_power_on: bool = True
    """Kiosk printers cut off what hangs in them when they start."""
    presenter: bool = False
    """Whether GS e and DLE EOT 20 are known: a slip is held out until a hand takes it."""
    retracts: bool = True
    """Whether the presenter may draw a slip back in, which is a switch in the printer's set-up."""
    taken_after_s: float | None = 3.0
    """For a presenter: when somebody takes the slip; None is only when it is ordered."""
    speed_mm_s: float | None = 150.0
    cut_s: float = 0.3
    receive_buffer_bytes: int = 65_536

    @property
    def columns(self) -> int:
        """Half-width characters of font A in a line."""
        return self.print_dots // 12


MODEL_80_MM = PrinterModel()
MODEL_58_MM = PrinterModel(
    name="SIM-58",
    paper_dots=464,
    print_dots=384,
    cutter=False,
    torn_off_after_s=1.0,
    cuts_at_power_on=False,
    speed_mm_s=90.0,
)
"""As most printers of this width: a tear bar in place of a cutter, and slower."""


def model_like(profile: Profile) -> PrinterModel:
    """A printer that can what the profile says, cannot what it leaves out, and says its name.

    Its maker stays SIMULATED, so that no log can be mistaken for that of a real one.
    """
    usual = MODEL_80_MM if profile.columns > MODEL_58_MM.columns else MODEL_58_MM
    has_cutter = profile.cutter is not Cutter.NONE
    return replace(
        usual,
        name=profile.models[0] if profile.models else usual.name,
        print_dots=profile.dots,
        charset=Charset(profile.charset.value),
        presenter=profile.presenter is not Presenter.NONE,
        near_end_sensor=profile.near_end,
        process_id=profile.process_id,
        status_back=profile.asb,
        cutter=has_cutter,
        torn_off_after_s=None if has_cutter else MODEL_58_MM.torn_off_after_s,
        cuts_at_power_on=has_cutter,
        speed_mm_s=profile.speed_mm_s,
    )


PROFILE_OF_WIDTH = {80: "epson-tm-t82iii", 58: "generic-58"}
"""The profile that the usual printer for a paper width, in mm, obeys."""


def model_for_width(width_mm: int) -> PrinterModel:
    """The usual model for a paper width of 80 or 58 mm.

    Raises:
        ValueError: for any other width.
    """
    if width_mm not in PROFILE_OF_WIDTH:
        raise ValueError(f"no simulated printer for paper of {width_mm} mm: choose 80 or 58")
    return model_like(load_profile(PROFILE_OF_WIDTH[width_mm]))
