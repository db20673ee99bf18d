"""The sound of the idle warning: when it rings, and what was really handed to the player."""

import io
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest
from test_voice import Heard, played, player, until
from visit_kit import Hall

from kiosk import messages as m
from kiosk.daemon.chime import WarningSound, chime


class Bell:
    """Follows a visit as the daemon does; `rings` is what it was given."""

    def __init__(self, volume: int = 2) -> None:
        self.hall = Hall()
        self.rings: list[bytes] = []
        self._sound = WarningSound(volume, self.rings.append)
        self._seen = 0

    def pass_seconds(self, seconds: int) -> None:
        self.hall.pass_seconds(seconds)
        for show in self.hall.shows[self._seen :]:
            self._sound.follow(show)
        self._seen = len(self.hall.shows)


async def test_it_rings_once_for_each_warning_and_not_for_each_second() -> None:
    bell = Bell()
    await bell.hall.scan()
    bell.pass_seconds(59)
    assert bell.rings == []
    bell.pass_seconds(30)
    assert bell.rings == [chime(2)]
    bell.hall.visit.intend(m.StillHere())
    bell.pass_seconds(70)
    assert len(bell.rings) == 2


async def test_it_is_silent_where_the_hall_wants_no_sound() -> None:
    bell = Bell(volume=0)
    await bell.hall.scan()
    bell.pass_seconds(70)
    assert bell.hall.now.idle is not None
    assert bell.rings == []


async def test_a_warning_that_is_read_aloud_needs_no_sound_besides() -> None:
    bell = Bell()
    bell.hall.visit.voice_changed(can_speak=True)
    bell.hall.visit.intend(m.SetVoice(on=True))
    await bell.hall.scan()
    bell.pass_seconds(310)
    assert bell.hall.now.idle is not None
    assert bell.rings == []


def samples(volume: int) -> list[int]:
    with wave.open(io.BytesIO(chime(volume))) as reader:
        assert 0.3 < reader.getnframes() / reader.getframerate() < 1
        return array("h", reader.readframes(reader.getnframes())).tolist()


@pytest.mark.parametrize("volume", [1, 2, 3])
def test_it_is_short_and_does_not_click(volume: int) -> None:
    heights = samples(volume)
    highest = max(map(abs, heights))
    assert abs(heights[0]) < highest * 0.01
    assert abs(heights[-1]) < highest * 0.01
    # From one sample to the next a tone of 880 Hz moves by a quarter of its height at most.
    assert max(abs(after - before) for before, after in pairwise(heights)) < highest * 0.27


def test_a_louder_one_is_louder_and_none_is_cut_off() -> None:
    highest = [max(map(abs, samples(volume))) for volume in (1, 2, 3)]
    assert highest == sorted(set(highest))
    assert highest[0] > 1000
    assert highest[-1] < 32767


async def test_it_reaches_the_player_whole_though_the_screen_is_hushed(tmp_path: Path) -> None:
    heard = await Heard(player(tmp_path)).tried()
    heard.voice.ring(chime(2))
    heard.voice.hush()
    await until(lambda: len(played(tmp_path)) == 1, "the chime")
    await heard.close()
    assert played(tmp_path) == [chime(2)]


async def test_speech_goes_before_it(tmp_path: Path) -> None:
    heard = await Heard(player(tmp_path)).tried()
    player(tmp_path, then=f"touch {tmp_path}/began; exec sleep 600")
    heard.voice.ring(chime(2))
    await until((tmp_path / "began").exists, "the player began")
    player(tmp_path)
    heard.voice.say("你好", "zh", 2)
    heard.voice.ring(chime(2))
    await until(lambda: len(played(tmp_path)) == 2, "the sentence")
    await heard.close()
    assert [sound == chime(2) for sound in played(tmp_path)] == [True, False]


async def test_nothing_rings_where_no_device_is_set_up() -> None:
    heard = Heard("")
    heard.voice.ring(chime(2))
    await heard.close()
    assert heard.states == []
