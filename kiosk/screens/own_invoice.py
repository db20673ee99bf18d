"""The invoice as it looks, and the ways to take it along."""

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty

from kiosk.messages import PrintSlip
from kiosk.own_messages import OwnInvoice, PrintA4, StartMail, TakeToPhone
from kiosk.screens.own_found import facts_of
from kiosk.screens.situation import Situation
from kiosk.text import formats
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.page_picture import texture_of


class OwnInvoiceScreen(Situation):
    """Picture, what is known of it, and buttons.

    Attributes:
        picture: the page; None where there is none.
        aspect: its height for a width of one.
        has_picture: there is one.
    """

    tag = "own_invoice"
    view: OwnInvoice
    picture = ObjectProperty(None, allownone=True)
    aspect = NumericProperty(0.667)
    has_picture = BooleanProperty(False)

    def compose(self) -> None:
        """Fill the parts."""
        view, ids = self.view, self.ids
        texture = texture_of(view.picture)
        self.has_picture = texture is not None
        if texture is not None:
            self.aspect = texture.height / texture.width
            self.picture = texture
        else:
            why = view.why_no_picture
            ids.why.words = look.words.say_first(f"no_picture.{why}", "no_picture.broken")
        ids.title.words = formats.grouped(view.line.number)
        facts = facts_of(view.line)
        if view.pages > 1:
            facts.append(self.say("own_invoice.pages", pages=view.pages))
        ids.facts.words = self.say("own_found.join").join(facts)
        ids.actions.actions = self._actions()

    def _actions(self) -> tuple[Action, ...]:
        view = self.view
        actions: list[Action] = []
        a4 = view.a4
        if a4 is not None and view.has_file:
            reason = look.words.say_first(f"cannot_a4.{a4.cause}", "cannot_a4.other")
            words = self.say("own_invoice.a4")
            actions.append(
                Action(
                    "own_invoice.a4",
                    Icon.PRINT,
                    words,
                    self.on_a4,
                    filled=True,
                    disabled=not a4.can,
                    reason="" if a4.can else reason,
                )
            )
        if view.can_link:
            words = self.say("own_invoice.phone")
            actions.append(
                Action("own_invoice.phone", Icon.PHONE, words, self.on_phone, filled=not actions)
            )
        if view.can_mail:
            words = self.say("own_invoice.mail")
            actions.append(Action("own_invoice.mail", Icon.MAIL, words, self.on_mail))
        reason = look.words.say_first(f"cannot_print.{view.slip.cause}", "cannot_print.other")
        actions.append(
            Action(
                "own_invoice.slip",
                Icon.RECEIPT,
                self.say("own_invoice.slip"),
                self.on_slip,
                filled=not actions,
                disabled=not view.slip.can,
                reason="" if view.slip.can else reason,
            )
        )
        return tuple(actions)

    def on_a4(self) -> None:
        """打印A4."""
        self.intend(lambda turn: PrintA4(turn=turn))

    def on_slip(self) -> None:
        """打印凭条."""
        self.intend(lambda turn: PrintSlip(turn=turn))

    def on_phone(self) -> None:
        """手机带走."""
        self.intend(lambda turn: TakeToPhone(turn=turn))

    def on_mail(self) -> None:
        """发到邮箱."""
        self.intend(lambda turn: StartMail(turn=turn))


load_kv(__file__)
