"""Every message between the daemon and those who look at it, once.

One JSON message per line over a Unix socket (mode 0600). The daemon owns the
visit: it sends the whole of what the screen should show as one `Show` at every
change, so that a screen that was restarted shows the right thing from its first
line on. The screen sends intents, each with the `turn` of the `Show` that it was
pressed on: a press on something that is no longer there is thrown away.

Values are plain; the screen and the slips find the sentences (`kiosk.text`).
"""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated

import msgspec

from einvoice.diagnosis import CauseId, Likelihood
from einvoice.kinds import Kind
from einvoice.verdict import Check, Finding, Source, Verdict
from kiosk.admin_messages import AdminIntent, AdminSituation
from kiosk.applying_messages import (
    ApplicationKept,
    ApplicationTold,
    ApplyingIntent,
    ApplyingSituation,
)
from kiosk.guide_messages import GuideIntent, GuideSituation
from kiosk.keypad_messages import KeypadPressed
from kiosk.message_parts import CannotPrint, TicketView
from kiosk.own_messages import OwnIntent, OwnInvoice, OwnSituation
from kiosk.picture_messages import AskPicture, DescribeScreen, ScreenPicture
from kiosk.staff_messages import FaultFound, PrinterView, StaffAnswer, StaffAsk, Tried
from kiosk.stick_messages import StickIntent, StickSituation

MAX_LINE_BYTES = 256 * 1024


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


# --- what the screen shows ---------------------------------------------------------------


class ReferenceView(_Base, frozen=True):
    """The fields of an invoice as they are shown: whole, in the order of their declaration."""

    kind: Kind
    number: str
    issued_on: date
    code: str = ""
    amount: Decimal | None = None
    check_code: str = ""


class ComparedView(_Base, frozen=True):
    """Both values of one field that differs, as in `einvoice.verdict.Compared`, masked."""

    field: str
    stated: str
    recorded: str = ""
    rule: str = ""
    line: int = 0


class EvidenceView(_Base, frozen=True):
    """One check, what it showed, and the key of the sentence that says more ("" if none)."""

    check: Check
    finding: Finding
    note: str = ""
    compared: tuple[ComparedView, ...] = ()


class Attract(_Base, frozen=True):
    """How the terminal is, in small words for staff who walk by.

    Attributes:
        paper: "ready", "near_end", or why nothing can be printed (as in `CannotPrint`).
        link_down: the service cannot be reached.
    """

    paper: str = "ready"
    link_down: bool = False


class Home(_Base, frozen=True, tag="home"):
    """Ready to scan at once.

    Attributes:
        in_visit: invoices asked about by the person who is still here; 0 when nobody is, or
            somebody has just begun.
        can_apply: businesses may apply for invoices here.
        attract: nobody has been here for long: the page is to be read from far away.
    """

    in_visit: int = 0
    can_apply: bool = False
    attract: Attract | None = None


class EnterNumber(_Base, frozen=True, tag="enter_number"):
    """The person types the fields. What is typed stays on the screen until it is submitted."""

    today: date
    for_own: bool = False
    """To fetch the invoice; otherwise to verify it."""


class Checking(_Base, frozen=True, tag="checking"):
    """The question is on its way; an answer or an honest "cannot" comes within three seconds."""

    reference: ReferenceView | None = None
    """None while a ticket is looked up."""


class VerdictShown(_Base, frozen=True, tag="verdict"):
    """What is true about one invoice. UNAVAILABLE comes with a ticket, durable already."""

    verdict: Verdict
    source: Source
    at: datetime
    reference: ReferenceView
    evidence: tuple[EvidenceView, ...]
    reason: str = ""
    seller_masked: str = ""
    buyer_masked: str = ""
    total_with_tax: Decimal | None = None
    amount_without_tax: Decimal | None = None
    tax: Decimal | None = None
    red_on: date | None = None
    red_balance: Decimal | None = None
    void_on: date | None = None
    red_number: str = ""
    original_number: str = ""
    ticket: TicketView | None = None
    """For UNAVAILABLE: the ticket given. Otherwise: the ticket that this answers, if any."""
    details_open: bool = False
    in_visit: int = 1
    """Invoices asked about in this visit, this one with them."""
    cannot_print: CannotPrint | None = None


class BatchLine(_Base, frozen=True):
    """One of the invoices of a visit. `ticket` as in `VerdictShown`."""

    reference: ReferenceView
    verdict: Verdict
    ticket: TicketView | None = None


