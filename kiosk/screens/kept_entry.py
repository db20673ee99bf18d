"""What a person is typing, kept over a change of language and over a look at the answer."""

from einvoice.entry import Entry
from einvoice.fields import KnownFields
from einvoice.invoice import InvoiceReference
from kiosk.applying_messages import AskingFor, EnterName, EnterPrice, EnterTaxId
from kiosk.messages import (
    Checking,
    EnterAddress,
    EnterNumber,
    Home,
    OutOfService,
    ReferenceView,
    Situation,
    StaffComing,
    VerdictShown,
)
from kiosk.pinyin.composing import Composing
from kiosk.settings_pages import SettingPage


class KeptEntry:
    """Holds the entry of this visit, and lets go of it when it is nobody's any more."""

    def __init__(self) -> None:
        self.entry: Entry | None = None
        self.address = ""
        self._address_given: str | None = None
        self.setting = ""
        self._setting_of: str | None = None
        self._typed = ""
        self._typed_for: tuple[type, str] | None = None
        self._number = ""
        self.name = Composing()
        self.plain = ""
        self._plain_of: type | None = None

    def shown(self, situation: Situation) -> None:
        """Drop what is typed when the visit is over or another invoice is in question."""
        if not isinstance(situation, EnterAddress | StaffComing):
            # Given, or left: whoever comes back to it is shown what the daemon was given.
            self.address = ""
            self._address_given = None
        if not isinstance(situation, SettingPage):
            self.setting, self._setting_of = "", None
        if type(situation) is not self._plain_of and not isinstance(situation, StaffComing):
            self.plain = ""
            self._plain_of = type(situation)
        if not isinstance(situation, EnterTaxId | EnterPrice | AskingFor | StaffComing):
            self._typed, self._typed_for = "", None
        if not isinstance(situation, EnterName | StaffComing):
            self.name = Composing()
        match situation:
            case Home() | OutOfService():
                self.entry = None
                self._number = ""
            case (
                Checking(reference=ReferenceView() as reference) | VerdictShown(reference=reference)
            ):
                if self.entry is not None and not _same(self.entry.reference, reference):
                    self.entry = None
            case _:
                pass

    def offer_number(self, number: str) -> None:
        """Begin the next entry with a number that a scan gave."""
        self._number = number
        self.entry = None

    def typed(self, view: EnterTaxId | EnterPrice) -> str:
        """What is typed for a question so far."""
        return self._typed if self._typed_for == _question(view) else ""

    def type(self, view: EnterTaxId | EnterPrice, text: str) -> None:
        """This is typed for it now."""
        self._typed, self._typed_for = text, _question(view)

    def begin_address(self, view: EnterAddress) -> None:
        """Go on with the address that is typed, or begin with the one that was given before."""
        if self._address_given != view.address:
            self.address = self._address_given = view.address

    def begin_setting(self, name: str, value: str) -> None:
        """Go on with what is typed for this setting, or begin with its value."""
        if self._setting_of != name:
            self.setting, self._setting_of = value, name

    def for_screen(self, view: EnterNumber) -> Entry:
        """The entry to go on with."""
        if self.entry is None or self.entry.today != view.today:
            self.entry = Entry.begin(view.today, KnownFields(number=self._number))
        return self.entry


def _question(view: EnterTaxId | EnterPrice) -> tuple[type, str]:
    return type(view), view.whose if isinstance(view, EnterTaxId) else view.item


def _same(typed: InvoiceReference | None, shown: ReferenceView) -> bool:
    return typed is not None and typed.number == shown.number and typed.code == shown.code
