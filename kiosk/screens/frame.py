"""The one widget in the window: header, ribbons, the situation, footer, and what lies over it.

It is built anew whenever the situation, the language or the text size changes; a change of
ribbons, clock or idle seconds touches only its own part, so that a finger on a button is
never lost.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

import kiosk.widgets.registered  # noqa: F401 # kv files find widgets by their names
from kiosk.admin_messages import AdminSituation, HoldCorner
from kiosk.keypad_messages import KeypadKey
from kiosk.messages import (
    LOUDEST,
    MAX_SPOKEN,
    CallStaff,
    CleaningLock,
    GoHome,
    Home,
    Hush,
    IdleWarning,
    Intent,
    OpenHelp,
    SetHighContrast,
    SetLanguage,
    SetLargeText,
    SetVoice,
    Show,
    Speak,
    StillHere,
    VoiceView,
)
from kiosk.screens.by_keypad import SCREEN, ByKeypad, KeypadTouch
from kiosk.screens.corner import Corner
from kiosk.screens.kept_entry import KeptEntry
from kiosk.screens.presses import Presses
from kiosk.screens.reading import reading_of_overlay
from kiosk.screens.reconnecting import LONG_AFTER_S, Reconnecting
from kiosk.screens.registry import screen_for
from kiosk.screens.situation import Means, Sheet, Situation
from kiosk.text import Language, formats
from kiosk.widgets.focus_ring import FocusRing
from kiosk.widgets.frame_parts import Ribbon, footer_button, footer_tool
from kiosk.widgets.icons import Icon
from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.overlay import Overlay
from kiosk.widgets.voice_panel import VoicePanel

SHEET_CLOSES_S = 60.0
"""An explanation that nobody closes must not stay for the next person."""

_LARGE_SHARE = 0.92
"""Of the usual width of back and end, in the large view: the tools between need it."""
_RIBBON_ICONS = {"link_down": Icon.NO_CLOUD, "link_slow": Icon.CLOCK, "scanner_gone": Icon.SCAN}


class Scene(BoxLayout):
    """Header, ribbons, a place for the screen, footer."""


class Frame(FloatLayout):
    """Shows what the daemon says, and hands back what the person does.

    Args:
        send: takes an intent on its way to the daemon; never blocks.
        size_px: width and height of the window.
        now: the wall clock, aware.
        corner: where staff hold the screen to sign in.
        training: whether this is a training: its ribbon stays, whatever the daemon says or if none
            does.

    Attributes:
        kept: what the person is typing.
    """

    def __init__(
        self,
        send: Callable[[Intent], None],
        size_px: tuple[int, int],
        now: Callable[[], datetime],
        corner: Corner = Corner(),  # noqa: B008 # frozen
        *,
        training: bool = False,
    ) -> None:
        self._now = now
        self._training = training
        self._corner = corner
        self._size_px = size_px
        self._presses = Presses(send)
        self.kept = KeptEntry()
        self._show: Show | None = None
        self._scene: Scene
        self._screen: Situation | None = None
        self._idle: Overlay | None = None
        self._idle_s = 0
        self._cleaning: Overlay | None = None
        self._sheet: Overlay | None = None
        self._panel: VoicePanel | None = None
        self._sheet_clock = Clock.create_trigger(lambda _: self._close_sheet(), SHEET_CLOSES_S)
        self._panel_clock = Clock.create_trigger(lambda _: self._close_panel(), SHEET_CLOSES_S)
        self._patience = Clock.create_trigger(lambda _: self._reconnecting(long=True), LONG_AFTER_S)
        self._idle_clock = Clock.create_trigger(self._count_down, 1.0, interval=True)
        self._corner_held = Clock.create_trigger(
            lambda _: self._presses.tell(HoldCorner()), corner.hold_s
        )
        look.choose(width=size_px[0], height=size_px[1], language=Language.CHINESE, large=False)
        super().__init__()
        self._keypad = ByKeypad(self, FocusRing(self))
        self.bind(children=lambda *_: self._keypad.changed())
        self.disconnected()

    # --- what the daemon says ---------------------------------------------------------------

    def show(self, show: Show) -> None:
        """Show what the daemon says now."""
        before = self._show
        self._show = show
        self._patience.cancel()
        self._presses.shown(show.turn)
        self.kept.shown(show.situation)
        if before is None or _is_new(before, show):
            self._close_sheet()
            self._close_panel()
            if before is None or type(before.situation) is not type(show.situation):
                self._keypad.forget()
            self._build(show.situation)
            if self._voice.on:
                self._read()
        elif (before.voice is None) is not (show.voice is None):
            self._close_panel()
            self._build(show.situation)
        if before is None or before.ribbons != show.ribbons or _is_new(before, show):
            self._place_ribbons(show.ribbons)
        self._warn(show.idle)
        self._lock(show.cleaning)
        if isinstance(show.situation, Home) and show.situation.attract is not None:
            self._keypad.hide()

    def key_pressed(self, key: KeypadKey) -> None:
        """A key of the tactile keypad."""
        self._keypad.pressed(key)

    def disconnected(self) -> None:
        """No daemon answers."""
        self._show = None
        self._keypad.hide()
        self._presses.nothing_shown()
        self._reconnecting(long=False)
        self._patience.cancel()
        self._patience()

    def tick(self) -> None:
        """A second has passed: the clock in the header goes on."""
        self._scene.ids.header.clock = self._clock_words()
        if self._screen is not None:
            self._screen.tick(self._clock_words())

    @property
    def tag(self) -> str:
        """The name of the situation that is shown."""
        return self._screen.tag if self._screen is not None else ""

    @property
    def turn(self) -> int:
        """The turn of what is shown."""
        return self._presses.turn

    # --- what the keypad asks -----------------------------------------------------------------

    @property
    def focused(self) -> str:
        """Name of what the keypad stands on; "" while it is not used."""
        return self._keypad.focused

    @property
    def layer(self) -> tuple[str, Widget]:
        """The uppermost layer and its name."""
        for overlay in (self._cleaning, self._idle, self._panel, self._sheet):
            if overlay is not None:
                return str(getattr(overlay, "tid", type(overlay).__name__)), overlay
        return SCREEN, self._scene

    @property
    def screen(self) -> Situation | None:
        """The situation that is shown."""
        return self._screen

    @property
    def is_locked(self) -> bool:
        """The glass is being wiped."""
        return self._cleaning is not None

    @property
    def is_staffs(self) -> bool:
        """A page of staff is shown."""
        return self._show is not None and isinstance(self._show.situation, AdminSituation)

    # --- building ---------------------------------------------------------------------------

    def _reconnecting(self, *, long: bool) -> None:
        self._close_sheet()
        self._close_panel()
        self._warn(None)
        self._lock(None)
        self._build(Reconnecting(is_long=long))
        self._place_ribbons(())

    def _build(self, situation: object) -> None:
        show = self._show
        if show is not None:
            width, height = self._size_px
            look.choose(
                width=width,
                height=height,
                language=Language(show.language),
                large=show.large_text,
                high_contrast=show.high_contrast,
            )
        self.clear_widgets()
        self._scene = Scene()
        self.add_widget(self._scene)
        header = self._scene.ids.header
        header.hall = show.hall if show is not None else ""
        header.terminal = self._terminal_words()
        header.clock = self._clock_words()
        means = Means(
            presses=self._presses,
            explain=self._explain,
            kept=self.kept,
            now=self._now,
            terminal=show.terminal if show is not None else "",
            hall=show.hall if show is not None else "",
        )
        self._screen = screen_for(situation, means)
        self._screen.tick(header.clock)
        if self._screen.whole_window:
            self.clear_widgets()
            self.add_widget(self._screen)
        else:
            self._scene.ids.place.add_widget(self._screen)
        self._place_footer(self._screen)
        for overlay in (self._sheet, self._panel, self._idle, self._cleaning):
            if overlay is not None:
                self.add_widget(overlay)

    def _terminal_words(self) -> str:
        service = look.say("common.service")
        if self._show is None:
            return service
        return f"{service}\u3000{look.say('common.terminal', number=self._show.terminal)}"

    def _clock_words(self) -> str:
        now = self._now()
        time = formats.time_of_day(look.words, now)
        return look.say("common.clock", time=time, weekday=formats.weekday(look.words, now))

    def _place_ribbons(self, keys: tuple[str, ...]) -> None:
        place = self._scene.ids.ribbons
        place.clear_widgets()
        if self._training:
            keys = ("training", *(key for key in keys if key != "sandbox"))
        for key in keys:
            if f"ribbon.{key}" in look.words:
                place.add_widget(
                    Ribbon(
                        tid=f"ribbon.{key}",
                        words=look.say(f"ribbon.{key}"),
                        icon=_RIBBON_ICONS.get(key, Icon.ATTENTION),
                    )
                )

    def _place_footer(self, screen: Situation) -> None:
        places, footer = screen.footer, self._scene.ids.footer
        left = right = None
        if places.back:
            left = footer_button("footer.back", Icon.BACK, look.say("common.back"), screen.on_back)
        elif places.help:
            footer.left_share = 1.2 if look.large else 1.35
            left = footer_button("footer.help", Icon.HELP, look.say("common.help"), self._on_help)
        if places.end:
            right = footer_button("footer.end", Icon.END, look.say("common.end"), self._on_end)
        tools: list[Widget] = []
        if places.settings:
            language = look.say("common.language")
            size = look.say("common.normal_size" if look.large else "common.large")
            tools = [
                footer_tool("footer.language", Icon.LANGUAGE, language, self._on_language),
                footer_tool("footer.large", Icon.TEXT_SIZE, size, self._on_large),
            ]
        if places.contrast:
            words = look.say("common.normal_colours" if look.high_contrast else "common.contrast")
            tools.append(footer_tool("footer.contrast", Icon.CONTRAST, words, self._on_contrast))
        if places.settings and self._show is not None and self._show.voice is not None:
            words = look.say("voice.tool")
            tools.append(footer_tool("footer.voice", Icon.LOUDER, words, self._on_voice))
        if places.call:
            call = look.say("common.call_staff")
            tools.append(footer_tool("footer.call", Icon.CALL, call, self._on_call))
        for button in (left, right):
            if button is not None:
                button.modest = look.large
        if look.large and left is not None and not places.help:
            footer.left_share = _LARGE_SHARE
        footer.offer(left=left, tools=tools, right=right)

    # --- what the person does ---------------------------------------------------------------

    def on_touch_down(self, touch: MotionEvent) -> Literal[True] | None:
        """Any touch says that somebody is here, unless it is a cloth."""
        if self._cleaning is not None:
            return True
        if touch.device != KeypadTouch.DEVICE:
            self._keypad.hide()
        self.noticed()
        if self._corner.has(touch.x, touch.y, self._size_px):
            self._corner_held()
        return super().on_touch_down(touch)

    def noticed(self) -> None:
        """Somebody is here, and does not listen any more to what is being read."""
        self._presses.touched()
        if self._voice.on:
            self._presses.tell(Hush())

    def on_touch_move(self, touch: MotionEvent) -> Literal[True] | None:
        """A finger that leaves the corner has not held it."""
        if not self._corner.has(touch.x, touch.y, self._size_px):
            self._corner_held.cancel()
        return super().on_touch_move(touch)

    def on_touch_up(self, touch: MotionEvent) -> Literal[True] | None:
        """A finger that is lifted too early has not held the corner."""
        self._corner_held.cancel()
        return super().on_touch_up(touch)

    def _on_help(self) -> None:
        self._presses.ask(lambda turn: OpenHelp(turn=turn, topic="use"))

    def _on_end(self) -> None:
        self._presses.ask(lambda turn: GoHome(turn=turn))

    def _on_language(self) -> None:
        self._presses.tell(SetLanguage(language=look.language.other.value))

    def _on_large(self) -> None:
        self._presses.tell(SetLargeText(on=not look.large))

    def _on_contrast(self) -> None:
        self._presses.tell(SetHighContrast(on=not look.high_contrast))

    def _on_voice(self) -> None:
        """读屏: read this screen; once more, and then say how loud."""
        voice = self._voice
        if voice.on:
            self._panel = VoicePanel(
                volume=voice.volume,
                choose=self._choose_volume,
                leave=self._close_panel,
                stop=self._stop_reading,
            )
            self.add_widget(self._panel)
            self._panel_clock()
        else:
            self._presses.tell(SetVoice(on=True, volume=voice.volume))
        self._read()

    def _on_call(self) -> None:
        self._presses.tell(CallStaff())

    # --- reading aloud ----------------------------------------------------------------------

    @property
    def _voice(self) -> VoiceView:
        show = self._show
        return VoiceView() if show is None or show.voice is None else show.voice

    def _read(self) -> None:
        if self._screen is not None:
            self._presses.tell(Speak(text=self._keypad.reading()[:MAX_SPOKEN]))

    def say(self, text: str) -> None:
        """Read this, if the screen is read aloud."""
        if self._voice.on:
            self._presses.tell(Speak(text=text))

    def repeat(self) -> None:
        """Read what is shown; where nothing was read so far, begin to."""
        if self._show is not None and self._show.voice is not None:
            if not self._voice.on:
                self._presses.tell(SetVoice(on=True, volume=self._voice.volume))
            self._read()

    def change_volume(self, by: int) -> None:
        """Louder (1) or quieter (-1), where the screen is read aloud."""
        if self._voice.on:
            self._choose_volume(min(max(self._voice.volume + by, 1), LOUDEST))

    def _choose_volume(self, volume: int) -> None:
        self._presses.tell(SetVoice(on=True, volume=volume))
        self._presses.tell(Speak(text=look.words.say(f"voice.volume_{volume}")))

    def _stop_reading(self) -> None:
        self._presses.tell(SetVoice(on=False, volume=self._voice.volume))
        self._close_panel()

    def _close_panel(self) -> None:
        self._panel_clock.cancel()
        if self._panel is not None:
            self.remove_widget(self._panel)
            self._panel = None

    # --- what lies over the screen ----------------------------------------------------------

    def _explain(self, sheet: Sheet) -> None:
        self._close_sheet()
        self._sheet = Overlay(
            tid=sheet.tid,
            icon=sheet.icon,
            title=sheet.title,
            sentence=sheet.sentence,
            button=sheet.button,
            answer=self._close_sheet,
        )
        self.add_widget(self._sheet)
        self._sheet_clock()

    def _close_sheet(self) -> None:
        self._sheet_clock.cancel()
        if self._sheet is not None:
            self.remove_widget(self._sheet)
            self._sheet = None

    def _warn(self, idle: IdleWarning | None) -> None:
        is_first = self._idle is None
        if self._idle is not None:
            self.remove_widget(self._idle)
            self._idle = None
        self._idle_clock.cancel()
        if idle is None:
            return
        self._idle_s = idle.seconds_left
        self._idle = Overlay(
            tid="idle",
            icon=Icon.CLOCK,
            title=look.say("idle.title"),
            sentence=look.say("idle.sentence", seconds=self._idle_s),
            button=look.say("idle.still_here"),
            answer=lambda: self._presses.tell(StillHere()),
        )
        self.add_widget(self._idle)
        self._idle_clock()
        if is_first and self._voice.on:
            self._presses.tell(Speak(text=reading_of_overlay(self._idle)))

    def _lock(self, cleaning: CleaningLock | None) -> None:
        if cleaning is None:
            if self._cleaning is not None:
                self.remove_widget(self._cleaning)
                self._cleaning = None
            return
        if self._cleaning is None:
            self._cleaning = Overlay(
                tid="cleaning", icon=Icon.REPAIR, title=look.say("cleaning.title")
            )
            self.add_widget(self._cleaning)
        self._cleaning.sentence = look.say("cleaning.sentence", seconds=cleaning.seconds_left)

    def _count_down(self, _: float) -> None:
        """The daemon says the seconds too; this keeps them going if it is a moment late."""
        self._idle_s = max(0, self._idle_s - 1)
        if self._idle is not None:
            self._idle.sentence = look.say("idle.sentence", seconds=self._idle_s)


def _is_new(before: Show, now: Show) -> bool:
    """Whether the screen itself must be built anew."""
    return (
        before.turn != now.turn
        or before.situation != now.situation
        or before.language != now.language
        or before.large_text != now.large_text
        or before.high_contrast != now.high_contrast
        or before.hall != now.hall
        or before.terminal != now.terminal
    )


load_kv(__file__)
