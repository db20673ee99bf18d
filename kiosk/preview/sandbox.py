"""Gives up everything that drawing a page does not need, before the first byte of it is read.

A filter of system calls (seccomp, `man 2 seccomp`; kernel: userspace-api/seccomp_filter.rst)
that allows a short list: memory, reading and writing what is open, and the end. No file can be
opened, no socket made, no program started, no memory made executable. Limits hold for the rest.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from dataclasses import dataclass

CPU_S = 6
"""Processor time: a page of an invoice takes a tenth of it on a slow machine."""
MEMORY_BYTES = 1 << 30
"""Address space, of which Python and the library take a third before anything is drawn."""

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_RET_KILL_PROCESS = 0x80000000
_RET_ERRNO = 0x00050000
_RET_ALLOW = 0x7FFF0000
_PROT_EXEC = 4

# struct seccomp_data: nr at 0, arch at 4, arguments from 16 on, eight bytes each.
_AT_NUMBER, _AT_ARCH, _AT_THIRD_ARGUMENT = 0, 4, 16 + 2 * 8
# BPF: load a word, compare, test bits, return (linux/bpf_common.h).
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06


class NoSandbox(RuntimeError):
    """This machine cannot lock a process up; nothing that came from outside may be drawn."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """Numbers of one architecture: its AUDIT_ARCH, and its system calls.

    Attributes:
        plain: allowed whatever their arguments.
        mapping: mmap and mprotect: allowed where nothing becomes executable.
    """

    arch: int
    plain: tuple[int, ...]
    mapping: tuple[int, int]


# In both the same calls, in this order: read, write, close, fstat, lseek, munmap, mremap, brk,
# madvise, futex, sched_yield, rt_sigaction, rt_sigprocmask, rt_sigreturn, sigaltstack,
# restart_syscall, getpid, gettid, clock_gettime, getrandom, exit, exit_group
# (asm/unistd_64.h; asm-generic/unistd.h).
_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        (0, 1, 3, 5, 8, 11, 25, 12, 28, 202, 24, 13, 14, 15, 131, 219, 39, 186, 228, 318, 60, 231),
        (9, 10),
    ),
    "aarch64": _Machine(
        0xC00000B7,
        (
            *(63, 64, 57, 80, 62, 215, 216, 214, 233, 98, 124, 134, 135, 139, 132),
            *(128, 172, 178, 113, 278, 93, 94),
        ),
        (222, 226),
    ),
}


class _Program(ctypes.Structure):
    """A struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def lock_up() -> None:
    """Locks this process up for good. What it needs must be open and loaded by now.

    Raises:
        NoSandbox: the kernel does not do it, or this architecture is not known here.
    """
    for what, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise NoSandbox(f"system calls of {platform.machine()} are not listed")
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    asked = (
        # Not to outlive the daemon; no core file, nobody looks in.
        (_PR_SET_PDEATHSIG, int(signal.SIGKILL)),
        (_PR_SET_DUMPABLE, 0),
        (_PR_SET_NO_NEW_PRIVS, 1),
    )
    for option, value in asked:
        if libc.prctl(option, ctypes.c_ulong(value), *_ZEROS) != 0:
            raise NoSandbox(f"prctl {option}: {os.strerror(ctypes.get_errno())}")
    mode = ctypes.c_ulong(_SECCOMP_MODE_FILTER)
    if libc.prctl(_PR_SET_SECCOMP, mode, ctypes.byref(program), *_ZEROS[:2]) != 0:
        raise NoSandbox(f"seccomp: {os.strerror(ctypes.get_errno())}")


_ZEROS = (ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def _filter(machine: _Machine) -> bytes:
    """The program: from another architecture killed, from the list allowed, all else refused."""
    allow, refuse = _step(_RETURN, _RET_ALLOW), _step(_RETURN, _RET_ERRNO | errno.EPERM)
    steps = [
        _step(_LOAD, _AT_ARCH),
        _step(_IF_EQUAL, machine.arch, jump_if=1),
        _step(_RETURN, _RET_KILL_PROCESS),
        _step(_LOAD, _AT_NUMBER),
    ]
    for number in machine.plain:
        steps += [_step(_IF_EQUAL, number, jump_else=1), allow]
    for number in machine.mapping:
        steps += [
            _step(_IF_EQUAL, number, jump_else=4),
            _step(_LOAD, _AT_THIRD_ARGUMENT),
            _step(_IF_ANY_BIT, _PROT_EXEC, jump_if=1),
            allow,
            refuse,
        ]
    return b"".join([*steps, refuse])


def _step(code: int, value: int, *, jump_if: int = 0, jump_else: int = 0) -> bytes:
    """One struct sock_filter, in the machine's byte order."""
    return struct.pack("=HBBI", code, jump_if, jump_else, value)
