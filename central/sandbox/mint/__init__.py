"""Made-up invoices and seals for trials: same seed, same bytes.

>>> from central.sandbox.mint import Breakage, Mint
>>> from einvoice.kinds import Kind
>>> minted = Mint("a seed").invoice(Kind.DIGITAL_SPECIAL)
>>> minted.qr().startswith("01,31,,2611")
True
>>> wrong = minted.broken(Breakage.WRONG_TOTAL).xml()
"""

from central.sandbox.mint.breakage import Breakage, DoesNotApply, Form
from central.sandbox.mint.digital_xml import XmlStyle, XmlVersion
from central.sandbox.mint.mint import Mint
from central.sandbox.mint.minted import MintedInvoice
from central.sandbox.mint.sealing import Sealing, sealing

__all__ = [
    "Breakage",
    "DoesNotApply",
    "Form",
    "Mint",
    "MintedInvoice",
    "Sealing",
    "XmlStyle",
    "XmlVersion",
    "sealing",
]
