"""The idle warning of a whole daemon is heard through the player of the settings."""

from pathlib import Path

from daemon_kit import whole

from kiosk import messages as m
from kiosk.daemon.chime import chime

PLAYER = """#!/bin/sh
file="$(mktemp {folder}/sound-XXXXXX)"
cat > "$file"
mv "$file" "$file.wav"
"""
VOICE = """[voice]
devices = "program:{player}"
warning_volume = 3
"""


async def test_the_warning_is_heard_once(tmp_path: Path) -> None:
    player = tmp_path / "player"
    player.write_text(PLAYER.format(folder=tmp_path))
    player.chmod(0o700)
    async with whole(tmp_path / "terminal", text=VOICE.format(player=player)) as terminal:
        await terminal.start()
        await terminal.until(
            lambda: bool(terminal.shows) and terminal.shows[-1].voice is not None, "it is heard"
        )
        await terminal.send(m.OpenHelp(terminal.shows[-1].turn, "use"))
        await terminal.until(lambda: terminal.situation == "help", "help")
        terminal.clock.waited_s += 130

        def heard() -> list[bytes]:
            return [
                data for file in tmp_path.glob("*.wav") if (data := file.read_bytes()) == chime(3)
            ]

        await terminal.until(lambda: terminal.shows[-1].idle is not None, "the warning")
        await terminal.until(lambda: len(heard()) == 1, "the chime")
        left = terminal.shows[-1].idle
        await terminal.until(lambda: terminal.shows[-1].idle != left, "the next second")
        assert len(heard()) == 1
