"""What a power cut leaves of a program's files, without special hardware or file systems.

strace writes down every change that a program and its children make under one directory,
and every line that they print or send. Any moment of that record can then be taken as the
moment of the cut: what was synced before it is there; of what was only written, any part
may be: none, all, a prefix, any subset, or writes torn at the disk's sectors. Names come
and go in their order, and are sure only after a sync: of their directory when `strict`, as
POSIX says; of any file otherwise, as ext4's one journal does.
"""

import os
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
# The index of the WAL lives in shared memory and is built anew at the next opening; the ballast
# holds nothing.
LEFT_OUT = ("-shm", ".ballast")
CALLS = (
    "openat,lseek,write,sendto,pwrite64,ftruncate,fallocate,fdatasync,fsync,"
    "unlink,unlinkat,rename,renameat,renameat2,link,linkat"
)


@dataclass(frozen=True)
class Create:
    """A file came to be, empty."""

    path: str


@dataclass(frozen=True)
class Write:
    """Bytes at a place in a file."""

    path: str
    offset: int
    content: bytes


@dataclass(frozen=True)
class Truncate:
    """A file got this size: cut, or filled with zeros."""

    path: str
    size: int


@dataclass(frozen=True)
class Allocate:
    """Room taken ahead (fallocate): zeros up to a size, where the file is shorter."""

    path: str
    size: int


@dataclass(frozen=True)
class Sync:
    """A file, or a directory, was made durable."""

    path: str


@dataclass(frozen=True)
class Unlink:
    """A name went."""

    path: str


@dataclass(frozen=True)
class Rename:
    """A name changed, in one step."""

    old: str
    new: str


@dataclass(frozen=True)
class Said:
    """A line that the program printed, or sent through a socket: what it promised by then."""

    line: str


Event = Create | Write | Truncate | Allocate | Sync | Unlink | Rename | Said

_CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"([^"]*)"')
_DESCRIPTOR = re.compile(r"(\d+)<([^>]*)>")


