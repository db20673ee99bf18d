"""Reading aloud: what was really handed to the sound device, by real processes."""

import asyncio
import gc
import io
import time
import wave
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from config.device_sections import Voice as VoiceSettings
from kiosk.daemon.voice import Voice, silence, speech
from kiosk.text.catalogue import Language

PLAYER = """#!/bin/sh
# A loudspeaker that keeps what it was given, each sound in a file of its own.
file="$(mktemp {folder}/sound-XXXXXX)"
cat > "$file"
mv "$file" "$file.wav"
{then}
"""


def player(folder: Path, name: str = "player", then: str = "exit 0") -> str:
    file = folder / name
    file.write_text(PLAYER.format(folder=folder, then=then))
    file.chmod(0o700)
    return f"program:{file}"


def seconds(wav: bytes) -> float:
    with wave.open(io.BytesIO(wav)) as reader:
        assert reader.getsampwidth() == 2
        return reader.getnframes() / reader.getframerate()


def played(folder: Path) -> list[bytes]:
    """The sounds so far, without those that only tried the device."""
    sounds = sorted(folder.glob("*.wav"), key=lambda file: file.stat().st_mtime_ns)
    return [data for file in sounds if seconds(data := file.read_bytes()) > 0.1]


async def until(condition: Callable[[], bool], what: str, within_s: float = 60) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, what
        await asyncio.sleep(0.02)


class Heard:
    """A voice, watched."""

    def __init__(self, devices: str) -> None:
        self.states: list[bool] = []
        self.voice = Voice(VoiceSettings(devices=devices), on_state=self.states.append)
        self._watch = asyncio.create_task(self.voice.watch())

    async def tried(self) -> "Heard":
        await until(lambda: self.voice.word != "not tried yet", "the device was tried")
        return self

    async def close(self) -> None:
        self._watch.cancel()
        await self.voice.close()


async def test_what_is_said_reaches_the_device(tmp_path: Path) -> None:
    heard = await Heard(player(tmp_path)).tried()
    assert heard.states == [True]
    heard.voice.say("查到了，信息一致。这张发票状态正常。", "zh", 2)
    await until(lambda: len(played(tmp_path)) == 1, "one sound")
    await heard.close()
    expected = await speech("查到了，信息一致。这张发票状态正常。", Language.CHINESE, 2, 140)
    assert played(tmp_path) == [expected]


async def test_speech_is_a_well_formed_wav_that_is_not_silent() -> None:
    short = await speech("查到了。", Language.CHINESE, 2, 140)
    long = await speech("暂时没有查到这张发票。查不到不等于是假发票。", Language.CHINESE, 2, 140)
    assert 0.3 < seconds(short) < 5
    assert seconds(long) > 2 * seconds(short)
    with wave.open(io.BytesIO(short)) as reader:
        samples = memoryview(reader.readframes(reader.getnframes())).cast("h")
    assert max(abs(sample) for sample in samples) > 2000


async def test_a_louder_voice_is_louder() -> None:
    def loudest(wav: bytes) -> int:
        with wave.open(io.BytesIO(wav)) as reader:
            samples = memoryview(reader.readframes(reader.getnframes())).cast("h")
        return max(abs(sample) for sample in samples)

    volumes = [loudest(await speech("你好", Language.CHINESE, volume, 140)) for volume in (1, 2, 3)]
    assert volumes == sorted(set(volumes))


async def test_a_touch_stops_it_and_the_next_sentence_is_heard(tmp_path: Path) -> None:
    heard = await Heard(player(tmp_path)).tried()
    hangs = f'echo "$$" > {tmp_path}/pid.new; mv {tmp_path}/pid.new {tmp_path}/pid; exec sleep 600'
    player(tmp_path, then=hangs)
    heard.voice.say("第一句", "zh", 2)
    await until((tmp_path / "pid").exists, "the player began")
    player(tmp_path)
    heard.voice.hush()
    pid = int((tmp_path / "pid").read_text())
    await until(lambda: not Path(f"/proc/{pid}").exists(), "the player is gone")
    heard.voice.say("第二句", "zh", 2)
    await until(lambda: len(played(tmp_path)) == 2, "the second sentence")
    await heard.close()
    assert heard.states == [True]


async def test_nothing_of_a_sentence_that_was_stopped_is_held(tmp_path: Path) -> None:
    class Sentence(str):
        """A text that says when it is gone."""

    heard = await Heard(player(tmp_path)).tried()
    player(tmp_path, then=f"touch {tmp_path}/began; exec sleep 600")
    sentence = Sentence("价税合计一百零六元")
    gone = weakref.ref(sentence)
    heard.voice.say(sentence, "zh", 2)
    del sentence
    await until((tmp_path / "began").exists, "the player began")
    assert gone() is not None
    heard.voice.hush()

    def is_gone() -> bool:
        gc.collect()
        return gone() is None

    await until(is_gone, "the sentence is gone", within_s=10)
    await heard.close()


async def test_a_new_sentence_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    heard = await Heard(player(tmp_path)).tried()
    player(tmp_path, then=f"touch {tmp_path}/began; exec sleep 600")
    heard.voice.say("第一句", "zh", 2)
    await until((tmp_path / "began").exists, "the player began")
    player(tmp_path)
    heard.voice.say("第二句", "zh", 2)
    await until(lambda: len(played(tmp_path)) == 2, "the second sentence")
    await heard.close()


async def test_a_device_that_is_not_there_is_said_and_nothing_is_offered(tmp_path: Path) -> None:
    heard = await Heard(player(tmp_path, then="exit 1")).tried()
    assert heard.voice.word.startswith("no sound device answers")
    heard.voice.say("你好", "zh", 2)
    await heard.close()
    assert heard.states == []
    assert played(tmp_path) == []


async def test_the_first_device_that_answers_is_used(tmp_path: Path) -> None:
    gone = player(tmp_path, "gone", then="exit 1")
    there = player(tmp_path, "there")
    heard = await Heard(f"program:/nowhere/player {gone} {there}").tried()
    assert heard.voice.word == there
    await heard.close()


async def test_a_device_that_fails_later_is_offered_no_more(tmp_path: Path) -> None:
    heard = await Heard(player(tmp_path)).tried()
    player(tmp_path, then="exit 1")
    heard.voice.say("你好", "zh", 2)
    await until(lambda: heard.states == [True, False], "the loss was told")
    await heard.close()


async def test_without_a_device_in_the_settings_nothing_is_tried() -> None:
    heard = Heard("")
    await asyncio.sleep(0)
    assert heard.voice.word == "none is set up"
    assert heard.states == []
    await heard.close()


def test_silence_has_its_length() -> None:
    assert seconds(silence(0.5)) == pytest.approx(0.5)
