"""How much of a file is ever looked at.

A visitor's file may be built to hurt. These numbers bound the work, not the clock: with
them any file ends in a reading or in a typed error within about two seconds and 64 MB on
the terminal's processor. Real invoices stay below a tenth of each.
"""

MAX_FILE_BYTES = 16 * 1024 * 1024
"""A whole file as handed in. A 100-line OFD is 30 kB, a scanned PDF about 2 MB."""

MAX_ENTRIES = 2_000
"""Entries of one ZIP. A five-page OFD has about 30."""

MAX_DIRECTORY_BYTES = 1024 * 1024
"""The ZIP's directory, before any of it is read."""

MAX_ENTRY_BYTES = 8 * 1024 * 1024
"""One entry when unpacked."""

MAX_UNPACKED_BYTES = 32 * 1024 * 1024
"""All that is unpacked for one file handed in, nested files and repeated reads included."""
