"""Everything that the audit can tell: the catalogue of acts and events, once.

`docs/audit-catalogue.md` is generated from this file (`kiosk audit catalogue`). Fields stand
in clear on the disk and are read by support: ids, states and causes, never an invoice's number,
an amount, a name or a tax id. Ids never change their meaning; new ones are added.
"""

import re
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from offline_queue.audit import Catalogue

_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")

VisitId = Annotated[str, Meta(description="names one visit; random, and nothing of the person")]
SlipNumber = Annotated[str, Meta(description="number of the slip or ticket")]
Why = Annotated[str, Meta(description="cause, as a stable word; empty if there is none")]
State = Annotated[str, Meta(description="the state it has from now on")]
OperationId = Annotated[str, Meta(description="id of the operation")]


StaffNumber = Annotated[str, Meta(description="staff number; unknown if nobody has it")]
OrderName = Annotated[str, Meta(description="id of the command, or settings and their number")]
By = Annotated[str, Meta(description="staff number at the screen, command_line, or office")]


class Act(msgspec.Struct, frozen=True):
    """Something that happened. The docstring is its meaning, `says` the sentence for people."""

    says: ClassVar[str] = ""


# --- the terminal itself ------------------------------------------------------------------


class DaemonStarted(Act, frozen=True, tag="daemon.started"):
    """The daemon serves. A change of `settings` between two starts is a change of settings."""

    says: ClassVar[str] = (
        "The terminal started: version {version}, settings {settings},"
        " file generation {generation}, because of {because}."
    )
    version: Annotated[str, Meta(description="version of the product")]
    settings: Annotated[str, Meta(description="first digits of the SHA-256 of all settings")]
    generation: Annotated[int, Meta(description="1, and one more after each restore of a backup")]
    because: Annotated[
        str, Meta(description="first, ended, hung, memory, planned, asked; or by_hand")
    ]


class DaemonStopped(Act, frozen=True, tag="daemon.stopped"):
    """The daemon was asked to stop and stopped in order. A kill or a power cut leaves none."""

    says: ClassVar[str] = "The terminal stopped in order."


class ScreenConnected(Act, frozen=True, tag="screen.connected"):
    """A screen process began to show what the daemon says."""

    says: ClassVar[str] = "A screen connected."


class ScreenGone(Act, frozen=True, tag="screen.gone"):
    """The screen process ended, was restarted or hung."""

    says: ClassVar[str] = "The screen went away."


class ClockWrong(Act, frozen=True, tag="clock.wrong"):
    """The terminal's clock and the service's differ; times of acts are doubtful."""

    says: ClassVar[str] = "The clock is {skew_s} s ahead of the service's."
    skew_s: Annotated[int, Meta(description="seconds, negative when behind")]


class ClockRight(Act, frozen=True, tag="clock.right"):
    """The terminal's clock agrees with the service's again."""

    says: ClassVar[str] = "The clock agrees with the service's again."


class AuditMissed(Act, frozen=True, tag="audit.missed"):
    """Acts that could not be recorded when they happened (disk full or failing)."""

    says: ClassVar[str] = "{count} acts could not be recorded."
    count: int


class TrainingBegun(Act, frozen=True, tag="training.begun"):
    """Simulated devices and a made-up service took the terminal's place. A kill leaves no end."""

    says: ClassVar[str] = (
        "A training began, for {minutes} min at most, by {by}; {owed} operations wait meanwhile."
    )
    by: Annotated[str, Meta(description="who answers for it: a staff number or another sign")]
    minutes: Annotated[int, Meta(description="then it ends by itself")]
    owed: Annotated[int, Meta(description="operations that wait to be sent, and are not meanwhile")]


class TrainingEnded(Act, frozen=True, tag="training.ended"):
    """The training is over, and the terminal may serve again."""

    says: ClassVar[str] = "The training ended: {because}."
    because: Annotated[str, Meta(description="time_over, stopped or failed")]


