"""The devices that the settings name."""

from config.schema import Settings
from drivers.links.serial import SerialLink, SerialSettings
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.profile import load_profile
from kiosk.daemon.printing import ReceiptPrinter
from kiosk.fonts import fonts_dir


def columns_of(settings: Settings) -> int:
    """Characters of single width on a line of the configured printer."""
    return load_profile(settings.printer.profile).columns


def open_printer(settings: Settings) -> ReceiptPrinter | None:
    """The configured receipt printer, not yet spoken to; None if none is configured."""
    if not settings.printer.port:
        return None
    profile = load_profile(settings.printer.profile)
    link = SerialLink(SerialSettings(path=settings.printer.port, baud=settings.printer.baud))
    fonts = fonts_dir(settings)
    glyphs = FontGlyphs([FontFile(fonts / "NotoSansSC-Regular.otf")])
    return ReceiptPrinter(EscposPrinter(link, profile), profile, glyphs)
