"""Which fields of an invoice are personal, and what anybody may see of them."""

from einvoice.documents.model import DocumentField
from einvoice.masking import HIDDEN, mask_name, mask_tax_id

_F = DocumentField
_NAMES = frozenset({_F.BUYER_NAME, _F.SELLER_NAME, _F.DRAWER, _F.PAYEE, _F.REVIEWER})
_TAX_IDS = frozenset({_F.BUYER_TAX_ID, _F.SELLER_TAX_ID})
_HIDDEN = frozenset(
    {
        _F.BUYER_ADDRESS_PHONE,
        _F.BUYER_BANK_ACCOUNT,
        _F.SELLER_ADDRESS_PHONE,
        _F.SELLER_BANK_ACCOUNT,
        _F.REMARK,
        _F.RAILWAY,
        _F.AIR,
        _F.TOLLS,
        _F.JOURNEYS,
    }
)


def masked(field: DocumentField, text: str) -> str:
    """A text that stands for a field's value, as anybody may see it."""
    if not text:
        return ""
    if field in _HIDDEN:
        return HIDDEN
    if field in _NAMES:
        return mask_name(text)
    return mask_tax_id(text) if field in _TAX_IDS else text
