"""What one make of scanner speaks. One TOML file per make in `profiles/`."""

import tomllib
from enum import Enum
from functools import cache
from importlib.resources import files

import msgspec

from drivers.scanners.framer import Suffix
from drivers.scanners.triggers import Trigger


class Protocol(Enum):
    """How codes come over the line."""

    LINES = "lines"
    """Plain text with a suffix."""
    SSI = "ssi"
    """Zebra's packets."""


class ScannerProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One make.

    Attributes:
        name: name of the profile and of its file.
        title: make and models, for people.
        source: where these facts were read; "unverified" where nothing was found.
        suffix: what it sends after a code as delivered.
        protocol: how codes come.
        start: bytes that begin a scan (hex in the file), empty if it cannot be told.
        stop: bytes that end it.
        renew_s: seconds after which a scan ends by itself and must be begun again; 0 = never.
        baud: speed it is delivered with, bits per second.
    """

    name: str
    title: str
    source: str
    suffix: Suffix = Suffix.LINE
    protocol: Protocol = Protocol.LINES
    start: str = ""
    stop: str = ""
    renew_s: float = 0.0
    baud: int = 9600

    def __post_init__(self) -> None:
        if bool(self.start) != bool(self.stop):
            raise ValueError(f"{self.name}: a scan that can be begun must be ended")
        bytes.fromhex(self.start + self.stop)

    @property
    def trigger(self) -> Trigger | None:
        """How it is told to scan; None if it scans always."""
        if not self.start:
            return None
        return Trigger(bytes.fromhex(self.start), bytes.fromhex(self.stop), self.renew_s or None)


_FOLDER = files("drivers.scanners").joinpath("profiles")


class UnknownScannerProfile(LookupError):
    """There is no scanner profile of that name."""


def scanner_profile_names() -> tuple[str, ...]:
    """Names of all profiles, in alphabetical order."""
    names = (file.name for file in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def load_scanner_profile(name: str) -> ScannerProfile:
    """The profile of that name.

    Raises:
        UnknownScannerProfile: there is none.
    """
    if name not in scanner_profile_names():
        raise UnknownScannerProfile(name)
    text = _FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert({"name": name, **tomllib.loads(text)}, ScannerProfile)
