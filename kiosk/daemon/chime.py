"""The sound of the idle warning: whoever looks away for a while hears that the visit will end."""

import io
import math
import wave
from array import array
from collections.abc import Callable

from kiosk import messages as m

RATE_HZ = 22050
TONES = ((880.0, 0.18), (659.3, 0.36))
"""One after the other: Hz, seconds. Within what ageing ears keep, and falling: no alarm."""
LOUDNESS = {1: 0.12, 2: 0.25, 3: 0.5}
"""Of full scale, for each volume."""
_EDGE_S = 0.02
"""Each tone swells and fades: without that a loudspeaker clicks."""


def chime(volume: int) -> bytes:
    """A WAV file of both tones.

    Args:
        volume: 1 to 3.
    """
    samples = array("h")
    for hertz, seconds in TONES:
        count = round(RATE_HZ * seconds)
        for n in range(count):
            edge = min(1.0, n / (RATE_HZ * _EDGE_S), (count - 1 - n) / (RATE_HZ * _EDGE_S))
            wave_at = math.sin(2 * math.pi * hertz * n / RATE_HZ)
            samples.append(round(32767 * LOUDNESS[volume] * edge * wave_at))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


class WarningSound:
    """Rings once when the warning comes; not where the warning itself is read aloud.

    Args:
        volume: 1 to 3; 0 for never.
        ring: plays a WAV file where something can be heard.
    """

    def __init__(self, volume: int, ring: Callable[[bytes], None]) -> None:
        self._wav = chime(volume) if volume else b""
        self._ring = ring
        self._is_warned = False

    def follow(self, show: m.Show) -> None:
        """What the person sees has changed."""
        came = show.idle is not None and not self._is_warned
        self._is_warned = show.idle is not None
        is_read = show.voice is not None and show.voice.on
        if came and self._wav and not is_read:
            self._ring(self._wav)
