"""The devices that the settings name."""

from dataclasses import replace

from config.device_sections import Printer, Scanner
from config.load import WrongSetting
from config.schema import Settings
from drivers.links.address import LineSpeed, WrongAddress, link_at
from drivers.links.flow import FlowControl
from drivers.links.link import Link
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.profile import Profile, UnknownProfile, load_profile, profile_names
from drivers.scanners.decode import Encoding
from drivers.scanners.framer import Suffix
from drivers.scanners.profile import (
    ScannerProfile,
    UnknownScannerProfile,
    load_scanner_profile,
    scanner_profile_names,
)
from drivers.scanners.serial_scanner import ScannerSettings, settings_of
from kiosk.daemon.printing import ReceiptPrinter
from kiosk.fonts import fonts_dir


def check_devices(settings: Settings) -> None:
    """See whether every device that is named could be opened if it is there.

    Raises:
        WrongSetting: an address or a profile that there is not.
    """
    _profile("printer", settings.printer.profile)
    _printer_link("printer", settings.printer)
    scanner_profile(settings.scanner)
    scanner_link(settings.scanner)


def columns_of(settings: Settings) -> int:
    """Characters of single width on a line of the configured printer."""
    return _profile("printer", settings.printer.profile).columns


def open_printer(settings: Settings) -> ReceiptPrinter | None:
    """The configured receipt printer, not yet spoken to; None if none is configured."""
    link = _printer_link("printer", settings.printer)
    if link is None:
        return None
    profile = _profile("printer", settings.printer.profile)
    fonts = fonts_dir(settings)
    glyphs = FontGlyphs([FontFile(fonts / "NotoSansSC-Regular.otf")])
    return ReceiptPrinter(EscposPrinter(link, profile), profile, glyphs)


def scanner_link(scanner: Scanner) -> Link | None:
    """Where the configured scanner is, not yet opened; None if none is configured."""
    return _link("scanner", scanner.address, LineSpeed(scanner.baud))


def scanner_profile(scanner: Scanner) -> ScannerProfile:
    """The make of the configured scanner."""
    try:
        return load_scanner_profile(scanner.profile)
    except UnknownScannerProfile as error:
        known = ", ".join(scanner_profile_names())
        raise WrongSetting(f"[scanner] profile: {scanner.profile} is none of: {known}") from error


def scanner_speech(scanner: Scanner) -> ScannerSettings:
    """How the configured scanner speaks: as its make does, unless the settings say otherwise."""
    speech = settings_of(scanner_profile(scanner))
    if scanner.suffix:
        speech = replace(speech, framing=replace(speech.framing, suffix=Suffix(scanner.suffix)))
    if scanner.encoding:
        speech = replace(speech, encoding=Encoding(scanner.encoding))
    return speech


def _printer_link(section: str, printer: Printer) -> Link | None:
    return _link(section, printer.address, LineSpeed(printer.baud, FlowControl(printer.flow)))


def _link(section: str, address: str, speed: LineSpeed) -> Link | None:
    if not address:
        return None
    try:
        return link_at(address, speed)
    except WrongAddress as error:
        raise WrongSetting(f"[{section}] address: {error}") from error


def _profile(section: str, name: str) -> Profile:
    try:
        return load_profile(name)
    except UnknownProfile as error:
        known = ", ".join(profile_names())
        raise WrongSetting(f"[{section}] profile: {name} is none of: {known}") from error
