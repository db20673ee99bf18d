"""Pages of staff for the screen itself: touch test, cleaning lock, brightness."""

from typing import Annotated

import msgspec

from kiosk.admin_base import Base, Page

SCREEN, TOUCH = "admin_screen", "admin_touch"


class TouchResult(Base, frozen=True):
    """What a touch test found: the fields that did not answer, counted from 0, row by row."""

    columns: int
    rows: int
    dead: tuple[int, ...] = ()


class ScreenPage(Page, frozen=True, kw_only=True, tag=SCREEN):
    """The screen.

    Attributes:
        brightness: percent; None where it cannot be set, and `dark` says why.
        dark: key under [admin.screen].
        touch: the newest test of this session; None before the first.
    """

    brightness: int | None = None
    dark: str = ""
    touch: TouchResult | None = None


class TouchPage(Page, frozen=True, kw_only=True, tag=TOUCH):
    """The whole window in fields, each of which marks when it is touched.

    Attributes:
        quiet_s: seconds without a new field after which the test ends.
    """

    columns: int
    rows: int
    quiet_s: int


ScreenPages = ScreenPage | TouchPage


class BeginTouchTest(Base, frozen=True, tag="begin_touch_test"):
    """Test the touch panel."""

    turn: int


class FieldTouched(Base, frozen=True, tag="field_touched"):
    """A field answered for the first time."""

    field: Annotated[int, msgspec.Meta(ge=0, le=999)]


class SetBrightness(Base, frozen=True, tag="set_brightness"):
    """So many percent."""

    turn: int
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)]


ScreenIntent = BeginTouchTest | FieldTouched | SetBrightness
