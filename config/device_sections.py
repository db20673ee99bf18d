"""The sections of the devices: where they are, what they speak, what they are filled with."""

from typing import Annotated

from msgspec import Meta

from config.section import NOT_AT_SCREEN, Section

_BY_PATH = r"(serial:|lp:)?/.+"
_BY_USB = r"usb:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(:.+)?"
_BY_TCP = r"tcp:.+"

Baud = Annotated[
    int,
    Meta(
        description="Speed of a serial line in bits per second; other connections need none.",
        ge=1200,
        le=921600,
    ),
]
ProfileName = r"^[a-z0-9-]+$"


class Printer(Section, frozen=True):
    """A receipt printer."""

    address: Annotated[
        str,
        Meta(
            description="Where the printer is; empty if there is none. "
            '"lp:/dev/kiosk/printer" (USB), "usb:0416:5011" (USB without the kernel\'s driver), '
            '"/dev/serial/by-id/..." (serial port) or "tcp:192.168.1.50:9100" (network); '
            "`kiosk devices` prints the line.",
            pattern=f"^({_BY_PATH}|{_BY_USB}|{_BY_TCP})?$",
        ),
    ] = ""
    profile: Annotated[
        str, Meta(description="Name of the printer's model profile.", pattern=ProfileName)
    ] = "generic-80"
    baud: Baud = 115200
    flow: Annotated[
        str,
        Meta(
            description="Flow control of a serial line, as the printer is set: "
            "none, xonxoff or rtscts.",
            pattern="^(none|xonxoff|rtscts)$",
        ),
    ] = "none"
    roll_m: Annotated[
        float, Meta(description="Metres of paper on a full roll; the packet says.", ge=5, le=500)
    ] = 75.0
    near_end_m: Annotated[
        float,
        Meta(
            description="Metres of paper that are left when the near-end sensor speaks, "
            "measured once; 0 without a sensor or when it was not measured.",
            ge=0,
            le=50,
        ),
    ] = 0.0
    few_slips: Annotated[
        int,
        Meta(
            description="From so many slips left on, staff are told to bring a roll.",
            ge=0,
            le=1000,
        ),
    ] = 20


class Scanner(Section, frozen=True):
    """The code scanner."""

    address: Annotated[
        str,
        Meta(
            description="Where the scanner is; empty if there is none. "
            '"/dev/serial/by-id/..." (serial port, USB-CDC) or '
            '"hid:/dev/kiosk/scanner-keyboard" (keyboard mode, no Chinese); '
            "`kiosk devices` prints the line.",
            pattern=f"^({_BY_PATH}|hid:/.+|{_BY_TCP})?$",
        ),
    ] = ""
    profile: Annotated[
        str,
        Meta(
            description="Make of the scanner: newland, honeywell or zebra-ssi light up only while "
            "a scan is awaited; generic scans always.",
            pattern=ProfileName,
        ),
    ] = "generic"
    baud: Baud = 9600
    suffix: Annotated[
        str,
        Meta(
            description="What the scanner sends after a code: line (CR, LF or both), tab, etx or "
            "none; empty for what its make is delivered with.",
            pattern="^(|line|tab|etx|none)$",
        ),
    ] = ""
    encoding: Annotated[
        str,
        Meta(
            description="How the scanner writes Chinese: utf-8 or gb18030; empty to find out from "
            "each code.",
            pattern="^(|utf-8|gb18030)$",
        ),
    ] = ""


class Keypad(Section, frozen=True):
    """A small keypad to feel, for people who cannot see or cannot touch the glass."""

    address: Annotated[
        str,
        Meta(
            description="Which keypad, by its USB numbers; empty if there is none, and then no "
            'keyboard does anything. "usb:1234:abcd", "usb:1234:abcd:SERIAL", or '
            '"hid:/dev/input/by-path/..." for the one in that socket; `kiosk devices` prints it.',
            pattern=r"^(usb:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(:.+)?|(hid|simulated):/.+)?$",
        ),
    ] = ""
    keys: Annotated[
        str,
        Meta(
            description="Keys that mean something else than usual, by their names in Linux: "
            '"KEY_F1=repeat KEY_TAB=none". Meanings: previous, next, press, back, end, repeat, '
            "louder, quieter, erase, point, 0 to 9, none.",
            pattern=r"^(KEY_[A-Z0-9_]+=[a-z0-9]+( KEY_[A-Z0-9_]+=[a-z0-9]+)*)?$",
        ),
        NOT_AT_SCREEN,
    ] = ""


class Voice(Section, frozen=True):
    """读屏: the screen read aloud, for people who see little."""

    devices: Annotated[
        str,
        Meta(
            description="Where it is heard, the first that answers; empty for nowhere. "
            '"alsa:default", "alsa:plughw:CARD=Headset alsa:default" (a headphone socket of its '
            'own before the loudspeaker; `aplay -L` lists the names), or "program:/path" for a '
            "player that takes a WAV file.",
            pattern=r"^((alsa:\S+|program:/\S+)( (alsa:\S+|program:/\S+))*)?$",
        ),
        NOT_AT_SCREEN,
    ] = "alsa:default"
    words_per_minute: Annotated[
        int, Meta(description="How fast is read; 175 is usual for the young.", ge=80, le=300)
    ] = 140
    warning_volume: Annotated[
        int,
        Meta(
            description="How loud the sound of the idle warning is, 1 to 3; 0 for no sound.",
            ge=0,
            le=3,
        ),
    ] = 2


class Stick(Section, frozen=True):
    """Invoices on a USB stick that a person brings."""

    folder: Annotated[
        str,
        Meta(
            description="Folder below which sticks are mounted; empty to take none. "
            '"/run/kiosk-stick" where the machine was made with `make-terminal --sticks`.',
            pattern="^(/.+)?$",
        ),
        NOT_AT_SCREEN,
    ] = ""
    trust_file: Annotated[
        str,
        Meta(
            description="TOML file of the certificates whose seals count; empty for none: seals "
            "are then checked, and their signers are called unknown.",
            pattern="^(/.+)?$",
        ),
        NOT_AT_SCREEN,
    ] = ""


class A4(Section, frozen=True):
    """The A4 printer, for invoice documents."""

    address: Annotated[
        str,
        Meta(
            description="Where the A4 printer is, in numbers; empty if there is none. "
            '"ipp://192.168.1.60/ipp/print" (it must take PDF), or "ipps://..." with its '
            "certificate.",
            pattern="^(|ipps?://.+)$",
        ),
    ] = ""
    certificate_file: Annotated[
        str, Meta(description="File with the printer's own certificate, for ipps."), NOT_AT_SCREEN
    ] = ""
    sides: Annotated[
        str,
        Meta(
            description="one-sided, or two-sided-long-edge to print on both sides.",
            pattern="^(one-sided|two-sided-long-edge)$",
        ),
    ] = "one-sided"
    give_up_s: Annotated[
        float,
        Meta(
            description="Seconds after which a document that does not come out (no paper, a jam) "
            "is taken back from the printer.",
            ge=30,
            le=1800,
        ),
    ] = 180.0
