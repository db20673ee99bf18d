"""Says what a scanned text, or an invoice file, is and what was noticed.

A file is read (OFD, XML, XBRL, PDF, ZIP), its seals are checked and its contents screened;
nobody is asked. `-` reads a text or a file from standard input. Names, tax ids and what else
is personal are masked unless --full is given.

Exit codes:
  0  in order
  1  not in order: a text that is no complete invoice or ticket, or that would be refused;
     a file in which two statements contradict each other, that was changed after signing,
     or that is sealed for trials
  2  wrong command line, or a trust file that is none
  3  nothing could be read from the file
No code says that an invoice is genuine.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import BinaryIO, assert_never

from einvoice import qr, structure
from einvoice.invoice import InvoiceReference
from einvoice.masking import HIDDEN, mask_name, mask_tax_id
from einvoice.reasons import Note
from einvoice.verdict import Evidence, Finding

CHINA = timezone(timedelta(hours=8))

STANDARD_INPUT = "-"
_ENDINGS = frozenset({".ofd", ".pdf", ".xml", ".xbrl", ".zip"})
_FILE_STARTS = (b"PK", b"%PDF-", b"<")
_BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"

UNDERSTOOD, NOT_IN_ORDER, WRONG_COMMAND, NOT_READ = 0, 1, 2, 3
"""Exit codes; argparse gives 2 for a wrong command line as well."""


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


def read_text(text: str, today: date, *, is_full: bool = False) -> Report:
    """A scanned or typed text. What is personal in it is masked unless `is_full`."""
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
        case qr.TitleCard():
            shown = scanned if is_full else _masked(scanned)
            return Report(scanned.key, _fields(shown, "text"))
        case (
            qr.DeliveryLink()
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


def _masked(card: qr.TitleCard) -> qr.TitleCard:
    return qr.TitleCard(
        mask_name(card.name),
        mask_tax_id(card.tax_id),
        HIDDEN if card.address_phone else "",
        HIDDEN if card.bank_account else "",
        card.crc_ok,
    )


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


class _Options(argparse.Namespace):
    """The command line."""

    input: str
    json: bool
    full: bool
    trust: Path | None
    today: date


def main(arguments: list[str] | None = None) -> int:
    """The command. Gives the exit code; see the module."""
    options = _parser().parse_args(arguments, _Options())
    try:
        return _answer(options)
    except BrokenPipeError:
        # Whoever read our lines (`| head`) has seen enough. What is left must not be written
        # at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_READ


def _answer(options: _Options) -> int:
    if options.input == STANDARD_INPUT:
        data = _content(sys.stdin.buffer)
        if data.lstrip(_BLANKS).startswith(_FILE_STARTS):
            return _file(data, options)
        return _text(_decoded(data), options)
    path = _path(options.input)
    if path is None:
        return _text(options.input, options)
    try:
        with path.open("rb") as file:
            data = _content(file)
    except OSError as wrong:
        print(wrong, file=sys.stderr)
        return NOT_READ
    return _file(data, options)


def _content(file: BinaryIO) -> bytes:
    """A file's bytes, of one that is too large just enough to see that it is."""
    from einvoice.documents.limits import MAX_FILE_BYTES

    return file.read(MAX_FILE_BYTES + 1)


def _decoded(data: bytes) -> str:
    """A text as scanners and files hold one."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m einvoice",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "input", help="a scanned text, the path of a file, or - for either from standard input"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--full", action="store_true", help="print personal data unmasked")
    parser.add_argument(
        "--trust", type=Path, help="TOML file of certificates that count; default: none does"
    )
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=datetime.now(CHINA).date(),
        help="the date in China, YYYY-MM-DD; default: by the clock",
    )
    return parser


def _text(text: str, options: _Options) -> int:
    report = read_text(text, options.today, is_full=options.full)
    print(as_json(report) if options.json else as_text(report))
    in_order = report.what in ("invoice", "ticket") and not report.refused
    return UNDERSTOOD if in_order else NOT_IN_ORDER


def _file(data: bytes, options: _Options) -> int:
    # These take most of a second to import: only those pay who have a file.
    from einvoice import file_report, file_report_text
    from einvoice.field_texts import Showing
    from einvoice.seals import TrustError, TrustStore

    try:
        trust = TrustStore.parse(options.trust.read_text("utf-8") if options.trust else "")
    except (OSError, UnicodeDecodeError, TrustError) as wrong:
        print(f"trust file: {wrong}", file=sys.stderr)
        return WRONG_COMMAND
    report = file_report.report_file(
        data,
        options.today,
        trust=trust,
        # The end of the day: a signature made today is not from the future.
        now=datetime.combine(options.today, time.max, CHINA),
        showing=Showing(options.full),
        decode_qr=_qr_decoder(),
    )
    if options.json:
        print(file_report_text.as_json(report))
    else:
        print("\n".join(file_report_text.as_lines(report)))
    if report.what is file_report.What.UNREADABLE:
        return NOT_READ
    return UNDERSTOOD if report.is_in_order else NOT_IN_ORDER


def _qr_decoder() -> Callable[[bytes], str] | None:
    """Reads QR codes in pictures, where the library for it is installed."""
    try:
        from einvoice.qr_pictures import decode_qr
    except ImportError:
        print("QR codes in pictures are not compared: zxing-cpp is missing", file=sys.stderr)
        return None
    return decode_qr


def _path(given: str) -> Path | None:
    """The path that a text is: of something that exists, or that ends as invoice files do.

    None for a scanned text, which may be no possible path at all.
    """
    path = Path(given)
    if "://" not in given and path.suffix.lower() in _ENDINGS:
        return path
    try:
        return path if given and path.exists() else None
    except (OSError, ValueError):  # too long, or with a zero byte
        return None


if __name__ == "__main__":
    sys.exit(main())
