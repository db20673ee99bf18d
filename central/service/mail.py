"""Sending letters: the settings of an SMTP server, and one letter handed over to it."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from enum import Enum
from pathlib import Path
from typing import Annotated

import msgspec

from central.platforms.secrets import SecretUnreadable, read_secret


class WrongMail(ValueError):
    """The settings of the mail cannot be used; the message says where and why."""


class Security(Enum):
    """How the way to the server is protected. There is no unprotected one."""

    STARTTLS = "starttls"
    TLS = "tls"


class MailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of `--mail`.

    Attributes:
        host, port: of the SMTP server.
        sender: address that letters come from.
        security: STARTTLS on 587 or 25, TLS from the first byte on 465.
        user: whom to log in as; empty for a server that asks for nobody.
        password_file: holds the password, beside the settings; mode 0600.
        ca_file: authority to trust instead of the public ones, beside the settings.
        within_s: one step of the conversation ends within this.
    """

    host: str
    sender: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password_file: str = ""
    ca_file: str = ""
    within_s: Annotated[float, msgspec.Meta(gt=0, le=120)] = 20.0


class Handed(Enum):
    """What became of a letter that was to be handed over."""

    TAKEN = "taken"
    """The server has it, and answers for it."""
    REFUSED = "refused"
    """The server's final no (5yz) to this address or letter: asking again changes nothing."""
    LATER = "later"
    """Not taken now: not reached, busy (4yz), or it does not let us in."""


@dataclass(frozen=True, slots=True)
class Handing:
    """What became of a letter, and why in a technician's words; no address is in them."""

    handed: Handed
    why: str = ""


class Mail:
    """Hands letters to the SMTP server. Blocking: run it in a worker thread.

    Args:
        settings: which server.
        password: of `settings.user`.
        tls: what the server's certificate is checked with.
    """

    def __init__(self, settings: MailSettings, password: str, tls: ssl.SSLContext) -> None:
        self._settings = settings
        self._password = password
        self._tls = tls

    @classmethod
    def of_file(cls, path: Path) -> "Mail":
        """The mail of a settings file.

        Raises:
            WrongMail: it, or a file that it names, cannot be used.
        """
        try:
            settings = msgspec.toml.decode(path.read_bytes(), type=MailSettings)
            password = ""
            if settings.password_file:
                password = read_secret(settings.password_file, path.parent)
            ca_file = str(path.parent / settings.ca_file) if settings.ca_file else None
            tls = ssl.create_default_context(cafile=ca_file)
        except (OSError, SecretUnreadable) as error:
            raise WrongMail(f"{path}: {error}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise WrongMail(f"{path}: {error}") from error
        if bool(settings.user) is not bool(password):
            raise WrongMail(f"{path}: user and password_file come together")
        return cls(settings, password, tls)

    @property
    def sender(self) -> str:
        """Address that letters come from."""
        return self._settings.sender

    def hand_over(self, letter: EmailMessage) -> Handing:
        """Gives one letter to the server."""
        try:
            server = self._connected()
            try:
                server.send_message(letter)
            finally:
                # Taken is taken, however the parting goes.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()
        except smtplib.SMTPRecipientsRefused as error:
            # One recipient: its answer is that of the whole.
            ((code, _words),) = error.recipients.values()
            return Handing(_final_or_not(code), f"recipient refused: {code}")
        except smtplib.SMTPDataError as error:
            return Handing(_final_or_not(error.smtp_code), f"letter refused: {error.smtp_code}")
        except smtplib.SMTPResponseException as error:
            # Greeting, login or sender: the fault is ours or the server's, not the letter's.
            return Handing(Handed.LATER, f"{type(error).__name__}: {error.smtp_code}")
        except (smtplib.SMTPException, OSError) as error:
            return Handing(Handed.LATER, type(error).__name__)
        return Handing(Handed.TAKEN)

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.within_s, context=self._tls
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.within_s)
        try:
            if settings.security is Security.STARTTLS:
                # Raises where the server does not offer it: nothing goes out unprotected.
                server.starttls(context=self._tls)
            if settings.user:
                server.login(settings.user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def letter(
    *, sender: str, to: str, subject: str, text: str, message_id: str, language: str = "zh"
) -> EmailMessage:
    """A letter of plain text.

    Args:
        sender: address that it comes from.
        to: address that it goes to.
        subject: one line.
        text: the body.
        message_id: the same for each try, so that a letter that comes twice can be told.
        language: of the text, for the header.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message["Content-Language"] = language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice comes back
    message.set_content(text)
    return message


def _final_or_not(code: int) -> Handed:
    return Handed.REFUSED if 500 <= code < 600 else Handed.LATER
