"""What everything looks like: colours, the type scale and distances, as named tokens.

The only place with colour values and sizes. Two orientations (portrait 1080×1920 and
landscape 1280×800) and two text sizes; landscape type is two thirds of portrait type.
"""

from dataclasses import dataclass

Colour = tuple[float, float, float, float]

LARGE_TEXT = 1.35
"""The 大字 view against the normal one."""

MIN_CONTRAST = 4.5
"""Text against its ground (WCAG 2.2, 1.4.3)."""

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


INK = _colour("#0F1B2D")
INK_SOFT = _colour("#44546A")
LINE = _colour("#D5DDE8")
GROUND = _colour("#F3F6FA")
CARD = _colour("#FFFFFF")
ACTION = _colour("#0B57D0")
ACTION_PRESSED = _colour("#083E96")
ACTION_SOFT = _colour("#E7EFFD")
ON_ACTION = _colour("#FFFFFF")
OFF = _colour("#DDE3EC")
ON_OFF = _colour("#56637A")
SCRIM: Colour = (*_colour("#0F1B2D")[:3], 0.62)

GOOD = Tone(_colour("#0A6B3B"), _colour("#E6F4EC"), _colour("#0A6B3B"), CARD)
CAUTION = Tone(_colour("#8A5300"), _colour("#FFF4E0"), _colour("#8A5300"), CARD)
STOP = Tone(_colour("#B3261E"), _colour("#FDECEA"), _colour("#B3261E"), CARD)
UNSAID = Tone(_colour("#4A4E69"), _colour("#ECEDF5"), _colour("#4A4E69"), CARD)
CALM = Tone(INK, CARD, ACTION_SOFT, ACTION)
BUSY = Tone(ON_ACTION, ACTION, ON_ACTION, ACTION)

TEXT_ON_GROUND: dict[str, tuple[Colour, Colour]] = {
    "ink on ground": (INK, GROUND),
    "ink on card": (INK, CARD),
    "soft ink on ground": (INK_SOFT, GROUND),
    "soft ink on card": (INK_SOFT, CARD),
    "action on ground": (ACTION, GROUND),
    "action on card": (ACTION, CARD),
    "action on pressed card": (ACTION_PRESSED, ACTION_SOFT),
    "button": (ON_ACTION, ACTION),
    "button pressed": (ON_ACTION, ACTION_PRESSED),
    "button that cannot be pressed": (ON_OFF, OFF),
    "good": (GOOD.ink, GOOD.ground),
    "caution": (CAUTION.ink, CAUTION.ground),
    "stop": (STOP.ink, STOP.ground),
    "unsaid": (UNSAID.ink, UNSAID.ground),
    "busy": (BUSY.ink, BUSY.ground),
}
"""Every pair of text and ground in use, for the contrast test."""


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


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
