"""Conversations with a receipt printer, byte for byte."""

import msgspec
import pytest
from driver_conversation import Conversation, Gone, Jam, Later

from drivers.deadline import Deadline
from drivers.printers.ear import Identity
from drivers.printers.escpos import EscposPrinter
from drivers.printers.outcome import Doubt, Failed, PrintOutcome, Proven, Unknown
from drivers.printers.profile import ClearBuffer, Cutter, Profile
from drivers.printers.status import Cause, NoAnswer, NotReady, PrinterStatus, Ready

TAG = b"aB3x"
BODY = b"\x1b\x32\xc4\xfa\xba\xc3\n"
CUT = b"\x1b\x64\x05\x1d\x56\x01"
ID = b"\x1d\x28\x48\x06\x00\x30\x30" + TAG
PRINTED = b"\x37\x22" + TAG + b"\x00"
GS_R = b"\x1d\x72\x01"

FULL = Profile(
    name="full",
    title="knows everything",
    source="test",
    cutter=Cutter.PARTIAL,
    process_id=True,
    asb=True,
    near_end=True,
    clear_buffer=ClearBuffer.DLE_DC4,
    recover=True,
)
PLAIN = Profile(name="plain", title="knows GS r only", source="test", cutter=Cutter.PARTIAL)

CLEAN = (
    (b"\x10\x04\x01", b"\x12"),
    (b"\x10\x04\x02", b"\x12"),
    (b"\x10\x04\x03", b"\x12"),
    (b"\x10\x04\x04", b"\x12"),
)
ASKED = CLEAN * 3  # once a second, as long as nothing is proven within 4 s
PAPER_OUT = (
    (b"\x10\x04\x01", b"\x1a"),
    (b"\x10\x04\x02", b"\x32"),
    (b"\x10\x04\x03", b"\x12"),
    (b"\x10\x04\x04", b"\x72"),
)
HOT = (
    (b"\x10\x04\x01", b"\x1a"),
    (b"\x10\x04\x02", b"\x52"),
    (b"\x10\x04\x03", b"\x52"),
    (b"\x10\x04\x04", b"\x12"),
)
START_FULL = ((b"\x1b\x40", b""), (b"\x1d\x61\x0f", b"\x10\x00\x00\x00"))
START_PLAIN = ((b"\x1b\x40",),)
CLEAR = (b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", b"\x37\x25\x00")


def print_slip(link: Conversation, profile: Profile, seconds: float = 12) -> PrintOutcome:
    printer = EscposPrinter(link, profile, link.clock)
    return printer.print(TAG, BODY, Deadline(seconds, link.clock))


# --- proven ------------------------------------------------------------------------------


def test_the_tag_and_a_clean_status_after_it_prove_the_slip() -> None:
    with Conversation(
        *CLEAN, *START_FULL, (BODY + CUT + ID, Later(1.0, PRINTED)), (GS_R, b"\x00"), *CLEAN
    ) as link:
        assert print_slip(link, FULL) == Proven(near_end=False)


def test_without_tags_the_ordered_reply_proves_it() -> None:
    with Conversation(
        *CLEAN, *START_PLAIN, (BODY + CUT + GS_R, Later(1.0, b"\x00")), *CLEAN
    ) as link:
        assert print_slip(link, PLAIN) == Proven()


def test_near_end_is_proven_and_said() -> None:
    near_end = (*CLEAN[:3], (b"\x10\x04\x04", b"\x1e"))
    with Conversation(
        *near_end, *START_FULL, (BODY + CUT + ID + GS_R, PRINTED + b"\x03"), *near_end
    ) as link:
        assert print_slip(link, FULL) == Proven(near_end=True)


def test_replies_may_come_in_pieces_and_mixed_with_flow_control() -> None:
    pieces = (b"\x37\x22aB", b"\x13", b"3x", b"\x11\x00\x00")
    with Conversation(*CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, *pieces), *CLEAN) as link:
        assert print_slip(link, FULL) == Proven()


def test_a_hot_head_is_waited_for_before_the_slip() -> None:
    with Conversation(
        *HOT, *CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, PRINTED + b"\x00"), *CLEAN
    ) as link:
        assert print_slip(link, FULL) == Proven()


def test_a_hot_head_in_mid_slip_is_waited_for() -> None:
    hot_then_cool = (b"\x18\x40\x00\x00", Later(2.0, b"\x10\x00\x00\x00" + PRINTED + b"\x00"))
    with Conversation(
        *CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, *hot_then_cool), *CLEAN
    ) as link:
        assert print_slip(link, FULL) == Proven()


