"""Words of IPP over HTTP: one deadline, and nothing is believed that is not IPP."""

import socket
import threading

import pytest
from a4_kit import WAIT_S

from drivers.deadline import Deadline, DeadlinePassed
from drivers.documents.ipp_http import IppAddress, IppNotSpoken, IppUnreachable, exchange
from drivers.simulated.a4 import SimulatedA4


class Trickle:
    """A server that sends its answer a byte at a time, for ever."""

    def __init__(self, said: bytes) -> None:
        self._said = said
        self._stop = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.uri = f"ipp://127.0.0.1:{self._server.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Trickle":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(WAIT_S)
        self._server.close()

    def _run(self) -> None:
        client, _ = self._server.accept()
        with client:
            try:
                client.sendall(self._said)
                while not self._stop.wait(0.01):
                    client.sendall(b"x")
            except OSError:
                return


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"]
)
def test_an_answer_that_trickles_meets_the_deadline(said: bytes) -> None:
    with Trickle(said) as server, pytest.raises(DeadlinePassed):
        exchange(IppAddress(server.uri), b"x", Deadline(0.3))


def test_what_is_not_http_is_not_ipp() -> None:
    with Trickle(b"220 mail.example ESMTP\r\n") as server, pytest.raises(IppNotSpoken):
        exchange(IppAddress(server.uri), b"x", Deadline(WAIT_S))


def test_a_passed_deadline_is_not_begun(device: SimulatedA4) -> None:
    with pytest.raises(DeadlinePassed):
        exchange(IppAddress(device.uri), b"x", Deadline(0))


def test_an_address_nobody_has_is_unreachable(device: SimulatedA4) -> None:
    device.stop()
    with pytest.raises(IppUnreachable):
        exchange(IppAddress(device.uri), b"x", Deadline(WAIT_S))


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1/", "ipp://printer.local/ipp/print", "ipps://127.0.0.1/", "ipp:", ""]
)
def test_an_address_is_numbers_and_tls_has_a_certificate(uri: str) -> None:
    with pytest.raises(ValueError):
        IppAddress(uri)
