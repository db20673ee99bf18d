"""Whatever happens to the printer, in whatever order, what it says about the paper is true."""

import os
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from printer_bench import INSTANT, Bench

from drivers.simulated.glyphs import GlyphFont
from drivers.simulated.sensors import Sensors, automatic_status

CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
FONT = GlyphFont(Path(os.environ.get("KIOSK_FONTS", Path(__file__).parents[2] / "build" / "fonts")))


class PrinterLife(RuleBasedStateMachine):
    """Jobs and mishaps in any order.

    A piece is called complete only when it holds one whole job and nothing else, and a job's
    process id is said only when every line of the job is on paper.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench(INSTANT, FONT)
        self.jobs: dict[bytes, str] = {}
        self.proven: list[bytes] = []

    def sense(self, **changes: bool) -> None:
        def act(sensors: Sensors) -> None:
            for name, value in changes.items():
                setattr(sensors, name, value)

        self.bench.engine.change(self.bench.now, act)

    def listen(self, said: bytes) -> None:
        for job_id in self.jobs:
            self.proven += [job_id] * said.count(b"\x37\x22" + job_id + b"\x00")

    @rule(lines=st.integers(1, 4))
    def print_job(self, lines: int) -> None:
        job_id = f"{len(self.jobs):04d}".encode()
        text = "".join(f"{job_id.decode()}-{line}\n" for line in range(lines))
        self.jobs[job_id] = text
        body = b"\x1b@" + text.encode() + b"\x1dVB\x00\x1d(H\x06\x0000" + job_id
        self.listen(self.bench.send(body))

    @rule(count=st.integers(0, 60))
    def order_paper_out_after_bytes(self, count: int) -> None:
        self.bench.engine.faults.paper_out_after_bytes = count
        self.bench.engine.work(self.bench.now)

    @rule(count=st.integers(0, 5))
    def order_paper_out_after_lines(self, count: int) -> None:
        self.bench.engine.faults.paper_out_after_lines = count
        self.bench.engine.work(self.bench.now)

    @rule()
    def load_paper(self) -> None:
        self.sense(paper_end=False, near_end=False)

    @rule(is_open=st.booleans())
    def move_cover(self, is_open: bool) -> None:
        self.sense(cover_open=is_open)

    @rule(hot=st.booleans())
    def heat(self, hot: bool) -> None:
        self.sense(head_hot=hot)

    @rule(jammed=st.booleans())
    def touch_cutter(self, jammed: bool) -> None:
        self.bench.engine.faults.cutter_jammed = jammed

    @rule(how=st.sampled_from([b"\x10\x05\x01", b"\x10\x05\x02", CLEAR]))
    def recover(self, how: bytes) -> None:
        self.listen(self.bench.send(how))

    @rule()
    def tear_off(self) -> None:
        self.bench.engine.tear_off(self.bench.now)

    @rule()
    def lose_power(self) -> None:
        self.bench.engine.power_off()
        self.bench.engine.power_on(self.bench.now)

    @invariant()
    def complete_pieces_hold_one_whole_job(self) -> None:
        self.listen(self.bench.heard())
        whole = [piece.text for piece in self.bench.pieces if piece.complete]
        assert set(whole) <= set(self.jobs.values())
        assert len(whole) == len(set(whole))

    @invariant()
    def proven_jobs_are_on_paper(self) -> None:
        printed = self.bench.text.split()
        assert len(self.proven) == len(set(self.proven))
        for job_id in self.proven:
            for line in self.jobs[job_id].split():
                assert printed.count(line) == 1

    @invariant()
    def the_status_bytes_agree(self) -> None:
        answer = self.bench.send(b"\x10\x04\x01")
        assert len(answer) == 1
        offline = bool(automatic_status(self.bench.engine.sensors)[0] & 0x08)
        assert bool(answer[0] & 0x08) is offline

    def teardown(self) -> None:
        """After all mishaps are put right, the printer prints a whole job again."""
        faults = self.bench.engine.faults
        faults.cutter_jammed = False
        faults.paper_out_after_bytes = faults.paper_out_after_lines = None
        self.sense(paper_end=False, near_end=False, cover_open=False, head_hot=False)
        self.listen(self.bench.send(b"\x10\x05\x02" + CLEAR + b"\x1dVB\x00"))
        self.print_job(3)
        last = f"{len(self.jobs) - 1:04d}".encode()
        assert self.proven[-1] == last
        assert self.bench.pieces[-1].complete
        assert self.bench.pieces[-1].text == self.jobs[last]


PrinterLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestPrinterLife = PrinterLife.TestCase
