"""One sample of every situation, and of each shape a situation can take. Made-up invoices."""

from datetime import date, datetime
from decimal import Decimal

import msgspec
from admin_samples import ADMIN
from own_samples import OWN, READY

from einvoice.diagnosis import CauseId, Likelihood
from einvoice.invoice import InvoiceReference
from einvoice.kinds import Kind
from einvoice.verdict import Check, Evidence, Finding, Source, Verdict
from kiosk import applying_messages as a
from kiosk import guide_messages as g
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk import stick_messages as s
from kiosk.guides import STEPS
from kiosk.stick.found import PdfOnStick, StickInvoice
from kiosk.text.formats import CHINA

AT = datetime(2026, 11, 24, 10, 42, 7, tzinfo=CHINA)
TICKET = m.TicketView(number="SF-03-1124-0042", registered_at=AT)

DIGITAL = m.ReferenceView(
    kind=Kind.DIGITAL_ORDINARY,
    number="26112000000100000018",
    issued_on=date(2026, 11, 24),
    amount=Decimal("106.00"),
)
OLD = m.ReferenceView(
    kind=Kind.TOLL,
    number="12345678",
    issued_on=date(2023, 3, 5),
    code="011002300111",
    amount=Decimal("1280.50"),
    check_code="123456",
)

RECORD = m.EvidenceView(check=Check.RECORD, finding=Finding.AGREES)
RECORD_DIFFERS = m.EvidenceView(check=Check.RECORD, finding=Finding.DIFFERS)
STRUCTURE = m.EvidenceView(check=Check.STRUCTURE, finding=Finding.AGREES)
STRUCTURE_NOTED = m.EvidenceView(
    check=Check.STRUCTURE, finding=Finding.NOTED, note="number_region_unknown"
)
NO_SEAL = m.EvidenceView(check=Check.SEAL, finding=Finding.NOT_CHECKED)


ON_STICK = StickInvoice(
    reference=InvoiceReference(
        Kind.DIGITAL_ORDINARY,
        "26112000000100000018",
        date(2026, 11, 24),
        amount=Decimal("106.00"),
    ),
    evidence=(
        Evidence(Check.SEAL, Finding.NOT_CHECKED, "seal_not_signed"),
        Evidence(Check.SCREENING, Finding.AGREES),
    ),
    seller_masked="示*****公司",
)
ODD_ON_STICK = StickInvoice(
    reference=InvoiceReference(
        Kind.ORDINARY_ELECTRONIC, "12345678", date(2026, 3, 5), "011002300111", None, "123456"
    ),
    evidence=(
        Evidence(Check.SEAL, Finding.DIFFERS, "seal_tampered"),
        Evidence(Check.SCREENING, Finding.DIFFERS, "total_sum"),
        Evidence(Check.SCREENING, Finding.NOTED, "tax_id_check_digit"),
    ),
    seller_masked="示*****公司",
)
HALF_ON_STICK = StickInvoice(
    reference=None, evidence=(Evidence(Check.SEAL, Finding.NOT_CHECKED, "seal_cannot_verify"),)
)


def verdict(kind: Verdict, **changes: object) -> m.VerdictShown:
    """A verdict with everything that usually comes with it."""
    found = kind in (Verdict.NORMAL, Verdict.VOID, Verdict.RED_FULL, Verdict.RED_PARTIAL)
    values: dict[str, object] = {
        "verdict": kind,
        "source": Source.TAX_SERVICE if found else Source.TERMINAL,
        "at": AT,
        "reference": DIGITAL,
        "evidence": (RECORD, STRUCTURE, NO_SEAL) if found else (STRUCTURE,),
        "seller_masked": "北京示***有限公司" if found else "",
        "buyer_masked": "某***科技有限公司" if found else "",
        "total_with_tax": Decimal("106.00") if found else None,
        "amount_without_tax": Decimal("100.00") if found else None,
        "tax": Decimal("6.00") if found else None,
        "ticket": TICKET if kind is Verdict.UNAVAILABLE else None,
    }
    return m.VerdictShown(**(values | changes))  # pyright: ignore[reportArgumentType] # by name