class BatchShown(_Base, frozen=True, tag="batch"):
    """All invoices of a visit, for one slip. `is_full`: there is no place for more."""

    lines: tuple[BatchLine, ...]
    at: datetime
    is_full: bool = False
    cannot_print: CannotPrint | None = None


class WatchOffered(_Base, frozen=True, tag="watch_offered"):
    """The invoice was not found, and can be looked for day by day: the person may order it.

    Attributes:
        days: for so long.
        may_write: the service can answer by letter: an address may be left.
        address: that was typed; "" for none.
    """

    reference: ReferenceView
    verdict: Verdict
    days: int
    may_write: bool = False
    address: str = ""
    cannot_print: CannotPrint | None = None


class EnterAddress(_Base, frozen=True, tag="enter_address"):
    """The person types an e-mail address. What is typed stays on the screen until it is given.

    `for_file`: an invoice's file goes there; otherwise the answer of a case.
    """

    address: str = ""
    for_file: bool = False


class CaseKept(_Base, frozen=True, tag="case_kept"):
    """The invoice is looked for, durable already; the ticket tells the answer.

    Attributes:
        ticket: that was given.
        days: for so long it is looked for.
        by_letter: the answer also goes to the address that was left. The address is not here.
    """

    ticket: TicketView
    reference: ReferenceView
    verdict: Verdict
    days: int
    by_letter: bool = False
    cannot_print: CannotPrint | None = None


Printable = VerdictShown | BatchShown | CaseKept | ApplicationTold | ApplicationKept | OwnInvoice
"""Situations that have a slip."""


class TicketWaiting(_Base, frozen=True, tag="ticket_waiting"):
    """A ticket was scanned and there is no answer yet.

    Attributes:
        reason: "pending" (the platform has not answered), "watched" (the invoice is looked for
            day by day), "unknown" (the service has not got it), "kept_here" (this terminal
            still owes it to the service), "unreachable".
        watched_until: the last day on which it is looked for, when "watched".
        asked_at: when it was last looked for; None before the first time.
    """

    number: str
    reason: str
    registered_at: datetime | None = None
    watched_until: date | None = None
    asked_at: datetime | None = None


class NotAnInvoice(_Base, frozen=True, tag="not_an_invoice"):
    """Something was scanned or read that cannot be verified.

    Attributes:
        what: key of its sentence: one of `einvoice.qr.SCANNED_KEYS`, or what the scanner's
            driver says of bytes that are no text.
        number: the invoice number that could be read all the same (in a delivery link, in an
            invoice's code with a field missing): the entry by keypad goes on from there.
    """

    what: str
    number: str = ""


class KeepFailed(_Base, frozen=True, tag="keep_failed"):
    """The service is gone and the request could not be kept either (disk full): nothing is owed."""


class Printing(_Base, frozen=True, tag="printing"):
    """A slip is being printed. `copy` is 0, or n for the n-th reprint."""

    slip: str
    copy: int = 0


class PrintEnded(_Base, frozen=True, tag="print_ended"):
    """How the print ended: `outcome` "proven", "failed" or "unknown"; `why` the cause or doubt."""

    slip: str
    outcome: str
    why: str = ""
    copy: int = 0
    can_reprint: bool = False
    cannot_print: CannotPrint | None = None
    """Why a reprint is not possible at this moment."""
    is_second: bool = False
    """The second printer took over: the slip, or what came of it, is at the other outlet."""
    not_taken: str = ""
    """Nobody took the slip out of the presenter: "retracted" (drawn back in), "left" (still there);
    "" otherwise, and where there is no presenter."""


class Help(_Base, frozen=True, tag="help"):
    """What people ask: "use" (the tasks, shown in pictures) or "not_found" (answers).

    `takes_sticks`: the hall has USB sticks read here.
    """

    topic: str
    takes_sticks: bool = False


class CauseView(_Base, frozen=True):
    """One possible cause of not being found. `region` only for "other_region"."""

    id: CauseId
    likelihood: Likelihood
    region: str = ""


class WhyNotFound(_Base, frozen=True, tag="why_not_found"):
    """Possible causes of the verdict just shown, the likeliest first.

    Attributes:
        ask_again_on: the first day on which asking again can help; None when it cannot.
        typed: the fields were typed: they can be corrected.
        can_watch: it can be looked for day by day.
    """

    verdict: Verdict
    causes: tuple[CauseView, ...]
    ask_again_on: date | None = None
    typed: bool = False
    can_watch: bool = False


