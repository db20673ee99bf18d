"""CUPS's own IPP printer, for a test."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from a4_kit import WAIT_S, printer_at
from private_dns_sd import program

from drivers.deadline import Deadline
from drivers.documents.a4_printer import A4Printer
from drivers.documents.outcome import A4Ready


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not there():
        assert time.monotonic() < end
        threading.Event().wait(0.05)


class Ippeveprinter:
    """CUPS's own IPP Everywhere printer; `command` is what it runs to print a file."""

    def __init__(
        self, folder: Path, command: str, environment: dict[str, str], port: int = 0
    ) -> None:
        script = folder / "print.sh"
        script.write_text("#!/bin/sh\n" + command)
        script.chmod(0o755)
        (folder / "spool").mkdir()
        port = port or free_port()
        self.uri = f"ipp://localhost:{port}/ipp/print"
        self._process = subprocess.Popen(
            [program("ippeveprinter"), "-r", "off", "-p", str(port), "-n", "localhost", "-d",
             str(folder / "spool"), "-c", str(script), "-f", "application/pdf", f"Kiosk{port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )  # fmt: skip

    def __enter__(self) -> A4Printer:
        printer = printer_at(self.uri)
        until(lambda: printer.status(Deadline(1)) == A4Ready())
        return printer

    def kill(self) -> None:
        """As when its plug is pulled: it says nothing more, and forgets all."""
        self._process.kill()
        self._process.wait(WAIT_S)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(WAIT_S)