def test_initialising_is_followed_by_asking_for_automatic_status_again() -> None:
    """ESC @ ends it: a fault in mid-slip would go unseen."""
    with Conversation(
        *CLEAN,
        (b"\x1b\x40\x1d\x61\x0f", b"\x10\x00\x00\x00"),
        (BODY + CUT + ID + GS_R, PRINTED + b"\x00"),
        *CLEAN,
    ) as link:
        assert print_slip(link, FULL) == Proven()


# --- failed ------------------------------------------------------------------------------


def test_no_paper_before_the_slip_is_failed_and_nothing_is_sent() -> None:
    with Conversation(*PAPER_OUT) as link:
        assert print_slip(link, FULL) == Failed(Cause.PAPER_OUT)


def test_paper_that_ends_in_mid_slip_is_failed_and_the_rest_is_forgotten() -> None:
    with Conversation(
        *CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, b"\x18\x00\x0f\x00"), *PAPER_OUT, CLEAR
    ) as link:
        assert print_slip(link, FULL) == Failed(Cause.PAPER_OUT)


def test_a_cutter_that_jams_is_failed() -> None:
    jammed = (
        (b"\x10\x04\x01", b"\x1a"),
        (b"\x10\x04\x02", b"\x52"),
        (b"\x10\x04\x03", b"\x1a"),
        (b"\x10\x04\x04", b"\x12"),
    )
    with Conversation(
        *CLEAN,
        *START_FULL,
        (BODY + CUT + ID + GS_R, Later(1.0, b"\x18\x08\x00\x00")),
        *jammed,
        CLEAR,
    ) as link:
        assert print_slip(link, FULL) == Failed(Cause.CUTTER_JAM)


def test_a_printer_without_automatic_status_names_the_fault_when_it_is_asked() -> None:
    with Conversation(
        *CLEAN, *START_PLAIN, (BODY + CUT + GS_R,), *CLEAN, *PAPER_OUT, *PAPER_OUT
    ) as link:
        began_s = link.clock.now_s
        assert print_slip(link, PLAIN, seconds=60) == Failed(Cause.PAPER_OUT)
        assert link.clock.now_s - began_s < 3  # and not at the deadline


def test_paper_that_was_back_before_the_end_still_failed_this_slip() -> None:
    with Conversation(*CLEAN, *START_PLAIN, (BODY + CUT + GS_R,), *PAPER_OUT, *CLEAN) as link:
        assert print_slip(link, PLAIN) == Failed(Cause.PAPER_OUT)


def test_a_hot_head_is_waited_for_by_who_asks_as_well() -> None:
    with Conversation(
        *CLEAN, *START_PLAIN, (BODY + CUT + GS_R,), *HOT[:3], (HOT[3][0], b"\x12\x00"), *CLEAN
    ) as link:
        assert print_slip(link, PLAIN) == Proven()


def test_paper_that_is_back_already_still_failed_this_slip() -> None:
    back = b"\x18\x00\x0f\x00\x10\x00\x00\x00"
    with Conversation(*CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, back), *CLEAN, CLEAR) as link:
        assert print_slip(link, FULL) == Failed(Cause.PAPER_OUT)


def test_a_head_that_stays_hot_is_failed_with_its_cause() -> None:
    with Conversation(*HOT, *HOT, *HOT) as link:
        assert print_slip(link, FULL, seconds=2.0) == Failed(Cause.HEAD_HOT)


def test_a_silent_printer_is_given_nothing() -> None:
    with Conversation((b"\x10\x04\x01",)) as link:
        assert print_slip(link, FULL) == Failed(Cause.DISCONNECTED)


def test_a_printer_that_goes_away_before_the_first_byte_is_failed() -> None:
    with Conversation((b"\x10\x04\x01", Gone())) as link:
        assert print_slip(link, FULL) == Failed(Cause.DISCONNECTED)


# --- unknown -----------------------------------------------------------------------------


def test_a_printer_that_goes_away_in_mid_slip_is_unknown() -> None:
    with Conversation(*CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, Gone())) as link:
        assert print_slip(link, FULL) == Unknown(Doubt.LOST_LINK)


def test_silence_is_unknown_never_printed() -> None:
    with Conversation(*CLEAN, *START_FULL, (BODY + CUT + ID + GS_R,), *CLEAN) as link:
        assert print_slip(link, FULL) == Unknown(Doubt.NO_PROOF)


def test_the_tag_of_another_slip_proves_nothing() -> None:
    other = b"\x37\x22XXXX\x00\x00"
    with Conversation(*CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, other), *CLEAN) as link:
        assert print_slip(link, FULL) == Unknown(Doubt.NO_PROOF)


