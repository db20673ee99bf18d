"""A printer engine without a line, in a time of its own."""

from dataclasses import replace

from drivers.simulated.engine import PrinterEngine
from drivers.simulated.glyphs import GlyphFont
from drivers.simulated.model import MODEL_80_MM, PrinterModel
from drivers.simulated.paper import Piece

INSTANT = replace(MODEL_80_MM, speed_mm_s=None)


class Bench:
    """An engine, what came out of it, and the time it lives in."""

    def __init__(self, model: PrinterModel, font: GlyphFont) -> None:
        self.pieces: list[Piece] = []
        self.engine = PrinterEngine(model, font, self.pieces.append)
        self.now = 100.0

    def send(self, data: bytes) -> bytes:
        """What the printer answers by now to these bytes."""
        self.engine.receive(data, self.now)
        self.engine.work(self.now)
        return self.heard()

    def heard(self) -> bytes:
        return b"".join(self.engine.answers(self.now))

    def later(self, seconds: float) -> bytes:
        """Let time pass, event by event as the device's thread does, and hear what is said."""
        end = self.now + seconds
        said = b""
        while (at := self.engine.next_event_at()) is not None and at <= end:
            self.now = max(self.now, at)
            self.engine.work(self.now)
            said += self.heard()
        self.now = end
        self.engine.work(end)
        return said + self.heard()

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)
