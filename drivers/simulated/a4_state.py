"""The jobs of the simulated A4 printer, and how it says that it stands."""

from dataclasses import dataclass

import msgspec

from drivers.documents.ipp import JobState


@dataclass
class A4Job:
    """One job: its state, its document, and how many of its sheets are out."""

    number: int
    name: str
    state: JobState = JobState.PENDING
    document: bytes = b""
    sheets: int = 0
    sheets_done: int = 0
    next_sheet_at: float = 0.0
    reasons: tuple[str, ...] = ("job-incoming",)
    file: str = ""


class A4JobLine(msgspec.Struct, frozen=True):
    """One job, as it is told to whoever steers. `file` is the PDF that came out, "" before."""

    number: int
    name: str
    state: str
    sheets: int
    sheets_done: int
    file: str = ""


class A4State(msgspec.Struct, frozen=True):
    """How the printer stands. `reasons` stop it; `paper_left` in sheets, None for plenty."""

    uri: str
    reasons: tuple[str, ...]
    silent: bool
    paper_left: int | None
    jobs: tuple[A4JobLine, ...]
