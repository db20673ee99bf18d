"""Hands one file of a stick on, unread: `python -m kiosk.stick.handing FOLDER NUMBER`.

It finds the file as the reader did, gives up everything else, and writes the bytes to standard
output. A process of its own, because a stick that does not answer holds whoever reads it.
"""

import os
import sys

from einvoice.documents.limits import MAX_FILE_BYTES
from kiosk.stick.confinement import confine
from kiosk.stick.walking import walk


def main(folder: str, number: str) -> int:
    """Gives 0 when the file was handed on whole."""
    files = walk(folder).files
    confine(())
    if int(number) >= len(files):
        return 1
    with os.fdopen(files[int(number)], "rb") as opened:
        sys.stdout.buffer.write(opened.read(MAX_FILE_BYTES + 1))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
