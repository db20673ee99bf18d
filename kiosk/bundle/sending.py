"""Hands a sealed bundle to the central service, over a line that may fail in between."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from central.contract import sha256_of
from central.contract_bundles import MAX_BUNDLE_PART_BYTES, MAX_BUNDLE_PARTS, BundlePartTaken
from central.failure import Failure, NoTime, NotOurs, Overloaded, Unreachable

PART_WITHIN_S: Final = 30.0
TRIES: Final = 5
"""Of one part; then whoever waits at the command line is told."""
FIRST_PAUSE_S: Final = 1.0
"""After a failure; twice as long after each further one."""
LONGEST_PAUSE_S: Final = 60.0


class TooLarge(ValueError):
    """The bundle has more parts than the service takes."""


class Takes(Protocol):
    """Takes parts: `central.client_bundles.BundlesClient`."""

    async def put_part(
        self, bundle_id: str, part: int, parts: int, content: bytes, within_s: float
    ) -> BundlePartTaken | Failure:
        """Keep one part."""
        ...


async def send(
    sealed: bytes,
    bundle_id: str,
    service: Takes,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Failure | None:
    """Hands it over; None once the service has said the whole bundle's digest.

    What may pass (no line, a late answer, somebody else's answer, a full service) is tried again,
    the same part under the same id; what asking again does not change ends it.

    Raises:
        TooLarge: it has more parts than the service takes.
    """
    step = MAX_BUNDLE_PART_BYTES
    pieces = [sealed[at : at + step] for at in range(0, len(sealed), step)]
    if len(pieces) > MAX_BUNDLE_PARTS:
        raise TooLarge(f"{len(sealed)} bytes: more than the service takes")
    whole = ""
    for number, piece in enumerate(pieces, start=1):
        taken = await _put(service, bundle_id, number, len(pieces), piece, pause)
        if not isinstance(taken, BundlePartTaken):
            return taken
        whole = taken.whole_sha256
    return None if whole == sha256_of(sealed) else NotOurs("digest of the whole")


async def _put(
    service: Takes,
    bundle_id: str,
    part: int,
    parts: int,
    content: bytes,
    pause: Callable[[float], Awaitable[None]],
) -> BundlePartTaken | Failure:
    wait_s = FIRST_PAUSE_S
    for _ in range(TRIES - 1):
        answer = await service.put_part(bundle_id, part, parts, content, PART_WITHIN_S)
        if not isinstance(answer, Unreachable | NoTime | NotOurs | Overloaded):
            return answer
        asked_s = answer.retry_after_s if isinstance(answer, Overloaded) else 0.0
        await pause(min(LONGEST_PAUSE_S, max(wait_s, asked_s)))
        wait_s *= 2
    return await service.put_part(bundle_id, part, parts, content, PART_WITHIN_S)
