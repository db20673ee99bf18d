"""What every page of staff has: who is signed in, and how the last act went."""

import msgspec


class Base(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message of staff's screen."""


class Said(Base, frozen=True):
    """How the last act went.

    Attributes:
        key: of its sentence, under [admin.said]; "busy" while it runs.
        detail: cause or result, in a technician's words.
        well: it went as it should.
        values: what the sentence has {names} for.
    """

    key: str
    detail: str = ""
    well: bool = True
    values: dict[str, str | int] = {}


class Who(Base, frozen=True):
    """Who is signed in. `role` is "technician" or "supervisor"."""

    number: str
    name: str
    role: str


class Page(Base, frozen=True):
    """A page."""

    who: Who
    said: Said | None = None
