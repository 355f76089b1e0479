"""Writers of an SQLite file wait in line. SQLite lets one write at a time and has the others look
again after pauses of up to 100 ms, which left the lock idle most of a busy minute: a queue in each
process, and a lock on a file between processes, hand it on at once (bench/LAST.md)."""

import fcntl
import os
from pathlib import Path
from threading import Lock

from .errors import Busy

PATIENCE_SECONDS = 10


class Turnstile:
    """Between threads by a lock, between processes by a lock on the file at `path`. A process that
    dies gives its turn up: the kernel sees to that."""

    def __init__(self, path: Path):
        self._path, self._threads = path, Lock()
        self._file: int | None = None

    def enter(self) -> None:
        if not self._threads.acquire(timeout=PATIENCE_SECONDS):
            raise Busy(headers={"Retry-After": "2"})
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:  # a full disk, say: whoever comes next must find the door free
            self._threads.release()
            raise

    def leave(self) -> None:
        assert self._file is not None
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()
