"""Shows every sample in one window size and writes down what stands where.

Runs as a process of its own, because Kivy has one window a process:

    python tests/screens/survey.py 1080x1920 OUTPUT.json [PICTURES [NAME_PART [compare|renew]]]

With a folder for pictures it is the gallery: every screen as a PNG, to be looked at. With "compare"
each screen is compared with its reference picture, and with "renew" it becomes that.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import msgspec  # noqa: E402 # after the path above
from offscreen import Stage  # noqa: E402
from PIL import Image  # noqa: E402
from reference import compare, digest, file_of, keep, kept_digests  # noqa: E402
from samples import ALL_NAMES, FIRST_OF_EACH, show  # noqa: E402

from einvoice.entry import Entry, Key  # noqa: E402
from einvoice.kinds import FourthField  # noqa: E402
from einvoice.title_names import MAX_TYPED_CHARS  # noqa: E402
from kiosk.pinyin.composing import Composing  # noqa: E402

SIZES = ("1080x1920", "1280x800")
SURVEY_WITHIN_S = 600


class Seen(msgspec.Struct, frozen=True):
    """A text or something to touch.

    Attributes:
        box: left, top, right, bottom, px from the window's top left.
        clipped: lines that are wider or more than its box holds, or it leaves its parent.
        contrast: of the text against what is behind it; 0 for what is no text.
        top: lies in the uppermost layer.
    """

    tid: str
    cls: str
    text: str
    touch: bool
    disabled: bool
    box: tuple[float, float, float, float]
    clipped: str
    contrast: float
    top: bool


class View(msgspec.Struct, frozen=True):
    """One screen as it was drawn.

    Attributes:
        way: the folder of its pictures.
        by_keypad: what the tactile keypad stands on, step by step from the main action once round;
            only in one way of looking.
        picture: how it differs from its reference picture; "" when it does not.
        digest: of its pixels; "" when they were not read.
    """

    name: str
    language: str
    large: bool
    high_contrast: bool
    way: str
    picture: str
    by_keypad: list[str]
    digest: str
    widgets: list[Seen]


ENTRIES: dict[str, tuple[Key | FourthField | None, ...]] = {
    # Keys, choices, and None for "next".
    "enter_number_typed": (*"26112000000100000018",),
    "enter_number_wrong": (*"2611",),
    "enter_issued_on": (*"26112000000100000018", None, *"202611"),
    "enter_issued_on_problem": (*"26112000000100000018", None, *"202613"),
    "enter_amount": (*"26112000000100000018", None, *"20261124", None, *"106."),
    "enter_review": (*"26112000000100000018", None, *"20261124", None, *"106.00", None),
    "enter_code": (*"12345678", None, *"0110023001"),
    "enter_choice": (*"12345678", None, *"999900230019", None, *"20230305", None),
    "enter_check_code": (*"12345678", None, *"011002300111", None, *"20230305", None, *"123"),
}  # pyright: ignore[reportAssignmentType] # digits are keys


NAMES = {
    "apply_name_composing": Composing("某某示例", "shangmaoyouxiangongsi"),
    "apply_name_signs": Composing("某" * MAX_TYPED_CHARS, plain=True),
}


def entry_after(steps: tuple[Key | FourthField | None, ...]) -> Entry:
    """An entry after keys were pressed."""
    entry = Entry.begin(date(2026, 11, 24))
    for step in steps:
        match step:
            case None:
                following = entry.next()
                assert isinstance(following, Entry), following
                entry = following
            case FourthField():
                entry = entry.choose(step)
            case key:
                entry = entry.press(key)
    return entry


class Way(NamedTuple):
    """A way of looking at the screens."""

    language: str
    large: bool
    high_contrast: bool = False


WAYS = (
    *(Way(language, large) for language in ("zh", "en") for large in (False, True)),
    # High contrast changes colours and nothing else: one language and size stand for all.
    Way("zh", large=True, high_contrast=True),
)


def views(stage: Stage, chosen: str) -> Iterator[tuple[str, Way]]:
    """Show each sample in each way.

    English in normal size is the easiest of them: one sample of each situation.
    """
    turn = 0
    for way in WAYS:
        easy = way == Way("en", large=False) and not chosen
        for name in FIRST_OF_EACH if easy else ALL_NAMES:
            if chosen in name:
                turn += 1
                stage.show(show(name, **way._asdict(), turn=turn), draw=False)
                yield from pages(stage, name, way)
        for name, steps in ENTRIES.items():
            if chosen not in name:
                continue
            stage.frame.kept.entry = entry_after(steps)
            turn += 1
            stage.show(show("enter_number", **way._asdict(), turn=turn), draw=False)
            if name.endswith("_wrong"):
                stage.tap("enter.next")
            yield from pages(stage, name, way)
        for name, now in NAMES.items():
            if chosen in name:
                stage.frame.kept.name = now
                turn += 1
                stage.show(show("apply_name", **way._asdict(), turn=turn), draw=False)
                yield name, way
        turn += 1
        stage.show(show("home", **way._asdict(), turn=turn), draw=False)
        stage.tap("home.ticket")
        yield "home_ticket_sheet", way


def pages(stage: Stage, name: str, way: Way) -> Iterator[tuple[str, Way]]:
    """The first page of a screen and those after it."""
    from kiosk.widgets.pages import Pages

    found = [widget for widget in stage.widgets() if isinstance(widget, Pages)]
    for widget in found:
        if widget.page:
            # Staff's pages stay turned to where they were: the sample before was of this page.
            widget.page = 0
            stage.settle()
    yield name, way
    for widget in found:
        number = 2
        while not widget.ids.pager.last:
            widget.turn(1)
            stage.settle()
            yield f"{name}-{number}", way
            number += 1


def survey(stage: Stage, pixels: Image.Image | None) -> list[Seen]:
    """Everything that can be read or touched on the present screen.

    Args:
        stage: holds the screen.
        pixels: its picture, for the contrast; None leaves that out.
    """
    from kivy.uix.widget import Widget

    from kiosk.widgets.buttons import PressButton
    from kiosk.widgets.fonts import ruler
    from kiosk.widgets.overlay import Overlay
    from kiosk.widgets.pressable import Pressable
    from kiosk.widgets.text import Text
    from kiosk.widgets.theme import contrast

    height = stage.size_px[1]
    overlays = [widget for widget in stage.widgets() if isinstance(widget, Overlay)]
    upper = set(overlays[-1].walk(restrict=True)) if overlays else None

    def box(widget: Widget) -> tuple[float, float, float, float]:
        x, y = widget.to_window(*widget.pos)
        return (x, height - y - widget.height, x + widget.width, height - y)

    def shown(widget: Widget) -> bool:
        while isinstance(widget, Widget):
            if widget.opacity == 0:
                return False
            if widget.parent is widget or widget is stage.frame:
                return True
            widget = widget.parent
        return False

    def clipped(text: Text) -> str:
        measure = ruler(text.font_size, bold=text.bold).width
        widest = max((measure(line) for line in text.text.split("\n")), default=0)
        if widest > text.width + 1:
            return "wider than its box"
        if text.texture_size[1] > text.height + 1:
            return "higher than its box"
        if any(len(line) < len(text.text) and line != line.strip() for line in [text.text]):
            return "spaces at its ends"
        inner, outer = box(text), box(text.parent)
        if inner[1] < outer[1] - 1.5 or inner[3] > outer[3] + 1.5:
            return f"leaves its parent {type(text.parent).__name__}"
        if inner[0] < outer[0] - 1.5 or inner[2] > outer[2] + 1.5:
            return f"leaves its parent {type(text.parent).__name__} sideways"
        return ""

    def readable(text: Text) -> float:
        if pixels is None:
            return 0.0
        left, top, right, bottom = (round(edge) for edge in box(text))
        area = pixels.crop((left, top, right, bottom))
        if area.width < 2 or area.height < 2:
            return 0.0
        sample = area.resize((48, 48), Image.Resampling.NEAREST)
        parts = sample.tobytes()
        red, green, blue = Counter(
            zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        ).most_common(1)[0][0]
        return contrast(tuple(text.color), (red / 255, green / 255, blue / 255, 1.0))

    found: list[Seen] = []
    for widget in stage.widgets():
        is_text = isinstance(widget, Text) and bool(widget.words)
        touch = isinstance(widget, Pressable)
        if not (is_text or touch) or not shown(widget):
            continue
        top = upper is None or widget in upper
        problem = clipped(widget) if isinstance(widget, Text) else ""
        if isinstance(widget, PressButton) and widget.natural_height > widget.height + 1:
            problem = "lower than its words"
        found.append(
            Seen(
                tid=getattr(widget, "tid", ""),
                cls=type(widget).__name__,
                text=getattr(widget, "text", "") if is_text else getattr(widget, "words", ""),
                touch=touch,
                disabled=bool(widget.disabled),
                box=box(widget),
                clipped=problem,
                contrast=readable(widget) if isinstance(widget, Text) and top else 0.0,
                top=top,
            )
        )
    return found


def once_round(stage: Stage) -> list[str]:
    """Where the keypad stands after each press of "next", until it is back where it began."""
    from kiosk.keypad_messages import KeypadKey

    stood: list[str] = []
    stage.frame.key_pressed(KeypadKey.NEXT)
    while (name := stage.frame.focused) and name not in stood[:1] and len(stood) < 200:
        stood.append(name)
        stage.frame.key_pressed(KeypadKey.NEXT)
    return stood


def way_name(way: Way) -> str:
    """The folder of a way's pictures."""
    return "-".join(
        (way.language, "large" if way.large else "normal", *(["contrast"] * way.high_contrast))
    )


