"""/dev/usb/lp0, on a pseudo-terminal in its place.

What usblp does with its transfers is not shown by this; docs/hardware.md says how that was
tried. Shown here: every call ends at its deadline, a loss is a loss, and the file is left alone.
"""

import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import LinkLost, LinkMissing, write_all
from drivers.links.usb_lp import UsbLpLink, UsbLpSettings

WAIT_S = 10.0


class StandIn:
    """A file that looks enough like /dev/usb/lp0."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = self._other = -1
        self.plug()

    def plug(self) -> None:
        self.fd, self._other = os.openpty()
        tty.setraw(self._other)
        self.path.symlink_to(os.ttyname(self._other))

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        for fd in (self.fd, self._other):
            if fd >= 0:
                os.close(fd)
        self.fd = self._other = -1


@pytest.fixture
def device(tmp_path: Path) -> Iterator[StandIn]:
    standing_in = StandIn(tmp_path / "lp0")
    yield standing_in
    standing_in.unplug()


@pytest.fixture
def link(device: StandIn) -> Iterator[UsbLpLink]:
    made = UsbLpLink(UsbLpSettings(str(device.path)))
    yield made
    made.close()


def test_bytes_go_both_ways_unchanged(device: StandIn, link: UsbLpLink) -> None:
    every = bytes(range(256))
    link.open()
    write_all(link, every, Deadline(WAIT_S))
    assert os.read(device.fd, 1000) == every
    os.write(device.fd, every)
    assert link.read(Deadline(WAIT_S)) == every


def test_a_printer_that_takes_nothing_meets_the_deadline(link: UsbLpLink) -> None:
    link.open()
    with pytest.raises(DeadlinePassed):
        write_all(link, bytes(100_000), Deadline(0.1))
    assert link.is_open


def test_no_more_is_handed_over_than_usblp_sends_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lp0")  # holds 64 KB, so that the limit is ours
    link = UsbLpLink(UsbLpSettings(str(tmp_path / "lp0")))
    link.open()
    assert link.write_some(bytes(20_000), Deadline(WAIT_S)) == 8192
    link.close()


def test_a_transfer_that_hangs_is_ended_by_opening_anew(link: UsbLpLink) -> None:
    link.open()
    assert link.discard_output() == 0
    with pytest.raises(DeadlinePassed):
        write_all(link, bytes(100_000), Deadline(0.1))
    assert 0 < link.discard_output() <= 8192
    assert link.is_open


def test_silence_meets_the_deadline(link: UsbLpLink) -> None:
    link.open()
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0.01))


def test_a_printer_that_is_pulled_out_is_lost_and_found_again(
    device: StandIn, link: UsbLpLink
) -> None:
    link.open()
    assert not link.is_lost()
    device.unplug()
    assert link.is_lost()
    with pytest.raises(LinkLost):
        link.read(Deadline(WAIT_S))
    assert not link.is_open
    assert not link.is_lost()
    with pytest.raises(LinkMissing):
        link.open()
    device.plug()
    link.open()
    os.write(device.fd, b"back")
    assert link.read(Deadline(WAIT_S)) == b"back"


def test_writing_to_a_printer_that_is_gone_is_a_loss(device: StandIn, link: UsbLpLink) -> None:
    link.open()
    device.unplug()
    with pytest.raises(LinkLost):
        write_all(link, b"x", Deadline(WAIT_S))


def test_what_is_no_usb_printer_tells_no_port_status(link: UsbLpLink) -> None:
    link.open()
    assert link.port_status() is None


def test_a_closed_link_says_so(link: UsbLpLink) -> None:
    for use in (
        lambda: link.read(Deadline(1)),
        lambda: link.write_some(b"x", Deadline(1)),
        link.discard_output,
        link.port_status,
    ):
        with pytest.raises(LinkLost):
            use()
    link.close()
