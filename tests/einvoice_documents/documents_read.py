"""What tests ask of every file that they read."""

from einvoice import documents
from einvoice.documents import Reading, Trouble


def read(data: bytes) -> Reading:
    """The reading of a file that must be readable."""
    outcome = documents.read(data)
    assert isinstance(outcome, Reading), outcome
    return outcome


def troubles(reading: Reading) -> set[Trouble]:
    """What hindered the reading."""
    return {problem.trouble for problem in reading.problems}
