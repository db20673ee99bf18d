"""What the daemon and the screen say to each other about guides; part of `kiosk.messages`."""

import msgspec

from kiosk.guides import Guide


class _Base(msgspec.Struct, frozen=True, omit_defaults=True):
    pass


class GuideShown(_Base, frozen=True, tag="guide"):
    """One step of a picture guide, counted from 1."""

    guide: Guide
    step: int = 1


class OpenGuide(_Base, frozen=True, tag="open_guide"):
    """Show a task in pictures."""

    turn: int
    guide: Guide


class TurnGuide(_Base, frozen=True, tag="turn_guide"):
    """上一步 and 下一步: show this step."""

    turn: int
    step: int


GuideSituation = GuideShown
GuideIntent = OpenGuide | TurnGuide
