"""What all screens have in common: data in, intents out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from kivy.uix.boxlayout import BoxLayout

from kiosk.messages import CallStaff, GoBack, Intent
from kiosk.screens.kept_entry import KeptEntry
from kiosk.screens.presses import Presses
from kiosk.widgets.icons import Icon
from kiosk.widgets.look import look


@dataclass(frozen=True, slots=True)
class Sheet:
    """An explanation to lay over the screen until it is touched."""

    tid: str
    icon: Icon
    title: str
    sentence: str
    button: str


@dataclass(frozen=True, slots=True)
class Means:
    """What a screen may use.

    Attributes:
        presses: sends intents.
        explain: lays a sheet over the screen.
        kept: what is typed, kept while the person looks at something else.
        now: the wall clock, aware.
        terminal: its number, for those who are told which machine it is.
        hall: its hall.
    """

    presses: Presses
    explain: Callable[[Sheet], None]
    kept: KeptEntry
    now: Callable[[], datetime]
    terminal: str
    hall: str = ""


@dataclass(frozen=True, slots=True)
class FooterPlaces:
    """Which of the footer's places are taken on a screen."""

    back: bool = True
    end: bool = True
    help: bool = False
    call: bool = True
    settings: bool = True
    """Language and text size."""
    contrast: bool = False
    """The high-contrast view: chosen at the beginning, it stays for the visit."""


class Situation(BoxLayout):
    """One situation a person can be in. Built once for what is shown, never changed after.

    Attributes:
        tag: the situation's name, as in `kiosk.messages`.
        footer: which places of the footer it takes.
        any_touch_leads_on: it is left by a touch anywhere.
        whole_window: it takes the place of header and footer too.
    """

    tag: ClassVar[str]
    any_touch_leads_on: ClassVar[bool] = False
    footer: FooterPlaces = FooterPlaces()
    whole_window: ClassVar[bool] = False

    def __init__(self, view: Any, means: Means) -> None:
        self.view = view
        self.means = means
        super().__init__()
        self.compose()

    def compose(self) -> None:
        """Fill the parts that stand in the kv file."""

    def tick(self, clock: str) -> None:
        """The clock in the header says this now."""

    def intend(self, make: Callable[[int], Intent]) -> None:
        """Ask the daemon for something, once for what is shown."""
        self.means.presses.ask(make)

    def on_back(self) -> None:
        """返回: one step back."""
        self.intend(lambda turn: GoBack(turn=turn))

    def call_staff(self) -> None:
        """叫人."""
        self.means.presses.tell(CallStaff())

    def say(self, key: str, **values: object) -> str:
        """The sentence under `key`."""
        return look.say(key, **values)
