"""What the printer says and prints when something goes wrong with it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from printer_bench import INSTANT, Bench

from drivers.simulated.model import MODEL_80_MM
from drivers.simulated.paper import Ending
from drivers.simulated.sensors import Sensors

START = b"\x1b@\x1da\x0f"
IDLE = b"\x10\x00\x00\x00"
CUT = b"\x1dVB\x00"
LINES = b"one\ntwo\nthree\nfour\n"
PROOF = b"\x1d(H\x06\x0000job1"
PROVEN = b'\x37"job1\x00'
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
CLEARED = b"\x37\x25\x00"


def status(bench: Bench) -> str:
    return b"".join(bench.send(bytes((0x10, 4, n))) for n in (1, 2, 3, 4)).hex(" ")


def load_paper(sensors: Sensors) -> None:
    sensors.paper_end = False
    sensors.near_end = False


def test_a_good_print_is_proven_and_complete(bench: Bench) -> None:
    assert bench.send(START + LINES + CUT + PROOF) == IDLE + PROVEN
    assert [(p.complete, p.ending, p.text) for p in bench.pieces] == [
        (True, Ending.CUT, LINES.decode())
    ]
    assert status(bench) == "12 12 12 12"


def test_esc_at_ends_automatic_status(bench: Bench) -> None:
    bench.send(START)
    bench.send(b"\x1b@")
    bench.engine.end_paper(bench.now)
    assert bench.heard() == b""


@pytest.mark.parametrize(
    ("mask", "reports"),
    [(0x0F, True), (0x08, True), (0x02, True), (0x04, False), (0x01, False), (0x00, False)],
)
def test_automatic_status_reports_what_was_asked_for(
    bench: Bench, mask: int, reports: bool
) -> None:
    bench.send(b"\x1da" + bytes((mask,)))
    bench.engine.end_paper(bench.now)
    assert (bench.heard() == b"\x18\x00\x0f\x00") is reports


@pytest.mark.parametrize("place", range(len(LINES)))
def test_paper_that_ends_at_any_byte_leaves_two_incomplete_pieces(
    new_bench: Callable[..., Bench], place: int
) -> None:
    bench = new_bench()
    bench.send(START)
    bench.engine.faults.paper_out_after_bytes = place
    assert bench.send(LINES + CUT + PROOF) == b"\x18\x00\x0f\x00"
    assert status(bench) == "1a 32 12 7e"
    bench.engine.change(bench.now, load_paper)
    assert bench.heard() == IDLE + PROVEN
    whole_on_new_paper = place < LINES.index(b"\n") + 1
    assert [piece.complete for piece in bench.pieces] == (
        [True] if whole_on_new_paper else [False, False]
    )
    assert bench.text == LINES.decode()


@pytest.mark.parametrize("lines", [0, 1, 2, 3, 4])
def test_paper_that_ends_after_a_line(bench: Bench, lines: int) -> None:
    bench.send(START)
    bench.engine.faults.paper_out_after_lines = lines
    bench.send(LINES + CUT + PROOF)
    torn = bench.pieces[0].text if bench.pieces else "\n"
    assert torn.split() == LINES.decode().split()[:lines]
    assert all(piece.ending is Ending.PAPER_END for piece in bench.pieces)


def test_paper_that_ends_within_an_image_keeps_every_row(bench: Bench) -> None:
    rows = bytes(range(1, 101))
    bench.engine.faults.paper_out_after_bytes = 8 + 40
    bench.send(b"\x1dv0\x00\x01\x00\x64\x00" + rows + CUT)
    bench.engine.change(bench.now, load_paper)
    heights = [[band.height_dots for band in piece.bands if band.has_ink] for piece in bench.pieces]
    assert heights == [[40], [60]]
    assert not any(piece.complete for piece in bench.pieces)


def test_the_order_of_the_paper_is_kept_for_the_next_print(bench: Bench) -> None:
    bench.engine.faults.paper_out_after_lines = 2
    bench.send(LINES + CUT)
    bench.engine.change(bench.now, load_paper)
    bench.send(LINES + CUT)
    assert [piece.complete for piece in bench.pieces] == [False, False, True]


def test_ordered_answers_wait_while_offline_and_real_time_ones_do_not(bench: Bench) -> None:
    bench.engine.change(bench.now, lambda s: setattr(s, "cover_open", True))
    assert bench.send(b"\x1dr\x01" + PROOF) == b""
    assert bench.send(b"\x10\x04\x02") == b"\x16"
    bench.engine.change(bench.now, lambda s: setattr(s, "cover_open", False))
    assert bench.heard() == b"\x00" + PROVEN


def test_clearing_the_buffer_drops_the_rest_and_its_proof(bench: Bench) -> None:
    bench.send(START)
    bench.engine.faults.paper_out_after_lines = 2
    bench.send(LINES + CUT + PROOF)
    assert bench.send(CLEAR) == CLEARED
    bench.engine.change(bench.now, load_paper)
    assert bench.heard() == IDLE
    assert bench.send(LINES + CUT + PROOF) == PROVEN
    assert [(piece.text, piece.complete) for piece in bench.pieces] == [
        ("one\ntwo\n", False),
        (LINES.decode(), True),
    ]


def test_a_print_after_a_cleared_one_hangs_on_the_same_paper_unless_cut(bench: Bench) -> None:
    bench.send(b"one\ntwo\nthr")
    bench.send(CLEAR)
    bench.send(LINES + CUT)
    bench.send(LINES + CUT)
    assert [(piece.text, piece.complete) for piece in bench.pieces] == [
        ("one\ntwo\n" + LINES.decode(), False),
        (LINES.decode(), True),
    ]


def test_a_jammed_cutter_needs_a_hand_and_then_dle_enq(bench: Bench) -> None:
    bench.send(START)
    bench.engine.faults.cutter_jammed = True
    assert bench.send(LINES + CUT + PROOF) == b"\x18\x08\x00\x00"
    assert status(bench) == "1a 52 1a 12"
    assert bench.send(b"\x10\x05\x01") == b""  # still jammed
    bench.engine.faults.cutter_jammed = False
    assert status(bench) == "1a 52 1a 12"
    assert bench.send(b"\x10\x05\x01") == IDLE + PROVEN
    assert [(piece.text, piece.complete) for piece in bench.pieces] == [(LINES.decode(), True)]


def test_dle_enq_2_recovers_without_the_rest(bench: Bench) -> None:
    bench.engine.faults.cutter_jammed = True
    bench.send(START + LINES + CUT + PROOF)
    bench.engine.faults.cutter_jammed = False
    assert bench.send(b"\x10\x05\x02") == IDLE
    bench.send(CUT)
    assert [(piece.text, piece.complete) for piece in bench.pieces] == [(LINES.decode(), False)]


def test_a_hot_head_recovers_by_itself(bench: Bench) -> None:
    bench.send(START)
    bench.engine.change(bench.now, lambda s: setattr(s, "head_hot", True))
    assert bench.heard() == b"\x18\x40\x00\x00"
    assert bench.send(LINES + CUT + PROOF) == b""
    assert status(bench) == "1a 52 52 12"
    bench.engine.change(bench.now, lambda s: setattr(s, "head_hot", False))
    assert bench.heard() == IDLE + PROVEN
    assert bench.pieces[0].complete


def test_power_loss_forgets_the_buffer_and_cuts_off_what_hangs(bench: Bench) -> None:
    bench.send(START)
    bench.send(b"one\ntwo\nthr")
    bench.engine.power_off()
    assert bench.send(b"\x10\x04\x01" + LINES) == b""
    bench.engine.power_on(bench.now)
    assert bench.heard() == b""
    bench.send(LINES + CUT)
    assert [(piece.text, piece.complete, piece.ending) for piece in bench.pieces] == [
        ("one\ntwo\n", False, Ending.POWER_LOSS),
        (LINES.decode(), True, Ending.CUT),
    ]


def test_near_end_is_said_where_there_is_a_sensor(new_bench: Callable[..., Bench]) -> None:
    for sensor, answer in ((True, b"\x1e"), (False, b"\x12")):
        bench = new_bench(replace(INSTANT, near_end_sensor=sensor))
        bench.engine.change(bench.now, lambda s: setattr(s, "near_end", True))
        assert bench.send(b"\x10\x04\x04") == answer


def test_models_without_process_id_or_automatic_status_say_nothing(
    new_bench: Callable[..., Bench],
) -> None:
    bench = new_bench(replace(INSTANT, process_id=False, status_back=False))
    assert bench.send(START + LINES + CUT + PROOF + b"\x1dr\x01") == b"\x00"
    assert bench.pieces[0].text == LINES.decode()


def test_identity_blocks(bench: Bench) -> None:
    assert bench.send(b"\x1dIB\x1dIC\x1dIA") == b"\x5fSIMULATED\x00\x5fSIM-80\x00\x5f1.00\x00"
    assert bench.send(b"\x1dI\x01") == b"\x20"


def test_real_time_bytes_in_an_image_are_obeyed_and_still_printed(bench: Bench) -> None:
    row = b"\x10\x04\x01\xff"
    answers = bench.send(b"\x1dv0\x00\x04\x00\x01\x00" + row + CUT)
    assert answers == b"\x12"
    assert "[image 32 x 1]" in bench.text


def test_silence_delay_and_split_answers(bench: Bench) -> None:
    bench.engine.faults.silent = True
    assert bench.send(b"\x10\x04\x01" + START + LINES + CUT + PROOF) == b""
    assert bench.pieces[0].complete
    bench.engine.faults.silent = False

    bench.engine.faults.answer_delay_s = 3.0
    assert bench.send(b"\x10\x04\x01") == b""
    assert bench.later(2.9) == b""
    assert bench.later(0.2) == b"\x12"

    bench.engine.faults.answer_delay_s = 0.0
    bench.engine.faults.split_answers = True
    first = bench.send(b"\x1dIC")
    assert first == b"\x5f"
    assert first + bench.later(1.0) == b"\x5fSIM-80\x00"


def test_proof_comes_when_the_paper_has_come_and_not_before(
    new_bench: Callable[..., Bench],
) -> None:
    bench = new_bench(replace(MODEL_80_MM, speed_mm_s=10.0, cut_s=0.5))
    # 4 lines of 30 dots and 96 dots to the blade are 27 mm: 2.7 s, then half a second to cut.
    assert bench.send(LINES + CUT + PROOF) == b""
    assert bench.later(3.15) == b""
    assert bench.later(0.1) == PROVEN


def test_half_an_image_leaves_the_printer_waiting_until_zeros_free_it(bench: Bench) -> None:
    bench.send(b"\x1dv0\x00\x48\x00\x64\x00" + b"\xff" * 100)
    assert bench.send(b"\x1dr\x01") == b""
    assert bench.send(b"\x00" * 8192 + START) == IDLE


def test_a_full_buffer_takes_no_more_while_offline(new_bench: Callable[..., Bench]) -> None:
    bench = new_bench(replace(INSTANT, receive_buffer_bytes=100))
    bench.engine.change(bench.now, lambda s: setattr(s, "cover_open", True))
    bench.send(b"x" * 60)
    assert bench.engine.room_bytes == 40
    bench.engine.change(bench.now, lambda s: setattr(s, "cover_open", False))
    assert bench.engine.room_bytes == 100


def test_an_image_larger_than_the_buffer_is_still_printed(new_bench: Callable[..., Bench]) -> None:
    bench = new_bench(replace(INSTANT, receive_buffer_bytes=100))
    job = b"\x1dv0\x00\x48\x00\x64\x00" + b"\xff" * 7200 + CUT
    while job:
        taken = min(len(job), bench.engine.room_bytes)
        assert taken > 0
        bench.send(job[:taken])
        job = job[taken:]
    assert "[image 576 x 100]" in bench.text