class StaffComing(_Base, frozen=True, tag="staff_coming"):
    """The person asked for help: said large, so that staff see it across the hall.

    Attributes:
        told: the service has taken the call; false when it could not be told in time, and None
            while that is not known yet.
    """

    called_at: datetime
    told: bool | None = None


class OutOfService(_Base, frozen=True, tag="out_of_service"):
    """The terminal cannot serve. `reason` is the key of the sentence."""

    reason: str


Situation = (
    Home
    | EnterNumber
    | Checking
    | VerdictShown
    | BatchShown
    | TicketWaiting
    | NotAnInvoice
    | KeepFailed
    | Printing
    | PrintEnded
    | Help
    | WhyNotFound
    | WatchOffered
    | EnterAddress
    | CaseKept
    | StaffComing
    | OutOfService
    | ApplyingSituation
    | OwnSituation
    | StickSituation
    | GuideSituation
    | AdminSituation
)


class IdleWarning(_Base, frozen=True):
    """Nobody has touched anything for long; the visit ends in `seconds_left`."""

    seconds_left: int


class VoiceView(_Base, frozen=True):
    """读屏: the screen is read aloud.

    Attributes:
        on: each new screen is read by itself.
        volume: 1 to `LOUDEST`.
    """

    on: bool = False
    volume: int = 2


LOUDEST = 3


class CleaningLock(_Base, frozen=True):
    """Staff wipe the glass: no touch and no scan counts for `seconds_left`."""

    seconds_left: int


class Show(_Base, frozen=True, tag="show"):
    """The whole of what the screen shows now.

    Attributes:
        turn: grows with every change of the situation; intents repeat it.
        ribbons: troubles that concern the person, as keys ("link_down", "paper_out", ...).
        language: "zh" or "en".
        large_text: the 大字 view.
        high_contrast: white on black, for people who see little.
        voice: how it is read aloud; None where nothing can be heard.
        cleaning: touches are ignored while the glass is wiped; None otherwise.
    """

    turn: int
    situation: Situation
    hall: str
    terminal: str
    language: str
    large_text: bool = False
    high_contrast: bool = False
    ribbons: tuple[str, ...] = ()
    idle: IdleWarning | None = None
    voice: VoiceView | None = None
    cleaning: CleaningLock | None = None


# --- what the screen asks for --------------------------------------------------------------


class Touched(_Base, frozen=True, tag="touched"):
    """Somebody is here. Sent at most once a second."""


class StillHere(_Base, frozen=True, tag="still_here"):
    """我还在: the answer to the idle warning."""


class GoHome(_Base, frozen=True, tag="go_home"):
    """结束: the visit is over."""

    turn: int


class GoBack(_Base, frozen=True, tag="go_back"):
    """返回: one step back."""

    turn: int


class StartEntry(_Base, frozen=True, tag="start_entry"):
    """The person wants to type the number."""

    turn: int


class SubmitReference(_Base, frozen=True, tag="submit_reference"):
    """The typed fields, complete and checked on the screen; checked again by the daemon."""

    turn: int
    reference: ReferenceView


class PrintSlip(_Base, frozen=True, tag="print_slip"):
    """Print the slip of what is shown (verification slip, or ticket slip)."""

    turn: int


class Reprint(_Base, frozen=True, tag="reprint"):
    """补打: a new act, marked with its count."""

    turn: int


class VerifyAnother(_Base, frozen=True, tag="verify_another"):
    """再查一张."""

    turn: int


class ToggleDetails(_Base, frozen=True, tag="toggle_details"):
    """查看明细, and back."""

    turn: int


class ShowBatch(_Base, frozen=True, tag="show_batch"):
    """汇总: all invoices of this visit."""

    turn: int


class TryAgain(_Base, frozen=True, tag="try_again"):
    """Ask the service again for the same ticket."""

    turn: int


class OpenHelp(_Base, frozen=True, tag="open_help"):
    """使用帮助 ("use") or 查不到发票怎么办 ("not_found")."""

    turn: int
    topic: str


class FindReason(_Base, frozen=True, tag="find_reason"):
    """帮我找原因: why the verdict on the screen is what it is."""

    turn: int


