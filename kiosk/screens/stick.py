"""What a USB stick holds: each invoice with what its file showed. Nobody was asked yet."""

from einvoice.verdict import Evidence, Finding
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.reference_rows import reference_rows
from kiosk.stick.found import StickInvoice
from kiosk.stick_messages import PrintStick, StickShown, VerifyStick
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning

_MARKS = {
    Finding.AGREES: (Icon.TICK_ROUND, Meaning.GOOD),
    Finding.DIFFERS: (Icon.ATTENTION, Meaning.CAUTION),
    Finding.NOTED: (Icon.INFO, Meaning.UNSAID),
    Finding.NOT_CHECKED: (Icon.INFO, Meaning.UNSAID),
}


class StickScreen(MessageScreen):
    """The person may have all of them asked about."""

    tag = "stick"
    view: StickShown

    def compose(self) -> None:
        """Fill the parts."""
        count, asked = len(self.view.invoices), len(self.view.can_be_asked)
        if count:
            title = self.say("stick.title", count=count)
            sentence = self.say("stick.sentence" if asked else "stick.sentence_none_asked")
        elif self.view.is_gone:
            title, sentence = self.say("stick.gone_title"), self.say("stick.gone_sentence")
        else:
            title, sentence = self.say("stick.none_title"), self.say("stick.none_sentence")
        self.head(tone=Meaning.CALM, icon=Icon.LIST, title=title, sentence=sentence)
        rows = [row for n, one in enumerate(self.view.invoices, 1) for row in self._invoice(n, one)]
        self.body([*rows, *self._left()])
        if asked:
            words = self.say("stick.verify_all" if asked > 1 else "stick.verify", count=asked)
            first = Action("stick.verify", Icon.SEARCH, words, self.on_verify, filled=True)
        else:
            words = self.say("common.call_staff")
            first = Action("stick.call_staff", Icon.CALL, words, self.call_staff, filled=True)
        self.offer(first, *self._a4())

    def _a4(self) -> list[Action]:
        """Only where there is a picture to print, and a printer for it."""
        a4 = self.view.a4
        if self.view.file is None or a4 is None:
            return []
        words = self.say("own_invoice.a4")
        reason = look.words.say_first(f"cannot_a4.{a4.cause}", "cannot_a4.other")
        return [
            Action(
                "stick.a4",
                Icon.PRINT,
                words,
                self.on_a4,
                disabled=not a4.can,
                reason="" if a4.can else reason,
            )
        ]

    def _invoice(self, number: int, invoice: StickInvoice) -> list[Row]:
        group = f"invoice {number}"
        rows: list[Row] = []
        if invoice.reference is None:
            rows.append(self._mark(group, self.say("stick.incomplete"), Finding.NOTED))
        else:
            rows += reference_rows(self, invoice.reference)
        if invoice.seller_masked:
            rows.append(self.field("seller", invoice.seller_masked))
        for row in rows:
            row.group = group
        return [*rows, *(self._evidence(group, line) for line in invoice.evidence)]

    def _evidence(self, group: str, line: Evidence) -> Row:
        plain = f"evidence.{line.check.value}.{line.finding.value}"
        said = look.words.say_first(f"evidence.note.{line.note}", plain)
        return self._mark(group, said, line.finding)

    def _mark(self, group: str, words: str, finding: Finding) -> Row:
        icon, tone = _MARKS[finding]
        return self.mark("evidence", icon, words, tone=tone, group=group)

    def _left(self) -> list[Row]:
        """What was not read, and that this says nothing about it."""
        view = self.view
        said = [
            ("not_read", view.not_read, view.not_read),
            ("left_out", view.left_out, view.left_out),
            ("is_more", view.is_more, 0),
            ("is_gone", view.is_gone and view.invoices, 0),
        ]
        return [
            self.mark(
                key,
                Icon.INFO,
                self.say(f"stick.{key}", count=count),
                tone=Meaning.UNSAID,
                group="left",
            )
            for key, holds, count in said
            if holds
        ]

    def on_verify(self) -> None:
        """上网查验."""
        self.intend(lambda turn: VerifyStick(turn=turn))

    def on_a4(self) -> None:
        """打印 A4."""
        self.intend(lambda turn: PrintStick(turn=turn))