def test_a_model_with_tags_is_not_believed_without_one() -> None:
    with Conversation(*CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, b"\x00"), *CLEAN) as link:
        assert print_slip(link, FULL) == Unknown(Doubt.NO_PROOF)


def test_a_fault_after_the_proof_leaves_it_unknown() -> None:
    with Conversation(
        *CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, PRINTED + b"\x00"), *PAPER_OUT
    ) as link:
        assert print_slip(link, FULL) == Unknown(Doubt.NO_PROOF)


def test_a_cover_that_was_opened_and_closed_while_it_printed_leaves_it_unknown() -> None:
    opened_and_closed = b"\x38\x00\x00\x00\x10\x00\x00\x00"
    with Conversation(
        *CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, opened_and_closed + PRINTED + b"\x00"), *CLEAN
    ) as link:
        assert print_slip(link, FULL) == Unknown(Doubt.NO_PROOF)


def test_silence_after_the_proof_leaves_it_unknown() -> None:
    with Conversation(
        *CLEAN, *START_FULL, (BODY + CUT + ID + GS_R, PRINTED + b"\x00"), (b"\x10\x04\x01",)
    ) as link:
        assert print_slip(link, FULL) == Unknown(Doubt.NO_PROOF)


def test_the_tail_of_a_torn_status_is_no_ordered_reply() -> None:
    """10 00 00 00 that lost its first byte looks like three answers to GS r."""
    with Conversation(*CLEAN, *START_PLAIN, (BODY + CUT + GS_R, b"\x00\x00\x00"), *CLEAN) as link:
        assert print_slip(link, PLAIN) == Unknown(Doubt.NO_PROOF)


@pytest.mark.parametrize("reply", [b"\x0c", b"\x80"])
def test_an_ordered_reply_that_says_anything_else_proves_nothing(reply: bytes) -> None:
    with Conversation(*CLEAN, *START_PLAIN, (BODY + CUT + GS_R, reply), *CLEAN) as link:
        assert print_slip(link, PLAIN) == Unknown(Doubt.NO_PROOF)


def test_a_printer_that_stops_taking_data_is_unknown_within_the_deadline() -> None:
    with Conversation(*CLEAN, *START_PLAIN, (BODY[:4], Jam()), *CLEAN, dropped=7) as link:
        began_s = link.clock.now_s
        assert print_slip(link, PLAIN, seconds=6) == Unknown(Doubt.NO_PROOF)
        assert link.clock.now_s - began_s <= 6.001


# --- one slip after another ----------------------------------------------------------------


def test_a_late_ordered_reply_does_not_prove_the_next_slip() -> None:
    with Conversation(
        *CLEAN, *START_PLAIN, (BODY + CUT + GS_R,), *ASKED, *CLEAN,
        *CLEAN, (b"\x1b\x40" + CUT,), (GS_R, b"\x00", Later(0.1, b"\x00")),
        *START_PLAIN, (BODY + CUT + GS_R,), *ASKED, *CLEAN,
    ) as link:  # fmt: skip
        printer = EscposPrinter(link, PLAIN, link.clock)
        for _ in range(2):
            assert printer.print(TAG, BODY, Deadline(6, link.clock)) == Unknown(Doubt.NO_PROOF)


def test_what_a_printer_may_still_hold_gets_its_own_cut() -> None:
    """A model that cannot forget prints the rest when paper returns: not on the next slip."""
    with Conversation(
        *CLEAN, *START_PLAIN, (BODY + CUT + GS_R,), *PAPER_OUT, *PAPER_OUT,
        *CLEAN, (b"\x1b\x40" + CUT,), (GS_R, b"\x00"),
        *START_PLAIN, (BODY + CUT + GS_R, b"\x00"), *CLEAN,
    ) as link:  # fmt: skip
        printer = EscposPrinter(link, PLAIN, link.clock)
        assert printer.print(TAG, BODY, Deadline(6, link.clock)) == Failed(Cause.PAPER_OUT)
        assert printer.print(TAG, BODY, Deadline(6, link.clock)) == Proven()


def test_an_unfinished_picture_is_filled_up_before_the_next_slip() -> None:
    picture = b"\x1d\x76\x30\x00\x02\x00\x03\x00" + b"\xaa" * 6
    with Conversation(
        *CLEAN, *START_PLAIN, (picture + CUT + GS_R,), *ASKED, *CLEAN,
        *CLEAN, (b"\x00" * 6 + b"\x1b\x40" + CUT,), (GS_R, b"\x00"),
        *START_PLAIN, (BODY + CUT + GS_R, b"\x00"), *CLEAN,
        dropped=9,
    ) as link:  # fmt: skip
        printer = EscposPrinter(link, PLAIN, link.clock)
        assert printer.print(TAG, picture, Deadline(6, link.clock)) == Unknown(Doubt.NO_PROOF)
        assert printer.print(TAG, BODY, Deadline(6, link.clock)) == Proven()


