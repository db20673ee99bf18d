"""Samples of staff's pages. Made-up people and numbers."""

from datetime import datetime, timedelta

from kiosk import admin_messages as a
from kiosk import look_messages as k
from kiosk import people_pages as pp
from kiosk import screen_pages as g
from kiosk import settings_pages as p
from kiosk import staff_messages as s
from kiosk.history_messages import Bucket
from kiosk.queue_messages import DrainStand
from kiosk.text.formats import CHINA

AT = datetime(2026, 11, 24, 10, 42, 7, tzinfo=CHINA)
WHO = a.Who("1001", "李明", "technician")
BOSS = a.Who("2001", "王芳", "supervisor")
PRINTERS = (
    s.PrinterView("printer", "paper_near_end", "few", 4.2, 31),
    s.PrinterView("printer2", "disconnected", "plenty", 52.0, 390),
)
TRIALS = (
    s.Tried("printer", AT, "unknown", "no_proof"),
    s.Tried("scanner", AT, "read", "61 bytes, utf-8"),
)
PRINTER_ADDRESS = p.SettingLine(
    "printer",
    "address",
    "/dev/serial/by-id/usb-Gongda_BTP-S80_0001-if00",
    "file",
    "terminal.toml:4",
)
BAUD = p.SettingLine("printer", "baud", "9600", "here")
OP = "01900000-0000-7000-8000-00000000000"


def operation(seq: int, state: str, kind: str, reason: str = "", *, holds: bool = False):
    return s.OperationLine(
        seq, f"{OP}{seq}", kind, f"slip:{seq}", AT, state, 3 if reason else 0, reason, holds
    )


def bucket(number: int, step: timedelta, *, last: datetime, busy: int) -> Bucket:
    """Hour or day `number` before the last one; the terminal was off in some."""
    at = last - number * step
    number %= 24
    if number in (5, 6, 17):
        return Bucket(at)
    watched_s = step.total_seconds()
    return Bucket(
        at,
        watched_s=watched_s,
        up_s=watched_s * (0.2 if number in (9, 10) else 1.0),
        queue_max=40 if number == 9 else number % 4,
        proven=busy * (24 - number) // 4,
        failed=busy if number == 3 else 0,
        unknown=number % 3,
        normal=busy * (24 - number) // 3,
        other=number % 4,
        not_found=busy // 2,
        cannot_say=number % 2,
        unavailable=busy * 3 if number in (9, 10) else 0,
    )


HOUR = AT.replace(minute=0, second=0)
HOURS = tuple(
    bucket(number, timedelta(hours=1), last=HOUR, busy=6) for number in reversed(range(24))
)
DAYS = tuple(
    bucket(number, timedelta(days=1), last=HOUR.replace(hour=0), busy=140)
    for number in reversed(range(30))
)

