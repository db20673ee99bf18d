"""Our driver against a receipt printer that somebody else simulates, over TCP.

usage: PYTHONPATH=. python benches/foreign_printer.py HOST PORT [--profile generic-80]

Start the simulator first: emupos (PyPI, `emupos config init && emupos run`; wants Python 3.13),
escpresso, or a real printer's own address. Printed is a slip in Chinese and English with a code;
what the printer says of itself, and what came of the slip, stands on the terminal.
"""

import argparse
from pathlib import Path

from drivers.deadline import Deadline
from drivers.links.tcp import TcpLink, TcpSettings
from drivers.printers.encode import encode
from drivers.printers.escpos import EscposPrinter
from drivers.printers.glyphs import FontFile, FontGlyphs
from drivers.printers.paper import Align, Document, Pair, Qr, Rule, Size, Text
from drivers.printers.profile import load_profile, profile_names
from drivers.printers.tag import job_tag

WITHIN_S = 5.0
SLIP = Document(
    (
        Text("发票查验", align=Align.CENTRE, size=Size.LARGE),
        Rule(),
        Text("Foreign printer, own driver"),
        Pair("合计", "¥106.00"),
        Qr("https://example.invalid/trial"),
    )
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--profile", default="generic-80", choices=profile_names())
    parser.add_argument("--fonts", type=Path, default=Path("build/fonts"))
    asked = parser.parse_args()
    profile = load_profile(asked.profile)
    glyphs = FontGlyphs([FontFile(asked.fonts / "NotoSansSC-Regular.otf")])
    printer = EscposPrinter(TcpLink(TcpSettings(asked.host, asked.port)), profile)
    try:
        print("status before:", printer.status(Deadline(WITHIN_S)))
        slip = encode(SLIP, profile, glyphs)
        print(f"{len(slip.body)} bytes:", printer.print(job_tag("trial"), slip.body))
        print("status after:", printer.status(Deadline(WITHIN_S)))
    finally:
        printer.close()


if __name__ == "__main__":
    main()
