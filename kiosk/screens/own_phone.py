"""A link for a phone, as a code, and how long it is still good."""

import math

from kivy.clock import Clock

from kiosk.own_messages import PhoneLink
from kiosk.screens.situation import Situation
from kiosk.widgets.buttons import Action
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv


class PhoneLinkScreen(Situation):
    """Counts the seconds down by itself; the daemon says when they are over."""

    tag = "own_phone"
    view: PhoneLink

    def compose(self) -> None:
        """Fill the parts."""
        is_good = bool(self.view.url)
        self.ids.title.words = self.say("own_phone.title" if is_good else "own_phone.over_title")
        self.ids.sentence.words = self.say(
            "own_phone.sentence" if is_good else "own_phone.over_sentence"
        )
        self.ids.code.text = self.view.url
        self._count()
        if is_good:
            self._ticking = Clock.schedule_interval(self._count, 1.0)
            return
        again = self.say("own_phone.again")
        self.ids.actions.actions = (
            Action("own_phone.again", Icon.AGAIN, again, self.on_back, filled=True),
        )

    def _count(self, *_: object) -> None:
        if self.parent is None and self.ids.left.words:
            self._ticking.cancel()  # another screen stands there now
            return
        left_s = math.ceil((self.view.good_until - self.means.now()).total_seconds())
        minutes, seconds = divmod(max(0, left_s), 60)
        self.ids.left.words = (
            self.say("own_phone.left", minutes=minutes, seconds=seconds) if self.view.url else ""
        )


load_kv(__file__)
