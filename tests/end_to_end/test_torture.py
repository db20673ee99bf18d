"""Sudden ends of daemon and service while somebody uses the terminal: some in every run.

The thousands that prove it are asked for with `make torture` (docs/proofs.md).
"""

from pathlib import Path

import pytest

from benches.torture import cuts, kills

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KILLS = 16
CUTS = 40


def test_killed_at_any_moment_every_promise_is_kept_once(tmp_path: Path) -> None:
    tallies = kills.torture(tmp_path, halls=2, kills=KILLS, seed=7, longest_pause_s=1.5)
    assert sum(tally.kills.total() for tally in tallies) >= KILLS
    assert sum(len(tally.books.owed) for tally in tallies) > 0
    assert [fault for tally in tallies for fault in tally.faults] == []


@pytest.mark.skipif(not cuts.can_record(), reason="strace is what records")
def test_cut_off_at_any_moment_every_promise_is_kept_once(tmp_path: Path) -> None:
    outcome = cuts.record_and_cut(tmp_path, cuts=CUTS, disturbances=3, seed=5)
    assert outcome.cuts.total() == CUTS
    assert outcome.notes.tickets or outcome.notes.prints
    assert outcome.faults == []