def against(stage: Stage, drawn: bytes, file: Path, *, renew: bool) -> str:
    """How a screen differs from its reference picture, which `renew` replaces then."""
    pixels = stage.image(drawn)
    differs = compare(pixels, file)
    if differs and renew:
        keep(pixels, file)
    return differs


def main(size: str, output: str, pictures: str = "", chosen: str = "", reference: str = "") -> None:
    """Survey one window size.

    Args:
        size: of the window, px: "1080x1920".
        output: the file for what was seen.
        pictures: a folder for whole pictures; empty for none.
        chosen: part of the names of the samples; empty for all.
        reference: "compare" with the reference pictures, or "renew" them; empty leaves them out,
            which saves a third of the time.
    """
    before = kept_digests() if reference else {}
    width_px, height_px = map(int, size.split("x"))
    stage = Stage((width_px, height_px))
    from kivy.clock import Clock

    from kiosk.screens.admin import sign_in

    # Keys of a secret stand elsewhere each time; in pictures they stand still.
    sign_in.shuffled_keys = lambda: sign_in.NUMBER_KEYS
    # And no second passes while a page is drawn.
    stage.frame._idle_clock = Clock.create_trigger(lambda _: None, SURVEY_WITHIN_S)
    seen: list[View] = []
    for name, way in views(stage, chosen):
        judged = way.high_contrast or way == Way("zh", large=False)
        pixels = None
        differs = now = ""
        if judged or pictures or reference:
            stage.idle(1)
            drawn = stage.drawn()
            if judged or pictures:
                pixels = stage.image(drawn)
            if reference:
                file, now = file_of(size, way_name(way), name), digest(drawn)
                if not file.exists() or before.get(file) != now:
                    differs = against(stage, drawn, file, renew=reference == "renew")
        widgets = survey(stage, pixels)
        stood = once_round(stage) if way == Way("zh", large=False) else []
        seen.append(View(name, *way, way_name(way), differs, stood, now, widgets))
        if pixels is not None and pictures:
            folder = Path(pictures) / size / way_name(way)
            folder.mkdir(parents=True, exist_ok=True)
            pixels.save(folder / f"{name}.png")
        if stood:
            stage.tap_at(width_px / 2, height_px - 4)  # a finger on the header: the ring goes
    Path(output).write_bytes(msgspec.json.encode(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
