"""Candidates for pinyin, from librime with Debian's rime-data-pinyin-simp, through its C API.

Each question has a session of its own that ends with it, the user dictionary is off
(`rime/kiosk_pinyin.schema.yaml`) and nothing is written: what one person types cannot come up
for the next. Structures as in librime 1.8.5's `rime_api.h`.
"""

import ctypes as c
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MAX_CANDIDATES = 45
"""More of them nobody looks through."""
_SCHEMA = b"kiosk_pinyin"
_FOLDER = Path(__file__).parent / "rime"
_SHARED = Path("/usr/share/rime-data")
_BUILT = _SHARED / "build"
_PAGE = 9
"""Candidates on a page (`menu/page_size` of the schema): chosen by the keys 1 to 9."""
_PAGE_DOWN = 0xFF56
"""X11's Page_Down; librime's keys are X11's."""
_FATAL_ONLY = 3
"""glog's level: nothing that is typed is in its messages."""


class PinyinMissing(OSError):
    """The library or its dictionary is not installed, or does not accept our schema."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A candidate that was chosen, and the letters that it leaves."""

    text: str
    rest: str


class _Traits(c.Structure):
    _fields_ = (
        ("data_size", c.c_int),
        ("shared_data_dir", c.c_char_p),
        ("user_data_dir", c.c_char_p),
        ("distribution_name", c.c_char_p),
        ("distribution_code_name", c.c_char_p),
        ("distribution_version", c.c_char_p),
        ("app_name", c.c_char_p),
        ("modules", c.c_void_p),
        ("min_log_level", c.c_int),
        ("log_dir", c.c_char_p),
        ("prebuilt_data_dir", c.c_char_p),
        ("staging_dir", c.c_char_p),
    )


class _Candidate(c.Structure):
    _fields_ = (("text", c.c_char_p), ("comment", c.c_char_p), ("reserved", c.c_void_p))


class _Iterator(c.Structure):
    _fields_ = (("ptr", c.c_void_p), ("index", c.c_int), ("candidate", _Candidate))


class _Composition(c.Structure):
    _fields_ = (
        ("length", c.c_int),
        ("cursor_pos", c.c_int),
        ("sel_start", c.c_int),
        ("sel_end", c.c_int),
        ("preedit", c.c_char_p),
    )


class _Menu(c.Structure):
    _fields_ = (
        ("page_size", c.c_int),
        ("page_no", c.c_int),
        ("is_last_page", c.c_int),
        ("highlighted_candidate_index", c.c_int),
        ("num_candidates", c.c_int),
        ("candidates", c.c_void_p),
        ("select_keys", c.c_char_p),
    )


class _Context(c.Structure):
    _fields_ = (
        ("data_size", c.c_int),
        ("composition", _Composition),
        ("menu", _Menu),
        ("commit_text_preview", c.c_char_p),
        ("select_labels", c.c_void_p),
    )


class _Commit(c.Structure):
    _fields_ = (("data_size", c.c_int), ("text", c.c_char_p))


def is_there() -> bool:
    """Whether library and dictionary are installed."""
    return (_BUILT / "pinyin_simp.table.bin").exists() and find_library("rime") is not None


class Pinyin:
    """Asks the library. Made once a process (`pinyin`): it can be set up only once.

    Raises:
        PinyinMissing: it cannot be used.
    """

    def __init__(self) -> None:
        try:
            self._rime = c.CDLL("librime.so.1")
        except OSError as error:
            raise PinyinMissing("librime.so.1") from error
        self._rime.RimeCreateSession.restype = c.c_size_t
        self._rime.RimeProcessKey.argtypes = (c.c_size_t, c.c_int, c.c_int)
        folder = str(_FOLDER).encode()
        self._traits = _Traits(
            *(_size(_Traits), str(_SHARED).encode(), folder, b"kiosk", b"kiosk", b"1"),
            *(b"rime.kiosk", None, _FATAL_ONLY, b"", str(_BUILT).encode(), folder),
        )
        self._rime.RimeSetup(c.byref(self._traits))
        self._rime.RimeInitialize(c.byref(self._traits))
        # Nothing is typed into this one: it keeps the dictionary loaded between questions.
        self._keeper = self._open()
        if not self.candidates("ni"):
            raise PinyinMissing("pinyin_simp")

    def candidates(self, letters: str) -> tuple[str, ...]:
        """What `letters` (a to z and apostrophes) may stand for, the likeliest first."""
        found: list[str] = []
        with self._typed(letters) as session:
            one = _Iterator()
            if self._rime.RimeCandidateListBegin(session, c.byref(one)):
                while len(found) < MAX_CANDIDATES and self._rime.RimeCandidateListNext(
                    c.byref(one)
                ):
                    found.append(one.candidate.text.decode())
                self._rime.RimeCandidateListEnd(c.byref(one))
        return tuple(found)

    def take(self, letters: str, index: int) -> Taken:
        """Choose one of `candidates(letters)`."""
        with self._typed(letters) as session:
            for _ in range(index // _PAGE):
                self._rime.RimeProcessKey(session, _PAGE_DOWN, 0)
            self._rime.RimeProcessKey(session, ord("1") + index % _PAGE, 0)
            commit = _Commit(_size(_Commit), None)
            if self._rime.RimeGetCommit(session, c.byref(commit)):
                text = commit.text.decode()
                self._rime.RimeFreeCommit(c.byref(commit))
                return Taken(text, "")
            context = _Context(data_size=_size(_Context))
            self._rime.RimeGetContext(session, c.byref(context))
            composed = context.composition.preedit or b""
            start = context.composition.sel_start
            self._rime.RimeFreeContext(c.byref(context))
        return Taken(composed[:start].decode(), composed[start:].decode().replace(" ", ""))

    def _open(self) -> c.c_size_t:
        session = c.c_size_t(self._rime.RimeCreateSession())
        self._rime.RimeSelectSchema(session, _SCHEMA)
        return session

    @contextmanager
    def _typed(self, letters: str) -> Iterator[c.c_size_t]:
        session = self._open()
        try:
            for letter in letters.encode("ascii"):
                self._rime.RimeProcessKey(session, letter, 0)
            yield session
        finally:
            self._rime.RimeDestroySession(session)


def _size(kind: type[c.Structure]) -> int:
    """What `data_size` says: the rest of the structure."""
    return c.sizeof(kind) - c.sizeof(c.c_int)


@cache
def pinyin() -> Pinyin:
    """The one of this process.

    Raises:
        PinyinMissing: it cannot be used.
    """
    return Pinyin()
