"""The least that Kivy can show: one window and one button that changes its colour when touched.

usage: python benches/bare_window.py WIDTH HEIGHT LEFT TOP BUTTON_WIDTH BUTTON_HEIGHT   (px)
"""

import os
import sys

os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_CONSOLELOG="1")

from kivy.config import Config

WIDTH, HEIGHT, LEFT, TOP, BUTTON_WIDTH, BUTTON_HEIGHT = (int(part) for part in sys.argv[1:])
for name, value in (("width", WIDTH), ("height", HEIGHT), ("borderless", 1), ("multisamples", 0)):
    Config.set("graphics", name, str(value))
Config.set("graphics", "position", "custom")
Config.set("graphics", "left", "0")
Config.set("graphics", "top", "0")

from kivy.app import App  # noqa: E402 # after its settings
from kivy.uix.button import Button  # noqa: E402
from kivy.uix.floatlayout import FloatLayout  # noqa: E402


class BareApp(App):
    """Nothing else."""

    def build(self) -> FloatLayout:
        """One button, where the page that it is compared with has one."""
        layout = FloatLayout()
        button = Button(
            text="touch",
            background_normal="",
            background_down="",
            color=(0, 0, 0, 1),
            size_hint=(None, None),
            size=(BUTTON_WIDTH, BUTTON_HEIGHT),
            pos=(LEFT, HEIGHT - TOP - BUTTON_HEIGHT),
        )
        button.bind(state=_paint)
        layout.add_widget(button)
        return layout


def _paint(button: Button, state: str) -> None:
    button.background_color = (0.7, 0.8, 1, 1) if state == "down" else (1, 1, 1, 1)


BareApp().run()
