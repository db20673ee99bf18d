"""Every setting: its default, its unit, its range, and what it is for.

The descriptions are read by people who fill in a form; keep them whole sentences.
"""

from typing import Annotated

from msgspec import Meta

from config.device_sections import A4, Keypad, Printer, Scanner, Stick, Voice
from config.section import NOT_AT_SCREEN, ONLY_IN_FILES
from config.section import Section as _Section


class Hall(_Section, frozen=True):
    """The hall that the terminal stands in."""

    name_zh: Annotated[
        str, Meta(description="Name of the hall in Chinese.", min_length=1), NOT_AT_SCREEN
    ] = "示范办税服务厅"
    name_en: Annotated[str, Meta(description="Name of the hall in English.", min_length=1)] = (
        "Demo Tax Service Hall"
    )
    region: Annotated[
        str,
        Meta(
            description="Province of the hall, two digits (GB/T 2260): 11 is Beijing.",
            pattern=r"^[1-6][0-9]$",
        ),
    ] = "11"


class Terminal(_Section, frozen=True):
    """This terminal."""

    number: Annotated[
        str,
        Meta(
            description="Number of the terminal, unique in the fleet; it stands in every ticket.",
            pattern=r"^[0-9A-Z]{1,6}$",
        ),
        NOT_AT_SCREEN,
    ] = "03"


class Screen(_Section, frozen=True):
    """The touch screen."""

    width_px: Annotated[
        int, Meta(description="Width of the screen in pixels.", ge=800, le=4096)
    ] = 1080
    height_px: Annotated[
        int, Meta(description="Height of the screen in pixels.", ge=600, le=4096)
    ] = 1920
    language: Annotated[
        str, Meta(description="Language that a visit begins with: zh or en.", pattern="^(zh|en)$")
    ] = "zh"


class Service(_Section, frozen=True):
    """The central service and the link to it."""

    url: Annotated[
        str,
        Meta(
            description="Address of the central service; empty for the one that enrolled it.",
            pattern="^(https://.+)?$",
        ),
        NOT_AT_SCREEN,
    ] = ""
    ca_file: Annotated[
        str,
        Meta(
            description="File with the authorities that the service's certificate may come from; "
            "empty for those of the enrolment."
        ),
        NOT_AT_SCREEN,
    ] = ""
    renew_before_days: Annotated[
        float,
        Meta(
            description="Days before its end at which the terminal's certificate is renewed; at "
            "the latest when a third of its lifetime is left, if that is less.",
            gt=0,
            le=365,
        ),
    ] = 30.0
    answer_within_s: Annotated[
        float,
        Meta(description="Seconds that a person waits for an answer, at most.", gt=0.5, le=10),
    ] = 3.0
    probe_up_s: Annotated[
        float,
        Meta(description="Seconds without traffic after which the link is probed.", ge=1, le=300),
    ] = 10.0
    probe_down_s: Annotated[
        float, Meta(description="Seconds between probes while the link is down.", ge=1, le=300)
    ] = 15.0
    first_contact_within_s: Annotated[
        float,
        Meta(
            description="Seconds after a start, at most, before what is owed is sent: terminals"
            " that get their power back together must not all call at once.",
            ge=0,
            le=600,
        ),
    ] = 60.0


class Visit(_Section, frozen=True):
    """How long a visit may stand still."""

    idle_s: Annotated[
        int, Meta(description="Seconds without a touch before the warning.", ge=30, le=900)
    ] = 120
    idle_large_text_s: Annotated[
        int,
        Meta(description="Seconds before the warning while large text is on.", ge=30, le=1800),
    ] = 300
    idle_result_s: Annotated[
        int,
        Meta(description="Seconds before the warning on verdict and done screens.", ge=30, le=900),
    ] = 60
    warning_s: Annotated[
        int, Meta(description="Seconds that a person has to answer the warning.", ge=20, le=45)
    ] = 45
    reprints: Annotated[
        int, Meta(description="Reprints (补打) of one slip that a person may ask for.", ge=0, le=9)
    ] = 2


