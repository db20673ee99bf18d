"""`python -m central.sandbox.mint FOLDER` writes made-up invoices to try a reader by hand.

Every kind in every form, and each way to be broken once. The same seed gives the same files.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from central.sandbox.mint import Breakage, Mint
from central.sandbox.mint.breakage import FORMS_OF, Form
from central.sandbox.mint.invoices import KINDS
from einvoice.kinds import Kind

_WITH_XML = (Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY)


def main(arguments: list[str] | None = None) -> int:
    """The command. Gives exit code 0; what cannot be written raises."""
    parser = argparse.ArgumentParser(prog="python -m central.sandbox.mint", description=__doc__)
    parser.add_argument("folder", type=Path, help="is made if it is missing")
    parser.add_argument("--seed", default="mint", help="another seed, other invoices")
    parser.add_argument("--font", type=Path, help="a Chinese font; without it no PDF is made")
    options = parser.parse_args(arguments)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    mint = Mint(options.seed)
    count = 0
    for name, content in _files(mint, options.font):
        (folder / name).write_bytes(content)
        count += 1
    sys.stdout.write(f"{count} files in {folder}\n")
    return 0


def _files(mint: Mint, font: Path | None) -> Iterator[tuple[str, bytes]]:
    for kind in KINDS:
        minted = mint.invoice(kind)
        name = kind.name.lower()
        yield f"{name}.qr.txt", minted.qr().encode()
        yield f"{name}.xbrl.xml", minted.xbrl()
        yield f"{name}.ofd", minted.ofd()
        if kind in _WITH_XML:
            yield f"{name}.xml", minted.xml()
        if font is not None:
            yield f"{name}.pdf", minted.pdf(font)
    for breakage in Breakage:
        # Old invoices are signed and have no XML; with 数电票 it is the other way round.
        if Form.OFD in FORMS_OF[breakage]:
            old = mint.invoice(Kind.ORDINARY_ELECTRONIC).broken(breakage)
            yield f"broken.{breakage.value}.ofd", old.ofd()
        if Form.XML in FORMS_OF[breakage]:
            digital = mint.invoice(Kind.DIGITAL_SPECIAL).broken(breakage)
            yield f"broken.{breakage.value}.xml", digital.xml()


if __name__ == "__main__":
    sys.exit(main())
