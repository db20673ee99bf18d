"""How much memory a process really occupies."""

import os
from dataclasses import dataclass
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pid: int) -> int:
    """Resident set of a process, from proc(5) `statm`; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[1]) * _PAGE_BYTES


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Above `soft_bytes` a child is restarted when nobody is there, above `hard_bytes` at once."""

    soft_bytes: int
    hard_bytes: int
