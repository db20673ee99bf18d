"""A business that may apply for invoices at a terminal, as the office registers it."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import msgspec

from central.contract_people import MAX_NAME_CHARS, IssuingTerms, Item
from central.message import Message
from einvoice.kinds import Kind
from einvoice.tax_ids import TaxIdForm, read_tax_id

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_CHARS)]

MAY_BE_ISSUED = frozenset({Kind.DIGITAL_ORDINARY, Kind.DIGITAL_SPECIAL})
"""What the bureau's link issues."""
MAX_ITEMS = 50
MAX_RATE = Decimal("0.5")


class WrongBusiness(ValueError):
    """What is to be registered is not as it should be; the message says where and why."""


class BusinessItem(Message, frozen=True, forbid_unknown_fields=True):
    """Something that a business sells.

    Attributes:
        id: stands for it in an application.
        name: as on the invoice.
        tax_code: 商品和服务税收分类编码.
        rate: tax rate, 0.03 and so on.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z_-]{1,32}$")]
    name: Name
    tax_code: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{19}$")]
    rate: Decimal


class Business(Message, frozen=True, forbid_unknown_fields=True):
    """A registered business, as it stands in a file of the office and in the register.

    Attributes:
        kinds: what it may issue.
        limit: of one invoice, yuan with tax.
        offline_allowance: yuan with tax that one terminal may accept without the service.
        terms_days: after so many days a terminal must ask again.
    """

    tax_id: str
    name: Name
    kinds: tuple[Kind, ...]
    items: tuple[BusinessItem, ...]
    limit: Decimal
    offline_allowance: Decimal
    terms_days: Annotated[int, msgspec.Meta(ge=1, le=31)] = 7

    def item(self, item_id: str) -> BusinessItem | None:
        """The item of an id."""
        return next((one for one in self.items if one.id == item_id), None)

    def terms(self, now: datetime) -> IssuingTerms:
        """What a terminal is told."""
        return IssuingTerms(
            tax_id=self.tax_id,
            name=self.name,
            kinds=self.kinds,
            items=tuple(Item(one.id, one.name, one.rate) for one in self.items),
            limit=self.limit,
            offline_allowance=self.offline_allowance,
            good_until=now + timedelta(days=self.terms_days),
        )


def read_business(path: Path) -> Business:
    """The business of a TOML file.

    Raises:
        WrongBusiness: it cannot be read, or something in it is not as it should be.
    """
    try:
        business = msgspec.toml.decode(path.read_bytes(), type=Business)
    except OSError as error:
        raise WrongBusiness(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongBusiness(f"{path}: {error}") from error
    check(business)
    return business


def check(business: Business) -> None:
    """Judges what its types do not.

    Raises:
        WrongBusiness: it cannot be registered so.
    """
    tax_id = read_tax_id(business.tax_id).value
    # A check character that does not fit is only remarked: the register of the bureau decides.
    if tax_id is None or tax_id.form is TaxIdForm.OTHER or tax_id.text != business.tax_id:
        raise WrongBusiness("tax_id: not one that can be")
    if not business.kinds or set(business.kinds) - MAY_BE_ISSUED:
        raise WrongBusiness("kinds: only those that can be issued, and at least one")
    ids = [one.id for one in business.items]
    if not 1 <= len(ids) <= MAX_ITEMS or len(set(ids)) != len(ids):
        raise WrongBusiness(f"item: 1 to {MAX_ITEMS}, each with an id of its own")
    if not (business.limit.is_finite() and business.limit > 0):
        raise WrongBusiness("limit: yuan, above zero")
    if not (business.offline_allowance.is_finite() and business.offline_allowance >= 0):
        raise WrongBusiness("offline_allowance: yuan, zero or more")
    if any(not (one.rate.is_finite() and 0 <= one.rate < MAX_RATE) for one in business.items):
        raise WrongBusiness("item: rate is a share, 0.03 for 3%")
