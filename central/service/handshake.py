"""Tells a terminal with a foreign certificate so, and the service that one came.

asyncio closes a connection whose handshake failed before it has sent the TLS alert that says
why, and tells nobody (CPython 3.11 to 3.13, `asyncio.sslproto`). The other side then sees a
cut line and would say "offline" where the truth is "not let in".
"""

import ssl
from collections.abc import Callable


def say_why(context: ssl.SSLContext, on_refused: Callable[[str], None]) -> None:
    """Makes a server context send its alert before it hangs up.

    Args:
        context: of a server, not yet in use.
        on_refused: is told OpenSSL's reason for each certificate that was refused.
    """

    class Outspoken(ssl.SSLObject):
        """A TLS object whose refusal of a certificate reaches the other side."""

        _refused = False

        def do_handshake(self) -> None:
            try:
                super().do_handshake()
            except ssl.SSLCertVerificationError as error:
                if self._refused:
                    raise
                self._refused = True
                on_refused(error.verify_message)
                # asyncio sends what waits to be sent, the alert, when a handshake wants more;
                # the next byte or the end of the connection then ends it with an error.
                raise ssl.SSLWantReadError from error

    context.sslobject_class = Outspoken
