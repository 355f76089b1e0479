"""Starts what is measured as it runs in production, and asks the system what it cost."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import make_url

from server.core import settings
from tests.postgres import fresh_database, postgres_server

ROOT = Path(__file__).parents[1]
SECRET = "b3f1" * 16


class House:
    """One running web server: its port, and the processes whose time counts."""

    def __init__(self, process: subprocess.Popen[bytes], port: int):
        self.port, self._root = port, psutil.Process(process.pid)

    def cpu_seconds(self) -> float:
        return _cpu_seconds(self._root)

    def processes(self) -> list[psutil.Process]:
        return [self._root, *self._root.children(recursive=True)]


@contextmanager
def database(engine: str) -> Iterator[dict[str, str]]:
    """The environment of a house with an empty, durable database of its own."""
    with tempfile.TemporaryDirectory(prefix="hongling-bench-") as folder:
        environ = dict(os.environ) | {"HONGLING_DATA": folder, "HONGLING_SECRET": SECRET}
        if engine == "sqlite":
            yield environ | {"DATABASE_URL": ""}
            return
        with postgres_server(durable=True) as server, fresh_database(server) as url:
            yield environ | {"DATABASE_URL": url}


def database_cpu_seconds(environ: dict[str, str]) -> float:
    """PostgreSQL's own processes; SQLite works inside the web server's."""
    if not environ["DATABASE_URL"]:
        return 0.0
    home = Path(str(make_url(environ["DATABASE_URL"]).query["host"]))
    number = (home / "data" / "postmaster.pid").read_text().split()[0]
    return _cpu_seconds(psutil.Process(int(number)))


@contextmanager
def serving(app: str, environ: dict[str, str]) -> Iterator[House]:
    """granian with the workers and threads of `make run`."""
    told, port = settings.read_toml("settings.toml"), _free_port()
    command = [
        str(Path(sys.executable).with_name("granian")),
        "--interface=wsgi",
        "--host=127.0.0.1",
        f"--port={port}",
        f"--workers={told['web_workers']}",
        f"--blocking-threads={told['web_threads']}",
        "--log-level=error",
        "--factory",
        app,
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environ | {"PORT": str(port)})  # noqa: S603
    try:
        _wait(process, port)
        yield House(process, port)
    finally:
        process.terminate()
        process.wait(20)


def phones(house: House, **plan: Any) -> dict[str, Any]:
    """What the phones saw, and the server's CPU time meanwhile."""
    before = house.cpu_seconds()
    seen = finished(started(house, **plan))
    return seen | {"cpu": house.cpu_seconds() - before}


def started(house: House, **plan: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.client"]
    process = subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps({"port": house.port} | plan).encode())
    process.stdin.close()
    return process


def finished(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    told = process.stdout.read()
    process.stdout.close()
    if process.wait():
        raise RuntimeError("the phones ended early")
    return json.loads(told)  # type: ignore[no-any-return]


def _cpu_seconds(root: psutil.Process) -> float:
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the web server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")