def record(
    command: list[str], directory: Path, log: Path, *, timeout_s: float = 100
) -> list[Event]:
    """Run a command under strace and give what it did to the files of a directory."""
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "2000000", "-o", str(log)]
    subprocess.run(
        [*strace, "-e", f"trace={CALLS}", *command],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=timeout_s,
    )
    return list(_events(log, os.path.realpath(directory)))


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _whole_lines(log: Path) -> Iterator[str]:
    """Calls that another thread's call cut in two are put together again."""
    begun: dict[str, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        thread = line.split(maxsplit=1)[0]
        if " <unfinished" in line:
            begun[thread] = line.split(" <unfinished")[0]
        elif "resumed>" in line:
            yield begun.pop(thread, "") + line.split("resumed>")[1]
        else:
            yield line


def _events(log: Path, directory: str) -> Iterator[Event]:
    def inside(path: bytes) -> str | None:
        name = path.decode()
        if name == directory:
            return "."
        return os.path.relpath(name, directory) if name.startswith(directory + "/") else None

    positions: dict[tuple[str, str], int] = {}
    for line in _whole_lines(log):
        match = _CALL.match(line)
        if match is None or int(match[4]) < 0:
            continue
        thread, call, arguments, result = match[1], match[2], match[3], int(match[4])
        texts = [_unhex(text) for text in _TEXT.findall(arguments)]
        target = _DESCRIPTOR.match(arguments)
        path = None
        if target is not None:
            path = inside(_unhex(target[2]) if target[2].startswith("\\x") else target[2].encode())
        if call == "sendto" or (call == "write" and target is not None and target[1] == "1"):
            if texts:
                # What a socket took only in part may end in half a line: bytes that are no text.
                for said in texts[0][:result].decode(errors="replace").splitlines():
                    yield Said(said)
        elif call == "openat":
            opened = inside(texts[0])
            if opened is None:
                continue
            positions[thread, str(result)] = 0
            if "O_CREAT" in arguments:
                yield Create(opened)
            if "O_TRUNC" in arguments:
                yield Truncate(opened, 0)
        elif call == "lseek" and path is not None and target is not None:
            positions[thread, target[1]] = result
        elif call == "pwrite64" and path is not None:
            yield Write(path, int(arguments.rsplit(",", 1)[1]), texts[0][:result])
        elif call == "write" and path is not None and target is not None:
            offset = positions.get((thread, target[1]), 0)
            positions[thread, target[1]] = offset + result
            yield Write(path, offset, texts[0][:result])
        elif call == "ftruncate" and path is not None:
            yield Truncate(path, int(arguments.rsplit(",", 1)[1]))
        elif call in ("fdatasync", "fsync") and path is not None:
            yield Sync(path)
        elif call in ("unlink", "unlinkat"):
            gone = inside(texts[-1])
            if gone is not None:
                yield Unlink(gone)
        elif call.startswith("rename"):
            old, new = inside(texts[0]), inside(texts[1])
            if old is not None and new is not None:
                yield Rename(old, new)
        elif call == "fallocate" and path is not None:
            _, mode, offset, length = arguments.rsplit(",", 3)
            if mode.strip() != "0":
                raise NotImplementedError(arguments)
            yield Allocate(path, int(offset) + int(length))
        elif call in ("link", "linkat") and (path or any(map(inside, texts))):
            raise NotImplementedError(call)


Change = Write | Truncate | Allocate


@dataclass(eq=False)
class _Inode:
    """A file's content: what is surely on the disk, and what was done since."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)


def _apply(content: bytearray, change: Change) -> None:
    if isinstance(change, Allocate | Truncate):
        if isinstance(change, Truncate):
            del content[change.size :]
        content.extend(bytes(max(0, change.size - len(content))))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.content)] = change.content


class Disk:
    """Replays a record up to a moment, and can be cut off there."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._names: dict[str, _Inode] = {}
        self._durable_names: dict[str, _Inode] = {}
        self._pending_names: list[tuple[Create | Unlink | Rename, _Inode]] = []

    def replay(self, event: Event) -> None:
        """The next thing that the program did."""
        match event:
            case Create(path):
                if path not in self._names:
                    self._names[path] = _Inode()
                    self._pend(event, self._names[path])
            case Unlink(path):
                # Sockets and links are made by other calls: they are no files of ours.
                if path in self._names:
                    self._pend(event, self._names.pop(path))
            case Rename(old, new):
                if old in self._names:
                    self._names[new] = self._names.pop(old)
                    self._pend(event, self._names[new])
            case Write(path) | Truncate(path) | Allocate(path):
                if path in self._names:  # otherwise the file was removed and is still open
                    self._names[path].pending.append(event)
            case Sync(path):
                self._sync(path)
            case Said():
                pass

    def _pend(self, event: Create | Unlink | Rename, inode: _Inode) -> None:
        self._pending_names.append((event, inode))

    def _sync(self, path: str) -> None:
        inode = self._names.get(path)
        if inode is not None:
            for change in inode.pending:
                _apply(inode.durable, change)
            inode.pending.clear()
        if not self._strict:
            _settle_names(self._durable_names, self._pending_names)
            self._pending_names.clear()
        elif inode is None:  # a directory
            here = "" if path == "." else path
            sure = [one for one in self._pending_names if _directory_of(one[0]) == here]
            _settle_names(self._durable_names, sure)
            self._pending_names = [one for one in self._pending_names if one not in sure]

    def cut(self, rnd: random.Random, out: Path, lives_on: tuple[str, ...] = ()) -> None:
        """Write one of the states that the power may leave into an empty directory.

        Args:
            rnd: decides what survives.
            out: gets the files.
            lives_on: subdirectories of other machines, which lose nothing.
        """
        mode = rnd.choice(("none", "all", "subset", "prefix", "torn"))
        names = dict(self._durable_names)
        whole = len(self._pending_names)
        kept = {"none": 0, "all": whole}.get(mode, rnd.randint(0, whole))
        _settle_names(names, self._pending_names[:kept])
        for living, known in ((False, names), (True, self._names)):
            for path, inode in known.items():
                if path.startswith(lives_on) is not living or path.endswith(LEFT_OUT):
                    continue
                survives = inode.pending if living else _surviving(inode.pending, mode, rnd)
                content = bytearray(inode.durable)
                for change in survives:
                    _apply(content, change)
                (out / path).parent.mkdir(parents=True, exist_ok=True)
                (out / path).touch(0o600)
                (out / path).write_bytes(content)


def _directory_of(event: Create | Unlink | Rename) -> str:
    parent = str(Path(event.new if isinstance(event, Rename) else event.path).parent)
    return "" if parent == "." else parent


def _settle_names(
    names: dict[str, _Inode], changes: list[tuple[Create | Unlink | Rename, _Inode]]
) -> None:
    for event, inode in changes:
        match event:
            case Create(path):
                names[path] = inode
            case Unlink(path):
                names.pop(path, None)
            case Rename(old, new):
                names.pop(old, None)
                names[new] = inode


def _surviving(pending: list[Change], mode: str, rnd: random.Random) -> Iterator[Change]:
    cut = rnd.randint(0, len(pending))
    for number, change in enumerate(pending):
        if mode == "none" or (mode == "prefix" and number >= cut):
            return
        if mode in ("subset", "torn") and rnd.random() < 0.5:
            continue
        if mode == "torn" and isinstance(change, Write):
            for start in range(0, len(change.content), SECTOR):
                if rnd.random() < 0.5:
                    sector = change.content[start : start + SECTOR]
                    yield Write(change.path, change.offset + start, sector)
        else:
            yield change


def promises(events: list[Event]) -> list[str]:
    """What the program had said by the end of these events."""
    return [event.line for event in events if isinstance(event, Said)]
