"""A terminal for a service on the same machine: enrolled by whoever runs both."""

from pathlib import Path

from central.admin import Admin, CodeWanted
from central.enrolling import enrol
from central.enrolment_code import EnrolmentCode
from central.identity import Identity, IdentityFiles, UnusableIdentity
from central.tls import Access


class NotEnrolled(RuntimeError):
    """The service on this machine does not take its own terminal."""


async def own_terminal(directory: Path, url: str, folder: Path, terminal: str) -> Access:
    """Enrols a terminal with the service that runs in `directory`, if it is not yet.

    Args:
        directory: the service's, with its socket.
        url: where the service listens.
        folder: gets the identity; one of the same authority and number is kept.
        terminal: the terminal's number.

    Raises:
        ServiceNotRunning: nobody answers on the service's socket.
        NotEnrolled: it did not work.
    """
    files = IdentityFiles(folder)
    try:
        identity = files.load()
    except UnusableIdentity:
        identity = None
    trusted = (directory / "ca.pem").read_text(encoding="ascii")
    if identity is None or (identity.ca_pem, identity.terminal) != (trusted, terminal):
        issued = await Admin(directory).issue_code(CodeWanted(terminal, url=url))
        result = await enrol(files, EnrolmentCode.parse(issued.qr_text), terminal)
        if not isinstance(result, Identity):
            raise NotEnrolled(f"terminal {terminal}: {result}")
        identity = result
    return files.access(identity, url)
