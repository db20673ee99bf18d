"""The page of a trial of the A4 printer: a frame to see the margins by, and what it is."""

from datetime import datetime

from fpdf import FPDF

_MARGIN_MM = 10.0


def trial_page(*, terminal: str, at: datetime) -> bytes:
    """One page of A4 as PDF. In English: the fonts that every PDF reader has know no Chinese.

    Args:
        terminal: number of the terminal.
        at: when it is printed.
    """
    page = FPDF(format="A4", unit="mm")
    page.set_creation_date(at)
    page.set_auto_page_break(auto=False)
    page.add_page()
    page.rect(_MARGIN_MM, _MARGIN_MM, page.w - 2 * _MARGIN_MM, page.h - 2 * _MARGIN_MM)
    page.set_font("Helvetica", "B", 28)
    page.set_y(40)
    page.cell(0, 14, "A4 printer trial", align="C", new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", "", 14)
    for line in (
        f"Terminal {terminal}, {at:%Y-%m-%d %H:%M:%S}",
        f"The frame stands {_MARGIN_MM:g} mm from every edge and must be whole.",
        "This page is not an invoice.",
    ):
        page.cell(0, 10, line, align="C", new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())
