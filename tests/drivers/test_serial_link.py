"""A serial port whose other end never reads, vanishes, or answers late."""

import gc
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pty_peer import WAIT_S, PtyPeer

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import LinkBusy, LinkLost, LinkMissing, write_all
from drivers.links.serial import SerialLink, SerialSettings
from drivers.printers.escpos import EscposPrinter
from drivers.printers.outcome import Doubt, Failed, Unknown
from drivers.printers.profile import Profile
from drivers.printers.status import Cause, NotReady

PLAIN = Profile(name="plain", title="", source="")


@pytest.fixture
def peer(tmp_path: Path):
    with PtyPeer(tmp_path) as device:
        yield device


@pytest.fixture
def link(peer: PtyPeer):
    port = SerialLink(SerialSettings(str(peer.path)))
    yield port
    port.close()


def test_bytes_go_both_ways_unchanged(peer: PtyPeer, link: SerialLink) -> None:
    every = bytes(range(256))
    link.open()
    write_all(link, every, Deadline(WAIT_S))
    assert peer.hear(256) == every
    peer.say(every)
    got = b""
    while len(got) < 256:
        got += link.read(Deadline(WAIT_S))
    assert got == every


def test_a_device_that_never_reads_meets_the_deadline(peer: PtyPeer, link: SerialLink) -> None:
    link.open()
    with pytest.raises(DeadlinePassed):
        write_all(link, bytes(100_000), Deadline(0.2))
    assert link.is_open
    assert link.discard_output() >= 0
    link.close()


def test_silence_meets_the_deadline(link: SerialLink) -> None:
    link.open()
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0.01))


def test_an_answer_that_comes_late_is_read_when_it_is_there(
    peer: PtyPeer, link: SerialLink
) -> None:
    link.open()
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0.01))
    peer.say(b"\x12")
    assert link.read(Deadline(WAIT_S)) == b"\x12"


def test_a_device_that_vanishes_is_lost_and_found_again(peer: PtyPeer, link: SerialLink) -> None:
    link.open()
    peer.say(b"last words")
    assert link.read(Deadline(WAIT_S)) == b"last words"
    peer.unplug()
    with pytest.raises(LinkLost):
        link.read(Deadline(WAIT_S))
    assert not link.is_open
    with pytest.raises(LinkMissing):
        link.open()
    peer.plug()
    link.open()
    peer.say(b"back")
    assert link.read(Deadline(WAIT_S)) == b"back"


def test_a_lost_device_is_closed_once(
    peer: PtyPeer, link: SerialLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second close of the same number would close whatever another thread has opened since."""
    link.open()
    refused: list[int] = []

    def close(fd: int, real: Callable[[int], None] = os.close) -> None:
        try:
            real(fd)
        except OSError:
            refused.append(fd)

    peer.unplug()
    monkeypatch.setattr(os, "close", close)
    with pytest.raises(LinkLost):
        link.read(Deadline(WAIT_S))
    gc.collect()
    monkeypatch.undo()
    assert not refused


def test_writing_to_a_device_that_vanished_is_a_loss(peer: PtyPeer, link: SerialLink) -> None:
    link.open()
    peer.unplug()
    with pytest.raises(LinkLost):
        write_all(link, b"x", Deadline(WAIT_S))
    assert not link.is_open


def test_a_second_reader_is_refused(peer: PtyPeer, link: SerialLink) -> None:
    link.open()
    with pytest.raises(LinkBusy):
        SerialLink(SerialSettings(str(peer.path))).open()
    link.close()
    link.open()


def test_a_closed_link_says_so(link: SerialLink) -> None:
    for use in (
        lambda: link.read(Deadline(1)),
        lambda: link.write_some(b"x", Deadline(1)),
        link.discard_output,
    ):
        with pytest.raises(LinkLost):
            use()
    link.close()


# --- a printer behind such a port -------------------------------------------------------------


def test_a_printer_that_is_not_there_is_failed_and_disconnected(tmp_path: Path) -> None:
    printer = EscposPrinter(SerialLink(SerialSettings(str(tmp_path / "none"))), PLAIN)
    assert printer.print(b"abcd", b"x\n") == Failed(Cause.DISCONNECTED)
    assert printer.status(Deadline(1)) == NotReady(Cause.DISCONNECTED)


class Answering:
    """Answers DLE EOT in a thread, and does what is asked once the slip begins."""

    def __init__(self, peer: PtyPeer, *, vanish: bool) -> None:
        self._peer = peer
        self._vanish = vanish
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        for n in (1, 2, 3, 4):
            assert self._peer.hear(3) == bytes((0x10, 4, n))
            self._peer.say(b"\x12")
        assert self._peer.hear(3) == b"\x1b@x"
        if self._vanish:
            self._peer.unplug()


def test_a_printer_that_stops_reading_in_mid_slip_is_unknown(
    peer: PtyPeer, link: SerialLink
) -> None:
    printer = EscposPrinter(link, PLAIN)
    with Answering(peer, vanish=False):
        outcome = printer.print(b"abcd", b"x" * 50_000, Deadline(1.5))
    assert outcome == Unknown(Doubt.NO_PROOF)


def test_a_printer_that_vanishes_in_mid_slip_is_unknown(peer: PtyPeer, link: SerialLink) -> None:
    printer = EscposPrinter(link, PLAIN)
    with Answering(peer, vanish=True):
        outcome = printer.print(b"abcd", b"x" * 50_000, Deadline(WAIT_S))
    assert outcome == Unknown(Doubt.LOST_LINK)
    assert printer.status(Deadline(1)) == NotReady(Cause.DISCONNECTED)


def test_a_path_that_leads_to_another_device_now_is_a_loss(tmp_path: Path) -> None:
    path, folders = tmp_path / "printer", (tmp_path / "first", tmp_path / "second")
    for folder in folders:
        folder.mkdir()
    with PtyPeer(folders[0]) as first, PtyPeer(folders[1]) as second:
        path.symlink_to(first.path.resolve())
        link = SerialLink(SerialSettings(path=str(path)))
        link.open()
        path.unlink()
        path.symlink_to(second.path.resolve())
        with pytest.raises(LinkLost):
            link.write_some(b"x", Deadline(WAIT_S))
        assert not link.is_open
        link.open()
        link.write_some(b"x", Deadline(WAIT_S))
        link.close()
