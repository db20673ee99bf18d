"""Drawn pictures: what is in them, as plain values. `kiosk.widgets.drawing` draws them."""
