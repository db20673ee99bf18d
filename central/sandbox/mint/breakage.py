"""What can be wrong with a minted invoice or with the file it stands in."""

from enum import Enum


class Form(Enum):
    """What an invoice is minted as."""

    QR = "qr"
    XML = "xml"
    XBRL = "xbrl"
    OFD = "ofd"
    PDF = "pdf"


class Breakage(Enum):
    """One thing that is wrong, and only that.

    The first ones are wrong in the invoice: each form shows it as far as it states the
    field. The others are wrong in the file.
    """

    WRONG_TOTAL = "wrong_total"
    """The total with tax is 54 yuan too high; everything else stands."""
    WRONG_CAPITALS = "wrong_capitals"
    """The capitals say one yuan more."""
    WRONG_LINE_TAX = "wrong_line_tax"
    """The tax of the first line is one yuan too high, and so are the totals."""
    WRONG_TAX_ID = "wrong_tax_id"
    """The seller's tax id ends in another character."""
    WRONG_YEAR = "wrong_year"
    """The date of issue is a year later than the number says."""
    RED_WITHOUT_ORIGINAL = "red_without_original"
    """A red invoice, all amounts negative, that names no blue one."""

    QR_OF_ANOTHER = "qr_of_another"
    """The QR on the page is that of an invoice with another number and amount."""
    TRUNCATED = "truncated"
    """The second half is missing."""
    BYTE_ORDER_MARK = "byte_order_mark"
    """A mark stands before the text, or before every XML part of an OFD. Must do no harm."""
    ILL_FORMED_TAG = "ill_formed_tag"
    """The tag file begins `<:eInvoice xmlns:="">`, as in real files. Must do no harm."""
    ENTITIES = "entities"
    """The XML declares entities, as no invoice does."""
    TAMPERED_PAGE = "tampered_page"
    """The total on the page was changed after signing."""
    UNCOVERED_TEMPLATE = "uncovered_template"
    """The signature leaves the template out."""
    UNCOVERED_ROOT = "uncovered_root"
    """The signature leaves OFD.xml out."""
    ADDED_ENTRY = "added_entry"
    """A file was put in after signing."""
    SEAL_OF_ANOTHER = "seal_of_another"
    """Signed by somebody whom the seal does not name."""


class DoesNotApply(ValueError):
    """This form cannot be broken in this way."""


_EVERY = frozenset(Form)
_OFD = frozenset({Form.OFD})
FORMS_OF = {
    Breakage.WRONG_TOTAL: _EVERY,
    Breakage.WRONG_CAPITALS: _EVERY,
    Breakage.WRONG_LINE_TAX: _EVERY,
    Breakage.WRONG_TAX_ID: _EVERY,
    Breakage.WRONG_YEAR: _EVERY,
    Breakage.RED_WITHOUT_ORIGINAL: _EVERY,
    Breakage.QR_OF_ANOTHER: frozenset({Form.OFD, Form.PDF}),
    Breakage.TRUNCATED: _EVERY,
    Breakage.BYTE_ORDER_MARK: _EVERY - {Form.PDF},
    Breakage.ILL_FORMED_TAG: _OFD,
    Breakage.ENTITIES: frozenset({Form.XML, Form.XBRL}),
    Breakage.TAMPERED_PAGE: _OFD,
    Breakage.UNCOVERED_TEMPLATE: _OFD,
    Breakage.UNCOVERED_ROOT: _OFD,
    Breakage.ADDED_ENTRY: _OFD,
    Breakage.SEAL_OF_ANOTHER: _OFD,
}
"""Which forms can be broken in which way."""

NEEDS_SIGNATURE = frozenset(
    {
        Breakage.UNCOVERED_TEMPLATE,
        Breakage.UNCOVERED_ROOT,
        Breakage.ADDED_ENTRY,
        Breakage.SEAL_OF_ANOTHER,
    }
)
"""Those that mean nothing in a file that is not signed."""
