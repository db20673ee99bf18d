"""A real SMTP server for tests: STARTTLS, a login, and refusals to order."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from central.service.authority import Authority
from central.service.mail import Mail

USER, PASSWORD = "terminal", "made-up"


@dataclass
class Mailbox:
    """What the server took, and what it says instead of taking.

    Attributes:
        letters: taken, in their order.
        says: to the recipient, instead of "250 OK".
        tries: how often somebody came with a letter.
        was_tls: the last one came protected.
        on_letter: is called when a letter was taken, before its sender is told.
    """

    letters: list[EmailMessage] = field(default_factory=list[EmailMessage])
    says: str = ""
    tries: int = 0
    was_tls: bool = False
    on_letter: Callable[[], None] = lambda: None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.tries += 1
        if self.says:
            return self.says
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.was_tls = session.ssl is not None
        told = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(told, EmailMessage)
        self.letters.append(told)
        self.arrived.set()
        self.on_letter()
        return "250 taken"


@dataclass(frozen=True)
class MailServer:
    """A server that runs, and the settings that lead to it."""

    mailbox: Mailbox
    settings: Path

    def mail(self) -> Mail:
        return Mail.of_file(self.settings)


def _login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right)


@asynccontextmanager
async def mail_server(directory: Path, *, offers_tls: bool = True) -> AsyncGenerator[MailServer]:
    """Runs a server while the block runs; its certificate and settings go to `directory`."""
    authority = Authority(directory, ())
    authority.ensure()
    tls: ssl.SSLContext | None = authority.context() if offers_tls else None
    mailbox = Mailbox()

    def conversation() -> SMTP:
        return SMTP(
            mailbox,
            hostname="localhost",
            tls_context=tls,
            require_starttls=offers_tls,
            authenticator=_login,
            auth_required=offers_tls,
            auth_require_tls=offers_tls,
        )

    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0)
    password = directory / "mail.password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    settings = directory / "mail.toml"
    settings.write_text(
        f'host = "localhost"\nport = {server.sockets[0].getsockname()[1]}\n'
        f'sender = "terminal@hall.example"\nuser = "{USER}"\n'
        'password_file = "mail.password"\nca_file = "ca.pem"\nwithin_s = 10.0\n'
    )
    async with server:
        yield MailServer(mailbox, settings)
