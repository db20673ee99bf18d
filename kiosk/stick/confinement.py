"""Gives up, for good, whatever a process that only reads open files has no need of.

Linux only: resource limits, no_new_privs, landlock (files, TCP; kernel 5.13) and a seccomp filter.
What is refused answers EPERM or EACCES, so that a library that tries gets an error and no signal.
Sources: landlock(7), seccomp(2), linux/landlock.h, the kernel's system call tables.
"""

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Sequence
from pathlib import Path

MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space, with 250 MB of libraries in it."""
CPU_S = 40
"""Seconds of processor time for one stick: fifty files of the slowest real kind take ten."""
OPEN_FILES = 160
"""Fifty files, as many folders on the way, and what Python holds."""


class CannotConfine(RuntimeError):
    """This kernel or processor lacks something: nothing may be read here then."""


# linux/audit.h, and asm/unistd.h of each processor.
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED: dict[str, dict[str, int]] = {
    "x86_64": {
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "clone": 56, "fork": 57,
        "vfork": 58, "execve": 59, "kill": 62, "rename": 82, "mkdir": 83, "creat": 85,
        "link": 86, "unlink": 87, "symlink": 88, "chmod": 90, "ptrace": 101, "mknod": 133,
        "mount": 165, "umount2": 166, "tkill": 200, "unlinkat": 263, "renameat": 264,
        "linkat": 265, "symlinkat": 266, "fchmodat": 268, "unshare": 272,
        "mkdirat": 258, "mknodat": 259,
        "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
        "process_vm_writev": 311, "renameat2": 316, "memfd_create": 319, "bpf": 321,
        "execveat": 322, "userfaultfd": 323, "add_key": 248, "request_key": 249, "keyctl": 250,
    },
    "aarch64": {
        "mknodat": 33, "mkdirat": 34, "unlinkat": 35, "symlinkat": 36, "linkat": 37,
        "renameat": 38, "umount2": 39, "mount": 40, "fchmodat": 53, "unshare": 97,
        "ptrace": 117, "kill": 129, "tkill": 130, "socket": 198, "bind": 200, "listen": 201,
        "connect": 203, "add_key": 217, "request_key": 218, "keyctl": 219, "clone": 220,
        "execve": 221, "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268,
        "process_vm_readv": 270, "process_vm_writev": 271, "renameat2": 276,
        "memfd_create": 279, "bpf": 280, "execveat": 281, "userfaultfd": 282,
    },
}  # fmt: skip
_REFUSED_ON_ALL = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,  # would open and connect past this filter
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "clone3": 435,
    "pidfd_getfd": 438,
}

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_READ = 1 << 2 | 1 << 3  # READ_FILE, READ_DIR
# How many rights over files each version of landlock knows.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_SINCE = 4

_LOAD, _EQUAL, _NOT_BELOW, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _EPERM, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_X32 = 0x40000000


def confine(readable: Sequence[str]) -> None:
    """Keep only what is open already, and reading below some folders (the program's own).

    Raises:
        CannotConfine: one of the means is missing; the process must then end.
    """
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise CannotConfine(f"no table of system calls for {machine}")
    for what, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    libc = ctypes.CDLL(None, use_errno=True)
    _must(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _landlock(libc, readable)
    _seccomp(libc, machine)


def _must(answer: int, what: str) -> int:
    if answer < 0:
        raise CannotConfine(f"{what}: {os.strerror(ctypes.get_errno())}")
    return answer


def _landlock(libc: ctypes.CDLL, readable: Sequence[str]) -> None:
    version = _must(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1), "landlock")
    rights = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    handled = struct.pack("=Q", rights)
    if version >= _TCP_SINCE:
        handled += struct.pack("=Q", 0b11)  # BIND_TCP, CONNECT_TCP
    size = ctypes.c_size_t(len(handled))
    ruleset = _must(libc.syscall(_CREATE_RULESET, handled, size, 0), "landlock rules")
    for path in readable:
        if not Path(path).is_dir():
            continue
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _READ, folder)
        _must(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0), f"landlock {path}")
        os.close(folder)
    _must(libc.syscall(_RESTRICT_SELF, ruleset, 0), "landlock")
    os.close(ruleset)


def _seccomp(libc: ctypes.CDLL, machine: str) -> None:
    refused = sorted({*_REFUSED[machine].values(), *_REFUSED_ON_ALL.values()})
    steps = [
        (_LOAD, 0, 0, 4),  # which processor's table the call is of
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # its number
        (_NOT_BELOW, len(refused) + 1, 0, _X32),
        # Each jumps over those after it and over the permission.
        *((_EQUAL, len(refused) - at, 0, number) for at, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _EPERM),
    ]
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a count, padding, and a pointer.
    named = struct.pack("@HP", len(steps), ctypes.addressof(held))
    _must(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, named, 0, 0), "seccomp")