class OfferWatch(_Base, frozen=True, tag="offer_watch"):
    """继续查: what would happen if it were looked for day by day."""

    turn: int


class StartAddress(_Base, frozen=True, tag="start_address"):
    """留邮箱."""

    turn: int


class SubmitAddress(_Base, frozen=True, tag="submit_address"):
    """The typed address; "" for none after all. Checked again by the daemon."""

    turn: int
    address: str


class OpenCase(_Base, frozen=True, tag="open_case"):
    """Look for it day by day, and print the ticket."""

    turn: int


class CallStaff(_Base, frozen=True, tag="call_staff"):
    """叫人."""


class SetLanguage(_Base, frozen=True, tag="set_language"):
    """Switches at once, and for this visit only."""

    language: str


class SetLargeText(_Base, frozen=True, tag="set_large_text"):
    """大字, for this visit only."""

    on: bool


class SetHighContrast(_Base, frozen=True, tag="set_high_contrast"):
    """高对比, for this visit only."""

    on: bool


class SetVoice(_Base, frozen=True, tag="set_voice"):
    """读屏 on or off and how loud, for this visit only."""

    on: bool
    volume: int = 2


MAX_SPOKEN = 2000
"""Characters in one reading: more than any screen says."""


class Speak(_Base, frozen=True, tag="speak"):
    """Read this aloud, in place of what is being read. No sign of the person."""

    text: Annotated[str, msgspec.Meta(max_length=MAX_SPOKEN)]


class Hush(_Base, frozen=True, tag="hush"):
    """Stop reading: a touch."""


Intent = (
    Touched
    | StillHere
    | GoHome
    | GoBack
    | StartEntry
    | SubmitReference
    | PrintSlip
    | Reprint
    | VerifyAnother
    | ToggleDetails
    | ShowBatch
    | TryAgain
    | OpenHelp
    | FindReason
    | OfferWatch
    | StartAddress
    | SubmitAddress
    | OpenCase
    | CallStaff
    | SetLanguage
    | SetLargeText
    | SetHighContrast
    | SetVoice
    | Speak
    | Hush
    | OwnIntent
    | ApplyingIntent
    | StickIntent
    | GuideIntent
    | AdminIntent
)


# --- who is speaking ----------------------------------------------------------------------


class Role(Enum):
    """Who opened the connection."""

    SCREEN = "screen"
    STAFF = "staff"


class Hello(_Base, frozen=True, tag="hello"):
    """First line from whoever connects."""

    role: Role
    version: int


class AskStatus(_Base, frozen=True, tag="ask_status"):
    """A technician asks how things stand."""


class Status(_Base, frozen=True, tag="status"):
    """How things stand, for technicians.

    Attributes:
        link: a link state, in lower case.
        link_why: what the last attempt showed, in a technician's words.
        printer, scanner: device states in a technician's words.
        waiting, parked: operations in the outbox.
        oldest_waiting_s: age of the oldest waiting operation, seconds; None if none waits.
        situation: tag of the situation on the screen.
        clock: whether it agrees with the service's, in a technician's words.
        backup, backup_at_service: the newest copy, or why there is none, in a technician's words.
        a4, keypad: state of the A4 printer and of the keypad; "" if there is none.
        printers: each receipt printer by itself; `printer` is as people meet them together.
        trials: how each device was when it was last tried.
        voice: where the reading aloud is heard, or why it is not.
        identity: as what the service knows this terminal, and for how long.
        faults: what the daemon itself knows to be wrong.
    """

    terminal: str
    version: str
    started_at: datetime
    link: str
    link_why: str
    printer: str
    scanner: str
    waiting: int
    parked: int
    oldest_waiting_s: float | None
    situation: str
    clock: str = ""
    backup: str = ""
    backup_at_service: str = ""
    a4: str = ""
    printers: tuple[PrinterView, ...] = ()
    trials: tuple[Tried, ...] = ()
    identity: str = ""
    voice: str = ""
    faults: tuple[FaultFound, ...] = ()
    keypad: str = ""


class Refused(_Base, frozen=True, tag="refused"):
    """The daemon does not take this line, and why. The connection is closed."""

    why: str


PROTOCOL_VERSION = 1

FromDaemon = Show | KeypadPressed | DescribeScreen | Status | ScreenPicture | Refused | StaffAnswer
ToDaemon = Hello | AskStatus | AskPicture | ScreenPicture | Intent | StaffAsk
