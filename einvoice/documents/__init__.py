"""Invoice files: what one says, where it says it, and where it contradicts itself."""

from einvoice.documents.model import (
    Box,
    Cause,
    Disagreement,
    DocumentField,
    Found,
    Invoice,
    Line,
    Medium,
    Outcome,
    Party,
    Place,
    Problem,
    Reading,
    SeveralInvoices,
    Trouble,
    Unreadable,
)
from einvoice.documents.reading import read
from einvoice.documents.travel import (
    AirItinerary,
    Flight,
    PassengerJourney,
    RailwayTrip,
    TollPassage,
)

__all__ = [
    "AirItinerary",
    "Box",
    "Cause",
    "Disagreement",
    "DocumentField",
    "Flight",
    "Found",
    "Invoice",
    "Line",
    "Medium",
    "Outcome",
    "Party",
    "PassengerJourney",
    "Place",
    "Problem",
    "RailwayTrip",
    "Reading",
    "SeveralInvoices",
    "TollPassage",
    "Trouble",
    "Unreadable",
    "read",
]