class SettingsChanged(Act, frozen=True, tag="settings.changed"):
    """Settings were changed and are on trial. Names only: what they say is in the version."""

    says: ClassVar[str] = "Settings, version {version}, by {by}: {names}."
    version: Annotated[int, Meta(description="number of the version that the terminal keeps")]
    by: Annotated[str, Meta(description="staff, service or rollback")]
    names: Annotated[str, Meta(description="the settings that differ, like printer.baud")]


class SettingsChangedAtScreen(Act, frozen=True, tag="settings.changed_at_screen"):
    """A supervisor changed settings at the screen. The version is in `settings.changed`."""

    says: ClassVar[str] = "Staff {by} changed settings at the screen: {names}."
    by: Annotated[str, Meta(description="staff number of the supervisor")]
    names: Annotated[str, Meta(description="the settings, like printer.baud")]


class TouchTested(Act, frozen=True, tag="screen.touch_tested"):
    """Staff tested the touch panel, field by field."""

    says: ClassVar[str] = "Staff {by} tested the touch panel: {dead} of {fields} fields are dead."
    by: Annotated[str, Meta(description="staff number")]
    fields: Annotated[int, Meta(description="how many fields the screen was divided into")]
    dead: Annotated[int, Meta(description="how many of them did not answer")]


class BrightnessSet(Act, frozen=True, tag="screen.brightness_set"):
    """Staff made the screen brighter or darker."""

    says: ClassVar[str] = "Staff {by} set the screen's brightness to {percent} percent."
    percent: Annotated[int, Meta(description="percent of the most, as the panel says it")]
    by: Annotated[str, Meta(description="staff number")]


class SettingsProven(Act, frozen=True, tag="settings.proven"):
    """The terminal ran well with changed settings."""

    says: ClassVar[str] = "Settings, version {version}, have proved themselves."
    version: Annotated[int, Meta(description="number of the version that the terminal keeps")]


class SettingsGivenUp(Act, frozen=True, tag="settings.given_up"):
    """The terminal was worse with changed settings; the version before came back by itself."""

    says: ClassVar[str] = "Settings, version {version}, were given up: {why}."
    version: Annotated[int, Meta(description="number of the version that the terminal keeps")]
    why: Why


# --- a person -----------------------------------------------------------------------------


class VisitBegun(Act, frozen=True, tag="visit.begun"):
    """Somebody touched, scanned, or was found waiting after a restart."""

    says: ClassVar[str] = "Visit {visit} began ({by})."
    visit: VisitId
    by: Annotated[str, Meta(description="touch, scan or resumed")]


class VisitEnded(Act, frozen=True, tag="visit.ended"):
    """The visit is over and its data is gone."""

    says: ClassVar[str] = "Visit {visit} ended ({why})."
    visit: VisitId
    why: Annotated[str, Meta(description="left, timed_out, failsafe or staff")]


class InvoiceAsked(Act, frozen=True, tag="invoice.asked"):
    """The person asked what is true about an invoice."""

    says: ClassVar[str] = "Visit {visit} asked about an invoice ({by})."
    visit: VisitId
    by: Annotated[str, Meta(description="scan or touch")]


class InvoiceAnswered(Act, frozen=True, tag="invoice.answered"):
    """The verdict that was shown. UNAVAILABLE says nothing about the invoice."""

    says: ClassVar[str] = "Visit {visit} was shown {verdict} ({source} {why})."
    visit: VisitId
    verdict: Annotated[str, Meta(description="the verdict's word")]
    source: Annotated[str, Meta(description="who answered")]
    why: Why


class OwnInvoiceAsked(Act, frozen=True, tag="own.asked"):
    """The person asked for invoices of their own, or for the file of one."""

    says: ClassVar[str] = "Visit {visit} asked for an own invoice by {by}: {outcome}."
    visit: VisitId
    by: Annotated[
        str, Meta(description="order, shown_code, ticket; reference, found (the file of one)")
    ]
    outcome: Annotated[str, Meta(description="done, or why it could not be had")]


class RequestNotKept(Act, frozen=True, tag="request.not_kept"):
    """A request could be neither answered nor kept; the person was told so."""

    says: ClassVar[str] = "A request of visit {visit} could not be kept: {why}."
    visit: VisitId
    why: Why


