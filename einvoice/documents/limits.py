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

MAX_XML_BYTES = 3 * 1024 * 1024
"""One XML part. An invoice of 2,000 lines takes about 1.2 MB."""

MAX_XML_TAGS = 100_000
"""Opening and closing tags of one part, and its attributes: bounds the tree in memory."""

MAX_ALL_TAGS = 200_000
"""Tags of all parts of one file handed in. An OFD of 100 lines has about 11,000."""

MAX_XML_DEPTH = 60
"""Levels of one part. An OFD page has about 8."""

MAX_PAGES = 60
"""Pages whose text is read. 100 lines fill five."""

MAX_DRAWN = 30_000
"""Text objects and pictures that are placed. A page of 25 lines has about 250."""

MAX_RUNS = 30_000
"""Pieces of text by position."""

MAX_TEXT = 2_000
"""Characters of one text object, of one field, and of one row that is searched."""

MAX_CHARACTERS = 200_000
"""Characters that are placed on pages. Five pages of 20 lines have about 10,000."""

MAX_LINES = 4_000
"""Lines of one invoice. The tax platform allows 2,000."""

MAX_ATTACHMENTS = 12
"""Structured parts of one document. Real ones have one."""

MAX_PICTURES = 6
"""Pictures of one file handed in that are looked at for a QR."""

MAX_PICTURE_PIXELS = 4_000_000
"""Pixels of a picture that is looked at. A scan of an A4 page at 200 dpi has 3.9 million."""

MAX_DOCUMENTS = 8
"""Documents of one OFD. Every one seen has one."""

MAX_PDF_BYTES = 8 * 1024 * 1024
"""A PDF. One with a scan of an A4 page has 2 MB."""

MAX_PDF_OBJECTS = 20_000
"""Objects, pages and elements of one array in a PDF. An invoice has about 60 objects."""

MAX_PDF_READS = 300_000
"""Steps in which a PDF is read. An invoice takes about 5,000."""

MAX_PDF_RECOVERED_OBJECTS = 500
"""Objects that are tried where a PDF does not say which is its root."""

MAX_PDF_STREAM_BYTES = 512 * 1024
"""One unpacked stream of a PDF that is read: object lists, contents, font maps, files."""

MAX_PDF_DRAWING_BYTES = 512 * 1024
"""Page contents and font maps that are interpreted, over all pages. One page: 30 to 120 kB."""

MAX_PDF_FONTS = 24
"""Fonts of one page or form. An invoice has two to six."""

MAX_PDF_FORMS = 6
"""Forms of one page, and how often any of them is drawn there."""

MAX_PDF_SLOW_FILTERS = 12
"""Streams with predictors or old encodings; each takes up to 0.14 s. Real files: up to six."""

MAX_PDF_RECOVERED_BYTES = 256 * 1024
"""How much of a damaged stream is tried for recovery, byte by byte."""

MAX_PDF_OPERATIONS = 80_000
"""Drawing operations and operands of one page. An invoice has about 3,000."""

MAX_PDF_PAGES = 12
"""Pages of a PDF whose text is read."""

MAX_PDF_FORM_DEPTH = 2
"""Forms inside forms."""

MAX_FILES = 40
"""Files of one ZIP that are read."""

MAX_SIGNATURES = 16
"""Signatures of one file that are checked; a file with more is not. Real ones have one or two."""

MAX_SIGNED_PDF_BYTES = 16 * 1024 * 1024
"""What the checker of PDF signatures may unpack for one file."""