def cause(
    name: CauseId, likelihood: Likelihood = Likelihood.POSSIBLE, region: str = ""
) -> m.CauseView:
    return m.CauseView(id=name, likelihood=likelihood, region=region)


def application_told(state: str, **changes: object) -> m.ApplicationTold:
    """What the ticket of an application tells."""
    plain = m.ApplicationTold(ticket=TICKET, state=state, total_with_tax=Decimal("106.00"))
    return msgspec.structs.replace(plain, **changes)


def sold_item(number: int) -> a.SoldItem:
    """Something that a business sells."""
    name = ("餐饮服务", "茶叶", "会议室租赁服务", "预包装食品")[number % 4]
    return a.SoldItem(id=f"i{number}", name=name, rate=Decimal("0.06"))


REVIEW = a.ApplicationReview(
    seller="北京示例商贸有限公司",
    kind=Kind.DIGITAL_ORDINARY,
    item=sold_item(0),
    buyer="某某示例科技（北京）有限公司",
    buyer_tax_id="91110105MA00TEST1X",
    total_with_tax=Decimal("106.00"),
)


SITUATIONS: dict[str, m.Situation] = {
    "home": m.Home(),
    "home_in_visit": m.Home(in_visit=2),
    "attract": m.Home(attract=m.Attract()),
    "attract_trouble": m.Home(attract=m.Attract(paper="paper_out", link_down=True)),
    "enter_number": m.EnterNumber(today=date(2026, 11, 24)),
    "checking": m.Checking(reference=DIGITAL),
    "checking_ticket": m.Checking(),
    "verdict_normal": verdict(Verdict.NORMAL),
    "verdict_normal_details": verdict(Verdict.NORMAL, details_open=True),
    "verdict_normal_old": verdict(Verdict.NORMAL, reference=OLD, ticket=TICKET),
    "verdict_void": verdict(Verdict.VOID, void_on=date(2026, 11, 25)),
    "verdict_red_full": verdict(
        Verdict.RED_FULL, red_on=date(2026, 11, 25), red_number="26112000000100000217"
    ),
    "verdict_red_partial": verdict(
        Verdict.RED_PARTIAL, red_on=date(2026, 11, 25), red_balance=Decimal("53.00")
    ),
    "verdict_mismatch": verdict(
        Verdict.MISMATCH, evidence=(RECORD_DIFFERS, STRUCTURE), source=Source.TAX_SERVICE
    ),
    "verdict_mismatch_told": verdict(
        Verdict.MISMATCH,
        evidence=(
            m.EvidenceView(
                check=Check.RECORD,
                finding=Finding.DIFFERS,
                compared=(
                    m.ComparedView("issued_on", "2026-11-24", "2026-11-21"),
                    m.ComparedView("total_with_tax", "106.00", "1600.00"),
                ),
            ),
            STRUCTURE,
        ),
        source=Source.TAX_SERVICE,
    ),
    "verdict_screened": verdict(
        Verdict.NORMAL,
        evidence=(
            RECORD,
            m.EvidenceView(
                check=Check.SCREENING,
                finding=Finding.DIFFERS,
                note="total_sum",
                compared=(
                    m.ComparedView("total_with_tax", "106.00", "107.00", "total_sum"),
                    m.ComparedView("seller_tax_id", "91***4460", "", "tax_id_check_digit"),
                ),
            ),
        ),
    ),
    "verdict_red_itself": verdict(Verdict.NORMAL, original_number="26112000000100000018"),
    "verdict_not_found": verdict(Verdict.NOT_FOUND, evidence=(STRUCTURE_NOTED,)),
    "verdict_not_yet": verdict(Verdict.NOT_YET),
    "verdict_too_old": verdict(Verdict.TOO_OLD, reason="older_than_five_years"),
    "verdict_limit_reached": verdict(Verdict.LIMIT_REACHED),
    "verdict_unsupported": verdict(Verdict.UNSUPPORTED),
    "verdict_invalid_input": verdict(Verdict.INVALID_INPUT, reason="date_in_future"),
    "verdict_unavailable": verdict(Verdict.UNAVAILABLE, reason="link_down"),
    "verdict_cannot_print": verdict(Verdict.NORMAL, cannot_print=m.CannotPrint(cause="paper_out")),
    "verdict_second": verdict(Verdict.NORMAL, in_visit=2),
    "batch": m.BatchShown(
        lines=(
            m.BatchLine(reference=DIGITAL, verdict=Verdict.NORMAL),
            m.BatchLine(reference=OLD, verdict=Verdict.UNAVAILABLE, ticket=TICKET),
            m.BatchLine(reference=DIGITAL, verdict=Verdict.LIMIT_REACHED),
        ),
        at=AT,
    ),
    "batch_full": m.BatchShown(
        lines=tuple(m.BatchLine(reference=DIGITAL, verdict=Verdict.NORMAL) for _ in range(50)),
        at=AT,
        is_full=True,
        cannot_print=m.CannotPrint(cause="paper_out"),
    ),
    "ticket_pending": m.TicketWaiting(number=TICKET.number, reason="pending", registered_at=AT),
    "ticket_unknown": m.TicketWaiting(number=TICKET.number, reason="unknown"),
    "ticket_kept_here": m.TicketWaiting(number=TICKET.number, reason="kept_here", registered_at=AT),
    "ticket_unreachable": m.TicketWaiting(number=TICKET.number, reason="unreachable"),
    "home_apply": m.Home(can_apply=True),
    "home_apply_in_visit": m.Home(in_visit=2, can_apply=True),
    "apply_seller": a.EnterTaxId(whose="seller"),
    "apply_buyer": a.EnterTaxId(whose="buyer", said="unavailable"),
    "apply_asking": a.AskingFor(what="title"),
    "apply_item": a.ChooseItem(
        seller="北京示例商贸有限公司", items=tuple(sold_item(n) for n in range(8))
    ),
    "apply_kind": a.ChooseKind(kinds=(Kind.DIGITAL_ORDINARY, Kind.DIGITAL_SPECIAL)),
    "apply_price": a.EnterPrice(item="餐饮服务", at_most=Decimal(1000)),
    "apply_price_offline": a.EnterPrice(
        item="餐饮服务", at_most=Decimal("394.00"), without_service=True, too_much=True
    ),
    "apply_title": a.GiveTitle(),
    "apply_name": a.EnterName(tax_id="91110105MA00TEST1X", why="not_known"),
    "apply_name_unavailable": a.EnterName(tax_id="91110105MA00TEST1X", why="unavailable"),
    "apply_review_typed": msgspec.structs.replace(REVIEW, is_name_typed=True),
    "apply_title_again": a.GiveTitle(may_be_person=False, said="unavailable"),
    "apply_review": REVIEW,
    "apply_review_offline": msgspec.structs.replace(
        REVIEW, without_service=True, cannot_print=m.CannotPrint(cause="paper_out")
    ),
    "apply_kept": a.ApplicationKept(ticket=TICKET, application=REVIEW),
    "apply_kept_offline": a.ApplicationKept(
        ticket=TICKET,
        application=msgspec.structs.replace(REVIEW, without_service=True),
        cannot_print=m.CannotPrint(cause="paper_out"),
    ),
    **{
        f"apply_not_{why}": a.NotAccepted(why)
        for why in ("not_registered", "no_terms", "old_terms", "clock", "too_often", "storage")
    },
    "apply_not_allowance": a.NotAccepted(
        "allowance", seller="北京示例商贸有限公司", at_most=Decimal("394.00")
    ),
    "apply_not_limit": a.NotAccepted("limit", seller="北京示例商贸有限公司", at_most=Decimal(1000)),
    "application_taken": application_told("taken"),
    "application_issued": application_told(
        "issued", number="26112000000800000001", issued_on=date(2026, 11, 25)
    ),
    "application_refused": application_told(
        "refused", words="购买方税号有误，请核对后重新申请（税号与名称不一致）"
    ),
    "application_cannot_print": application_told(
        "issued",
        number="26112000000800000001",
        issued_on=date(2026, 11, 25),
        cannot_print=m.CannotPrint(cause="paper_out"),
    ),
    "not_an_invoice": m.NotAnInvoice(what="title_card"),
    "not_an_invoice_link": m.NotAnInvoice(what="delivery_link", number="26112000000100000018"),
    "not_an_invoice_unheard": m.NotAnInvoice(what="a_key_of_tomorrow"),
    "keep_failed": m.KeepFailed(),
    "printing": m.Printing(slip="P-03-1124-0017"),
    "printing_copy": m.Printing(slip="P-03-1124-0017", copy=2),
    "print_proven": m.PrintEnded(slip="P-03-1124-0017", outcome="proven"),
    "print_retracted": m.PrintEnded(
        slip="P-03-1124-0017", outcome="proven", not_taken="retracted", can_reprint=True
    ),
    "print_left": m.PrintEnded(slip="P-03-1124-0017", outcome="proven", not_taken="left"),
    "print_failed": m.PrintEnded(
        slip="P-03-1124-0017",
        outcome="failed",
        why="paper_out",
        can_reprint=True,
        cannot_print=m.CannotPrint(cause="paper_out"),
    ),
    "print_second": m.PrintEnded(
        slip="P-03-1124-0017",
        outcome="unknown",
        why="no_proof",
        can_reprint=True,
        is_second=True,
    ),
    "print_unknown": m.PrintEnded(
        slip="P-03-1124-0017", outcome="unknown", why="no_proof", can_reprint=True
    ),
    "help_use": m.Help(topic="use"),
    "help_use_stick": m.Help(topic="use", takes_sticks=True),
    "help_not_found": m.Help(topic="not_found"),
    **{
        f"guide_{guide.value}_{step}": g.GuideShown(guide, step)
        for guide, steps in STEPS.items()
        for step in range(1, steps + 1)
    },
    "why_not_found": m.WhyNotFound(
        verdict=Verdict.NOT_FOUND,
        causes=(
            cause(CauseId.MISTYPED, Likelihood.LIKELY),
            cause(CauseId.NOT_UPLOADED, Likelihood.LIKELY),
            cause(CauseId.OTHER_SYSTEM),
            cause(CauseId.OTHER_REGION, region="内蒙古"),
            cause(CauseId.NOT_ISSUED),
        ),
        ask_again_on=date(2026, 11, 25),
        typed=True,
    ),
    "why_mismatch": m.WhyNotFound(
        verdict=Verdict.MISMATCH,
        causes=(cause(CauseId.AMOUNT_KIND, Likelihood.LIKELY), cause(CauseId.VOID_OR_RED)),
    ),
    "why_watch": m.WhyNotFound(
        verdict=Verdict.NOT_YET,
        causes=(
            cause(CauseId.ISSUED_TODAY, Likelihood.LIKELY),
            cause(CauseId.NOT_UPLOADED, Likelihood.LIKELY),
            cause(CauseId.MISTYPED),
        ),
        ask_again_on=date(2026, 11, 25),
        typed=True,
        can_watch=True,
    ),
    "watch_offered": m.WatchOffered(
        reference=DIGITAL, verdict=Verdict.NOT_FOUND, days=30, may_write=True
    ),
    "watch_offered_address": m.WatchOffered(
        reference=DIGITAL,
        verdict=Verdict.NOT_FOUND,
        days=30,
        may_write=True,
        address="made-up.person_of_the_hall@mail.example.com",
        cannot_print=m.CannotPrint(cause="paper_out"),
    ),
    "watch_offered_deaf": m.WatchOffered(
        reference=DIGITAL,
        verdict=Verdict.NOT_FOUND,
        days=30,
        cannot_print=m.CannotPrint(cause="paper_out"),
    ),
    "enter_address": m.EnterAddress(),
    "enter_address_typed": m.EnterAddress(address="made-up.person_of_the_hall@mail.example.com"),
    "enter_address_file": m.EnterAddress(for_file=True),
    "stick_reading": s.StickReading(),
    "stick_one": s.StickShown(invoices=(ON_STICK,)),
    "stick_one_a4": s.StickShown(invoices=(ON_STICK,), file=PdfOnStick(0, "7" * 64), a4=READY),
    "stick_drawing": o.Fetching(what="stick"),
    "stick_not_drawn": o.FetchFailed(what="stick", why="not_drawn"),
    "stick_several": s.StickShown(
        invoices=(ON_STICK, ODD_ON_STICK, ON_STICK, HALF_ON_STICK),
        not_read=3,
        left_out=12,
        is_more=True,
        is_gone=True,
    ),
    "stick_incomplete": s.StickShown(invoices=(HALF_ON_STICK,)),
    "stick_empty": s.StickShown(invoices=(), not_read=2),
    "stick_gone": s.StickShown(invoices=(), is_gone=True),
    "case_kept": m.CaseKept(
        ticket=TICKET, reference=DIGITAL, verdict=Verdict.NOT_FOUND, days=30, by_letter=True
    ),
    "case_kept_cannot_print": m.CaseKept(
        ticket=TICKET,
        reference=DIGITAL,
        verdict=Verdict.NOT_FOUND,
        days=30,
        cannot_print=m.CannotPrint(cause="paper_out"),
    ),
    "ticket_watched": m.TicketWaiting(
        number=TICKET.number,
        reason="watched",
        registered_at=AT,
        watched_until=date(2026, 12, 24),
        asked_at=AT,
    ),
    "staff_coming": m.StaffComing(called_at=AT),
    "staff_told": m.StaffComing(called_at=AT, told=True),
    "staff_not_told": m.StaffComing(called_at=AT, told=False),
    "out_of_service": m.OutOfService(reason="internal"),
    **OWN,
    **ADMIN,
}

