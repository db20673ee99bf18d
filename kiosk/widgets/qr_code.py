"""A QR code on the screen, for a phone: always black on white, with the quiet zone it needs."""

import qrcode
from kivy.graphics import Color, Rectangle
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

QUIET_MODULES = 4
"""Of white around it (ISO/IEC 18004, 6.3.8)."""


class QrCode(Widget):
    """Draws `text`; nothing for ""."""

    text = StringProperty("")

    def on_kv_post(self, base_widget: object) -> None:
        """Draw once the place is known, and again when it changes."""
        for name in ("pos", "size", "text"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        canvas = self.canvas
        if canvas is None:
            return
        canvas.clear()
        if not self.text:
            return
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_MODULES)
        code.add_data(self.text)
        code.make(fit=True)
        rows = code.get_matrix()
        module = int(min(self.size) / len(rows))
        left = self.center_x - module * len(rows) / 2
        top = self.center_y + module * len(rows) / 2
        with canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=(left, top - module * len(rows)), size=(module * len(rows),) * 2)
            Color(0, 0, 0, 1)
            for down, row in enumerate(rows):
                for across, is_dark in enumerate(row):
                    if is_dark:
                        at = (left + across * module, top - (down + 1) * module)
                        Rectangle(pos=at, size=(module, module))
