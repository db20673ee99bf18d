"""Touches an X display and sees single pixels of it, without starting a process for either."""

import ctypes
import time
from ctypes import c_char_p, c_int, c_uint, c_ulong, c_void_p

_Z_PIXMAP = 2
_ALL_PLANES = 2**32 - 1
_LEFT = 1


class Eyes:
    """One connection to a display.

    Args:
        display: its name, ":1".

    Raises:
        OSError: libX11 or libXtst is missing, or there is no such display.
    """

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x.XOpenDisplay.restype = c_void_p
        self._x.XOpenDisplay.argtypes = [c_char_p]
        self._x.XDefaultRootWindow.restype = c_ulong
        self._x.XDefaultRootWindow.argtypes = [c_void_p]
        self._x.XGetImage.restype = c_void_p
        self._x.XGetImage.argtypes = [
            *(c_void_p, c_ulong, c_int, c_int, c_uint, c_uint),
            *(c_ulong, c_int),
        ]
        self._x.XGetPixel.restype = c_ulong
        self._x.XGetPixel.argtypes = [c_void_p, c_int, c_int]
        self._x.XDestroyImage.argtypes = [c_void_p]
        self._x.XFlush.argtypes = [c_void_p]
        self._test.XTestFakeMotionEvent.argtypes = [c_void_p, c_int, c_int, c_int, c_ulong]
        self._test.XTestFakeButtonEvent.argtypes = [c_void_p, c_uint, c_int, c_ulong]
        self._display = self._x.XOpenDisplay(display.encode())
        if not self._display:
            raise OSError(f"no display {display}")
        self._root = self._x.XDefaultRootWindow(self._display)

    def pixel(self, x: int, y: int) -> int:
        """Its colour as 0xRRGGBB; x, y in px from the top left."""
        image = self._x.XGetImage(self._display, self._root, x, y, 1, 1, _ALL_PLANES, _Z_PIXMAP)
        if not image:
            raise OSError(f"no pixel at {x},{y}")
        try:
            return int(self._x.XGetPixel(image, 0, 0))
        finally:
            self._x.XDestroyImage(image)

    def move(self, x: int, y: int) -> None:
        """Put the finger over a place."""
        self._test.XTestFakeMotionEvent(self._display, -1, x, y, 0)
        self._x.XFlush(self._display)

    def press(self) -> float:
        """Put it down; gives the moment on `time.perf_counter`, s."""
        self._test.XTestFakeButtonEvent(self._display, _LEFT, 1, 0)
        at = time.perf_counter()
        self._x.XFlush(self._display)
        return at

    def lift(self) -> None:
        """Take it away."""
        self._test.XTestFakeButtonEvent(self._display, _LEFT, 0, 0)
        self._x.XFlush(self._display)