RIBBONS = {
    "verdict_unavailable": ("link_down",),
    "verdict_cannot_print": ("paper_out",),
    "print_failed": ("paper_out",),
    "keep_failed": ("link_down", "paper_out"),
    "home_ribbon": ("link_down", "cutter_jam"),
    "home_training": ("training", "link_down"),
    "verdict_training": ("training",),
}
IDLE = {"home_idle": 38, "verdict_idle": 12}
CLEANING = {"home_cleaning": 45}


def show(
    name: str, *, language: str, large: bool, turn: int, high_contrast: bool = False
) -> m.Show:
    """What the daemon would send for a sample."""
    idle = IDLE.get(name)
    situation = {
        "home_ribbon": SITUATIONS["home"],
        "home_training": SITUATIONS["home"],
        "verdict_training": SITUATIONS["verdict_normal"],
        "home_idle": SITUATIONS["home"],
        "home_cleaning": SITUATIONS["home"],
        "verdict_idle": SITUATIONS["verdict_normal"],
    }.get(name) or SITUATIONS[name]
    return m.Show(
        turn=turn,
        situation=situation,
        hall="示范办税服务厅" if language == "zh" else "Model Tax Service Hall",
        terminal="03",
        language=language,
        large_text=large,
        high_contrast=high_contrast,
        ribbons=RIBBONS.get(name, ()),
        idle=m.IdleWarning(seconds_left=idle) if idle else None,
        voice=m.VoiceView(),
        cleaning=m.CleaningLock(seconds_left=CLEANING[name]) if name in CLEANING else None,
    )


ALL_NAMES = (
    *SITUATIONS,
    "home_ribbon",
    "home_training",
    "verdict_training",
    "home_idle",
    "home_cleaning",
    "verdict_idle",
)

FIRST_OF_EACH = tuple(
    next(name for name, one in SITUATIONS.items() if type(one) is kind)
    for kind in dict.fromkeys(type(one) for one in SITUATIONS.values())
)
