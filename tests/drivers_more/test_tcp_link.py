"""A printer behind port 9100: a real socket in between, which stalls, resets and comes back."""

import select
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from serial_to_tcp import SerialToTcp

from drivers.deadline import Deadline, DeadlinePassed
from drivers.links.link import LinkLost, LinkMissing, write_all
from drivers.links.tcp import TcpLink, TcpSettings
from drivers.printers.escpos import EscposPrinter
from drivers.printers.outcome import Failed, Proven, Unknown
from drivers.printers.profile import Cutter, Profile
from drivers.printers.status import Cause, NotReady, Ready
from drivers.simulated.model import PrinterModel
from drivers.simulated.printer import SimulatedPrinter

WAIT_S = 10.0
INSTANT = PrinterModel(speed_mm_s=None, cut_s=0.0)
PROFILE = Profile(
    name="network",
    title="",
    source="",
    cutter=Cutter.FULL,
    process_id=True,
    asb=True,
    near_end=True,
)


class Server:
    """The other end of one connection, moved by hand."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(WAIT_S)
        self.port: int = self._listening.getsockname()[1]
        self.client: socket.socket | None = None

    def accept(self) -> socket.socket:
        if self.client is not None:
            self.client.close()
        self.client, _ = self._listening.accept()
        self.client.settimeout(WAIT_S)
        return self.client

    def reset(self) -> None:
        assert self.client is not None
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()

    def close(self) -> None:
        self._listening.close()
        if self.client is not None:
            self.client.close()


def read_to_the_end(client: socket.socket) -> None:
    while client.recv(1_000_000):
        pass


def read_until_lost(link: TcpLink) -> None:
    while True:
        link.read(Deadline(WAIT_S))


@pytest.fixture
def server() -> Iterator[Server]:
    listening = Server()
    yield listening
    listening.close()


@pytest.fixture
def link(server: Server) -> Iterator[TcpLink]:
    connection = TcpLink(TcpSettings("127.0.0.1", server.port))
    yield connection
    connection.close()


def test_bytes_go_both_ways_unchanged(server: Server, link: TcpLink) -> None:
    every = bytes(range(256))
    link.open()
    client = server.accept()
    write_all(link, every, Deadline(WAIT_S))
    assert client.recv(256, socket.MSG_WAITALL) == every
    client.sendall(every)
    got = b""
    while len(got) < 256:
        got += link.read(Deadline(WAIT_S))
    assert got == every


def test_a_printer_that_hangs_up_is_noticed_without_a_word(server: Server, link: TcpLink) -> None:
    link.open()
    client = server.accept()
    client.sendall(b"12")
    assert link.read(Deadline(WAIT_S))
    assert not link.is_lost()
    server.reset()
    with pytest.raises(LinkLost):  # the reset has arrived when a read says so
        read_until_lost(link)
    assert not link.is_lost()  # closed: nobody can tell
    link.open()
    server.accept().shutdown(socket.SHUT_WR)
    poller = select.poll()
    poller.register(link._socket or 0, select.POLLIN)  # pyright: ignore[reportPrivateUsage]
    assert poller.poll(WAIT_S * 1000)
    assert link.is_lost()


def test_the_kernel_is_told_to_ask_after_a_silent_printer(server: Server, link: TcpLink) -> None:
    link.open()
    connection = link._socket  # pyright: ignore[reportPrivateUsage] - nobody else can see this
    assert connection is not None
    assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    idle_s = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
    probe_s = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL)
    probes = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)
    assert idle_s + probe_s * probes <= 15


def test_a_printer_that_takes_nothing_meets_the_deadline(server: Server, link: TcpLink) -> None:
    link.open()
    server.accept()
    with pytest.raises(DeadlinePassed):
        write_all(link, bytes(20_000_000), Deadline(0.2))
    assert link.is_open


def test_what_was_not_taken_is_thrown_away_and_the_line_is_new(
    server: Server, link: TcpLink
) -> None:
    link.open()
    server.accept()
    with pytest.raises(DeadlinePassed):
        write_all(link, bytes(20_000_000), Deadline(0.2))
    assert link.discard_output() > 0
    client = server.accept()
    write_all(link, b"new", Deadline(WAIT_S))
    assert client.recv(3, socket.MSG_WAITALL) == b"new"


def test_closing_does_not_leave_half_a_slip_to_be_printed_later(
    server: Server, link: TcpLink
) -> None:
    link.open()
    client = server.accept()
    with pytest.raises(DeadlinePassed):
        write_all(link, bytes(20_000_000), Deadline(0.2))
    link.close()
    with pytest.raises(ConnectionResetError):  # not an orderly end after the rest
        read_to_the_end(client)


def test_silence_meets_the_deadline(server: Server, link: TcpLink) -> None:
    link.open()
    server.accept()
    with pytest.raises(DeadlinePassed):
        link.read(Deadline(0.01))
    assert link.is_open


@pytest.mark.parametrize("orderly", [True, False])
def test_a_printer_that_goes_is_lost_and_found_again(
    server: Server, link: TcpLink, orderly: bool
) -> None:
    link.open()
    client = server.accept()
    client.close() if orderly else server.reset()
    with pytest.raises(LinkLost):
        link.read(Deadline(WAIT_S))
    assert not link.is_open
    link.open()
    server.accept().sendall(b"back")
    assert link.read(Deadline(WAIT_S)) == b"back"


def test_writing_to_a_printer_that_went_is_a_loss(server: Server, link: TcpLink) -> None:
    link.open()
    server.accept()
    server.reset()
    with pytest.raises(LinkLost):
        write_all(link, bytes(20_000_000), Deadline(WAIT_S))
    assert not link.is_open


def test_nobody_at_the_address_is_missing(server: Server, link: TcpLink) -> None:
    server.close()
    with pytest.raises(LinkMissing):
        link.open()
    assert not link.is_open


def test_a_closed_link_says_so(link: TcpLink) -> None:
    for use in (
        lambda: link.read(Deadline(1)),
        lambda: link.write_some(b"x", Deadline(1)),
        link.discard_output,
    ):
        with pytest.raises(LinkLost):
            use()
    link.close()


@pytest.mark.parametrize("host", ["printer.local", "", "192.168.1", "192.168.1.1; rm"])
def test_a_name_is_no_address(host: str) -> None:
    with pytest.raises(ValueError):
        TcpSettings(host)


# --- a printer behind a print server ----------------------------------------------------------


@pytest.fixture
def printer(tmp_path: Path, fonts_dir: Path) -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(tmp_path / "printer", fonts_dir, tmp_path / "out", INSTANT) as device:
        yield device


def driver(port: int) -> EscposPrinter:
    return EscposPrinter(TcpLink(TcpSettings("127.0.0.1", port)), PROFILE)


def test_a_slip_over_the_network_is_proven(printer: SimulatedPrinter) -> None:
    with SerialToTcp(printer.path) as network:
        ours = driver(network.port)
        assert ours.status(Deadline(WAIT_S)) == Ready()
        assert ours.print(b"abcd", b"one line\n", Deadline(WAIT_S)) == Proven()
        ours.close()
    assert [slip.complete for slip in printer.slips] == [True]


def test_paper_that_ends_in_mid_slip_is_told_over_the_network(printer: SimulatedPrinter) -> None:
    printer.paper_out(after_lines=3)
    with SerialToTcp(printer.path) as network:
        ours = driver(network.port)
        outcome = ours.print(b"abcd", b"line\n" * 50, Deadline(WAIT_S))
        ours.close()
    assert outcome == Failed(Cause.PAPER_OUT)


def test_a_printer_that_takes_no_data_is_not_taken_for_printed(printer: SimulatedPrinter) -> None:
    printer.stop_reading()
    with SerialToTcp(printer.path) as network:
        ours = driver(network.port)
        assert ours.print(b"abcd", b"x" * 500_000, Deadline(1.0)) == Failed(Cause.DISCONNECTED)
        ours.close()


@pytest.mark.parametrize("cut_after", [0, 1, 12, 13, 50, 4000, 20_000])
def test_a_cable_cut_at_any_byte_is_never_printed(
    printer: SimulatedPrinter, cut_after: int
) -> None:
    with SerialToTcp(printer.path, cut_after=cut_after) as network:
        ours = driver(network.port)
        outcome = ours.print(b"abcd", b"x" * 79 + b"\n" + b"y" * 40_000, Deadline(WAIT_S))
        assert isinstance(outcome, Failed | Unknown)
        if cut_after < 12:  # four questions of three bytes come before the slip
            assert outcome == Failed(Cause.DISCONNECTED)
        ours.close()


def test_a_print_server_that_comes_back_is_used_again(printer: SimulatedPrinter) -> None:
    with SerialToTcp(printer.path) as network:
        ours = driver(network.port)
        assert ours.status(Deadline(WAIT_S)) == Ready()
        port = network.port
    assert ours.status(Deadline(WAIT_S)) == NotReady(Cause.DISCONNECTED)
    again = threading.Event()
    with socket.create_server(("127.0.0.1", port)) as listening:
        listening.settimeout(WAIT_S)

        def answer() -> None:
            client, _ = listening.accept()
            with client:
                for _ in range(4):
                    client.recv(3, socket.MSG_WAITALL)
                    client.sendall(b"\x12")
                again.wait(WAIT_S)

        thread = threading.Thread(target=answer)
        thread.start()
        assert ours.status(Deadline(WAIT_S)) == Ready()
        again.set()
        thread.join(WAIT_S)
    ours.close()