ADMIN: dict[str, a.AdminSituation] = {
    "sign_in": a.SignIn(),
    "sign_in_wrong": a.SignIn(trouble="locked", wait_s=120),
    "sign_in_code": a.SignIn(number="1001", challenge="03-K7M2-9QXT"),
    "sign_in_busy": a.SignIn(busy=True),
    "admin_overview": a.Overview(
        who=BOSS,
        said=a.Said("opened"),
        faults=(
            s.FaultFound("printer_disconnected"),
            s.FaultFound("printer_paper_low", "31"),
        ),
        link="online",
        waiting=3,
        parked=1,
        printers=PRINTERS,
        scanner="connected",
        a4="a4_paper_out",
        version="0.1.0",
        started_at=AT,
        closed="maintenance",
        certificate_days=71,
        clock="right",
        disk_free_mib=20480,
        temperature_c=54,
        backup_at=AT,
        trials=TRIALS,
    ),
    "admin_overview_well": a.Overview(
        who=WHO,
        faults=(),
        link="online",
        waiting=0,
        parked=0,
        printers=(s.PrinterView("printer", "ready", "plenty", 52.0, 390),),
        scanner="connected",
        a4="",
        version="0.1.0",
        started_at=AT,
        clock="not compared yet",
    ),
    "admin_devices": a.Devices(
        who=WHO,
        said=a.Said("tried_unknown", "no_proof", well=False),
        printers=PRINTERS,
        scanner="connected",
        a4="ready",
        keypad="lost",
        trials=TRIALS,
        prints=(
            a.PrintLine(AT, "P-03-1124-0017", 0, "proven"),
            a.PrintLine(AT, "P-03-1124-0016", 2, "failed", "paper_out"),
            a.PrintLine(AT, "P-03-1124-0015", 0, "unknown", "lost_link"),
            a.PrintLine(AT, "P-03-1124-0018", 0, ""),
        ),
    ),
    "admin_queue": a.Queue(
        who=WHO,
        waiting=2,
        parked=1,
        only="all",
        lines=(
            operation(1, "parked", "verify.later", "op_id_reused", holds=True),
            operation(2, "waiting", "print.outcome"),
            operation(3, "waiting", "staff.called", "overloaded"),
        ),
        refusals=(s.RefusalLine("disk_full", 4, AT, AT),),
    ),
    "admin_queue_draining": a.Queue(
        who=WHO,
        waiting=28,
        parked=3,
        only="parked",
        drain=DrainStand(12, 1, 28, "no answer in time"),
        lines=(operation(1, "parked", "verify.later", "op_id_reused", holds=True),),
    ),
    "admin_tickets": a.Tickets(
        who=WHO,
        said=a.Said("tickets_asked", values={"asked": 20, "answered": 3}),
        only="open",
        lines=(
            k.TicketLine("SF-03-261124-0042", "request", AT, "waiting"),
            k.TicketLine("SF-03-261124-0041", "request", AT, "sent"),
            k.TicketLine("SF-03-261123-0017", "request", AT, "sent", "unknown", AT),
            k.TicketLine("SF-03-261120-0003", "case", AT, "sent", "watched", AT, AT.date()),
        ),
    ),
    "admin_logs": a.Logs(
        who=WHO,
        only="all",
        kept=312,
        lines=(
            k.LogLine(AT, "info", "kiosk.daemon.link", "link.changed state=offline why=timeout"),
            k.LogLine(AT, "error", "kiosk.daemon.container", "part.failed error=OSError"),
            k.LogLine(AT, "warning", "drivers.printers.escpos", "***"),
        ),
    ),
    "admin_history": a.History(who=WHO, span="24h", buckets=HOURS),
    "admin_history_month": a.History(who=WHO, span="30d", buckets=DAYS),
    "admin_history_none": a.History(
        who=WHO, said=a.Said("no_queue", well=False), span="24h", buckets=()
    ),
    "admin_network": a.Network(
        who=WHO,
        link="offline",
        addresses=(a.AddressLine("eth0", "192.0.2.17"),),
        stages=(
            a.StageLine("dns", well=True, what="192.0.2.1", took_ms=3.2),
            a.StageLine(
                "tcp",
                well=False,
                what="central.example:8543",
                took_ms=5000.0,
                fault=s.FaultFound("network_timeout", "central.example:8543"),
            ),
            a.StageLine("tls", well=False, what="not tried"),
        ),
        probed_at=AT,
    ),
    "admin_upkeep": a.Upkeep(who=WHO, power=a.POWER_ACTS),
    "admin_upkeep_power": a.Upkeep(who=WHO, power=a.POWER_ACTS, asks="reboot"),
    "admin_upkeep_no_power": a.Upkeep(
        who=WHO, no_power="refused", said=a.Said("power_unknown", well=False)
    ),
    "admin_upkeep_closed": a.Upkeep(who=WHO, closed="no_paper_left", asks="restart"),
    "admin_users": a.Users(
        who=BOSS,
        lines=(
            s.StaffLine("1001", "李明", "technician", 6, 30),
            s.StaffLine("2001", "王芳", "supervisor"),
        ),
    ),
    "admin_settings": p.SettingsPage(
        who=BOSS,
        stand=p.SettingsStand(7, 6, is_awaited=True, given_up=5, why="printer_disconnected"),
        said=a.Said("settings_kept", "7"),
        sections=(
            p.SectionLine("hall", 3, 1),
            p.SectionLine("printer", 7, 2),
            p.SectionLine("voice", 2, 0),
        ),
    ),
    "admin_settings_back": p.SettingsPage(
        who=BOSS,
        stand=p.SettingsStand(7, 7),
        sections=(p.SectionLine("hall", 3, 1), p.SectionLine("visit", 5, 0)),
        asks="settings_back",
    ),
    "admin_section": p.SectionPage(
        who=BOSS,
        section="printer",
        lines=(
            PRINTER_ADDRESS,
            BAUD,
            p.SettingLine("terminal", "number", "03", "file", "terminal.toml:9", "by_command"),
            p.SettingLine("paths", "state_dir", "/var/lib/kiosk", "default", "", "by_files"),
            p.SettingLine("visit", "idle_s", "90", "environment", "", "by_environment"),
            p.SettingLine("scanner", "suffix", "", "signed"),
        ),
    ),
    "admin_setting_text": p.SettingPage(
        who=BOSS, line=PRINTER_ADDRESS, said=a.Said("setting_refused", "printer.address", False)
    ),
    "admin_setting_number": p.SettingPage(who=BOSS, line=BAUD),
    "admin_setting_signed": p.SettingPage(
        who=BOSS, line=p.SettingLine("upkeep", "restart_hour", "-1", "here")
    ),
    "admin_setting_above": p.SettingPage(
        who=BOSS, line=p.SettingLine("service", "renew_before_days", "30", "here")
    ),
    "admin_setting_choice": p.SettingPage(
        who=BOSS, line=p.SettingLine("scanner", "suffix", "", "here")
    ),
    "admin_screen": g.ScreenPage(
        who=WHO,
        said=a.Said("touch_dead", values={"dead": 3, "fields": 54}, well=False),
        brightness=70,
        touch=g.TouchResult(6, 9, (0, 1, 53)),
    ),
    "admin_screen_dark": g.ScreenPage(
        who=WHO, dark="backlight_refused", touch=g.TouchResult(6, 9, tuple(range(54)))
    ),
    "admin_screen_monitor": g.ScreenPage(who=WHO, dark="no_backlight", touch=g.TouchResult(6, 9)),
    "admin_touch": g.TouchPage(who=WHO, columns=6, rows=9, quiet_s=20),
    "admin_new_staff": pp.NewStaffPage(who=BOSS),
    "admin_new_staff_refused": pp.NewStaffPage(
        who=BOSS,
        said=a.Said(
            "not_done",
            "too easy to guess: six to twelve digits, no row, no repetition",
            well=False,
        ),
    ),
    "admin_new_staff_busy": pp.NewStaffPage(who=BOSS, said=a.Said("busy")),
    "admin_own_pin": pp.OwnPinPage(
        who=WHO, said=a.Said("pin_locked", values={"seconds": 30}, well=False)
    ),
    "admin_users_remove": a.Users(
        who=BOSS, lines=(s.StaffLine("1001", "李明", "technician"),), asks="1001"
    ),
}
