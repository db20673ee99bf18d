"""`python -m einvoice TEXT`: says what a scanned text is and what was noticed.

The command is the edge: it looks at the clock and at the disk, the package does not.
One function reads each kind of input and gives a `Report`.
"""

import argparse
import json
import sys
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import assert_never

from einvoice import qr, structure
from einvoice.invoice import InvoiceReference
from einvoice.reasons import Note
from einvoice.verdict import Evidence, Finding

CHINA = timezone(timedelta(hours=8))

UNDERSTOOD, NOT_IN_ORDER = 0, 1
"""Exit codes; 2 is argparse's for a wrong command line."""


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that was read: its name, its value, where it stood."""

    name: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one input turned out to be.

    Attributes:
        what: key of what it is ("invoice", "web_link", ...).
        read: what was read, and from where.
        noted: keys of what is unusual.
        refused: "VERDICT reason" where no question would be sent; empty otherwise.
        agrees: whether the fields agree with all rules; False where none were checked.
    """

    what: str
    read: tuple[Read, ...] = ()
    noted: tuple[str, ...] = ()
    refused: str = ""
    agrees: bool = False


class NoReader(Exception):
    """There is no reader for this kind of input."""


def read_text(text: str, today: date) -> Report:
    """A scanned or typed text."""
    scanned = qr.parse(text)
    match scanned:
        case qr.InvoiceCode(reference, type_code, tail, findings):
            found = structure.examine(reference, today)
            return Report(
                scanned.key,
                (
                    *_reference(reference),
                    Read("type_code", type_code, "QR field 1"),
                    Read("tail", tail, "QR field 7, follows no published rule"),
                ),
                (*_keys(findings), *_noted(found.evidence)),
                f"{found.refusal.verdict.value} {found.refusal.reason}" if found.refusal else "",
                agrees=any(line.finding is Finding.AGREES for line in found.evidence),
            )
        case qr.IncompleteInvoice(missing, known, _, findings):
            lacks = Read("missing", " ".join(field.value for field in missing), "not in the text")
            return Report(scanned.key, (*_fields(known, "text"), lacks), _keys(findings))
        case qr.UnknownKindInvoice(type_code, known):
            read = (*_fields(known, "QR"), Read("type_code", type_code, "QR field 1"))
            return Report(scanned.key, read, (Note.TYPE_UNKNOWN.value,))
        case qr.TicketCode(number, _):
            # The secret opens the answer to anybody who reads it here.
            return Report(scanned.key, (Read("number", number, "text"),))
        case (
            qr.TitleCard()
            | qr.DeliveryLink()
            | qr.ProviderLink()
            | qr.BlockchainLink()
            | qr.DamagedTicket()
            | qr.OrderCode()
            | qr.WebLink()
            | qr.Empty()
            | qr.TooLong()
            | qr.NotUnderstood()
        ):
            return Report(scanned.key, _fields(scanned, "text"))
        case _:
            assert_never(scanned)


def read_file(path: Path, today: date) -> Report:
    """A file of an invoice.

    Raises:
        NoReader: always, until documents can be read here.
    """
    raise NoReader(f"{path.name}: files are read by einvoice.documents, which offers no reader yet")


_PLACES = {
    "kind": "QR field 1",
    "code": "QR field 2",
    "number": "QR field 3",
    "amount": "QR field 4",
    "issued_on": "QR field 5",
    "check_code": "QR field 6, last six digits",
}


def _reference(reference: InvoiceReference) -> tuple[Read, ...]:
    return tuple(Read(read.name, read.value, _PLACES[read.name]) for read in _fields(reference, ""))


def _fields(value: object, place: str) -> tuple[Read, ...]:
    """The fields of a value that hold something."""
    if not is_dataclass(value):
        return ()
    pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
    return tuple(
        Read(name, _plain(held), place) for name, held in pairs if held is not None and held != ""
    )


def _plain(value: object) -> str:
    match value:
        case Enum():
            return f"{value.value} {value.name.lower()}"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _keys(findings: tuple[Note, ...]) -> tuple[str, ...]:
    return tuple(note.value for note in findings)


def _noted(evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    return tuple(line.note for line in evidence if line.finding is Finding.NOTED)


def as_text(report: Report) -> str:
    """A report for reading."""
    lines = [report.what]
    lines += [f"  {read.name:<14}{read.value:<24}{read.place}".rstrip() for read in report.read]
    lines += [f"  noted         {note}" for note in report.noted]
    if report.refused:
        lines.append(f"  refused       {report.refused}")
    elif report.agrees:
        lines.append("  structure     agrees")
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """A report for programs."""
    return json.dumps(
        {
            "what": report.what,
            "read": {read.name: {"value": read.value, "from": read.place} for read in report.read},
            "noted": list(report.noted),
            "refused": report.refused or None,
            "agrees": report.agrees,
        },
        ensure_ascii=False,
        indent=2,
    )


def main(arguments: list[str] | None = None) -> int:
    """The command. Gives the exit code: 0 for an invoice or ticket in order, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m einvoice", description=__doc__)
    parser.add_argument("input", help="a scanned text, or the path of an existing file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=datetime.now(CHINA).date(),
        help="the date in China, YYYY-MM-DD; default: by the clock",
    )
    options = parser.parse_args(arguments)
    given: str = options.input
    today: date = options.today
    try:
        report = read_file(Path(given), today) if _is_file(given) else read_text(given, today)
    except NoReader as error:
        print(error, file=sys.stderr)
        return NOT_IN_ORDER
    print(as_json(report) if options.json else as_text(report))
    in_order = report.what in ("invoice", "ticket") and not report.refused
    return UNDERSTOOD if in_order else NOT_IN_ORDER


def _is_file(given: str) -> bool:
    """Whether a text is the path of a file. A scanned text may be no possible path at all."""
    try:
        return Path(given).is_file()
    except (OSError, ValueError):  # too long, or with a zero byte
        return False


if __name__ == "__main__":
    sys.exit(main())
