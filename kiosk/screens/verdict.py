"""Says what is true about one invoice. The person may print, look closer, or go on."""

from typing import NamedTuple

from einvoice.verdict import Check, Finding, Verdict
from kiosk.messages import (
    ComparedView,
    EvidenceView,
    FindReason,
    PrintSlip,
    ShowBatch,
    StartEntry,
    ToggleDetails,
    VerdictShown,
    VerifyAnother,
)
from kiosk.screens.compared_rows import compared_name, compared_row, screening_rows
from kiosk.screens.message_screen import MessageScreen
from kiosk.screens.reference_rows import amount_name, reference_rows
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.compared_row import ComparedRow
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning


class _Shape(NamedTuple):
    """The shape and the meaning of a verdict; its words are under its name."""

    icon: Icon
    tone: Meaning


SHAPES = {
    Verdict.NORMAL: _Shape(Icon.TICK, Meaning.GOOD),
    Verdict.VOID: _Shape(Icon.BARRED, Meaning.STOP),
    Verdict.RED_FULL: _Shape(Icon.RETURNED, Meaning.STOP),
    Verdict.RED_PARTIAL: _Shape(Icon.RETURNED, Meaning.CAUTION),
    Verdict.MISMATCH: _Shape(Icon.NOT_EQUAL, Meaning.CAUTION),
    Verdict.NOT_FOUND: _Shape(Icon.QUESTION, Meaning.UNSAID),
    Verdict.NOT_YET: _Shape(Icon.CLOCK, Meaning.UNSAID),
    Verdict.TOO_OLD: _Shape(Icon.CALENDAR_OVER, Meaning.UNSAID),
    Verdict.LIMIT_REACHED: _Shape(Icon.COUNTER, Meaning.UNSAID),
    Verdict.UNSUPPORTED: _Shape(Icon.OTHER, Meaning.UNSAID),
    Verdict.INVALID_INPUT: _Shape(Icon.PENCIL, Meaning.CAUTION),
    Verdict.UNAVAILABLE: _Shape(Icon.NO_CLOUD, Meaning.UNSAID),
}

_FINDING_SHAPES = {
    Finding.AGREES: _Shape(Icon.TICK_ROUND, Meaning.GOOD),
    Finding.DIFFERS: _Shape(Icon.ATTENTION, Meaning.CAUTION),
    Finding.NOTED: _Shape(Icon.INFO, Meaning.UNSAID),
    Finding.NOT_CHECKED: _Shape(Icon.INFO, Meaning.UNSAID),
}

_TO_CORRECT = frozenset({Verdict.MISMATCH, Verdict.INVALID_INPUT})
_TO_EXPLAIN = frozenset({Verdict.MISMATCH, Verdict.NOT_FOUND, Verdict.NOT_YET})


