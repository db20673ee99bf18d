"""Flow control of serial lines."""

from enum import Enum


class FlowControl(Enum):
    """How a device says "stop sending"."""

    NONE = "none"
    XON_XOFF = "xonxoff"
    RTS_CTS = "rtscts"
