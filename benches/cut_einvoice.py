"""Minted files of every kind, cut at every byte: nothing raised, how long, how much memory.

usage: PYTHONPATH=. python benches/cut_einvoice.py [--only WORD] [--step N] [--processes N]

Files are cut as they are; OFDs also part by part and packed again, since a ZIP that is cut has
lost its directory and nothing of it is read. Every piece goes through all that the terminal does
with a file (`hostile_einvoice.look`). The limits are those of hostile files: 2 s and 64 MB.
"""

import argparse
import json
import logging
import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from benches.hostile_einvoice import (
    FONT,
    LIMIT_MB,
    LIMIT_S,
    forget_peak_mb,
    look,
    ofd_parts,
    packed,
    peak_mb,
    warm_up,
)
from central.sandbox.mint import Mint
from einvoice.kinds import Kind

_WITH_XML = (Kind.DIGITAL_SPECIAL, Kind.DIGITAL_ORDINARY)
_WITH_FILES = (
    *_WITH_XML,
    Kind.DIGITAL_RAILWAY,
    Kind.DIGITAL_AIR,
    Kind.ORDINARY_ELECTRONIC,
    Kind.SPECIAL_ELECTRONIC,
    Kind.TOLL,
)
_IN_PARTS = (Kind.DIGITAL_SPECIAL, Kind.ORDINARY_ELECTRONIC)
# Pieces of one task: large enough that handing them over costs nothing.
_TASK_PIECES = 500


@dataclass(frozen=True, slots=True)
class Cut:
    """A file, or one part of an OFD of a kind, to be cut at every byte."""

    name: str
    whole: bytes
    ofd: Kind | None = None
    part: str = ""

    def piece(self, length: int) -> bytes:
        """The first bytes, packed again if they are a part."""
        if self.ofd is None:
            return self.whole[:length]
        return packed({**_parts(self.ofd), self.part: self.whole[:length]})


@dataclass(frozen=True, slots=True)
class Task:
    """Some lengths of one cut."""

    cut: Cut
    lengths: range


@dataclass(frozen=True, slots=True)
class Took:
    """What one task took: pieces, the longest of them in seconds, memory grown in megabytes."""

    name: str
    pieces: int
    longest_s: float
    grown_mb: float
    raised: tuple[str, ...]


def cuts() -> Iterator[Cut]:
    """Every form of every kind that can be minted, and the parts of two OFDs."""
    for kind in _WITH_FILES:
        one = Mint("cut").invoice(kind, lines=1)
        if kind in _WITH_XML:
            yield Cut(f"XML, {kind.name}", one.xml())
            yield Cut(f"ZIP, {kind.name}", one.zip())
        yield Cut(f"XBRL, {kind.name}", one.xbrl())
        yield Cut(f"OFD, {kind.name}", one.ofd())
        if FONT.exists():
            yield Cut(f"PDF, {kind.name}", one.pdf(FONT))
    for kind in _IN_PARTS:
        for part, content in _parts(kind).items():
            yield Cut(f"OFD part by part: {kind.name}", content, kind, part)


@cache
def _parts(kind: Kind) -> Mapping[str, bytes]:
    return ofd_parts(kind)


def _begin() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    warm_up()


def took(task: Task) -> Took:
    """Look at every piece. What is raised is noted, and the rest is looked at all the same."""
    before, longest = forget_peak_mb(), 0.0
    raised: list[str] = []
    for length in task.lengths:
        piece = task.cut.piece(length)
        started = time.process_time()
        try:
            look(piece)
        except Exception as bad:  # noqa: BLE001 - whatever it is, it must not have been raised
            raised.append(f"{task.cut.part} {length}: {type(bad).__name__}")
        longest = max(longest, time.process_time() - started)
    grown = peak_mb() - before
    return Took(task.cut.name, len(task.lengths), longest, grown, tuple(raised))


def tasks(only: str, step: int) -> Iterator[Task]:
    for cut in cuts():
        if only in cut.name:
            for start in range(0, len(cut.whole), _TASK_PIECES * step):
                end = min(len(cut.whole), start + _TASK_PIECES * step)
                yield Task(cut, range(start, end, step))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    rows: dict[str, list[Took]] = {}
    spawned = multiprocessing.get_context("spawn")
    with spawned.Pool(options.processes, _begin) as pool:
        for one in pool.imap_unordered(took, tasks(options.only, options.step)):
            rows.setdefault(one.name, []).append(one)
    print("| cut | times | longest, s | MB | raised |\n|---|---|---|---|---|")
    beyond: list[str] = []
    for name, parts in sorted(rows.items()):
        pieces = sum(one.pieces for one in parts)
        longest = max(one.longest_s for one in parts)
        grown = max(one.grown_mb for one in parts)
        raised = [text for one in parts for text in one.raised]
        print(f"| {name} | {pieces:,} | {longest:.3f} | {grown:.0f} | {len(raised)} |")
        for text in raised[:20]:
            print(f"{name}: {text}", file=sys.stderr)
        if raised or longest > LIMIT_S or grown > LIMIT_MB:
            beyond.append(name)
    print(json.dumps({"raised, or beyond the limits": beyond}, ensure_ascii=False))
    sys.exit(bool(beyond))


if __name__ == "__main__":
    main()
