"""The confined reader: `python -m kiosk.stick FOLDER FIRST TODAY [TRUST_FILE]`.

Opens the invoice files of a folder, gives up everything else, and says on standard output what each
file from number FIRST on is. The daemon starts and watches it (`kiosk.stick.reading`); whatever a
hostile file makes of this process, it can only say something untrue about files of the same stick.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import msgspec

from einvoice.documents import Reading, SeveralInvoices, Unreadable, limits, read
from einvoice.documents.pdf import SIGNATURE
from einvoice.file_seals import PartSeal, seals_of
from einvoice.masking import mask_name
from einvoice.qr_pictures import decode_qr
from einvoice.screening import evidence, screen_reading
from einvoice.seals import Outcome, TrustStore
from einvoice.seals import pdf as pdf_seals
from einvoice.seals.report import SEVERITY
from einvoice.verdict import Check, Evidence, Finding
from kiosk.clock import BEIJING
from kiosk.stick.confinement import confine
from kiosk.stick.found import FileRead, Message, StickInvoice, Walked
from kiosk.stick.walking import walk

LOADED_EARLY = (pdf_seals,)
"""What `einvoice` loads when the first PDF comes: its import reads files that are out of reach by
then."""
GONE = "gone"
MAX_REMARKS = 8
"""Remarks of one invoice: more would be a wrong file, not a wrong invoice."""


def report(number: int, data: bytes, today: date, trust: TrustStore) -> FileRead:
    """What one file is: read, its seals checked, its contents screened."""
    outcome = read(data, decode_qr=decode_qr)
    match outcome:
        case Unreadable(cause):
            return FileRead(number, cause=cause.value)
        case Reading():
            readings: tuple[Reading, ...] = (outcome,)
        case SeveralInvoices():
            readings = outcome.readings
    # The end of the day: a signature made today is not from the future.
    seals = tuple(seals_of(data, trust, datetime.combine(today, time.max, BEIJING)))
    pdf = hashlib.sha256(data).hexdigest() if data.startswith(SIGNATURE) else None
    invoices = tuple(_invoice(reading, seals, today) for reading in readings)
    return FileRead(number, invoices, pdf=pdf)


def _invoice(reading: Reading, seals: tuple[PartSeal, ...], today: date) -> StickInvoice:
    invoice = reading.invoice
    findings = screen_reading(reading, today)
    remarks = dict.fromkeys(evidence((finding,)) for finding in findings)
    return StickInvoice(
        reference=invoice.reference,
        evidence=(
            _seal_of(reading, seals),
            *(tuple(remarks)[:MAX_REMARKS] or (Evidence(Check.SCREENING, Finding.AGREES),)),
        ),
        seller_masked=mask_name(invoice.seller.name) if invoice.seller.name else "",
        buyer_masked=mask_name(invoice.buyer.name) if invoice.buyer.name else "",
        total_with_tax=invoice.total_with_tax,
    )


def _seal_of(reading: Reading, seals: tuple[PartSeal, ...]) -> Evidence:
    """The seal of the file; in a ZIP, the worst of its files."""
    reports = [seal.report for seal in seals]
    sealed = [one for one in reports if one.outcome is not Outcome.NOT_SIGNED]
    if not reports:
        return Evidence(Check.SEAL, Finding.NOT_CHECKED, Outcome.NOT_SIGNED.key)
    return min(sealed or reports, key=lambda one: SEVERITY.index(one.outcome)).evidence


def _messages(folder: str, first: int, today: date, trust: TrustStore) -> Iterator[Message]:
    found = walk(folder)
    confine(sorted({path for path in (*sys.path, sys.prefix, sys.base_prefix + "/lib") if path}))
    yield Walked(len(found.files), found.left_out)
    for number, file in enumerate(found.files):
        if number < first:
            continue
        try:
            with os.fdopen(file, "rb") as opened:
                data = opened.read(limits.MAX_FILE_BYTES + 1)
        except OSError:
            yield FileRead(number, cause=GONE)
        else:
            yield report(number, data, today, trust)


def main(folder: str, first: str, today: str, trust_file: str = "") -> None:
    """Say what the stick holds; end without a word about what could not be looked at."""
    trust = TrustStore.parse(Path(trust_file).read_text("utf-8") if trust_file else "")
    for message in _messages(folder, int(first), date.fromisoformat(today), trust):
        sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
