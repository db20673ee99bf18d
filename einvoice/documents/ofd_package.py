"""The parts of an OFD by the names written in it, read once each, troubles noted.

Writers get paths wrong: with a leading slash, in other case than the ZIP (`TPLS` for
`Tpls`), or relative to the root where GB/T 33190 means the file that names them.
"""

import posixpath

from einvoice.documents import container, markup
from einvoice.documents.container import Container
from einvoice.documents.markup import Element, Markup
from einvoice.documents.model import Problem, Trouble

_TROUBLE_OF_ENTRY: tuple[tuple[type[container.ContainerError], Trouble], ...] = (
    (container.DuplicateEntry, Trouble.PART_REPEATED),
    (container.LimitExceeded, Trouble.PART_TOO_LARGE),
    (container.EntryRefused, Trouble.PART_REFUSED),
    (container.ContainerError, Trouble.PART_DAMAGED),
)


class Package:
    """An opened OFD.

    Attributes:
        problems: what went wrong so far.
        outer: path of the OFD in the file handed in, ending with `!`; empty if it is that file.
    """

    def __init__(self, opened: Container, outer: str = "") -> None:
        self._container = opened
        self.outer = outer
        self.problems: list[Problem] = []
        self.visited: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts."""
        return self._container.names

    def path(self, name: str) -> str:
        """The path of a part, seen from the file handed in."""
        return self.outer + name

    def note(self, trouble: Trouble, name: str, detail: str = "") -> None:
        """Record a trouble with a part, once."""
        problem = Problem(trouble, self.path(name), detail)
        if problem not in self.problems:
            self.problems.append(problem)

    def resolve(self, location: str, base: str = "") -> str | None:
        """The part that a location names when it is written in `base`; None, and noted, if none."""
        exact = _candidates(location, base)
        if not exact:
            return None
        for position, candidate in enumerate(exact):
            if candidate in self._container:
                if position > 0:
                    self.note(Trouble.NAME_REPAIRED, candidate)
                return candidate
        for candidate in exact:
            found = self._container.find(candidate)
            if found is not None:
                self.note(Trouble.NAME_REPAIRED, found)
                return found
        self.note(Trouble.PART_MISSING, exact[0])
        return None

    def leave(self, location: str, base: str) -> None:
        """Count a part as visited that is known to say nothing about the invoice."""
        for candidate in _candidates(location, base):
            found = self._container.find(candidate)
            if found is not None:
                self.visited.add(found)
                return

    def bytes_of(self, name: str) -> bytes | None:
        """The bytes of a part; None, and noted, if they cannot be had."""
        self.visited.add(name)
        try:
            return self._container.read(name)
        except container.ContainerError as bad:
            trouble = next(found for kind, found in _TROUBLE_OF_ENTRY if isinstance(bad, kind))
            self.note(trouble, name)
            return None

    def xml(self, name: str) -> Element | None:
        """The root element of a part; None, and noted, if it is no XML that we read."""
        parsed = self.markup(name)
        return None if parsed is None else parsed.root

    def markup(self, name: str) -> Markup | None:
        """A part as XML; None, and noted, if it is none that we read."""
        data = self.bytes_of(name)
        if data is None:
            return None
        try:
            parsed = markup.parse(data, self._container.budget)
        except markup.MarkupTooLarge:
            self.note(Trouble.PART_TOO_LARGE, name)
        except markup.MarkupForbidden:
            self.note(Trouble.PART_REFUSED, name)
        except markup.MarkupDamaged:
            self.note(Trouble.PART_DAMAGED, name)
        else:
            if parsed.is_repaired:
                self.note(Trouble.XML_REPAIRED, name)
            return parsed
        return None


def _candidates(location: str, base: str) -> list[str]:
    """The paths that a location written in `base` may mean, the most likely first."""
    written = location.strip().replace("\\", "/")
    if not written:
        return []
    beside = posixpath.join(posixpath.dirname(base), written)
    candidates = [written] if written.startswith("/") else [beside, written]
    return [posixpath.normpath(candidate).lstrip("/") for candidate in candidates]
