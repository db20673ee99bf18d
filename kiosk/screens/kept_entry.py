"""What a person is typing, kept over a change of language and over a look at the answer."""

from einvoice.entry import Entry
from einvoice.fields import KnownFields
from einvoice.invoice import InvoiceReference
from kiosk.messages import (
    Checking,
    EnterNumber,
    Home,
    OutOfService,
    ReferenceView,
    Situation,
    VerdictShown,
)


class KeptEntry:
    """Holds the entry of this visit, and lets go of it when it is nobody's any more."""

    def __init__(self) -> None:
        self.entry: Entry | None = None
        self._number = ""

    def shown(self, situation: Situation) -> None:
        """Drop what is typed when the visit is over or another invoice is in question."""
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

    def for_screen(self, view: EnterNumber) -> Entry:
        """The entry to go on with."""
        if self.entry is None or self.entry.today != view.today:
            self.entry = Entry.begin(view.today, KnownFields(number=self._number))
        return self.entry


def _same(typed: InvoiceReference | None, shown: ReferenceView) -> bool:
    return typed is not None and typed.number == shown.number and typed.code == shown.code
