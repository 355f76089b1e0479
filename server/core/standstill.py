"""The service and a restore keep out of each other's way. Whoever serves holds a lock that ends
with the process; a restore that was cut off leaves a mark, and nothing is served while that is
there: sessions of that time would be open and bells would ring again."""

import fcntl
import os
from pathlib import Path

from flask import Flask, current_app, request

from .errors import Problem
from .settings import Unstartable

LOCK, MARK = "service.lock", "restore-unfinished"
UNFINISHED = (
    "恢复没有完成，现在的数据不能用：请重新运行 flask --app server.app restore {backup} --replace"
)
UNDER_WAY = "正在恢复备份，请等它结束再启动"


class Restoring(Problem):
    status, code, title, retry = 503, "restoring", "正在恢复数据，请稍后再试", "later"


def init_app(app: Flask) -> None:
    """Asked anew for each request: a process that was started some other way may serve still."""

    @app.before_request
    def refuse() -> None:
        if request.path.startswith("/api/") and _mark().exists():
            raise Restoring


def serve() -> None:
    """From now until this process ends nothing is restored under it; or it does not start."""
    lock = os.open(_data() / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        refuse_unfinished()
    except BlockingIOError:
        os.close(lock)
        raise Unstartable(UNDER_WAY) from None
    except Unstartable:
        os.close(lock)
        raise


def refuse_unfinished() -> None:
    if backup := unfinished():
        raise Unstartable(UNFINISHED.format(backup=backup))


def unfinished() -> str | None:
    """The backup whose restore was cut off."""
    try:
        return _mark().read_text("utf-8") or "…"
    except FileNotFoundError:
        return None


def begin(backup: Path) -> None:
    """On the disk before the first row is replaced."""
    with _mark().open("w", encoding="utf-8") as file:
        file.write(str(backup))
        file.flush()
        os.fsync(file.fileno())
    _sync()


def end() -> None:
    _mark().unlink()
    _sync()


def _sync() -> None:
    handle = os.open(_data(), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _data() -> Path:
    data: Path = current_app.config["HONGLING"]["data"]
    return data


def _mark() -> Path:
    return _data() / MARK