class Backup(_Section, frozen=True):
    """Copies of what the terminal owes."""

    folder: Annotated[
        str,
        Meta(description="Second place, better on another disk; empty for the state folder."),
        NOT_AT_SCREEN,
    ] = ""
    every_minutes: Annotated[
        int, Meta(description="Minutes between two copies at the second place.", ge=5, le=1440)
    ] = 60
    keep: Annotated[
        int, Meta(description="Copies that stay at the second place.", ge=1, le=1000)
    ] = 24
    upload_every_hours: Annotated[
        int,
        Meta(description="Hours between sealed copies to the service; 0 for none.", ge=0, le=168),
    ] = 6


class Retention(_Section, frozen=True):
    """How long what is over is remembered. What is owed is never forgotten."""

    done_days: Annotated[
        int,
        Meta(description="Days that sent operations, tickets and prints stay known.", ge=1, le=180),
    ] = 30
    audit_days: Annotated[
        int, Meta(description="Days that the audit stays on the terminal.", ge=30, le=3650)
    ] = 180


class Upkeep(_Section, frozen=True):
    """What keeps a terminal well that runs for months."""

    restart_hour: Annotated[
        int,
        Meta(description="Hour of the day for the planned restart; -1 for none.", ge=-1, le=23),
    ] = 4
    memory_soft_mib: Annotated[
        int,
        Meta(description="MiB above which a process restarts in a quiet moment.", ge=200, le=16384),
    ] = 700
    memory_hard_mib: Annotated[
        int, Meta(description="MiB above which a process restarts at once.", ge=200, le=16384)
    ] = 1200


class Support(_Section, frozen=True):
    """Help from the office."""

    office_key: Annotated[
        str,
        Meta(
            description="Public key that support bundles are sealed to, 64 hexadecimal digits; "
            "`kiosk bundle make-key` makes it.",
            pattern="^([0-9a-f]{64})?$",
        ),
        NOT_AT_SCREEN,
    ] = ""


class Staff(_Section, frozen=True):
    """Signing in at the screen."""

    corner: Annotated[
        str,
        Meta(
            description="Corner of the screen that staff hold to sign in: top_left, top_right,"
            " bottom_left, bottom_right; none to sign in nowhere.",
            pattern="^(top_left|top_right|bottom_left|bottom_right|none)$",
        ),
        NOT_AT_SCREEN,
    ] = "top_left"
    hold_s: Annotated[
        float, Meta(description="Seconds for which the corner is held.", ge=1, le=30)
    ] = 5.0
    sign_out_after_s: Annotated[
        int, Meta(description="Seconds without a touch after which staff are out.", ge=60, le=1800)
    ] = 180


class Paths(_Section, frozen=True):
    """Where things are kept."""

    state_dir: Annotated[
        str,
        Meta(description="Folder of the queue, the keys and the sockets.", min_length=1),
        ONLY_IN_FILES,
    ] = "/var/lib/kiosk"
    fonts_dir: Annotated[
        str,
        Meta(description="Folder of the fonts; empty for those built at set-up."),
        ONLY_IN_FILES,
    ] = ""


class Settings(_Section, frozen=True):
    """All settings of a terminal."""

    hall: Hall = Hall()
    terminal: Terminal = Terminal()
    screen: Screen = Screen()
    printer: Printer = Printer()
    printer2: Printer = Printer()
    scanner: Scanner = Scanner()
    keypad: Keypad = Keypad()
    a4: A4 = A4()
    stick: Stick = Stick()
    voice: Voice = Voice()
    service: Service = Service()
    visit: Visit = Visit()
    backup: Backup = Backup()
    retention: Retention = Retention()
    upkeep: Upkeep = Upkeep()
    support: Support = Support()
    staff: Staff = Staff()
    paths: Paths = Paths()
