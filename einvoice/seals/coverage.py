"""Which entries of a container are as some list of digests says, and which it leaves out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from einvoice.documents.container import Container
from einvoice.seals import ofd_parts
from einvoice.seals.digests import sm3


@dataclass(frozen=True, slots=True)
class Compared:
    """A list of digests against the container.

    Attributes:
        same: listed, and as listed.
        changed: listed, and missing or different.
        left_out: in the container, and not listed.
    """

    same: tuple[str, ...]
    changed: tuple[str, ...]
    left_out: tuple[str, ...]


class Coverage:
    """The container's entries and their digests; each entry is unpacked and hashed once."""

    def __init__(self, container: Container, free: Iterable[str]) -> None:
        """Keep the container.

        Args:
            container: the whole file.
            free: entries that no signature can list, because they hold the signatures.
        """
        self._container = container
        self._free = frozenset(free)
        self._digests: dict[str, bytes] = {}

    def compare(self, listed: Mapping[str, bytes]) -> Compared:
        """Compare a signature's list of SM3 digests, by path, with what is there.

        Raises:
            PartError: a listed entry is there and cannot be unpacked.
        """
        changed = tuple(
            name
            for name, digest in listed.items()
            if name not in self._container or self._digest(name) != digest
        )
        differing = frozenset(changed)
        return Compared(
            same=tuple(name for name in listed if name not in differing),
            changed=changed,
            left_out=tuple(
                name
                for name in self._container.names
                if name not in listed and name not in self._free
            ),
        )

    def _digest(self, name: str) -> bytes:
        if name not in self._digests:
            self._digests[name] = sm3(ofd_parts.read_entry(self._container, name))
        return self._digests[name]
