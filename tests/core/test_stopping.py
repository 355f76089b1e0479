"""What `flask serve` was told is finished before it goes: a photo half sent when the stop comes is
stored and acknowledged. Killed, it takes its children along."""

import base64
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from server.accounts.models import Session
from server.app import create_app
from server.core import clock, crypto
from server.core.db import db
from server.photos.models import Photo
from server.serve import PATIENCE_SECONDS
from tests.build import listed, new_id, noise, visit
from tests.e2e.house import SECRET, free_port, prepare
from tests.people import known

ROOT = Path(__file__).parents[2]


class Served:
    """The real thing: `flask serve` with its web server's processes and its worker."""

    def __init__(self, data, port=None):
        self.data, self.port = data, port or free_port()
        environ = {
            "HONGLING_DATA": str(data),
            "HONGLING_SECRET": SECRET,
            "HONGLING_URL": f"http://127.0.0.1:{self.port}",
            "PORT": str(self.port),
        }
        command = [sys.executable, "-m", "flask", "--app", "server.app", "serve", "--no-demo"]
        with (data / "log").open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, env=os.environ | environ, stdout=log, stderr=log
            )

    def line(self):
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30))

    def wait(self):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                with self.line() as line:
                    line.request("GET", "/api/health")
                    if line.getresponse().status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError

    def marks(self):
        """What its processes say of their start; some requests, so that each of them answers."""
        found = set()
        for _ in range(8):
            with self.line() as line:
                line.request("GET", "/api/health")
                found.add(line.getresponse().getheader("Hongling-Start"))
        return found


@pytest.fixture
def served(tmp_path):
    data = tmp_path / "data"
    prepare(data)
    app = create_app({"HONGLING_DATA": str(data), "HONGLING_SECRET": SECRET})
    with app.app_context():
        now = clock.now()
        row = Session(token_hash=crypto.sha256("t"), user_id=known("an"), created_at=now)
        row.expires_at = now.replace(year=now.year + 1, day=1)
        db.session.add(row)
        db.session.commit()
        db.engine.dispose()
    served = Served(data)
    served.app = app
    try:
        served.wait()
        yield served
    finally:
        if served.process.poll() is None:
            served.process.kill()
        with app.app_context():
            db.engine.dispose()


HEADERS = {"Cookie": "hl=t", "Hongling-Person": str(known("an"))}


def test_a_photo_half_sent_when_the_stop_comes_is_stored_and_acknowledged(served):
    raw = noise(400)
    photo = listed(raw)
    body = json.dumps(visit(photos=[photo]))
    with served.line() as line:
        line.request(
            "PUT",
            f"/api/visits/{new_id()}",
            body,
            HEADERS | {"Content-Type": "application/json"},
        )
        assert line.getresponse().status == 201
    digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
    with served.line() as line:
        line.putrequest("PUT", f"/api/photos/{photo['id']}")
        told = HEADERS | {
            "Content-Type": "image/jpeg",
            "Content-Length": str(len(raw)),
            "Content-Digest": f"sha-256=:{digest}:",
        }
        for name, value in told.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(raw[: len(raw) // 2])
        time.sleep(0.5)
        served.process.send_signal(signal.SIGTERM)
        time.sleep(2)
        line.send(raw[len(raw) // 2 :])
        answer = line.getresponse()
        receipt = json.loads(answer.read())
    assert (answer.status, receipt["digest"]) == (201, photo["digest"])
    assert served.process.wait(6 * PATIENCE_SECONDS) == 0
    with served.app.app_context():
        assert [row.state for row in db.session.scalars(db.select(Photo))] == ["stored"]


def family(pid):
    """This process and all below it, each with its parent, by the kernel's own table."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text().rpartition(") ")[2].split()[:2]
            if state != "Z":
                parents[int(path.parent.name)] = int(parent)
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: parents[pid] for pid in found & parents.keys()}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the kernel tells no child")
@pytest.mark.parametrize("whom", ["serve", "granian"])
def test_killed_it_leaves_nobody_behind_and_starts_again_on_its_port(served, whom):
    everybody = family(served.process.pid)
    (mark,) = served.marks()
    assert len(everybody) == 5  # itself, the worker, the web server with two processes of its own
    (keeper,) = {parent for parent in everybody.values() if parent in everybody} - {
        served.process.pid
    }
    os.kill({"serve": served.process.pid, "granian": keeper}[whom], signal.SIGKILL)
    served.process.wait(PATIENCE_SECONDS)
    end = time.monotonic() + PATIENCE_SECONDS
    while left := [pid for pid in everybody if pid in family(pid)]:
        assert time.monotonic() < end, left
        time.sleep(0.1)
    again = Served(served.data, served.port)
    try:
        again.wait()
        assert len(again.marks() - {mark, None}) == 1
    finally:
        again.process.terminate()
        assert again.process.wait(2 * PATIENCE_SECONDS) == 0
