"""A scan by a scanner in keyboard mode reaches the visit: evdev, driver, daemon, socket."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from umockdev_kit import UMOCKDEV, run, typed_at

from kiosk.fonts import fonts_dir

pytestmark = pytest.mark.skipif(UMOCKDEV is None, reason="umockdev is not installed")

CODE = "01,32,,26112000000000000018,106.00,20261123,,A1B2"
KEYS = dict(zip("1234567890", range(2, 12), strict=True)) | {",": 51, ".": 52, "A": 30, "B": 48}
LEFT_SHIFT, ENTER = 42, 28

# A process of its own, because umockdev is loaded before the program.
DAEMON = """
import asyncio, json, sys
from pathlib import Path
import msgspec
from config.load import load
from kiosk import messages as m
from kiosk.clock import SystemClock
from kiosk.daemon.container import Daemon

async def main(folder):
    daemon = Daemon(load([folder / "terminal.toml"]), SystemClock())
    await daemon.start(folder / "daemon.sock")
    reader, writer = await asyncio.open_unix_connection(folder / "daemon.sock", limit=1 << 20)
    writer.write(msgspec.json.encode(m.Hello(m.Role.SCREEN, m.PROTOCOL_VERSION)) + b"\\n")
    seen, asked = [], None
    async with asyncio.timeout(60):
        while not {"verdict", "keep_failed"} & set(seen):
            show = msgspec.json.decode(await reader.readline(), type=m.FromDaemon)
            seen.append(show.situation.__struct_config__.tag)
            if isinstance(show.situation, m.Checking | m.VerdictShown):
                asked = show.situation.reference
    writer.close()
    await daemon.close()
    print(json.dumps({"seen": seen, "number": asked.number, "amount": str(asked.amount)}))

asyncio.run(main(Path(sys.argv[1])))
"""


def typing(text: str) -> list[tuple[int, int]]:
    strokes: list[tuple[int, int]] = []
    for character in text:
        shift = character.isalpha()
        strokes += [(LEFT_SHIFT, 1)] * shift
        strokes += [(KEYS[character], 1), (KEYS[character], 0)]
        strokes += [(LEFT_SHIFT, 0)] * shift
    return [*strokes, (ENTER, 1), (ENTER, 0)]


def test_a_code_that_a_keyboard_scanner_types_is_checked(tmp_path: Path) -> None:
    (tmp_path / "terminal.toml").write_text(
        f'[paths]\nstate_dir = "{tmp_path}/state"\nfonts_dir = "{fonts_dir()}"\n'
        '[scanner]\naddress = "hid:/dev/input/event5"\n'
        '[service]\nurl = "https://127.0.0.1:9"\n'
    )
    said = run(typed_at(tmp_path, typing(CODE)), DAEMON, str(tmp_path))
    assert isinstance(said, Mapping)
    assert said["number"] == "26112000000000000018"
    assert said["amount"] == "106.00"
    assert said["seen"][-1] == "verdict"  # with a ticket: there is no service here
