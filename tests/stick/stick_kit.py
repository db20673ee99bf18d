"""Sticks as folders, with minted invoices on them."""

from datetime import date
from functools import cache
from pathlib import Path

from central.sandbox.mint import Breakage, Mint
from einvoice.kinds import Kind

TODAY = date(2026, 11, 24)


@cache
def digital(breakage: Breakage | None = None) -> bytes:
    """A 数电票 as XML."""
    minted = Mint("stick").invoice(Kind.DIGITAL_ORDINARY)
    return (minted.broken(breakage) if breakage else minted).xml()


@cache
def sealed() -> bytes:
    """An old invoice as OFD, with a seal of the mint's."""
    return Mint("stick").invoice(Kind.ORDINARY_ELECTRONIC).ofd()


def put(folder: Path, name: str, data: bytes) -> None:
    """A file on the stick."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
