"""Invoices on a USB stick: read and checked here, then asked about one after the other, or printed.

Only where the hall has switched it on. What was read stands in the situation and nowhere else, and
goes with the visit.
"""

from pathlib import Path

import msgspec

from einvoice.verdict import Check
from kiosk import messages as m
from kiosk import own_messages as o
from kiosk import stick_messages as s
from kiosk.daemon.flows.a4_paper import A4Flow
from kiosk.daemon.flows.batching import batch_of
from kiosk.daemon.flows.verifying import VerifyFlow
from kiosk.daemon.own_desk import NotHad, Own
from kiosk.daemon.stage import MAX_RESULTS, Stage
from kiosk.daemon.stick_desk import StickDesk
from kiosk.daemon.views import reference_view
from kiosk.stick.found import PdfOnStick, StickInvoice
from kiosk.stick.reading import Read, StickUnreadable


class StickFlow:
    """Shows what a stick holds, asks about all of it, and prints the picture of a single PDF.

    Args:
        stage: where the visit takes place.
        verifying: asks.
        printing: prints on A4.
        desk: reads a stick, and has its file drawn.
    """

    def __init__(
        self, stage: Stage, verifying: VerifyFlow, printing: A4Flow, desk: StickDesk
    ) -> None:
        self._stage = stage
        self._verifying = verifying
        self._printing = printing
        self._desk = desk
        self._waiting: Path | None = None
        self._there: Path | None = None

    def plugged(self, stick: Path | None) -> None:
        """A stick was plugged in, or pulled out (None)."""
        self._waiting = self._there = stick
        self._begin()

    def intend(self, intent: m.Intent) -> bool:
        """上网查验, 打印 A4."""
        shown = self._stage.situation
        match intent:
            case s.VerifyStick():
                if isinstance(shown, s.StickShown) and shown.can_be_asked:
                    self._stage.start(self._asked(shown))
            case s.PrintStick():
                means = self._stage.around.a4_means
                can = means is not None and means.can
                if isinstance(shown, s.StickShown) and shown.file is not None and can:
                    self._print(shown.file)
            case _:
                return False
        return True

    def tick(self) -> None:
        """A stick that came while something else ran is read now."""
        self._begin()

    def _begin(self) -> None:
        stage, stick = self._stage, self._waiting
        if stick is None or stage.is_locked or stage.is_busy:
            return
        if isinstance(stage.situation, m.OutOfService):
            return
        self._waiting = None
        stage.touched("stick")
        reading = s.StickReading()
        stage.step_to(reading)
        stage.start(self._shown(reading, stick))

    async def _shown(self, reading: s.StickReading, stick: Path) -> None:
        try:
            shown = _view(await self._desk.read(stick))
        except StickUnreadable:
            shown = s.StickShown(invoices=(), is_gone=True)
        if self._stage.situation is reading:
            self._stage.touched()
            if shown.file is not None:
                shown = msgspec.structs.replace(shown, a4=self._stage.around.a4_means)
            self._stage.go(shown)

    def _print(self, file: PdfOnStick) -> None:
        """Draw the file and print the picture; once it is drawn, it is a reprint."""
        stage = self._stage
        person = stage.person
        self._only_home_before()
        if person.own is not None and person.own.drawn_of == file.sha256:
            self._printing.print(person.own)
            return
        person.own = None
        drawing = o.Fetching(what="stick")
        stage.step_to(drawing)
        stage.start(self._drawn(drawing, file))

    async def _drawn(self, drawing: o.Fetching, file: PdfOnStick) -> None:
        stage = self._stage
        page: bytes | NotHad = NotHad("stick_changed")
        if self._there is not None:
            page = await self._desk.a4_page(self._there, file)
        if stage.situation is not drawing:
            return
        stage.touched()
        if isinstance(page, NotHad):
            stage.go(o.FetchFailed(what="stick", why=page.why))
            return
        stage.person.own = Own(pdf=page, drawn_of=file.sha256)
        self._printing.print(stage.person.own)

    def _only_home_before(self) -> None:
        person = self._stage.person
        person.back = [one for one in person.back if isinstance(one, m.Home)]

    async def _asked(self, shown: s.StickShown) -> None:
        """One question after the other; whoever goes on in the meantime ends them."""
        stage, last = self._stage, None
        self._only_home_before()
        stage.person.back.append(shown)
        asked = shown.can_be_asked
        for invoice in asked:
            if invoice.reference is None:
                continue
            checking = m.Checking(reference=reference_view(invoice.reference))
            stage.go(checking)
            last = await self._verifying.ask(
                checking, invoice.reference, lambda verdict, of=invoice: _with_file(verdict, of)
            )
            if last is None:
                return
        if last is not None:
            stage.go(batch_of(stage) if len(asked) > 1 else last)


def _view(read: Read) -> s.StickShown:
    invoices = tuple(invoice for file in read.files for invoice in file.invoices)
    left = read.left_out
    # Where only one invoice is shown, what comes out is that one.
    pdfs = [PdfOnStick(one.number, one.pdf) for one in read.files if one.invoices and one.pdf]
    return s.StickShown(
        invoices=invoices[:MAX_RESULTS],
        not_read=sum(1 for file in read.files if not file.invoices and file.cause != "gone"),
        left_out=left.too_many
        + left.too_large
        + left.not_read
        + left.special
        + max(0, len(invoices) - MAX_RESULTS),
        is_more=left.is_more,
        is_gone=not read.is_whole,
        file=pdfs[0] if pdfs and len(invoices) == 1 and read.is_whole else None,
    )


def _with_file(verdict: m.VerdictShown, invoice: StickInvoice) -> m.VerdictShown:
    """A verdict with what the file itself showed, in the place of "not checked"."""
    of_file = tuple(
        m.EvidenceView(check=line.check, finding=line.finding, note=line.note)
        for line in invoice.evidence
    )
    asked = tuple(
        line for line in verdict.evidence if line.check not in (Check.SEAL, Check.SCREENING)
    )
    return msgspec.structs.replace(verdict, evidence=(*asked, *of_file))
