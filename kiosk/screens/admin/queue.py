"""What is owed to the service, and what staff can do about each of it."""

from kiosk import admin_messages as a
from kiosk import staff_messages as s
from kiosk.queue_messages import RetryMatching
from kiosk.screens.admin.page import AdminScreen
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look
from kiosk.widgets.rows import Row
from kiosk.widgets.theme import Meaning

_FILTERS = ("all", "parked", "waiting")


class QueueScreen(AdminScreen):
    """The queue."""

    tag = "admin_queue"
    view: a.Queue

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        view = self.view
        owed = self.say("admin.owed", waiting=view.waiting, parked=view.parked)
        rows: list[Row] = [self.line("owed", owed), *self._drain()]
        rows += [
            self.mark(
                f"refused.{number}",
                Meaning.CAUTION,
                self.say(
                    "admin.refused",
                    count=one.count,
                    why=self.word(one.because),
                    at=formats.moment(look.words, one.last_at),
                ),
            )
            for number, one in enumerate(view.refusals, 1)
        ]
        rows += [self._operation(one) for one in view.lines]
        self.rows(rows)
        offered = [
            self.press("drain", Icon.AGAIN, lambda turn: a.Do(turn=turn, ask=s.Drain())),
            self.filter("queue", _FILTERS, view.only),
        ]
        if view.only == "parked" and view.parked:
            retry = self.press(
                "retry_all", Icon.AGAIN, lambda turn: a.Do(turn=turn, ask=RetryMatching())
            )
            offered.append(retry)
        self.offer(*offered)

    def _drain(self) -> list[Row]:
        stand = self.view.drain
        if stand is None:
            return []
        words = self.say("admin.drain.sent", sent=stand.sent, of=stand.of)
        if stand.parked:
            words += self.say("admin.drain.parked", parked=stand.parked)
        if not stand.waiting:
            return [self.mark("draining", Meaning.CAUTION if stand.parked else Meaning.GOOD, words)]
        words += self.say("admin.drain.waiting", waiting=stand.waiting)
        if stand.held_by:
            words += self.say("admin.drain.held_by", why=stand.held_by)
        return [self.mark("draining", Meaning.CAUTION, words)]

    def _operation(self, line: s.OperationLine) -> Row:
        of = str(line.seq)
        actions: list[Action] = []
        if line.state == "parked":
            actions.append(
                self.press_for(
                    "retry",
                    of,
                    Icon.AGAIN,
                    lambda turn: a.Do(turn=turn, ask=s.RetryOperation(line.op_id)),
                )
            )
        else:
            actions.append(
                self.press_for(
                    "park",
                    of,
                    Icon.WAITING,
                    lambda turn: a.Do(turn=turn, ask=s.ParkOperation(line.op_id)),
                )
            )
        if line.holds_key and line.state == "parked":
            actions.append(
                self.press_for(
                    "release",
                    of,
                    Icon.ONWARD,
                    lambda turn: a.Do(turn=turn, ask=s.ReleaseKey(line.op_id)),
                )
            )
        words = self.say(
            "admin.operation",
            kind=self.word(line.kind),
            state=self.word(line.state),
            at=formats.moment(look.words, line.at),
        )
        reason = self.word(line.reason) if line.reason else self.say("admin.no_reason")
        note = self.say("admin.operation_note", reason=reason, attempts=line.attempts)
        return self.things(f"operation.{of}", words, note, *actions)
