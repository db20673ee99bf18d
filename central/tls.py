"""TLS as terminals and service speak it."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from yarl import URL

X509_V_FLAG_NO_CHECK_TIME = 0x200000
"""openssl/x509_vfy.h; Python has no name for it."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the service is, whom to trust, and who we are.

    Attributes:
        url: "https://host:port".
        ca_pem: the authorities that the service's certificate may come from, and nobody else.
        identity_file: our certificate and its key (PEM); None before enrolment.

    Raises:
        ValueError: `url` is not an https address.
    """

    url: str
    ca_pem: str
    identity_file: Path | None = None

    def __post_init__(self) -> None:
        """Refuses any address but an https one."""
        base = URL(self.url)
        if base.scheme != "https" or not base.host:
            raise ValueError(f"not an https address: {self.url}")

    def context(self, *, any_time: bool = False) -> ssl.SSLContext:
        """A client's TLS context.

        Args:
            any_time: certificates of another time are believed too. Only to ask what time it is.

        Raises:
            OSError: the identity cannot be read; ssl.SSLError (a kind of it) when it, or the
                authorities, are no PEM.
        """
        context = ssl.create_default_context(cadata=self.ca_pem)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if any_time:
            context.verify_flags |= X509_V_FLAG_NO_CHECK_TIME
        elif self.identity_file is not None:
            context.load_cert_chain(self.identity_file)
        return context


def unverified_context() -> ssl.SSLContext:
    """Encrypts, and proves nothing: only to be told whom to trust by who proves to know a code."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
