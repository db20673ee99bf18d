"""Name lookup in threads of its own.

A dead name server holds `getaddrinfo` for many seconds, whatever deadline the caller
has. In asyncio's shared threads such lookups would pile up before the terminal's
printer and disk work; here they can only delay each other.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

MAX_LOOKUPS = 2


class OwnThreadsResolver(AbstractResolver):
    """Resolves with the system's resolver, at most `MAX_LOOKUPS` at a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(MAX_LOOKUPS, thread_name_prefix="lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host.

        Raises:
            OSError: no address was found.
        """
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads,
            lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM),
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Stops taking questions; does not wait for those that hang."""
        self._threads.shutdown(wait=False, cancel_futures=True)
