"""Ready to scan at once; everything else is one touch away."""

from kivy.properties import BooleanProperty

from kiosk.applying_messages import StartApplying
from kiosk.messages import Home, OpenHelp, ShowBatch, StartEntry
from kiosk.own_messages import StartOwn
from kiosk.screens.situation import FooterPlaces, Sheet, Situation
from kiosk.widgets.icons import Icon
from kiosk.widgets.intent_card import IntentCard
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look


class HomeScreen(Situation):
    """Nobody is here, somebody has just begun, or the same person has another invoice.

    Attributes:
        brief: the cards stand without their hints, because the place is scarce.
        tight: names and the scan card's words are smaller too, and its hint is left away.
    """

    brief = BooleanProperty(False)
    tight = BooleanProperty(False)
    tag = "home"
    footer = FooterPlaces(back=False, end=False, help=True, contrast=True)

    view: Home

    def compose(self) -> None:
        """Deal the place out to the scan card and the others, and again when it changes."""
        if self.view.in_visit:
            # Whoever comes next must see that another's visit has not ended, and end it.
            self.footer = FooterPlaces(back=False)
        self._apply = self._apply_card() if self.view.can_apply else None
        if self._apply is not None:
            self.ids.cards.add_widget(self._apply)
        self.fbind("size", self._deal)
        for part in (self.ids.scan_title, self.ids.scan_hint, *self._cards):
            part.fbind("height" if part not in self._cards else "natural_height", self._deal)

    @property
    def _cards(self) -> list[IntentCard]:
        ids = self.ids
        applying = [self._apply] if self._apply else []
        return [ids.enter, ids.own, ids.ticket, ids.not_found, *applying]

    def _deal(self, *_: object) -> None:
        """The scan card's words come first, then the cards' names, then hints and picture."""
        space, cards = look.space, self._cards
        gaps = space.gap * (len(cards) - 1)
        left = self.height - gaps
        if look.portrait:
            scan = self.ids.scan_title.height + self.ids.scan_hint.height + space.picture
            left -= scan + 2 * space.inset + 2 * space.gap
        wanted = max(card.natural_height for card in cards)
        self.brief = wanted * len(cards) > left
        if self.brief and max(card.brief_height for card in cards) * len(cards) > self._most:
            # For good: what is smaller needs less, and must not grow again because of it.
            self.tight = True
        least = max(card.brief_height for card in cards) if self.brief else wanted
        height = max(least, min(space.card, left / len(cards)))
        self.ids.cards.height = height * len(cards) + gaps

    @property
    def _most(self) -> float:
        """Height that the cards may have together while the scan card keeps its words."""
        most = self.height - look.space.gap * (len(self._cards) - 1)
        if look.portrait:
            most -= self.ids.scan_title.height + self.ids.scan_hint.full_height
            most -= 2 * look.space.inset + look.space.gap
        return most

    def _apply_card(self) -> IntentCard:
        """申请开票, where businesses may apply."""
        card = IntentCard(
            tid="home.apply",
            icon=Icon.PENCIL,
            words=self.say("home.apply"),
            hint=self.say("home.apply_hint"),
        )
        self.fbind("brief", card.setter("brief"))
        self.fbind("tight", card.setter("modest"))
        card.bind(on_release=lambda _: self.on_apply())
        return card

    def on_apply(self) -> None:
        """申请开票."""
        self.intend(lambda turn: StartApplying(turn=turn))

    def on_enter_number(self) -> None:
        """输入号码查验."""
        self.intend(lambda turn: StartEntry(turn=turn))

    def on_own(self) -> None:
        """查询并打印我的发票."""
        self.intend(lambda turn: StartOwn(turn=turn))

    def on_batch(self) -> None:
        """本次已查: all of this visit, for one slip."""
        self.intend(lambda turn: ShowBatch(turn=turn))

    def on_ticket(self) -> None:
        """凭小票查结果: nothing to press, so this only says how."""
        self.means.explain(
            Sheet(
                tid="ticket_sheet",
                icon=Icon.SCAN,
                title=self.say("home.ticket_sheet_title"),
                sentence=self.say("home.ticket_sheet_sentence"),
                button=self.say("home.ticket_sheet_close"),
            )
        )

    def on_not_found(self) -> None:
        """查不到发票怎么办."""
        self.intend(lambda turn: OpenHelp(turn=turn, topic="not_found"))


load_kv(__file__)
