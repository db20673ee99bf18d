"""The corner that staff hold to sign in: nothing is drawn there."""

from dataclasses import dataclass

SIDE_SHARE = 0.14
"""Of the window's shorter side: a palm at the edge covers less, a finger finds it blind."""


@dataclass(frozen=True, slots=True)
class Corner:
    """Where, and for how long.

    Attributes:
        place: "top_left", "top_right", "bottom_left", "bottom_right", or "none".
        hold_s: seconds.
    """

    place: str = "top_left"
    hold_s: float = 5.0

    def has(self, x: float, y: float, size_px: tuple[int, int]) -> bool:
        """Whether a point lies in it.

        Args:
            x: px from the left.
            y: px from the bottom.
            size_px: width and height of the window.
        """
        if self.place == "none":
            return False
        width, height = size_px
        side = SIDE_SHARE * min(size_px)
        across = x <= side if self.place.endswith("left") else x >= width - side
        return across and (y >= height - side if self.place.startswith("top") else y <= side)
