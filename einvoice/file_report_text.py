"""A file's report as lines for reading, and as JSON for programs."""

import unicodedata
from collections.abc import Iterator

import msgspec

from einvoice.file_report import FileReport, InvoiceReport, SealRead

_VALUE_COLUMNS = 26


def as_lines(report: FileReport) -> Iterator[str]:
    """The report for reading."""
    yield report.what.value + (f": {report.cause}" if report.cause else "")
    for number, invoice in enumerate(report.invoices, start=1):
        if len(report.invoices) > 1:
            yield f"invoice {number}"
        yield from _invoice(invoice)
    for trouble in report.troubles:
        yield _row("trouble", f"{trouble.trouble} {trouble.part} {trouble.detail}")
    for seal in report.seals:
        yield from _seal(seal)


def as_json(report: FileReport) -> str:
    """The report for programs: the fields of `FileReport`, by their names."""
    packed = msgspec.json.encode(report)
    return msgspec.json.format(packed, indent=2).decode()


def _invoice(invoice: InvoiceReport) -> Iterator[str]:
    for read in invoice.read:
        sealed = "  [sealed]" if read.is_sealed else ""
        value = read.value + " " * max(0, _VALUE_COLUMNS - columns_of(read.value))
        yield f"  {read.field:<21}{value}  {read.place}{sealed}".rstrip()
    for line in invoice.lines:
        yield f"    {line}"
    for trouble in invoice.troubles:
        yield _row("trouble", f"{trouble.trouble} {trouble.part} {trouble.detail}")
    for one in invoice.disagreements:
        yield _row("disagrees", f"{one.field}: {one.taken} ({one.taken_at})")
        yield _row("", f"{' ' * len(one.field)}  {one.other} ({one.other_at})")
    for found in invoice.screening:
        yield _row(found.severity, f"{found.rule} ({found.field}): {found.sentence}")
    yield _row("screening", invoice.screening_says)


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: Han and full-width characters two each."""
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def _seal(seal: SealRead) -> Iterator[str]:
    yield _row("seal", f"{seal.outcome} {' '.join(seal.notes)} {seal.part}")
    for signature in seal.signatures:
        yield _row("", f"{signature.name}: {signature.outcome}")
        told = (
            ("signer", signature.signer),
            ("issuer", signature.issuer),
            ("seal of", signature.seal),
            ("signed at", signature.signed_at),
            ("certificate", signature.certificate_sha256),
            ("failed", ", ".join(signature.failed)),
            ("noted", ", ".join(signature.noted)),
            ("changed", ", ".join(signature.changed)),
            ("uncovered", ", ".join(signature.uncovered)),
        )
        for name, text in told:
            if text:
                yield _row("", f"  {name:<12}{text}")


def _row(name: str, text: str) -> str:
    return f"  {name:<21}{' '.join(text.split()) if name else text}".rstrip()
