"""What a power cut leaves of a program's files, without special hardware or file systems.

strace writes down every change that a program makes under one directory, and every line
that it prints. Any moment of that record can then be taken as the moment of the cut: what
was synced before it is there; of what was only written, any part may be: none, all, a
prefix, any subset, or writes torn at the disk's sectors. Names come and go in their order,
and are sure only after a sync: of their directory when `strict`, as POSIX says; of any file
otherwise, as ext4's one journal does.
"""

import os
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
CALLS = (
    "openat,lseek,write,pwrite64,ftruncate,fallocate,fdatasync,fsync,"
    "unlink,unlinkat,rename,renameat,renameat2,link,linkat"
)


@dataclass(frozen=True)
class Create:
    path: str


@dataclass(frozen=True)
class Write:
    path: str
    offset: int
    content: bytes


@dataclass(frozen=True)
class Truncate:
    path: str
    size: int


@dataclass(frozen=True)
class Sync:
    path: str


@dataclass(frozen=True)
class Unlink:
    path: str


@dataclass(frozen=True)
class Rename:
    old: str
    new: str


@dataclass(frozen=True)
class Said:
    """A line that the program printed: what it promised by then."""

    line: str


Event = Create | Write | Truncate | Sync | Unlink | Rename | Said

_CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"([^"]*)"')
_DESCRIPTOR = re.compile(r"(\d+)<([^>]*)>")


def record(command: list[str], directory: Path, log: Path) -> list[Event]:
    """Run a command under strace and give what it did to the files of a directory."""
    strace = ["strace", "-f", "-qq", "-y", "-xx", "-s", "2000000", "-o", str(log)]
    subprocess.run(
        [*strace, "-e", f"trace={CALLS}", *command],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=100,
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
        if call == "write" and target is not None and target[1] == "1":
            for said in texts[0].decode().splitlines():
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
        elif call in ("fallocate", "link", "linkat") and (path or any(map(inside, texts))):
            raise NotImplementedError(call)


@dataclass
class _Inode:
    """A file's content: what is surely on the disk, and what was done since."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Write | Truncate] = field(default_factory=list)


def _apply(content: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.content)] = change.content


class Disk:
    """Replays a record up to a moment, and can be cut off there."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._names: dict[str, _Inode] = {}
        self._durable_names: dict[str, _Inode] = {}
        self._pending_names: list[Create | Unlink | Rename] = []
        self._bound: list[_Inode] = []

    def replay(self, event: Event) -> None:
        match event:
            case Create(path):
                if path not in self._names:
                    self._names[path] = _Inode()
                    self._pend(event, self._names[path])
            case Unlink(path):
                self._pend(event, self._names.pop(path))
            case Rename(old, new):
                self._names[new] = self._names.pop(old)
                self._pend(event, self._names[new])
            case Write(path) | Truncate(path):
                if path in self._names:  # otherwise the file was removed and is still open
                    self._names[path].pending.append(event)
            case Sync(path):
                self._sync(path)
            case Said():
                pass

    def _pend(self, event: Create | Unlink | Rename, inode: _Inode) -> None:
        self._pending_names.append(event)
        self._bound.append(inode)

    def _sync(self, path: str) -> None:
        if path == "." or not self._strict:
            self._settle_names(self._durable_names, len(self._pending_names))
            self._pending_names.clear()
            self._bound.clear()
        inode = self._names.get(path)
        if inode is not None:
            for change in inode.pending:
                _apply(inode.durable, change)
            inode.pending.clear()

    def _settle_names(self, names: dict[str, _Inode], count: int) -> None:
        for event, inode in zip(self._pending_names[:count], self._bound[:count], strict=True):
            match event:
                case Create(path):
                    names[path] = inode
                case Unlink(path):
                    names.pop(path, None)
                case Rename(old, new):
                    names.pop(old, None)
                    names[new] = inode

    def cut(self, rnd: random.Random, out: Path) -> None:
        """Write one of the states that the power may leave into an empty directory."""
        mode = rnd.choice(("none", "all", "subset", "prefix", "torn"))
        names = dict(self._durable_names)
        whole = len(self._pending_names)
        kept = {"none": 0, "all": whole}.get(mode, rnd.randint(0, whole))
        self._settle_names(names, kept)
        for path, inode in names.items():
            # The index of the WAL lives in shared memory and is built anew at the next opening.
            if path.endswith("-shm"):
                continue
            content = bytearray(inode.durable)
            for change in _surviving(inode.pending, mode, rnd):
                _apply(content, change)
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_bytes(content)


def _surviving(
    pending: list[Write | Truncate], mode: str, rnd: random.Random
) -> Iterator[Write | Truncate]:
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
