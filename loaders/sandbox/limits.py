"""Limits of a child process: parent-death signal, memory, CPU, seccomp filter."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import socket
import struct
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_FILTER = 2
_STACK = 64 * 2**20
"""Oxigraph recurses over the query; the address space leaves at least 128 MiB for the stack."""

# The audit number of an architecture, and its numbers of socket, connect, socketpair, execve,
# execveat, ptrace, io_uring_setup, process_vm_writev, accept, accept4, pidfd_getfd, memfd_create.
_CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (41, 42, 53, 59, 322, 101, 425, 311, 43, 288, 438, 319)),
    "aarch64": (0xC00000B7, (198, 203, 199, 221, 281, 117, 425, 271, 202, 242, 438, 279)),
}
# openat, openat2, open_by_handle_at, and where they are still there open and creat.
_OPENS = {"x86_64": (257, 437, 304, 2, 85), "aarch64": (56, 437, 265)}
KNOWN = platform.machine() in _CALLS
"""True where a process that reads files can be kept from sockets here."""
_OTHER_NUMBERS = 0x40000000
"""The calls of x32 begin here: another way to say the same."""

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """End this process when its parent ends, by any signal, also when it already has."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def deepen_stack() -> None:
    """Let the stack of the main thread grow to 64 MiB."""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    wanted = _STACK if hard == resource.RLIM_INFINITY else min(_STACK, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))


def limit_memory(budget: int) -> int:
    """Limit the address space to what is taken now and `budget`; return the limit in bytes."""
    taken = int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
    limit = taken + budget
    limit_address_space(limit)
    return limit


def limit_address_space(limit: int) -> None:
    """Limit the address space in bytes; leave no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: int) -> None:
    """Limit the CPU seconds: SIGXCPU first, SIGKILL a second later."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def quieten() -> None:
    """Discard what this process writes to standard error from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def close_ways_out(*, files: bool) -> None:
    """Forbid sockets, programs, and new files unless `files`, for the rest of this process.

    A query on a store on disk opens tables while it runs, so there files stay and the filter of
    system calls must hold. Raises OSError where a socket can still be opened.
    """
    is_filtered = _filter_calls(files=files)
    if not files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    elif not is_filtered:
        raise OSError("this system cannot forbid sockets to a process that reads files")
    try:
        socket.socket().close()
    except OSError:
        return
    raise OSError("a sandboxed worker could open a socket")


def _filter_calls(*, files: bool) -> bool:
    """Install a seccomp filter that answers EPERM to the calls that lead out; True if it holds."""
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    audit, calls = known
    if not files:
        calls += _OPENS[platform.machine()]
    load, equal, not_less, give = 0x20, 0x15, 0x35, 0x06
    deny, allow = 0x00050000 | 1, 0x7FFF0000
    program = [
        (load, 0, 0, 4),
        (equal, 1, 0, audit),
        (give, 0, 0, deny),
        (load, 0, 0, 0),
        (not_less, len(calls) + 1, 0, _OTHER_NUMBERS),
        *((equal, len(calls) - at, 0, call) for at, call in enumerate(calls)),
        (give, 0, 0, allow),
        (give, 0, 0, deny),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(
        struct.pack("HxxxxxxQ", len(program), ctypes.addressof(buffer))
    )
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done = _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(header), 0, 0)
    return int(done) == 0
