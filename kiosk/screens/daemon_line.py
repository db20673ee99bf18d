"""The line to the daemon: a thread of its own, so that the screen never waits for it.

Connects, says hello, hands every `Show` on, sends intents; connects again when the line is
lost. What could not be sent is thrown away with the line: it belonged to something that is
no longer shown.
"""

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.keypad_messages import KeypadKey
from kiosk.messages import (
    MAX_LINE_BYTES,
    PROTOCOL_VERSION,
    FromDaemon,
    Hello,
    Intent,
    KeypadPressed,
    Refused,
    Role,
    Show,
    Status,
)
from kiosk.picture_messages import DescribeScreen, ScreenPicture

_log = logging.getLogger(__name__)

RETRY_S = 0.5
"""Between two attempts to connect: a daemon that restarts is met at once."""
_READ_BYTES = 64 * 1024
_SEND_WITHIN_S = 2.0
"""Intents are small: a daemon that does not take one in this time is hung."""


class LineLost(ConnectionError):
    """The line to the daemon is gone, or the daemon speaks something else."""


class DaemonLine:
    """Keeps a connection to the daemon.

    Args:
        path: the daemon's Unix socket.
        on_show: called in this thread with each `Show`.
        on_key: called in this thread with each key of the tactile keypad.
        on_describe: called in this thread with each question for the screen's picture.
        on_lost: called in this thread when a line that stood is lost.
    """

    def __init__(
        self,
        path: Path,
        *,
        on_show: Callable[[Show], None],
        on_lost: Callable[[], None],
        on_key: Callable[[KeypadKey], None] = lambda _: None,
        on_describe: Callable[[DescribeScreen], None] = lambda _: None,
    ) -> None:
        self._path = path
        self._on_show = on_show
        self._on_lost = on_lost
        self._on_key = on_key
        self._on_describe = on_describe
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._waiting: list[bytes] = []
        self._bell, self._bell_end = socket.socketpair()
        for end in (self._bell, self._bell_end):
            end.setblocking(False)
        self._decoder = msgspec.json.Decoder(FromDaemon)
        self._thread = threading.Thread(target=self._run, name="daemon-line", daemon=True)

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def close(self) -> None:
        """Hang up and end the thread."""
        self._stopping.set()
        self._ring()
        self._thread.join(_SEND_WITHIN_S)

    def send(self, message: Intent | ScreenPicture) -> None:
        """Take a message on its way; never blocks. Lost if no line stands."""
        with self._lock:
            self._waiting.append(msgspec.json.encode(message) + b"\n")
        self._ring()

    def _ring(self) -> None:
        try:
            self._bell.send(b"\0")
        except BlockingIOError:
            # Full of rings that were not heard yet: one more says nothing new.
            return

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                    line.settimeout(_SEND_WITHIN_S)
                    line.connect(str(self._path))
                    self._talk(line)
            except OSError as error:
                _log.debug("daemon_line.down why=%s", type(error).__name__)
            self._stopping.wait(RETRY_S)

    def _talk(self, line: socket.socket) -> None:
        self._take_waiting()
        hello = Hello(role=Role.SCREEN, version=PROTOCOL_VERSION)
        line.sendall(msgspec.json.encode(hello) + b"\n")
        _log.info("daemon_line.up")
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(line, selectors.EVENT_READ)
                selector.register(self._bell_end, selectors.EVENT_READ)
                pending = b""
                while not self._stopping.is_set():
                    for key, _ in selector.select():
                        if key.fileobj is line:
                            pending = self._read(line, pending)
                        else:
                            self._bell_end.recv(_READ_BYTES)
                            for message in self._take_waiting():
                                line.sendall(message)
        except (OSError, msgspec.DecodeError) as error:
            _log.warning("daemon_line.lost why=%s", type(error).__name__)
        finally:
            self._on_lost()

    def _take_waiting(self) -> list[bytes]:
        with self._lock:
            taken, self._waiting = self._waiting, []
        return taken

    def _read(self, line: socket.socket, pending: bytes) -> bytes:
        received = line.recv(_READ_BYTES)
        if not received:
            raise LineLost("closed by the daemon")
        *lines, rest = (pending + received).split(b"\n")
        if len(rest) > MAX_LINE_BYTES:
            raise LineLost("a line without end")
        for text in lines:
            match self._decoder.decode(text):
                case Show() as show:
                    self._on_show(show)
                case KeypadPressed(key):
                    self._on_key(key)
                case DescribeScreen() as asked:
                    self._on_describe(asked)
                case Refused(why):
                    raise LineLost(why)
                case Status():
                    continue
        return rest
