"""A scanner on a pseudo-terminal, which comes and goes."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pty_peer import Happenings, PtyPeer

from drivers.links.link import LinkBusy, LinkMissing
from drivers.links.serial import SerialLink, SerialSettings
from drivers.scanners import serial_scanner
from drivers.scanners.decode import Encoding
from drivers.scanners.events import (
    Connected,
    Disconnected,
    Scanned,
    StateChanged,
    Unreadable,
    WhyDisconnected,
    WhyUnreadable,
)
from drivers.scanners.framer import Framing, Suffix
from drivers.scanners.serial_scanner import ScannerSettings, SerialScanner

CONNECTED = StateChanged(Connected())
LOST = StateChanged(Disconnected(WhyDisconnected.LOST))


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[PtyPeer]:
    with PtyPeer(tmp_path) as device:
        yield device


@pytest.fixture
def heard() -> Happenings:
    return Happenings()


def scanner_at(
    peer: PtyPeer, heard: Happenings, settings: ScannerSettings | None = None
) -> SerialScanner:
    link = SerialLink(SerialSettings(str(peer.path)))
    return SerialScanner(link, settings or ScannerSettings(), heard)


@pytest.fixture
def scanner(peer: PtyPeer, heard: Happenings) -> Iterator[SerialScanner]:
    listening = scanner_at(peer, heard)
    listening.start()
    heard.wait_for(lambda events: events == [CONNECTED])
    yield listening
    listening.stop()


@pytest.mark.usefixtures("scanner")
def test_a_code_is_heard(peer: PtyPeer, heard: Happenings) -> None:
    peer.say("]Q1发票\r".encode("gb18030"))
    events = heard.wait_for(lambda events: len(events) > 1)
    assert events[1] == Scanned("发票", 4, Encoding.GB18030, "]Q1")


@pytest.mark.usefixtures("scanner")
def test_what_cannot_be_read_is_said(peer: PtyPeer, heard: Happenings) -> None:
    peer.say(b"\xff\xff\xff\r")
    heard.wait_for(lambda events: Unreadable(WhyUnreadable.GARBLED, 3) in events)
    peer.say(b"no suffix follows")
    heard.wait_for(lambda events: Unreadable(WhyUnreadable.CUT_OFF, 17) in events)


def test_without_suffix_silence_ends_a_code(peer: PtyPeer, heard: Happenings) -> None:
    scanner = scanner_at(peer, heard, ScannerSettings(Framing(Suffix.NONE)))
    scanner.start()
    heard.wait_for(lambda events: events == [CONNECTED])
    peer.say(b"abc")
    heard.wait_for(lambda events: Scanned("abc", 3, Encoding.UTF_8) in events)
    scanner.stop()


def test_a_scanner_unplugged_in_mid_code_is_found_again(
    peer: PtyPeer, heard: Happenings, scanner: SerialScanner
) -> None:
    peer.say(b"half")
    peer.unplug()
    heard.wait_for(lambda events: events[-1] == LOST)
    assert scanner.state == Disconnected(WhyDisconnected.LOST)
    peer.plug()
    heard.wait_for(lambda events: events[-1] == CONNECTED)
    peer.say(b"whole\r")
    events = heard.wait_for(lambda events: Scanned("whole", 5, Encoding.UTF_8) in events)
    assert events == [CONNECTED, LOST, CONNECTED, Scanned("whole", 5, Encoding.UTF_8)]


def test_an_absent_scanner_is_looked_for_often_enough() -> None:
    assert serial_scanner.RETRY_S < 3


def test_an_absent_scanner_is_reported_once_and_found(
    peer: PtyPeer, heard: Happenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_scanner, "RETRY_S", 0.01)
    peer.unplug()
    scanner = scanner_at(peer, heard)
    scanner.start()
    heard.wait_for(lambda events: bool(events))
    peer.plug()
    events = heard.wait_for(lambda events: events[-1] == CONNECTED)
    assert events == [StateChanged(Disconnected(WhyDisconnected.MISSING)), CONNECTED]
    scanner.stop()


def test_a_scanner_that_another_process_holds_is_busy(peer: PtyPeer, heard: Happenings) -> None:
    other = SerialLink(SerialSettings(str(peer.path)))
    other.open()
    scanner = scanner_at(peer, heard)
    scanner.start()
    heard.wait_for(lambda events: events == [StateChanged(Disconnected(WhyDisconnected.BUSY))])
    scanner.stop()
    other.close()


def test_a_scanner_that_comes_back_to_another_process_is_said_to_be_busy(
    peer: PtyPeer, heard: Happenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Held(SerialLink):
        refusals = iter((LinkMissing, LinkMissing, LinkBusy, LinkBusy))

        def open(self) -> None:
            raise next(self.refusals, LinkMissing)("held")

    monkeypatch.setattr(serial_scanner, "RETRY_S", 0.01)
    scanner = SerialScanner(Held(SerialSettings(str(peer.path))), ScannerSettings(), heard)
    scanner.start()
    events = heard.wait_for(lambda events: len(events) == 3)
    assert events == [
        StateChanged(Disconnected(why))
        for why in (WhyDisconnected.MISSING, WhyDisconnected.BUSY, WhyDisconnected.MISSING)
    ]
    scanner.stop()


def test_stopping_ends_the_thread_and_frees_the_device(
    peer: PtyPeer, heard: Happenings, scanner: SerialScanner
) -> None:
    scanner.stop()
    scanner.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "scanner"]
    link = SerialLink(SerialSettings(str(peer.path)))
    link.open()
    link.close()
    scanner.start()
    heard.wait_for(lambda events: events == [CONNECTED, CONNECTED])


@pytest.mark.usefixtures("scanner")
def test_nothing_that_is_scanned_is_logged(
    peer: PtyPeer, heard: Happenings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.say(b"secret-one\rsecret\x06.\xff\xffsecret\r")
    heard.wait_for(lambda events: len(events) >= 3)
    assert "secret" not in caplog.text
