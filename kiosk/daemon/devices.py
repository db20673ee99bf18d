"""The devices that the settings name."""

from dataclasses import replace
from pathlib import Path

from config.device_sections import Printer, Scanner
from config.load import WrongSetting
from config.schema import Settings
from drivers.documents.a4_printer import A4Printer
from drivers.documents.ipp import IppClient, PageSetup
from drivers.documents.ipp_http import IppAddress
from drivers.links.address import LineSpeed, WrongAddress, link_at
from drivers.links.flow import FlowControl
from drivers.links.link import Link
from drivers.printers.consumption import Supply
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
from kiosk.daemon.a4 import A4Setup
from kiosk.daemon.keypad import keypad_place
from kiosk.daemon.stations import FIRST, SECOND, ReceiptPrinter
from kiosk.fonts import fonts_dir


def check_devices(settings: Settings) -> None:
    """See whether every device that is named could be opened if it is there.

    Raises:
        WrongSetting: an address or a profile that there is not.
    """
    for name, printer in _printers(settings):
        _profile(name, printer.profile)
        _printer_link(name, printer)
    a4_setup(settings)
    scanner_profile(settings.scanner)
    scanner_link(settings.scanner)
    keypad_place(settings.keypad)


def columns_of(settings: Settings) -> int:
    """Characters of single width on a line of each configured printer."""
    profiles = [_profile(name, printer.profile) for name, printer in _printers(settings)]
    return min(profile.columns for profile in profiles)


def receipt_printers(settings: Settings) -> tuple[ReceiptPrinter, ...]:
    """The configured receipt printers, not yet spoken to; the first is the one to print on."""
    fonts = fonts_dir(settings)
    glyphs = FontGlyphs([FontFile(fonts / "NotoSansSC-Regular.otf")])
    found: list[ReceiptPrinter] = []
    for name, printer in _printers(settings):
        link = _printer_link(name, printer)
        if link is not None:
            profile = _profile(name, printer.profile)
            device = EscposPrinter(link, profile)
            found.append(ReceiptPrinter(name, device, profile, glyphs, _supply(printer)))
    return tuple(found)


def a4_setup(settings: Settings) -> A4Setup | None:
    """The configured A4 printer, not yet spoken to; None if none is configured."""
    a4 = settings.a4
    if not a4.address:
        return None
    try:
        certificate = Path(a4.certificate_file) if a4.certificate_file else None
        address = IppAddress(a4.address, certificate)
    except ValueError as error:
        raise WrongSetting(f"[a4] address: {error}") from error
    return A4Setup(A4Printer(IppClient(address)), PageSetup(sides=a4.sides), a4.give_up_s)


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


def _printers(settings: Settings) -> list[tuple[str, Printer]]:
    """The first, and the second if there is one."""
    printers = [(FIRST, settings.printer)]
    if settings.printer2.address:
        printers.append((SECOND, settings.printer2))
    return printers


def _supply(printer: Printer) -> Supply:
    return Supply(
        roll_mm=printer.roll_m * 1000,
        near_end_mm=printer.near_end_m * 1000 or None,
        few_slips=printer.few_slips,
    )


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
