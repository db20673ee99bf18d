"""Whatever a printer or its cable does, a print ends in time with one of three outcomes."""

from collections.abc import Sequence
from enum import Enum

from driver_conversation import FakeClock
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import LinkBusy, LinkLost, LinkMissing
from drivers.printers import commands
from drivers.printers.escpos import EscposPrinter
from drivers.printers.outcome import Doubt, Failed, Proven, Unknown
from drivers.printers.profile import ClearBuffer, Cutter, Profile
from drivers.printers.status import Cause, NoAnswer, NotReady, Ready

TAG = b"q7Rt"
BODY = b"\x1b\x32" + b"\xc4\xfa\n" * 400
PROVABLE = Profile(
    name="full",
    title="",
    source="",
    cutter=Cutter.PARTIAL,
    process_id=True,
    asb=True,
    identifies=True,
    clear_buffer=ClearBuffer.DLE_DC4,
)
PLAIN = Profile(name="plain", title="", source="")


class Trouble(Enum):
    SILENCE = 0
    GONE = 1


class WildDevice:
    """Answers with what it was given to answer, whatever it is told; then it is silent."""

    bytes_per_s = 960.0

    def __init__(self, answers: Sequence[bytes | Trouble], opens: Sequence[bool]) -> None:
        self.clock = FakeClock()
        self.is_open = False
        self.told = b""
        self._answers = list(answers)
        self._opens = list(opens)

    def open(self) -> None:
        if self.is_open:
            return
        if self._opens and not self._opens.pop(0):
            raise LinkBusy("x") if len(self._opens) % 2 else LinkMissing("x")
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def discard_output(self) -> int:
        self._must_be_open()
        return 1

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise LinkLost("x")

    def write_some(self, data: bytes, deadline: Deadline) -> int:
        self._must_be_open()
        if deadline.left_s == 0:
            raise DeadlinePassed("x")
        taken = data[:100]
        self.told += taken
        return len(taken)

    def read(self, deadline: Deadline) -> bytes:
        self._must_be_open()
        answer = self._answers.pop(0) if self._answers else Trouble.SILENCE
        if isinstance(answer, bytes):
            return answer
        if answer is Trouble.GONE:
            self.close()
            raise LinkLost("x")
        self.clock.now_s += deadline.left_s
        raise DeadlinePassed("x")


ANSWERS = st.lists(
    st.one_of(
        st.sampled_from([b"\x12", b"\x12\x12\x12\x12", b"\x1a", b"\x72", b"\x00", b"\x0c"]),
        st.sampled_from([b"\x10\x00\x00\x00", b"\x18\x00\x0f\x00", b"\x18\x08\x00\x00", b"\x11"]),
        st.sampled_from([b"\x37\x22", b"\x37\x25\x00", b"\x37\x22XXXX\x00", b"\x5fA\x00"]),
        st.binary(min_size=1, max_size=8).filter(lambda raw: TAG not in raw),
        st.sampled_from(list(Trouble)),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(ANSWERS, st.lists(st.booleans(), max_size=3), st.sampled_from([0.0, 0.3, 8.0]))
def test_a_print_ends_in_time_and_is_never_proven_without_its_tag(
    answers: list[bytes | Trouble], opens: list[bool], seconds: float
) -> None:
    device = WildDevice(answers, opens)
    printer = EscposPrinter(device, PROVABLE, device.clock)
    began_s = device.clock.now_s
    outcome = printer.print(TAG, BODY, Deadline(seconds, device.clock))
    assert device.clock.now_s - began_s <= seconds + 0.001
    assert isinstance(outcome, Failed | Unknown)
    if outcome == Failed(Cause.DISCONNECTED):
        assert BODY[:20] not in device.told
    if outcome == Unknown(Doubt.LOST_LINK):
        assert commands.INITIALISE in device.told
    assert device.told.count(BODY[:20]) <= 1


@settings(deadline=None)
@given(ANSWERS, st.lists(st.booleans(), max_size=3))
def test_two_prints_and_a_status_never_raise(
    answers: list[bytes | Trouble], opens: list[bool]
) -> None:
    device = WildDevice(answers, opens)
    printer = EscposPrinter(device, PLAIN, device.clock)
    for _ in range(2):
        outcome = printer.print(TAG, BODY, Deadline(5, device.clock))
        assert isinstance(outcome, Proven | Failed | Unknown)
    status = printer.status(Deadline(2, device.clock))
    assert isinstance(status, Ready | NotReady | NoAnswer)
    assert isinstance(printer.recover(Deadline(2, device.clock)), Ready | NotReady | NoAnswer)