class TicketGiven(Act, frozen=True, tag="ticket.given"):
    """A request was kept; written in one commit with the operation that it is about."""

    says: ClassVar[str] = "Ticket {ticket} was given for operation {op_id}."
    ticket: SlipNumber
    op_id: OperationId


class TicketAsked(Act, frozen=True, tag="ticket.asked"):
    """The person held up a ticket."""

    says: ClassVar[str] = "Visit {visit} asked for ticket {ticket}."
    visit: VisitId
    ticket: SlipNumber


class TicketOpenShown(Act, frozen=True, tag="ticket.open"):
    """There is no answer to the ticket yet, or it could not be fetched."""

    says: ClassVar[str] = "Ticket {ticket} has no answer: {why}."
    ticket: SlipNumber
    why: Why


class ApplicationShown(Act, frozen=True, tag="application.shown"):
    """The ticket of an application told what became of it."""

    says: ClassVar[str] = "Ticket {ticket} told that its application is {state}."
    ticket: SlipNumber
    state: State


class ApplicationRefused(Act, frozen=True, tag="application.not_accepted"):
    """An application for an invoice was not accepted here; the person was told why."""

    says: ClassVar[str] = "An application in visit {visit} was not accepted: {why}."
    visit: VisitId
    why: Why


class StaffCalled(Act, frozen=True, tag="staff.called"):
    """Somebody at the terminal asked for help."""

    says: ClassVar[str] = "Staff were called from {situation}."
    situation: Annotated[str, Meta(description="what the screen showed")]


# --- staff --------------------------------------------------------------------------------


class StaffSignedIn(Act, frozen=True, tag="staff.signed_in"):
    """A member of staff signed in at the screen."""

    says: ClassVar[str] = "Staff {number} ({role}) signed in with {by}."
    number: StaffNumber
    role: Annotated[str, Meta(description="technician or supervisor")]
    by: Annotated[str, Meta(description="pin, or office_code with which a new PIN was set")]


class StaffSignedOut(Act, frozen=True, tag="staff.signed_out"):
    """The session at the screen is over."""

    says: ClassVar[str] = "Staff {number} signed out ({why})."
    number: StaffNumber
    why: Annotated[str, Meta(description="left, timed_out, screen_gone, removed or failed")]


class SignInRefused(Act, frozen=True, tag="staff.refused"):
    """A number, PIN or code was wrong. A number that nobody has is not recorded."""

    says: ClassVar[str] = "A sign-in of {number} was refused, for the {tries}. time."
    number: StaffNumber
    tries: Annotated[int, Meta(description="wrong tries in a row")]


class StaffAdded(Act, frozen=True, tag="staff.added"):
    """Somebody may sign in from now on."""

    says: ClassVar[str] = "Staff {number} ({role}) was added by {by}."
    number: StaffNumber
    role: Annotated[str, Meta(description="technician or supervisor")]
    by: By


class StaffRemoved(Act, frozen=True, tag="staff.removed"):
    """Somebody may not sign in any more."""

    says: ClassVar[str] = "Staff {number} was removed by {by}."
    number: StaffNumber
    by: By


class PinSet(Act, frozen=True, tag="staff.pin_set"):
    """Somebody has another PIN."""

    says: ClassVar[str] = "Staff {number} was given another PIN by {by}."
    number: StaffNumber
    by: By


class TerminalClosed(Act, frozen=True, tag="terminal.closed"):
    """Staff took the terminal out of service; people are told why."""

    says: ClassVar[str] = "Staff {by} took the terminal out of service ({reason})."
    reason: Annotated[str, Meta(description="what people are told")]
    by: By


class TerminalOpened(Act, frozen=True, tag="terminal.opened"):
    """Staff let the terminal serve again."""

    says: ClassVar[str] = "Staff {by} let the terminal serve again."
    by: By


class RestartAsked(Act, frozen=True, tag="terminal.restart_asked"):
    """Staff asked for a restart."""

    says: ClassVar[str] = "Staff {by} asked for a restart."
    by: By


class PowerAsked(Act, frozen=True, tag="machine.power_asked"):
    """Staff asked to switch the machine off, or to start it anew. Written before it is done."""

    says: ClassVar[str] = "Staff {by} asked for the machine's {what}."
    what: Annotated[str, Meta(description="power_off or reboot")]
    by: StaffNumber


