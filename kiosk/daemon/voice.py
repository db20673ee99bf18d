"""读屏: reads aloud what the screen says, through the sound device of the settings; and rings.

Speech is made by eSpeak NG and played by a player, each a process of its own that is killed
when the person touches the screen: nothing of it runs in the daemon. Nothing that is read is
logged or kept.
"""

import asyncio
import io
import logging
import wave
from collections.abc import Callable, Sequence

from config.device_sections import Voice as VoiceSettings
from kiosk.logs import fact
from kiosk.text.catalogue import Language
from kiosk.text.spoken import spoken

_log = logging.getLogger(__name__)

SPEECH = "espeak-ng"
VOICES = {
    # "cmn" of Debian 12 turns characters into pinyin and then reads the pinyin as English.
    Language.CHINESE: "cmn-latn-pinyin",
    Language.ENGLISH: "en-us",
}
AMPLITUDES = {1: 50, 2: 100, 3: 190}
"""eSpeak NG's amplitude (0 to 200) for each volume."""
LOOK_EVERY_S = 60.0
"""Where nothing is heard, a headset may be plugged in later."""
TRY_WITHIN_S = 10.0
_PROBE_S = 0.05
_NONE = "none is set up"


class NoSpeech(RuntimeError):
    """The speech program is missing or made nothing."""


class Voice:
    """Says one thing at a time.

    Args:
        settings: devices in their order of preference, and the speed.
        on_state: told whether anything can be heard, at each change.

    Attributes:
        word: where it is heard, or why it is not, in a technician's words.
    """

    def __init__(self, settings: VoiceSettings, *, on_state: Callable[[bool], None]) -> None:
        self._settings = settings
        self._on_state = on_state
        self._device: str | None = None
        self._saying: asyncio.Task[None] | None = None
        self._ringing: asyncio.Task[None] | None = None
        self.word = _NONE if not settings.devices else "not tried yet"

    @property
    def can_speak(self) -> bool:
        """Whether a device answered."""
        return self._device is not None

    async def watch(self) -> None:
        """Look for a device that answers, again and again while there is none."""
        if not self._settings.devices:
            await asyncio.Event().wait()
        while True:
            if not self.can_speak:
                await self._look()
            await asyncio.sleep(LOOK_EVERY_S)

    def say(self, text: str, language: str, volume: int) -> None:
        """Read a text in place of what is being read; nothing where nothing is heard."""
        if self.can_speak:
            before = self._saying
            self._saying = asyncio.create_task(
                self._say(before, text, Language(language), volume), name="voice"
            )
            self._saying.add_done_callback(self._said)

    def ring(self, wav: bytes) -> None:
        """Play a sound, unless something is being read; nothing where nothing is heard."""
        if self.can_speak and (self._saying is None or self._saying.done()):
            self._ringing = asyncio.create_task(self._ring(self._ringing, wav), name="chime")

    def hush(self) -> None:
        """Stop reading. A sound that rings is short, and rings to its end."""
        if self._saying is not None:
            self._saying.cancel()

    async def close(self) -> None:
        """Stop reading, and wait until the processes are gone."""
        await _ended(self._saying)
        await _ended(self._ringing)

    def _said(self, task: asyncio.Task[None]) -> None:
        # A task that was cancelled holds where it was, and with that the text.
        if self._saying is task:
            self._saying = None

    async def _look(self) -> None:
        wav = silence(_PROBE_S)
        for device in self._settings.devices.split():
            try:
                async with asyncio.timeout(TRY_WITHIN_S):
                    # A speech program that is missing is as bad as a missing loudspeaker.
                    await speech("1", Language.ENGLISH, 1, self._settings.words_per_minute)
                    answers = await _play(device, wav) == 0
            except NoSpeech as error:
                self._found(None, str(error))
                return
            except (OSError, TimeoutError) as error:
                fact(_log, "voice.no_player", device=device, why=type(error).__name__)
                continue
            if answers:
                self._found(device, device)
                return
        self._found(None, f"no sound device answers: {self._settings.devices}")

    def _found(self, device: str | None, word: str) -> None:
        if word != self.word:
            fact(_log, "voice.changed", word=word)
        changed = (device is None) is not (self._device is None)
        self._device, self.word = device, word
        if changed:
            self._on_state(self.can_speak)

    async def _say(
        self, before: asyncio.Task[None] | None, text: str, language: Language, volume: int
    ) -> None:
        await _ended(before)
        await _ended(self._ringing)
        if not self.can_speak:
            return
        try:
            wav = await speech(text, language, volume, self._settings.words_per_minute)
        except NoSpeech as error:
            self._found(None, str(error))
        else:
            await self._sound(wav)

    async def _ring(self, before: asyncio.Task[None] | None, wav: bytes) -> None:
        await _ended(before)
        await self._sound(wav)

    async def _sound(self, wav: bytes) -> None:
        device = self._device
        if device is None:
            return
        try:
            if await _play(device, wav) != 0:
                self._found(None, f"{device} does not play any more")
        except OSError as error:
            self._found(None, f"{device}: {type(error).__name__}")


async def speech(text: str, language: Language, volume: int, words_per_minute: int) -> bytes:
    """A text as a WAV file.

    Raises:
        NoSpeech: the program is missing, or made nothing.
    """
    command = (
        *(SPEECH, "-v", VOICES[language], "-s", str(words_per_minute)),
        *("-a", str(AMPLITUDES.get(volume, AMPLITUDES[2])), "-b", "1", "--stdin", "--stdout"),
    )
    try:
        code, made = await _run(command, spoken(text, language).encode())
    except FileNotFoundError as error:
        raise NoSpeech(f"{SPEECH} is not installed") from error
    if code != 0 or len(made) <= _WAV_HEAD:
        raise NoSpeech(f"{SPEECH} made nothing (exit code {code})")
    return _with_lengths(made)


def silence(seconds: float) -> bytes:
    """A WAV file in which nothing is heard."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(22050)
        writer.writeframes(b"\0\0" * round(22050 * seconds))
    return file.getvalue()


_WAV_HEAD = 44


def _with_lengths(streamed: bytes) -> bytes:
    """A streamed WAV file with its true lengths: eSpeak NG writes the largest there are."""
    sizes = (
        (len(streamed) - 8).to_bytes(4, "little"),
        (len(streamed) - _WAV_HEAD).to_bytes(4, "little"),
    )
    return streamed[:4] + sizes[0] + streamed[8:40] + sizes[1] + streamed[_WAV_HEAD:]


async def _play(device: str, wav: bytes) -> int:
    """Play a WAV file to its end; the player's exit code.

    Raises:
        OSError: the player cannot be started.
    """
    kind, _, name = device.partition(":")
    command = ("aplay", "-q", "-D", name, "-") if kind == "alsa" else (name,)
    code, _said = await _run(command, wav)
    return code


async def _run(command: Sequence[str], given: bytes) -> tuple[int, bytes]:
    """Run a program to its end; it is killed when this is cancelled."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        made, _ = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, made


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
