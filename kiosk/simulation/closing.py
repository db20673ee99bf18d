"""The request of a window manager that a window closes (ICCCM, WM_DELETE_WINDOW), by libX11."""

import ctypes

_CLIENT_MESSAGE = 33
_FORMAT_BITS = 32


class _ClientMessage(ctypes.Structure):
    """XClientMessageEvent of Xlib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 24),  # XEvent is a union of 24 longs
    )


def ask_to_close(display: str, window: int) -> None:
    """Ask a window on a display (":1") to close.

    Raises:
        OSError: libX11 is not installed, or nobody answers on the display.
    """
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    if not connection:
        raise OSError(f"no X server on {display}")
    try:
        protocols = x11.XInternAtom(connection, b"WM_PROTOCOLS", 0)
        delete = x11.XInternAtom(connection, b"WM_DELETE_WINDOW", 0)
        event = _ClientMessage(
            type=_CLIENT_MESSAGE,
            window=window,
            message_type=protocols,
            format=_FORMAT_BITS,
            data=(ctypes.c_long * 5)(delete, 0, 0, 0, 0),
        )
        x11.XSendEvent(connection, ctypes.c_ulong(window), 0, 0, ctypes.byref(event))
        x11.XSync(connection, 0)
    finally:
        x11.XCloseDisplay(connection)
