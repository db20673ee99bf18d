"""Where the tactile keypad stands among the things that can be pressed.

Knows names and order only, no widgets. Each layer (the screen, or what lies over it) has a place
of its own, so that an explanation that is closed leads back to where one was.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be pressed.

    Attributes:
        tid: its stable name, unique in its layer.
        is_main: the layer's main action.
    """

    tid: str
    is_main: bool = False


class Focus:
    """The place in each layer. What is not there any more gives way to the main action."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def forget(self) -> None:
        """Another screen: begin at its main action."""
        self._places.clear()

    def index(self, layer: str, targets: Sequence[Target]) -> int | None:
        """Which target it stands on; None where there is none."""
        if not targets:
            return None
        names = [target.tid for target in targets]
        place = self._places.get(layer, "")
        return names.index(place) if place in names else _main(targets)

    def stands(self, layer: str, targets: Sequence[Target]) -> bool:
        """Whether it stands where it was put, and nothing gave way."""
        return self._places.get(layer, "") in {target.tid for target in targets}

    def put(self, layer: str, targets: Sequence[Target]) -> int | None:
        """Stand on what `index` says, and stay there."""
        index = self.index(layer, targets)
        if index is not None:
            self._places[layer] = targets[index].tid
        return index

    def step(self, layer: str, targets: Sequence[Target], by: int) -> int | None:
        """One on (1) or back (-1); after the last comes the first."""
        index = self.index(layer, targets)
        if index is None:
            return None
        index = (index + by) % len(targets)
        self._places[layer] = targets[index].tid
        return index


def _main(targets: Sequence[Target]) -> int:
    return next((at for at, target in enumerate(targets) if target.is_main), 0)
