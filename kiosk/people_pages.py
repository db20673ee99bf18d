"""Pages of staff for accounts: somebody new, and one's own PIN."""

from typing import Annotated

import msgspec

from kiosk.admin_base import Base, Page

NEW_STAFF, OWN_PIN = "admin_new_staff", "admin_own_pin"
PEOPLE_PAGES = (NEW_STAFF, OWN_PIN)

Pin = Annotated[str, msgspec.Meta(pattern="^[0-9]{0,12}$")]


class NewStaffPage(Page, frozen=True, kw_only=True, tag=NEW_STAFF):
    """Asks for number, name, role and PIN of somebody new. `said` is why it was not done."""


class OwnPinPage(Page, frozen=True, kw_only=True, tag=OWN_PIN):
    """Asks for the PIN and a new one. `said` is why it was not done."""


PeoplePages = NewStaffPage | OwnPinPage


class ChangeOwnPin(Base, frozen=True, tag="change_own_pin"):
    """Another PIN for whoever is signed in, who says the present one once more."""

    turn: int
    old: Pin
    new: Pin


PeopleIntent = ChangeOwnPin
