"""Samples of staff's pages. Made-up people and numbers."""

from datetime import datetime

from kiosk import admin_messages as a
from kiosk import look_messages as k
from kiosk import staff_messages as s
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
OP = "01900000-0000-7000-8000-00000000000"


def operation(seq: int, state: str, kind: str, reason: str = "", *, holds: bool = False):
    return s.OperationLine(
        seq, f"{OP}{seq}", kind, f"slip:{seq}", AT, state, 3 if reason else 0, reason, holds
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
    "admin_tickets": a.Tickets(
        who=WHO,
        said=a.Said("done", "20 asked, 3 answered"),
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
    "admin_upkeep": a.Upkeep(who=WHO),
    "admin_upkeep_closed": a.Upkeep(who=WHO, closed="no_paper_left", asks="restart"),
    "admin_users": a.Users(
        who=BOSS,
        lines=(
            s.StaffLine("1001", "李明", "technician", 6, 30),
            s.StaffLine("2001", "王芳", "supervisor"),
        ),
    ),
    "admin_users_remove": a.Users(
        who=BOSS, lines=(s.StaffLine("1001", "李明", "technician"),), asks="1001"
    ),
}
