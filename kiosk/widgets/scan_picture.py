"""The drawn picture: where the code is on the invoice, and where the scan window is."""

from kivy.properties import ColorProperty, NumericProperty
from kivy.uix.widget import Widget

from kiosk.widgets.kv import load_kv


class ScanPicture(Widget):
    """An invoice with its QR code at the top left, in the corners of a scanner's view.

    Attributes:
        ink: colour of paper and corners.
        ground: colour of what is printed on the paper.
    """

    ink = ColorProperty()
    ground = ColorProperty()
    u = NumericProperty(1)
    """One unit of the drawing, px."""
    left = NumericProperty(0)
    low = NumericProperty(0)


load_kv(__file__)