class PowerAnswered(Act, frozen=True, tag="machine.power_answered"):
    """What the system said to it; after `unknown` the machine may go down or not."""

    says: ClassVar[str] = "The machine's {what}, asked for by {by}: {outcome}."
    what: Annotated[str, Meta(description="power_off or reboot")]
    outcome: Annotated[
        str,
        Meta(description="taken, refused, no_answer, unknown, training or not_installed"),
    ]
    by: StaffNumber


class TicketAskedAgain(Act, frozen=True, tag="ticket.asked_by_staff"):
    """Staff asked the service how a ticket stands. They are not told what it answers for."""

    says: ClassVar[str] = "Staff {by} asked for ticket {ticket}."
    ticket: SlipNumber
    by: By


# --- paper --------------------------------------------------------------------------------


class PrintBegun(Act, frozen=True, tag="print.begun"):
    """A job was put on the disk; its bytes go out after this."""

    says: ClassVar[str] = "Slip {slip}, copy {copy}, was begun."
    slip: SlipNumber
    copy: Annotated[int, Meta(description="0 for the first print, n for the n-th reprint")]


class PrintEnded(Act, frozen=True, tag="print.ended"):
    """How a job ended; written in one commit with the report to the service."""

    says: ClassVar[str] = "Slip {slip}, copy {copy}, ended: {outcome} {why}."
    slip: SlipNumber
    copy: Annotated[int, Meta(description="0 for the first print, n for the n-th reprint")]
    outcome: Annotated[str, Meta(description="proven, failed or unknown")]
    why: Why


class SlipHeld(Act, frozen=True, tag="print.held"):
    """What became of a printed slip that the presenter of a printer held out."""

    says: ClassVar[str] = "Slip {slip}, copy {copy}, was held out: {fate}."
    slip: SlipNumber
    copy: Annotated[int, Meta(description="0 for the first print, n for the n-th reprint")]
    fate: Annotated[
        str,
        Meta(description="taken; retracted: drawn back in; left: still at the outlet; unknown"),
    ]


# --- devices and link ---------------------------------------------------------------------


class DeviceChanged(Act, frozen=True, tag="device.changed"):
    """A device changed its state; written in one commit with the report to the service."""

    says: ClassVar[str] = "The {device} is {state}."
    device: Annotated[str, Meta(description="printer, scanner, ...")]
    state: State


class DeviceTried(Act, frozen=True, tag="device.tried"):
    """A technician tried a device, and how that ended."""

    says: ClassVar[str] = "A trial of the {device} ended: {outcome} ({why})."
    device: Annotated[str, Meta(description="printer, printer2, a4 or scanner")]
    outcome: Annotated[
        str, Meta(description="proven, failed, unknown; read, unreadable, nothing, missing")
    ]
    why: Why


class RollChanged(Act, frozen=True, tag="paper.roll_changed"):
    """Staff said that a full roll is in a printer; its paper is counted from there."""

    says: ClassVar[str] = "A full roll was put into the {printer}."
    printer: Annotated[str, Meta(description="printer or printer2")]


class ScreenLocked(Act, frozen=True, tag="screen.locked"):
    """Staff let the screen ignore touches while the glass was wiped."""

    says: ClassVar[str] = "The screen was locked for cleaning for {seconds} s."
    seconds: Annotated[int, Meta(description="how long, seconds")]


class LinkChanged(Act, frozen=True, tag="link.changed"):
    """The link to the central service changed its state."""

    says: ClassVar[str] = "The link is {state} ({why})."
    state: State
    why: Why


# --- what is owed -------------------------------------------------------------------------


class OperationParked(Act, frozen=True, tag="operation.parked"):
    """An operation waits for a person: the service's final no, damage, or staff put it aside."""

    says: ClassVar[str] = "Operation {op_id} was parked: {why}."
    op_id: OperationId
    why: Why


class OperationReplayed(Act, frozen=True, tag="operation.replayed"):
    """Staff sent a parked operation again."""

    says: ClassVar[str] = "Operation {op_id} is sent again."
    op_id: OperationId


