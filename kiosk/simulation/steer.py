"""Presses the steering panel's buttons from a program."""

import urllib.request
from pathlib import Path

import msgspec

from central.sandbox.link import LinkMode
from central.sandbox.misbehave import Misbehaviour
from drivers.simulated import steering
from kiosk.simulation.panel import OfferedScan, PanelState, SetLink

ANSWER_WITHIN_S = 10.0


class Steer:
    """The panel at one address (`http://127.0.0.1:port`)."""

    def __init__(self, url: str) -> None:
        self._url = url

    def scan(self, text: str) -> None:
        """Hold up a code."""
        self.order(steering.Scan(data=text.encode()))

    def order(self, order: steering.Order) -> None:
        """Give an order to the simulated devices; HTTPError when it cannot be carried out."""
        self._call("/order", msgspec.json.encode(order))

    def link(self, mode: LinkMode) -> None:
        """Change what the line to the service does."""
        self._call("/link", msgspec.json.encode(SetLink(mode)))

    def wrong_service(self, misbehaviour: Misbehaviour) -> None:
        """Lead the line to a service that misbehaves behind the right certificate."""
        self._call("/link", msgspec.json.encode(SetLink(LinkMode.BUSY, misbehaviour)))

    def state(self) -> PanelState:
        """What the page shows."""
        return msgspec.json.decode(self._call("/state"), type=PanelState)

    def samples(self) -> list[OfferedScan]:
        """Codes to hold up, one or more for every verdict."""
        return msgspec.json.decode(self._call("/samples"), type=list[OfferedScan])

    def slip_picture(self, number: int, file: Path, printer: int = 1) -> None:
        """Save the picture of a slip."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self._call(f"/slips/{printer}/{number}.png"))

    def _call(self, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self._url + path, data=body)  # noqa: S310 (loopback)
        with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310
            content: bytes = answer.read()
        return content
