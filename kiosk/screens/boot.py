"""Everything that must be settled before Kivy opens a window. Imports Kivy's settings only."""

import os

MAX_FPS = 30
"""An idle Kivy does not draw; this bounds what a change costs on a machine without GPU."""


def prepare_environment() -> None:
    """Settle what Kivy reads from the environment when it is first imported."""
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_CONFIG", "1")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")
    # Kivy's own mode replaces sys.stderr, and faulthandler needs the true one.
    os.environ.setdefault("KIVY_LOG_MODE", "PYTHON")
    os.environ.setdefault("KIVY_CLIPBOARD", "dummy")
    os.environ.setdefault("KIVY_DPI", "96")
    os.environ.setdefault("KIVY_METRICS_DENSITY", "1")
    # Without this a lost X server makes SDL go on invisibly.
    os.environ.setdefault("SDL_VIDEODRIVER", "x11")


def configure(size_px: tuple[int, int], *, fullscreen: bool, max_fps: int = MAX_FPS) -> None:
    """Settle Kivy's configuration: no way out by key, no second finger, no inspector.

    Args:
        size_px: width and height. Without a window manager this must be the screen's own
            size: Kivy's `fullscreen` would then believe in a size that the window has not.
        fullscreen: borderless and without a pointer.
        max_fps: 0 for tests, which drive the loop themselves.
    """
    from kivy.config import Config

    settings = {
        "kivy": {"exit_on_escape": "0", "desktop": "0", "pause_on_minimize": "0"},
        "graphics": {
            "width": str(size_px[0]),
            "height": str(size_px[1]),
            "maxfps": str(max_fps),
            "vsync": "0",
            "multisamples": "0",
            "fullscreen": "0",
            "borderless": "1" if fullscreen else "0",
            "resizable": "0",
            "show_cursor": "0" if fullscreen else "1",
        },
        "input": {"mouse": "mouse,disable_multitouch"},
    }
    for section, values in settings.items():
        for name, value in values.items():
            Config.set(section, name, value)
    # The default extra provider reads the touch panel a second time: double touches.
    Config.remove_option("input", "%(name)s")
    for name, _ in Config.items("modules"):
        Config.remove_option("modules", name)
