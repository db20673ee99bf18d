"""Starts a whole terminal as a user does, on a display of its own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from whole_terminal import Loop, WholeTerminal

from kiosk.simulation.demo import DemoTerminal, Ports
from kiosk.simulation.display import virtual_display

LOUDSPEAKER = """#!/bin/sh
file="$(mktemp {folder}/sound-XXXXXX)"
cat > "$file"
mv "$file" "$file.wav"
"""
"""A player that keeps what it is given, each sound in a file of its own."""


def loudspeaker(folder: Path) -> str:
    folder.mkdir()
    player = folder / "player"
    player.write_text(LOUDSPEAKER.format(folder=folder))
    player.chmod(0o700)
    return f"program:{player}"


@contextmanager
def whole_terminal(
    folder: Path,
    size_px: tuple[int, int] = (1080, 1920),
    paper_mm: int = 80,
    *,
    settings: Mapping[str, Mapping[str, object]] | None = None,
    central_options: Sequence[str] = ("--sandbox",),
) -> Iterator[WholeTerminal]:
    """Everything, with real processes; limits of the link shortened so that tests need not wait."""
    loop = Loop()
    with virtual_display(*size_px) as display:
        demo = DemoTerminal(
            folder / "state",
            folder / "slips",
            size_px,
            paper_mm,
            settings={
                "service": {"probe_up_s": 1.0, "probe_down_s": 1.0},
                "staff": {"hold_s": 2.0},
                "voice": {"devices": loudspeaker(folder / "sounds")},
                **(settings or {}),
            },
            central_options=central_options,
            ports=Ports.any(),
            environment={"DISPLAY": display, "SDL_VIDEODRIVER": "x11"},
        )
        try:
            loop.run(demo.start())
            yield WholeTerminal(demo, display, folder / "sounds")
        finally:
            loop.run(demo.stop())
            loop.close()
