"""Terminals' support bundles, sealed to a key of the office that the service does not have.

The newest few of each terminal stay; the office lists and fetches them over the operator's socket
(`central.service.admin`).
"""

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web

from central.contract import ProblemCode, sha256_of
from central.contract_bundles import (
    MAX_BUNDLE_PART_BYTES,
    MAX_BUNDLE_PARTS,
    PATH_BUNDLE,
    BundlePart,
    BundlePartTaken,
)
from central.service.backups import BackupShelf, Kept, NotABackup
from central.service.gate import Asking, Gate
from central.service.problems import ProblemError
from central.service.reading import body_of, decoded, echoed, json_of
from central.service.waiting_room import Priority, WaitingRoom

KEEP: Final = 10
"""Whole bundles of each terminal: at most 40 MiB."""

_BUNDLE = msgspec.json.Decoder(BundlePart)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptBundle:
    """A whole bundle of a terminal."""

    terminal: str
    kept: Kept


class Bundles:
    """The bundles of all terminals, in one folder. Blocking calls, from any thread."""

    def __init__(self, folder: Path) -> None:
        self._shelf = BackupShelf(folder, keep=KEEP, max_parts=MAX_BUNDLE_PARTS)

    def put(self, terminal: str, sent: BundlePart) -> str:
        """Keep one part, durably; the digest of the whole bundle, "" while parts are missing.

        Raises:
            NotABackup: the id or the numbers are not those of a bundle.
            OSError: it could not be kept.
        """
        self._shelf.put(terminal, sent.bundle_id, sent.part, sent.parts, sent.content)
        whole = self.content(terminal, sent.bundle_id)
        return "" if whole is None else sha256_of(whole)

    def kept(self) -> tuple[KeptBundle, ...]:
        """All whole ones, by terminal, the newest of each first."""
        return tuple(
            KeptBundle(terminal, one)
            for terminal in self._shelf.terminals()
            for one in self._shelf.kept(terminal)
        )

    def content(self, terminal: str, bundle_id: str) -> bytes | None:
        """A whole bundle, still sealed; None where there is none.

        Raises:
            NotABackup: the id is none.
        """
        pieces: list[bytes] = []
        while (found := self._shelf.part(terminal, bundle_id, len(pieces) + 1)) is not None:
            piece, parts = found
            pieces.append(piece)
            if len(pieces) == parts:
                return b"".join(pieces)
        return None


class BundlePaths:
    """The path on which terminals hand bundles over.

    Args:
        bundles: keeps them.
        gate: says who asks, and whether they may.
        room: bounds what is in work.
    """

    def __init__(self, bundles: Bundles, gate: Gate, room: WaitingRoom) -> None:
        self._bundles = bundles
        self._gate = gate
        self._room = room

    def add_to(self, app: web.Application) -> None:
        """Serves the path there."""
        app.router.add_post(PATH_BUNDLE, self.bundle)

    async def bundle(self, request: web.Request) -> web.Response:
        """Keeps one part of a terminal's sealed bundle: it is on the disk when this answers."""
        terminal = (await self._gate.admit(request, Asking.BATCH)).terminal
        body = await body_of(request)
        async with self._room.enter(Priority.BACKLOG):
            sent = decoded(_BUNDLE, body)
            echoed(sent.request_id)
            if len(sent.content) > MAX_BUNDLE_PART_BYTES:
                raise ProblemError(ProblemCode.BODY_TOO_LARGE, "part of a bundle")
            if sent.sha256 != sha256_of(sent.content):
                raise ProblemError(ProblemCode.BODY_MALFORMED, "digest of the part is wrong")
            with bundle_problems():
                whole = await asyncio.to_thread(self._bundles.put, terminal, sent)
        return json_of(BundlePartTaken(sent.request_id, sent.sha256, whole))


@contextmanager
def bundle_problems() -> Generator[None]:
    """What the shelf refuses or cannot do, as problems of the contract."""
    try:
        yield
    except NotABackup as error:
        raise ProblemError(ProblemCode.BODY_MALFORMED, str(error)) from error
    except OSError as error:
        _log.error("bundle.not_kept error=%s", error.strerror)
        raise ProblemError(ProblemCode.STORE_UNAVAILABLE) from error
