"""One minted invoice in every form that people bring: QR, XML, XBRL, OFD, PDF, ZIP."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path

from central.sandbox.mint import ofd, spoiling, texts
from central.sandbox.mint.breakage import (
    FORMS_OF,
    NEEDS_SIGNATURE,
    Breakage,
    DoesNotApply,
    Form,
)
from central.sandbox.mint.digital_xml import XmlStyle, digital_xml
from central.sandbox.mint.invoice_pages import invoice_pages
from central.sandbox.mint.ofd_signer import SIGNED_AT, pack, sign_with_seal
from central.sandbox.mint.page import Page
from central.sandbox.mint.sealing import Sealing, sealing
from central.sandbox.mint.travel_pages import air_pages, railway_pages
from central.sandbox.mint.xbrl import xbrl
from einvoice.documents.model import Invoice
from einvoice.kinds import Kind

_MARK = "\ufeff"
_MARK_BYTES = _MARK.encode()
_ENTITIES = b'<!DOCTYPE invoice [<!ENTITY name "value">]>'
_ADDED = "Doc_0/Res/added.xml"
_TRAVEL = frozenset({Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR})
_WITH_XML = frozenset({Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY})
_LATE = time(2, 8, 55)  # UTC; ten in the morning in China


@dataclass(frozen=True, slots=True)
class MintedInvoice:
    """An invoice that nobody issued.

    Attributes:
        invoice: what all forms say, with whatever `broken` made wrong in it.
        tail: the last field of its QR.
        breakages: what is wrong, in the invoice or in its files.
    """

    invoice: Invoice
    tail: str
    breakages: frozenset[Breakage] = frozenset()

    def broken(self, *breakages: Breakage) -> "MintedInvoice":
        """The same invoice with more wrong in it.

        Raises:
            DoesNotApply: the invoice has no field that could be wrong in this way.
        """
        spoiled = self.invoice
        for breakage in breakages:
            spoiled = spoiling.spoil(spoiled, breakage)
        return replace(self, invoice=spoiled, breakages=self.breakages | set(breakages))

    @property
    def kind(self) -> Kind:
        """The kind."""
        return self.invoice.kind or Kind.DIGITAL_OTHER

    def qr(self) -> str:
        """The text of its QR.

        Raises:
            DoesNotApply: a QR cannot be broken in one of the ways asked for.
        """
        self._check(Form.QR)
        text = texts.qr_text(self.invoice, self.tail)
        if Breakage.BYTE_ORDER_MARK in self.breakages:
            text = _MARK + text
        return text[: len(text) // 2] if Breakage.TRUNCATED in self.breakages else text

    def xml(self, style: XmlStyle | None = None) -> bytes:
        """The XML of a 数电票.

        Raises:
            DoesNotApply: another kind, or an XML cannot be broken in one of the ways.
        """
        if self.kind not in _WITH_XML:
            raise DoesNotApply(f"{self.kind.name} has no such XML")
        self._check(Form.XML)
        return self._finished(digital_xml(self.invoice, style or XmlStyle()))

    def xbrl(self) -> bytes:
        """The XBRL instance: the issuer's of old, railway and air, the receiver's of 数电票.

        Raises:
            DoesNotApply: an instance cannot be broken in one of the ways.
        """
        self._check(Form.XBRL)
        return self._finished(xbrl(self.invoice))

    def ofd(self, *, sign: bool | None = None, sealed_by: Sealing | None = None) -> bytes:
        """An OFD.

        Args:
            sign: None signs old invoices and leaves 数电票 unsigned, as issuers do.
            sealed_by: None takes the authority that says 测试.

        Raises:
            DoesNotApply: an OFD cannot be broken in one of the ways, or only a signed one.
        """
        self._check(Form.OFD)
        is_signed = sign if sign is not None else not self.kind.is_digital
        if not is_signed and self.breakages & NEEDS_SIGNATURE:
            raise DoesNotApply("means nothing without a signature")
        attachment = (self._xbrl_name, xbrl(self.invoice)) if self.kind in _TRAVEL else None
        entries = ofd.ofd_entries(self.invoice, self._pages(), self._qr_on_page, attachment)
        entries = self._spoiled_parts(entries)
        if is_signed:
            entries = self._signed(entries, sealed_by or sealing(region=self._region))
        if Breakage.TAMPERED_PAGE in self.breakages:
            entries = self._tampered(entries)
        if Breakage.ADDED_ENTRY in self.breakages:
            entries[_ADDED] = b"<added/>"
        return self._cut(pack(entries))

    def pdf(self, font: Path, *, with_data: bool = True) -> bytes:
        """A PDF.

        Args:
            font: an OpenType or TrueType file with Chinese characters.
            with_data: whether the fields stand beside the text as well: in the information
                dictionary of a 数电票, in the embedded XBRL of a railway ticket.

        Raises:
            DoesNotApply: a PDF cannot be broken in one of the ways.
        """
        # Reading and writing PDFs takes a second to import: only those pay who mint one.
        from central.sandbox.mint import pdf

        self._check(Form.PDF)
        is_travel = self.kind in _TRAVEL
        has_fields = with_data and self.kind in _WITH_XML
        return self._cut(
            pdf.pdf(
                self._pages(),
                font,
                self._qr_on_page,
                information=pdf.information_of(self.invoice) if has_fields else None,
                embedded=(self._xbrl_name, xbrl(self.invoice)) if with_data and is_travel else None,
            )
        )

    def zip(self, font: Path | None = None) -> bytes:
        """What a portal sends: OFD, XML where the kind has one, PDF where a font is given."""
        files = {self.file_name("ofd"): self.ofd()}
        if self.kind in _WITH_XML:
            files[self.file_name("xml")] = self.xml()
        if font is not None:
            files[self.file_name("pdf")] = self.pdf(font)
        return pack(files)

    def file_name(self, ending: str) -> str:
        """As the tax bureau names downloads: `dzfp_<number>_<seller>_<time>.ofd`."""
        day = self.invoice.issued_on
        stamp = "" if day is None else f"_{day:%Y%m%d}100805"
        seller = f"_{self.invoice.seller.name}" if self.invoice.seller.name else ""
        return f"dzfp_{self.invoice.code}{self.invoice.number}{seller}{stamp}.{ending}"

    @property
    def _region(self) -> str:
        return (self.invoice.code[1:3] if self.invoice.code else self.invoice.number[2:4]) or "11"

    @property
    def _xbrl_name(self) -> str:
        return f"{'rai' if self.invoice.railway else 'atr'}_issuer_{self.invoice.number}.xml"

    @property
    def _qr_on_page(self) -> str:
        shown = self.invoice
        if Breakage.QR_OF_ANOTHER in self.breakages:
            shown = spoiling.qr_of_another(shown)
        return texts.qr_text(shown, self.tail)

    def _check(self, form: Form) -> None:
        wrong = [breakage for breakage in self.breakages if form not in FORMS_OF[breakage]]
        if wrong:
            raise DoesNotApply(f"{form.value}: {', '.join(sorted(b.value for b in wrong))}")

    def _pages(self) -> tuple[Page, ...]:
        if self.invoice.railway is not None:
            return railway_pages(self.invoice)
        if self.invoice.air is not None:
            return air_pages(self.invoice)
        return invoice_pages(self.invoice)

    def _finished(self, content: bytes) -> bytes:
        """An XML file with what is wrong with files."""
        if Breakage.ENTITIES in self.breakages:
            declaration, end, rest = content.partition(b"?>\n")
            content = declaration + end + _ENTITIES + rest
        if Breakage.BYTE_ORDER_MARK in self.breakages:
            content = _MARK_BYTES + content
        return self._cut(content)

    def _cut(self, content: bytes) -> bytes:
        is_cut = Breakage.TRUNCATED in self.breakages
        return content[: len(content) // 2] if is_cut else content

    def _spoiled_parts(self, entries: dict[str, bytes]) -> dict[str, bytes]:
        """Parts as a careless issuer writes them, before any signature."""
        if Breakage.ILL_FORMED_TAG in self.breakages:
            name = ofd.TAGS_DIGITAL if self.kind.is_digital else ofd.TAGS_OLD
            entries = {**entries, name: _without_prefix(entries[name])}
        if Breakage.BYTE_ORDER_MARK in self.breakages:
            entries = {
                name: _MARK_BYTES + content if name.endswith(".xml") else content
                for name, content in entries.items()
            }
        return entries

    def _signed(self, entries: dict[str, bytes], sealed_by: Sealing) -> dict[str, bytes]:
        left_out = [
            name
            for breakage, name in (
                (Breakage.UNCOVERED_TEMPLATE, ofd.TEMPLATE),
                (Breakage.UNCOVERED_ROOT, "OFD.xml"),
            )
            if breakage in self.breakages
        ]
        is_strange = Breakage.SEAL_OF_ANOTHER in self.breakages
        day = self.invoice.issued_on
        signed = sign_with_seal(
            entries,
            sealed_by.seal,
            signer=sealed_by.stranger if is_strange else None,
            signed_at=SIGNED_AT if day is None else datetime.combine(day, _LATE, UTC),
            left_out=left_out,
        )
        return dict(signed.entries)

    def _tampered(self, entries: dict[str, bytes]) -> dict[str, bytes]:
        """The total on the pages, a thousand yuan higher."""
        total = self.invoice.total_with_tax or Decimal(0)
        old, new = (f"{value:f}</ofd:TextCode>".encode() for value in (total, total + 1000))
        return {
            name: content.replace(old, new) if name.startswith("Doc_0/Pages/") else content
            for name, content in entries.items()
        }


def _without_prefix(tags: bytes) -> bytes:
    """Tags whose prefix lost its name, as old writers leave them: `<:eInvoice xmlns:="">`."""
    text = tags.decode()
    for prefix in ("fp", "ofd"):
        text = text.replace(f"<{prefix}:", "<:").replace(f"</{prefix}:", "</:")
        text = text.replace(f" xmlns:{prefix}=", " xmlns:=")
    return text.encode()