class VerdictScreen(MessageScreen):
    """What is true about one invoice, why, and what to do."""

    tag = "verdict"
    view: VerdictShown

    def compose(self) -> None:
        """Fill the parts."""
        view = self.view
        key = f"verdict.{view.verdict.value}"
        shape = SHAPES[view.verdict]
        reason = look.words.say_first(f"reason.{view.reason}", "reason.other")
        self.head(
            tone=shape.tone,
            icon=shape.icon,
            title=self.say(f"{key}.title"),
            sentence=self.say(f"{key}.sentence", reason=reason),
            advice=self._advice(),
        )
        self.body([*self._fields(), *self._marks()])
        self.offer(*self._actions())

    def _advice(self) -> str:
        names = [compared_name(one) for one in self._differing]
        if not names:
            return self.say(f"verdict.{self.view.verdict.value}.next")
        between = self.say("verdict_screen.names_between")
        return self.say("verdict_screen.differing", names=between.join(names))

    @property
    def _differing(self) -> list[ComparedView]:
        """What the record has otherwise, where that is told."""
        return [
            one
            for line in self.view.evidence
            if line.check is Check.RECORD
            for one in line.compared
        ]

    def _fields(self) -> list[Row]:
        view = self.view
        rows: list[Row] = [compared_row(self, one) for one in self._differing]
        rows += self._when()
        asked = reference_rows(self, view.reference)
        twice = {row.tid for row in rows if isinstance(row, ComparedRow)}
        asked = [row for row in asked if row.tid not in twice]
        # Without an answer the kind adds nothing: the ticket's rows need its place.
        rows += asked[1:] if view.verdict is Verdict.UNAVAILABLE else asked
        if view.seller_masked:
            rows.append(self.field("seller", view.seller_masked))
        if view.details_open:
            rows += self._details()
        return rows

    def _when(self) -> list[Row]:
        """When it was voided or reversed, by which invoice; or the ticket and its time."""
        view = self.view
        dates = (("void_on", view.void_on), ("red_on", view.red_on))
        rows: list[Row] = [
            self.field(name, formats.day(look.words, value))
            for name, value in dates
            if value is not None
        ]
        numbers = (("red_number", view.red_number), ("original_number", view.original_number))
        rows += [self.field(name, formats.grouped(value)) for name, value in numbers if value]
        if view.red_balance is not None:
            rows.append(self._money("red_balance"))
        if view.ticket is not None and view.verdict is Verdict.UNAVAILABLE:
            rows.append(self.field("ticket_number", view.ticket.number))
            registered = formats.moment(look.words, view.ticket.registered_at)
            rows.append(self.field("registered_at", registered))
        return rows

    def _details(self) -> list[Row]:
        view, shown = self.view, amount_name(self.view.reference)
        buyer: list[Row] = [self.field("buyer", view.buyer_masked)] if view.buyer_masked else []
        return buyer + [
            self._money(name)
            for name in ("amount_without_tax", "tax", "total_with_tax")
            if getattr(view, name) is not None and name != shown
        ]

    def _money(self, name: str) -> Row:
        return self.field(name, formats.money(look.words, getattr(self.view, name)))

    def _marks(self) -> list[Row]:
        view = self.view
        rows: list[Row] = [*self._meaning_rows()]
        for line in view.evidence:
            rows.append(self._evidence(line))
            rows += screening_rows(self, line)
        if view.verdict is Verdict.MISMATCH and not self._differing:
            told = self.say("verdict_screen.which_not_told")
            rows.append(self.mark("which", Icon.INFO, told, tone=Meaning.UNSAID))
        if view.verdict is Verdict.UNAVAILABLE:
            for name, icon in (("kept", Icon.CLOCK), ("everywhere", Icon.RECEIPT)):
                words = self.say(f"verdict_screen.ticket_{name}")
                rows.append(self.mark(name, icon, words, tone=Meaning.UNSAID))
            return rows
        if view.ticket is not None:
            answered = self.say("verdict_screen.ticket_answer", number=view.ticket.number)
            rows.append(self.mark("ticket", Icon.RECEIPT, answered, tone=Meaning.UNSAID))
        asked = self.say(
            "verdict_screen.asked_at",
            source=self.say(f"source.{view.source.value}"),
            time=formats.moment(look.words, view.at),
        )
        rows.append(self.mark("source", Icon.CLOCK, asked, tone=Meaning.UNSAID))
        return rows

    def _meaning_rows(self) -> list[Row]:
        """What 作废 and 红冲 are, in plain words."""
        key = "original" if self.view.original_number else self.view.verdict.value
        if f"verdict_screen.meaning.{key}" not in look.words:
            return []
        said = self.say(f"verdict_screen.meaning.{key}")
        return [self.mark("meaning", Icon.INFO, said, tone=Meaning.UNSAID)]

    def _evidence(self, line: EvidenceView) -> Row:
        shape = _FINDING_SHAPES[line.finding]
        plain = f"evidence.{line.check.value}.{line.finding.value}"
        sources = ("evidence.note", "note", "reason")
        said = look.words.say_first(*(f"{source}.{line.note}" for source in sources), plain)
        if self.view.verdict is Verdict.UNAVAILABLE and line.finding is Finding.AGREES:
            said += self.say("verdict_screen.structure_only")
        return self.mark(f"evidence.{line.check.value}", shape.icon, said, tone=shape.tone)

    def _actions(self) -> list[Action]:
        verdict = self.view.verdict
        another = Action(
            "verdict.another", None, self.say("verdict_screen.another"), self.on_another
        )
        batch = self._batch()
        if verdict is Verdict.UNAVAILABLE:
            call = Action(
                "verdict.call_staff",
                Icon.CALL,
                self.say("verdict_screen.call_staff"),
                self.call_staff,
            )
            return [self._print(filled=True), another, batch or call]
        if verdict in _TO_CORRECT:
            correct = Action(
                "verdict.correct",
                Icon.PENCIL,
                self.say("verdict_screen.correct"),
                self.on_correct,
                filled=True,
            )
            rest = self._find_reason(filled=False) if verdict in _TO_EXPLAIN else another
            return [correct, rest, batch or self._print(filled=False)]
        if verdict in _TO_EXPLAIN:
            return [self._find_reason(filled=True), another, batch or self._print(filled=False)]
        if batch is not None:
            return [self._print(filled=True), another, batch]
        if self._has_details:
            opened = self.view.details_open
            details = Action(
                "verdict.details",
                None,
                self.say("verdict_screen.details_close" if opened else "verdict_screen.details"),
                self.on_details,
            )
            return [self._print(filled=True), another, details]
        return [self._print(filled=True), another]

    @property
    def _has_details(self) -> bool:
        view = self.view
        amounts = (view.amount_without_tax, view.tax, view.total_with_tax)
        return bool(view.buyer_masked) or any(amount is not None for amount in amounts)

    def _batch(self) -> Action | None:
        """One slip for all, once there are several; it takes the place of what matters least."""
        if self.view.in_visit < 2:
            return None
        words = self.say("verdict_screen.batch", count=self.view.in_visit)
        return Action("verdict.batch", Icon.LIST, words, self.on_batch)

    def _find_reason(self, *, filled: bool) -> Action:
        words = self.say("verdict_screen.find_reason")
        return Action("verdict.find_reason", Icon.SEARCH, words, self.on_find_reason, filled)

    def _print(self, *, filled: bool) -> Action:
        is_ticket = self.view.verdict is Verdict.UNAVAILABLE
        words = self.say("verdict_screen.print_ticket" if is_ticket else "verdict_screen.print")
        icon = Icon.RECEIPT if is_ticket else Icon.PRINT
        cannot = self.view.cannot_print
        if cannot is None:
            return Action("verdict.print", icon, words, self.on_print, filled)
        reason = look.words.say_first(f"cannot_print.{cannot.cause}", "cannot_print.other")
        return Action(
            "verdict.print", icon, words, self.on_print, filled, disabled=True, reason=reason
        )

    def on_print(self) -> None:
        """打印."""
        self.intend(lambda turn: PrintSlip(turn=turn))

    def on_another(self) -> None:
        """再查一张."""
        self.intend(lambda turn: VerifyAnother(turn=turn))

    def on_batch(self) -> None:
        """汇总."""
        self.intend(lambda turn: ShowBatch(turn=turn))

    def on_details(self) -> None:
        """查看明细, and back."""
        self.intend(lambda turn: ToggleDetails(turn=turn))

    def on_find_reason(self) -> None:
        """帮我找原因."""
        self.intend(lambda turn: FindReason(turn=turn))

    def on_correct(self) -> None:
        """修改输入: what was typed is still there."""
        self.intend(lambda turn: StartEntry(turn=turn))
