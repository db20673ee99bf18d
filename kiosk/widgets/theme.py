"""What everything looks like: colours, the type scale and distances, as named tokens.

The only place with colour values and sizes. Two orientations (portrait 1080×1920 and
landscape 1280×800) and two text sizes; landscape type is two thirds of portrait type.
"""

from dataclasses import dataclass
from enum import Enum

Colour = tuple[float, float, float, float]

LARGE_TEXT = 1.35
"""The 大字 view against the normal one."""

MIN_CONTRAST = 4.5
"""Text against its ground (WCAG 2.2, 1.4.3)."""

MIN_HIGH_CONTRAST = 7.0
"""The same in the high-contrast view (WCAG 2.2, 1.4.6)."""

REACH_TOP = 0.15
"""The top of the screen that not everybody can reach: nothing to touch there."""


def _colour(code: str) -> Colour:
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return (red, green, blue, 1.0)


@dataclass(frozen=True, slots=True)
class Tone:
    """A meaning's colours: `ink` stands on `ground`; `mark` is the shape's, on `seal`."""

    ink: Colour
    ground: Colour
    seal: Colour
    mark: Colour


class Meaning(Enum):
    """What a part of the screen says; each has a tone, a shape and words."""

    GOOD = "good"
    CAUTION = "caution"
    STOP = "stop"
    UNSAID = "unsaid"
    """We cannot say: never in the colours of a warning."""
    CALM = "calm"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour in use. Members are named after their use, not their hue."""

    ink: Colour
    ink_soft: Colour
    line: Colour
    ground: Colour
    card: Colour
    action: Colour
    action_pressed: Colour
    action_soft: Colour
    on_action: Colour
    off: Colour
    on_off: Colour
    scrim: Colour
    good: Tone
    caution: Tone
    stop: Tone
    unsaid: Tone
    calm: Tone
    busy: Tone

    def tone(self, meaning: Meaning) -> Tone:
        """The colours of a meaning."""
        return getattr(self, meaning.value)

    def text_on_ground(self) -> dict[str, tuple[Colour, Colour]]:
        """Every pair of text and ground in use, for the contrast test."""
        pairs = {
            "ink on ground": (self.ink, self.ground),
            "ink on card": (self.ink, self.card),
            "soft ink on ground": (self.ink_soft, self.ground),
            "soft ink on card": (self.ink_soft, self.card),
            "action on ground": (self.action, self.ground),
            "action on card": (self.action, self.card),
            "action on pressed card": (self.action_pressed, self.action_soft),
            "button": (self.on_action, self.action),
            "button pressed": (self.on_action, self.action_pressed),
            "button that cannot be pressed": (self.on_off, self.off),
        }
        tones = {meaning.value: self.tone(meaning) for meaning in Meaning}
        return pairs | {name: (tone.ink, tone.ground) for name, tone in tones.items()}


_WHITE, _BLACK, _YELLOW = _colour("#FFFFFF"), _colour("#000000"), _colour("#FFD400")
_NIGHT = _colour("#0F1B2D")
_BLUE = _colour("#0B57D0")
_PALE_BLUE = _colour("#E7EFFD")


def _on_pale(ink: str, ground: str) -> Tone:
    return Tone(_colour(ink), _colour(ground), _colour(ink), _WHITE)


LIGHT = Palette(
    ink=_NIGHT,
    ink_soft=_colour("#44546A"),
    line=_colour("#D5DDE8"),
    ground=_colour("#F3F6FA"),
    card=_WHITE,
    action=_BLUE,
    action_pressed=_colour("#083E96"),
    action_soft=_PALE_BLUE,
    on_action=_WHITE,
    off=_colour("#DDE3EC"),
    on_off=_colour("#56637A"),
    scrim=(*_NIGHT[:3], 0.62),
    good=_on_pale("#0A6B3B", "#E6F4EC"),
    caution=_on_pale("#8A5300", "#FFF4E0"),
    stop=_on_pale("#B3261E", "#FDECEA"),
    unsaid=_on_pale("#4A4E69", "#ECEDF5"),
    calm=Tone(_NIGHT, _WHITE, _PALE_BLUE, _BLUE),
    busy=Tone(_WHITE, _BLUE, _WHITE, _BLUE),
)


def _on_black(mark: str) -> Tone:
    return Tone(_WHITE, _BLACK, _colour(mark), _BLACK)


HIGH_CONTRAST = Palette(
    ink=_WHITE,
    ink_soft=_WHITE,
    line=_WHITE,
    ground=_BLACK,
    card=_BLACK,
    action=_YELLOW,
    action_pressed=_WHITE,
    action_soft=_colour("#262626"),
    on_action=_BLACK,
    off=_colour("#262626"),
    on_off=_colour("#C8C8C8"),
    scrim=(0.0, 0.0, 0.0, 0.85),
    good=_on_black("#5BE49B"),
    caution=_on_black("#FFD400"),
    stop=_on_black("#FF9B93"),
    unsaid=_on_black("#C9CCF0"),
    calm=Tone(_WHITE, _BLACK, _YELLOW, _BLACK),
    busy=Tone(_WHITE, _BLACK, _WHITE, _BLACK),
)
"""White on black, actions yellow with black text: for people who see little."""


@dataclass(frozen=True, slots=True)
class Type:
    """The type scale, px."""

    display: float
    title: float
    lead: float
    body: float
    label: float
    small: float


@dataclass(frozen=True, slots=True)
class Space:
    """Distances, px.

    Attributes:
        margin: from the window's sides.
        gap: between cards and between buttons.
        inset: inside a card, from its sides.
        line: half of the air between two lines of a card.
        radius: of cards and buttons.
        stroke: outline of a button.
        target: least height and width of anything to touch.
        button: height of a button.
        main_button: height of the filled one.
        header: height of the header.
        seal: diameter of the shape on a banner.
        card: height of a large card to press.
        picture: least height of the drawn scan picture.
    """

    margin: float
    gap: float
    inset: float
    line: float
    radius: float
    stroke: float
    target: float
    button: float
    main_button: float
    header: float
    seal: float
    card: float
    picture: float


_PORTRAIT_TYPE = Type(display=76, title=54, lead=46, body=38, label=32, small=28)
_PORTRAIT = Space(
    margin=48,
    gap=24,
    inset=48,
    line=20,
    radius=24,
    stroke=3,
    target=96,
    button=124,
    main_button=148,
    header=134,
    seal=168,
    card=212,
    picture=150,
)
_LANDSCAPE = Space(
    margin=32,
    gap=16,
    inset=28,
    line=8,
    radius=20,
    stroke=2,
    target=64,
    button=68,
    main_button=84,
    header=104,
    seal=104,
    card=150,
    picture=60,
)


def type_scale(*, portrait: bool, large: bool) -> Type:
    """The type scale of a view. Landscape is two thirds of portrait."""
    factor = (1.0 if portrait else 2 / 3) * (LARGE_TEXT if large else 1.0)
    return Type(
        *(
            round(size * factor)
            for size in (
                _PORTRAIT_TYPE.display,
                _PORTRAIT_TYPE.title,
                _PORTRAIT_TYPE.lead,
                _PORTRAIT_TYPE.body,
                _PORTRAIT_TYPE.label,
                _PORTRAIT_TYPE.small,
            )
        )
    )


def spacing(*, portrait: bool) -> Space:
    """The distances of an orientation."""
    return _PORTRAIT if portrait else _LANDSCAPE


def ring_bands(*, portrait: bool) -> tuple[float, float]:
    """Inner and outer band of the ring around what the keypad stands on, px.

    Together they are narrower than the narrowest gap between two targets, and thicker than any
    outline of a button (WCAG 2.2, 2.4.13: at least 2 px).
    """
    return (3.0, 7.0) if portrait else (2.0, 5.0)


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
