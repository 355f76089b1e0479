"""The real server in a process of its own: started, stopped and killed as a test needs it."""

import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from server.app import create_app
from server.core.db import db
from tests.people import PASSWORD, everyone

PATIENCE_SECONDS = 20
SECRET = "c0de" * 16


def prepare(data: Path, **environ: str) -> None:
    """A migrated database with the cast in it, to be copied for each test."""
    app = create_app({"HONGLING_DATA": str(data), "HONGLING_SECRET": SECRET} | environ)
    with app.app_context():
        upgrade()
        db.session.add_all(everyone())
        db.session.commit()
        db.engine.dispose()


class House:
    """`url` is where phones reach it: its own address, or that of a network in between."""

    password = PASSWORD
    factory = "server.app:create_app"
    environ: Mapping[str, str] = {}

    def __init__(self, data: Path, template: Path):
        shutil.copytree(template, data)
        self.data, self.port, self.url = data, free_port(), ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environ = os.environ | {
            "HONGLING_DATA": str(self.data),
            "HONGLING_SECRET": SECRET,
            "HONGLING_URL": self.url or f"http://127.0.0.1:{self.port}",
            "HONGLING_START": uuid.uuid4().hex[:8],
            "PORT": str(self.port),
            **self.environ,
        }
        granian = Path(sys.executable).with_name("granian")
        command = [
            granian,
            "--interface=wsgi",
            "--host=127.0.0.1",
            f"--port={self.port}",
            "--workers=1",
            "--blocking-threads=8",
            "--log-level=error",
            "--factory",
            self.factory,
        ]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=environ, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would: no goodbye to anybody."""
        self._end(signal.SIGKILL)

    def column(self, table: str, name: str, where: str = "1 = 1") -> list[Any]:
        """What the database really holds, whatever anybody's screen says."""
        with closing(sqlite3.connect(self.data / "hongling.db")) as file:
            return [row[0] for row in file.execute(f"SELECT {name} FROM {table} WHERE {where}")]

    def run(self, statement: str) -> None:
        with closing(sqlite3.connect(self.data / "hongling.db")) as file, file:
            file.execute(statement)

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            os.killpg(self.process.pid, how)
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            with closing(line), suppress(OSError):
                line.request("GET", "/api/health")
                if line.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise TimeoutError((self.data / "server.log").read_text())


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