# --- status and identity -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replies", "status"),
    [
        ("12 12 12 12", Ready()),
        ("12 12 12 1e", Ready(near_end=True)),
        ("92 92 92 92", Ready()),  # bit 7 set: seen on clones, must not matter
        ("16 12 12 12", Ready()),  # drawer pin high
        ("12 12 16 12", Ready()),  # bit 2 of n=3 is undefined on old TM models
        ("1a 12 16 12", NotReady(Cause.HARDWARE)),  # BT-T080: paper jam
        ("1a 16 12 12", NotReady(Cause.COVER_OPEN)),
        ("1a 32 12 72", NotReady(Cause.PAPER_OUT)),
        ("12 12 12 7e", NotReady(Cause.PAPER_OUT)),
        ("1a 36 12 72", NotReady(Cause.COVER_OPEN)),  # the cover first: paper cannot be seen
        ("1a 52 1a 12", NotReady(Cause.CUTTER_JAM)),
        ("1a 52 32 12", NotReady(Cause.HARDWARE)),
        ("1a 52 52 12", NotReady(Cause.HEAD_HOT)),
        ("1a 52 12 12", NotReady(Cause.HARDWARE)),
        ("1a 12 12 12", NotReady(Cause.OFFLINE)),
    ],
)
def test_status_in_the_words_of_the_printer(replies: str, status: PrinterStatus) -> None:
    script = [(bytes((0x10, 0x04, n)), b) for n, b in _numbered(replies)]
    with Conversation(*script) as link:
        assert EscposPrinter(link, FULL, link.clock).status(Deadline(3, link.clock)) == status


def _numbered(replies: str) -> list[tuple[int, bytes]]:
    return [(n, bytes((byte,))) for n, byte in enumerate(bytes.fromhex(replies), start=1)]


def test_half_an_answer_is_no_answer() -> None:
    with Conversation((b"\x10\x04\x01", b"\x12"), (b"\x10\x04\x02",)) as link:
        assert EscposPrinter(link, FULL, link.clock).status(Deadline(3, link.clock)) == NoAnswer()


def test_a_late_answer_is_not_taken_for_the_next_question() -> None:
    with Conversation((b"\x10\x04\x01", Later(0.6, b"\x1a")), *CLEAN) as link:
        printer = EscposPrinter(link, FULL, link.clock)
        assert printer.status(Deadline(3, link.clock)) == NoAnswer()
        assert printer.status(Deadline(3, link.clock)) == Ready()


def test_an_automatic_status_in_front_of_the_answer_is_told_apart() -> None:
    with Conversation((b"\x10\x04\x01", b"\x10\x00\x00\x0f\x12"), *CLEAN[1:]) as link:
        assert EscposPrinter(link, FULL, link.clock).status(Deadline(3, link.clock)) == Ready()


def test_a_printer_says_who_it_is_once_per_connection() -> None:
    profile = msgspec.structs.replace(FULL, identifies=True)
    with Conversation(
        (b"\x1d\x49\x42", b"\x5fEPSON\x00"),
        (b"\x1d\x49\x43", b"\x5fTM-T82III\x00"),
        *CLEAN,
        *START_FULL,
        (BODY + CUT + ID + GS_R, PRINTED + b"\x00"),
        *CLEAN,
    ) as link:
        printer = EscposPrinter(link, profile, link.clock)
        assert printer.identify(Deadline(3, link.clock)) == Identity("EPSON", "TM-T82III")
        assert printer.print(TAG, BODY, Deadline(6, link.clock)) == Proven()


def test_recovering_asks_the_printer_how_it_is_afterwards() -> None:
    with Conversation((b"\x10\x05\x02",), *CLEAN) as link:
        assert EscposPrinter(link, FULL, link.clock).recover(Deadline(3, link.clock)) == Ready()


@pytest.mark.parametrize("tag", [b"", b"abc", b"abcde", b"ab\x00d", b"ab\x7fd"])
def test_a_tag_is_four_printable_bytes(tag: bytes) -> None:
    with Conversation() as link, pytest.raises(ValueError, match="tag"):
        EscposPrinter(link, FULL, link.clock).print(tag, BODY)


def test_the_default_deadline_covers_wire_and_paper() -> None:
    with Conversation() as link:
        printer = EscposPrinter(link, FULL, link.clock)
        assert printer.transmission_s(bytes(11520)) == pytest.approx(1.0)
        assert printer.paper_s(200 - 5 * 4.23) == pytest.approx(2.0)
