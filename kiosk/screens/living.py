"""How much the screen's process holds: for soaks, which look for what grows.

Counted after a full collection, so that only what is still reachable is counted. Takes some
hundred milliseconds of the screen's thread, and is served beside the widget tree only.
"""

import gc
from pathlib import Path

import msgspec
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget


class Living(msgspec.Struct, frozen=True):
    """What is alive.

    Attributes:
        widgets, textures: objects, after a full collection.
        garbage: objects that only that collection freed.
        resident_kib: memory of the process before it, KiB.
    """

    widgets: int
    textures: int
    garbage: int
    resident_kib: int


def living() -> Living:
    """Count. Call it in the screen's thread."""
    resident_kib = _resident_kib()
    garbage = gc.collect()
    # By type: `isinstance` would ask weak proxies, some of which stand for nothing any more.
    kinds = [type(one) for one in gc.get_objects()]
    return Living(
        widgets=sum(issubclass(kind, Widget) for kind in kinds),
        textures=sum(issubclass(kind, Texture) for kind in kinds),
        garbage=garbage,
        resident_kib=resident_kib,
    )


def _resident_kib() -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("the kernel does not say VmRSS")
