"""Invoices on a USB stick: read and checked here, then asked about one after the other.

Only where the hall has switched it on. What was read stands in the situation and nowhere else, and
goes with the visit.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from einvoice.verdict import Check
from kiosk import messages as m
from kiosk import stick_messages as s
from kiosk.daemon.flows.batching import batch_of
from kiosk.daemon.flows.verifying import VerifyFlow
from kiosk.daemon.stage import MAX_RESULTS, Stage
from kiosk.daemon.views import reference_view
from kiosk.stick.found import StickInvoice
from kiosk.stick.reading import Read, StickUnreadable

ReadStick = Callable[[Path], Awaitable[Read]]
"""Reads a stick; raises StickUnreadable."""


class StickFlow:
    """Shows what a stick holds, and asks about all of it.

    Args:
        stage: where the visit takes place.
        verifying: asks.
        read: reads a stick.
    """

    def __init__(self, stage: Stage, verifying: VerifyFlow, read: ReadStick) -> None:
        self._stage = stage
        self._verifying = verifying
        self._read = read
        self._waiting: Path | None = None

    def plugged(self, stick: Path | None) -> None:
        """A stick was plugged in, or pulled out (None)."""
        self._waiting = stick
        self._begin()

    def intend(self, intent: m.Intent) -> bool:
        """上网查验."""
        if not isinstance(intent, s.VerifyStick):
            return False
        shown = self._stage.situation
        if isinstance(shown, s.StickShown) and shown.can_be_asked:
            self._stage.start(self._asked(shown))
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
            shown = _view(await self._read(stick))
        except StickUnreadable:
            shown = s.StickShown(invoices=(), is_gone=True)
        if self._stage.situation is reading:
            self._stage.touched()
            self._stage.go(shown)

    async def _asked(self, shown: s.StickShown) -> None:
        """One question after the other; whoever goes on in the meantime ends them."""
        stage, last = self._stage, None
        stage.person.back = [one for one in stage.person.back if isinstance(one, m.Home)]
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
