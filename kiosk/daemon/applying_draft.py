"""What a person who applies for an invoice has entered so far. It goes with the visit."""

from dataclasses import dataclass
from decimal import Decimal

from central.contract_people import Item, Title
from einvoice.kinds import Kind
from kiosk.daemon.applying_desk import SellerFound


@dataclass(slots=True)
class Draft:
    """One application, as far as it is known.

    Attributes:
        seller: who applies, and on what terms.
        item: what was sold.
        kind: of invoice.
        yuan: how much was paid, with tax.
        title: whom it is made out to.
        is_name_typed: its name was typed here.
    """

    seller: SellerFound | None = None
    item: Item | None = None
    kind: Kind | None = None
    yuan: Decimal | None = None
    title: Title | None = None
    is_name_typed: bool = False
