"""What a visit needs done with a stick: have it read, and have its PDF drawn for the A4 printer."""

import asyncio
from pathlib import Path
from typing import Protocol

from kiosk.clock import Clock
from kiosk.daemon.own_desk import NotHad
from kiosk.preview.preview import NoPicture, Pixels, draw_page
from kiosk.receipts.stick_page import HEIGHT_PX, WIDTH_PX, stick_page
from kiosk.stick.fetching import StickChanged, file_of_stick
from kiosk.stick.found import PdfOnStick
from kiosk.stick.reading import Read, StickUnreadable, read_stick

MAX_PAGES = 4
"""Of a file. One that has more is not printed in part."""


class StickDesk(Protocol):
    """Reads sticks."""

    async def read(self, stick: Path) -> Read:
        """What a stick holds.

        Raises:
            StickUnreadable: nothing can be said about it.
        """
        ...

    async def a4_page(self, stick: Path, file: PdfOnStick) -> bytes | NotHad:
        """Pages of our own, as PDF, with the pictures of a file's pages."""
        ...


class Sticks:
    """Has strangers' files read, handed on and drawn by processes that can reach nothing.

    Args:
        clock: the terminal's.
        trust_file: whose seals count; "" for nobody's.
    """

    def __init__(self, clock: Clock, trust_file: str) -> None:
        self._clock = clock
        self._trust_file = trust_file

    async def read(self, stick: Path) -> Read:
        """What a stick holds."""
        return await read_stick(stick, self._clock.now().date(), self._trust_file)

    async def a4_page(self, stick: Path, file: PdfOnStick) -> bytes | NotHad:
        """Pages of our own, as PDF, with the pictures of a file's pages."""
        try:
            pdf = await file_of_stick(stick, file)
        except StickChanged:
            return NotHad("stick_changed")
        pages: list[Pixels] = []
        while not pages or len(pages) < pages[0].pages:
            drawn = await draw_page(pdf, len(pages), max_width=WIDTH_PX, max_height=HEIGHT_PX)
            if isinstance(drawn, NoPicture):
                return NotHad("locked" if drawn is NoPicture.LOCKED else "not_drawn")
            if drawn.pages > MAX_PAGES:
                return NotHad("many_pages")
            pages.append(drawn)
        return await asyncio.to_thread(stick_page, pages, self._clock.now())


class NoSticks:
    """Where the hall has not switched sticks on."""

    async def read(self, stick: Path) -> Read:
        """Nothing."""
        raise StickUnreadable

    async def a4_page(self, stick: Path, file: PdfOnStick) -> NotHad:
        """Nothing."""
        return NotHad("stick_changed")
