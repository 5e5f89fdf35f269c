"""What the process denies itself before it reads the first byte of a stranger."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import Final

MEMORY: Final = 1024**3
SECONDS: Final = 20
FILES: Final = 32

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000


def confine() -> None:
    """Limit open files and core dumps, give up the network, die with the server.

    The network is given up where the kernel lets us (as root, or with user namespaces); decoders
    are told to open files only, in any case.
    """
    os.umask(0o077)
    _lower(resource.RLIMIT_NOFILE, FILES)
    _lower(resource.RLIMIT_CORE, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.unshare(_CLONE_NEWNET):
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def allow_memory(mapped: int) -> None:
    """Let this process hold so much more than its limit: a file that is mapped, not loaded."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY + mapped
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def allow_seconds(seconds: int = SECONDS) -> None:
    """Let this process compute so much longer; beyond it the kernel ends it (SIGXCPU)."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (used + 1 + seconds, hard))


def _lower(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (least, least))