class KeyReleased(Act, frozen=True, tag="operation.key_released"):
    """Staff let later operations go on without the parked one that they waited for."""

    says: ClassVar[str] = "What waited behind operation {op_id} goes on without it."
    op_id: OperationId


class ServiceRolledBack(Act, frozen=True, tag="service.rolled_back"):
    """The service knows less of this terminal than it said before: it was restored to a copy."""

    says: ClassVar[str] = "The service went back from record {was} to record {now}."
    was: Annotated[int, Meta(description="newest record that the service had confirmed")]
    now: Annotated[int, Meta(description="newest record that it knows now")]


class CommandTaken(Act, frozen=True, tag="command.taken"):
    """A command that the office signed for this terminal is about to be done, once."""

    says: ClassVar[str] = "The office's command {order} was taken: {act}."
    order: OrderName
    act: Annotated[str, Meta(description="what is to be done")]


class OrderEnded(Act, frozen=True, tag="order.ended"):
    """What became of an order of the office. Refused: not its own, another's, over, or replayed."""

    says: ClassVar[str] = "Order {order} of the office: {outcome}."
    order: OrderName
    outcome: Annotated[
        str,
        Meta(description="trying, proven, given_up, done, not_done, unknown or refused"),
    ]


# --- upkeep -------------------------------------------------------------------------------


class BackupMade(Act, frozen=True, tag="backup.made"):
    """A copy was made and every row of it was read."""

    says: ClassVar[str] = "Backup {name} was made at the {place}."
    name: Annotated[str, Meta(description="name of the copy")]
    place: Annotated[str, Meta(description="second_place or service")]


class BackupFailed(Act, frozen=True, tag="backup.failed"):
    """No copy could be made or uploaded; the terminal goes on serving."""

    says: ClassVar[str] = "No backup at the {place}: {why}."
    place: Annotated[str, Meta(description="second_place or service")]
    why: Why


class Restored(Act, frozen=True, tag="backup.restored"):
    """The queue came back from a copy; what waited in it is asked about again."""

    says: ClassVar[str] = "The queue was restored: generation {generation}."
    generation: Annotated[int, Meta(description="one more than before")]


class Forgotten(Act, frozen=True, tag="retention.forgotten"):
    """What was kept long enough was erased."""

    says: ClassVar[str] = "{count} of {what} were forgotten."
    what: Annotated[str, Meta(description="operations, tickets, jobs or audit")]
    count: int


ACTS: tuple[type[Act], ...] = tuple(Act.__subclasses__())
"""All of them, in the order of this file."""


def act_id(act: type[Act] | Act) -> str:
    """The stable id of an act."""
    return str(act.__struct_config__.tag)


def fields_of(act: Act) -> dict[str, str]:
    """The fields as the audit keeps them."""
    return {name: str(getattr(act, name)) for name in act.__struct_fields__}


def catalogue() -> Catalogue:
    """What the audit takes."""
    return Catalogue({act_id(one): one.says for one in ACTS})


def stable_word(text: str) -> str:
    """A cause from elsewhere, if it is a word of ours; free text could hold anything."""
    return text if not text or _WORD.fullmatch(text) else "other"


def page() -> str:
    """The catalogue as a page of the documentation."""
    rows = [_row(one) for one in ACTS]
    return "\n".join(
        (
            "# What the audit tells",
            "",
            "Generated from `kiosk/daemon/acts.py` by `kiosk audit catalogue`; do not edit.",
            "",
            "| id | meaning | fields |",
            "|---|---|---|",
            *rows,
            "",
        )
    )


def _row(act: type[Act]) -> str:
    meaning = " ".join((act.__doc__ or "").split())
    fields = [_field(field.name, field.type) for field in msgspec.structs.fields(act)]
    return f"| `{act_id(act)}` | {meaning} | {'; '.join(fields) or '-'} |"


def _field(name: str, kind: object) -> str:
    said = [meta.description for meta in getattr(kind, "__metadata__", ()) if meta.description]
    return f"`{name}`: {said[0]}" if said else f"`{name}`"
