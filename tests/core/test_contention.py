"""Six processes read, think and write on one SQLite file, through the app: no error, no lost update
(SQLAlchemy's defaults lost 551 of 899; a plain BEGIN failed 359 of 900)."""

import json
import os
import subprocess
import sys
from pathlib import Path

from server.core import audit
from server.core.audit import AuditLine
from server.core.db import db
from server.core.records import EarlierVersion
from server.visits.models import Visit
from tests.build import new_id, put, visit
from tests.conftest import SECRET
from tests.people import LANSHAN, known

ROOT = Path(__file__).parents[2]
PROCESSES, TIMES = 6, 6

# Adds one to what the visit says, so often; whoever was overtaken looks again.
COUNT_UP = """
import json, sys
from collections import Counter
from server.app import create_app
from tests.build import put, visit

path, person, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
phone = create_app().test_client()
phone.set_cookie("hl", "token of an")
print("ready", flush=True)
sys.stdin.readline()
seen, done = Counter(), 0
while done < times:
    now = phone.get(path).json
    said = visit(said=str(int(now["said"]) + 1))
    answer = put(phone, path, said, If_Match=now["digest"], Hongling_Person=person)
    seen[answer.status_code] += 1
    done += answer.status_code == 200
print(json.dumps(seen))
"""


def test_six_processes_lose_no_update_and_meet_no_error(app, as_, rows):
    an, path = as_("an"), f"/api/visits/{new_id()}"
    assert put(an, path, visit(said="0")).status_code == 201
    environ = {"HONGLING_DATA": str(app.config["HONGLING"]["data"]), "HONGLING_SECRET": SECRET}
    command = [sys.executable, "-c", COUNT_UP, path, str(known("an")), str(TIMES)]
    crowd = [
        subprocess.Popen(  # noqa: S603
            command,
            cwd=ROOT,
            env=os.environ | environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    assert {one.stdout.readline() for one in crowd} == {"ready\n"}
    for one in crowd:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=120)[0] for one in crowd]
    seen = [json.loads(line) for line in told]
    assert {status for counts in seen for status in counts} <= {"200", "409"}, seen
    assert [row.said for row in rows(Visit)] == [str(PROCESSES * TIMES)]
    assert len(rows(EarlierVersion)) == PROCESSES * TIMES
    assert len(rows(AuditLine)) == PROCESSES * TIMES + 1
    with app.app_context():
        assert audit.verify(LANSHAN) is None
        db.engine.dispose()
