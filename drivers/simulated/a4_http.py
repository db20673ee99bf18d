"""HTTP around the simulated A4 printer: requests in, answers out, and lines that break."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

_LONGEST_BYTES = 50_000_000


class A4Requests(Protocol):
    """What answers, and when it does not."""

    @property
    def is_silent(self) -> bool:
        """Whether it says nothing."""
        ...

    def wait_until_spoken(self) -> None:
        """Keep a client waiting while it is silent."""
        ...

    def hang_up_at(self, length: int) -> int | None:
        """Where to break off a request of that length; None to take it whole."""
        ...

    def answer(self, request: bytes) -> bytes:
        """The answer to one request."""
        ...


class A4Server(ThreadingHTTPServer):
    """Listens on loopback."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, printer: A4Requests, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.printer = printer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, A4Server)  # noqa: S101 - only made there
        length = int(self.headers.get("Content-Length", "0"))
        break_at = server.printer.hang_up_at(length)
        if break_at is not None:
            self.rfile.read(break_at)
            self.close_connection = True
            return
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "")
        request = self._chunks() if chunked else self.rfile.read(min(length, _LONGEST_BYTES))
        if server.printer.is_silent:
            server.printer.wait_until_spoken()
        answer = server.printer.answer(request)
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _chunks(self) -> bytes:
        """A body that comes in chunks, as CUPS sends documents (RFC 9112 section 7.1)."""
        body = bytearray()
        while size := int(self.rfile.readline(20).split(b";")[0], 16):
            if len(body) + size > _LONGEST_BYTES:
                break
            body += self.rfile.read(size)
            self.rfile.readline(20)
        self.rfile.readline(20)
        return bytes(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing: requests are not events."""
