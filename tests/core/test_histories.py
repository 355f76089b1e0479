"""Whatever the phone, the network, the session and the server do, in whatever order: what the phone
was told is saved is on the server exactly once, in the version it was last told of.

A machine draws histories and keeps a model beside them: the phone's outbox, and its belief."""

import hashlib
import json
import os
import sqlite3
import uuid
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count

import pytest
from flask_migrate import upgrade
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from server.accounts.models import Session
from server.app import create_app
from server.core import clock, crypto, records
from server.core.db import db
from tests.build import JSON, issue, record, step, visit
from tests.conftest import SECRET
from tests.people import everyone, known

TABLES = {"visits": "visit", "issues": "issue", "issue-actions": "issue_action"}
# The same twelve each time, or as many new ones as `make faults` asks for.
HISTORIES = int(os.environ.get("HISTORIES", 0))
BOUNDS = settings(
    max_examples=HISTORIES or 12,
    stateful_step_count=30,
    deadline=None,
    derandomize=not HISTORIES,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Item:
    """A record on the phone: `versions` as saved, of which the first `told` have their receipt and
    the first `tried` have left the phone."""

    path: str
    parent: "Item | None" = None
    versions: list[str] = field(default_factory=list)
    told: int = 0
    tried: int = 0

    def may_go(self) -> bool:
        """A version goes after the one before has its receipt, a child after its parent."""
        return self.told < len(self.versions) and (self.parent is None or self.parent.told > 0)

    def request(self) -> tuple[str, str | None]:
        """The next version, and the digest of the one that it corrects."""
        return self.versions[self.told], digest(self.versions[self.told - 1]) if self.told else None


def digest(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()


class Histories(RuleBasedStateMachine):
    data = None  # set by the test: a folder with template.db in it
    items = Bundle("items")
    lost = st.booleans()

    @initialize()
    def a_fresh_house(self) -> None:
        with (
            closing(sqlite3.connect(self.data / "template.db")) as template,
            closing(sqlite3.connect(self.data / "hongling.db")) as house,
        ):
            template.backup(house)
        self.saved: list[Item] = []
        self.tokens = count()
        self.start()
        self.sign_in()

    def start(self) -> None:
        """A new process, as far as anything outside the database can tell."""
        self.app = create_app({"HONGLING_DATA": str(self.data), "HONGLING_SECRET": SECRET})
        self.phone = self.app.test_client()

    def sign_in(self) -> None:
        self.token = f"token {next(self.tokens)}"
        with self.app.app_context():
            now = clock.now()
            hashed = crypto.sha256(self.token)
            row = Session(token_hash=hashed, user_id=known("an"), created_at=now)
            row.expires_at = now.replace(year=now.year + 1, day=1)
            db.session.add(row)
            db.session.commit()
        self.signed_in = True
        self.phone.set_cookie("hl", self.token)

    def save(self, path: str, body: dict, parent: Item | None = None) -> Item:
        item = Item(path, parent, [json.dumps(body)])
        self.saved.append(item)
        return item

    @rule(target=items, kind=st.sampled_from(["visits", "issues"]))
    def note(self, kind: str) -> Item:
        body = visit() if kind == "visits" else issue()
        return self.save(f"/api/{kind}/{uuid.uuid4()}", body)

    @rule(target=items, item=items)
    def follow_up(self, item: Item) -> Item:
        """A step on an issue; a visit is taken back instead, once."""
        if "/issues/" in item.path:
            body = step(item.path[-36:], state=None)
            return self.save(f"/api/issue-actions/{uuid.uuid4()}", body, item)
        done = [one for one in self.saved if one.path == f"{item.path}/void"]
        if done or "/visits/" not in item.path or item.path.endswith("/void"):
            return done[0] if done else item
        return self.save(f"{item.path}/void", record(reason="记错了"), item)

    @rule(item=items, n=st.integers(0, 10**6))
    def edit(self, item: Item, n: int) -> None:
        """Another version; what was taken back is not edited any more."""
        if item.path.endswith("/void") or self.is_taken_back(item):
            return
        if item.tried < len(item.versions):
            del item.versions[item.tried :]  # never left the phone: only the newest will
        said = {"visits": visit(said=f"第 {n} 次"), "issues": issue(more=f"第 {n} 次")}
        kind = item.path.split("/")[2]
        body = said.get(kind) or step(item.parent.path[-36:], state=None, note=f"第 {n} 次")
        item.versions.append(json.dumps(body))

    def is_taken_back(self, item: Item) -> bool:
        return any(one.path == f"{item.path}/void" for one in self.saved)

    @rule(item=items, lost=lost, times=st.integers(1, 3))
    def send(self, item: Item, lost: bool, times: int) -> None:
        """The same request up to three times; the reply may be lost."""
        if not self.may_go(item):
            return
        raw, if_match = item.request()
        headers = JSON | {"Hongling-Person": str(known("an"))}
        if if_match:
            headers["If-Match"] = f'"{if_match}"'
        item.tried = max(item.tried, item.told + 1)
        for _ in range(times):
            answer = self.phone.put(item.path, data=raw, headers=headers)
        self.believe(item, answer.status_code, answer.json, lost)

    @rule(chosen=st.lists(items, max_size=6, unique_by=id), lost=lost)
    def send_together(self, chosen: list[Item], lost: bool) -> None:
        ready = [item for item in chosen if self.may_go(item)]
        if not ready:
            return
        told = []
        for item in ready:
            raw, if_match = item.request()
            told.append({"method": "PUT", "path": item.path, "body": raw, "if_match": if_match})
            item.tried = max(item.tried, item.told + 1)
        headers = JSON | {"Hongling-Person": str(known("an"))}
        answer = self.phone.post("/api/batch", data=json.dumps({"items": told}), headers=headers)
        if answer.status_code == 401:
            assert not self.signed_in
            return
        for item, result in zip(ready, answer.json["results"], strict=True):
            self.believe(item, result["status"], result.get("receipt", result), lost)

    def may_go(self, item: Item) -> bool:
        """A visit's void waits until all of the visit's versions are there."""
        whole = item.parent is None or item.parent.told == len(item.parent.versions)
        return item.may_go() and (whole or not item.path.endswith("/void"))

    def believe(self, item: Item, status: int, told: dict, lost: bool) -> None:
        if not self.signed_in:
            assert (status, told["retry"]) == (401, "after_sign_in")
            return
        assert status in (200, 201), told
        if not lost:
            assert told["digest"] == digest(item.versions[item.told])
            item.told += 1

    @rule()
    def sign_out(self) -> None:
        if self.signed_in:
            headers = {"Hongling-Person": str(known("an"))}
            assert self.phone.delete("/api/session", headers=headers).status_code == 204
            self.phone.set_cookie("hl", self.token)  # a copy of the cookie opens nothing either
            self.signed_in = False

    @precondition(lambda self: not self.signed_in)
    @rule()
    def sign_in_again(self) -> None:
        self.sign_in()

    @rule()
    def restart(self) -> None:
        self.stop()
        self.start()
        self.phone.set_cookie("hl", self.token)

    @precondition(lambda self: self.signed_in)
    @rule()
    def reconcile(self) -> None:
        """Nothing that has its receipt is lacking; what never left is."""
        asked = {
            item.path: digest(item.versions[item.told - 1]) for item in self.saved if item.told
        }
        never = {item.path: digest(item.versions[0]) for item in self.saved if not item.tried}
        told = [{"path": path, "digest": value} for path, value in (asked | never).items()]
        headers = {"Hongling-Person": str(known("an"))}
        answer = self.phone.post("/api/reconcile", json={"items": told}, headers=headers)
        ahead = {item.path for item in self.saved if item.tried > item.told}
        assert set(answer.json["lacks"]) - ahead == set(never)

    @invariant()
    def what_the_phone_was_told_is_there_once(self) -> None:
        rows, _ = self.stored()
        for item in self.saved:
            found = rows.pop(item.path, [])
            possible = {digest(raw) for raw in item.versions[max(item.told - 1, 0) : item.tried]}
            assert len(found) == 1 if item.told else len(found) <= 1, item
            assert set(found) <= possible, item
        assert rows == {}, "nobody saved this"

    def teardown(self) -> None:
        """The network comes back, everything goes, and each version was written exactly once."""
        if not hasattr(self, "saved"):
            return
        if not self.signed_in:
            self.sign_in()
        while waiting := [item for item in self.saved if self.may_go(item)]:
            for item in waiting:
                self.send(item, lost=False, times=1)
        rows, lines = self.stored()
        assert rows == {item.path: [digest(item.versions[-1])] for item in self.saved}
        assert sum(lines.values()) == sum(len(item.versions) for item in self.saved)
        self.stop()

    def stop(self) -> None:
        with self.app.app_context():
            db.engine.dispose()

    def stored(self) -> tuple[dict[str, list[str]], dict[str, int]]:
        """What the database really holds: digests by path, and audit lines by record."""
        rows: dict[str, list[str]] = defaultdict(list)
        with closing(sqlite3.connect(self.data / "hongling.db")) as file:
            for nouns, table in TABLES.items():
                for id, value in file.execute(f"SELECT id, digest FROM {table}"):  # noqa: S608
                    rows[f"/api/{nouns}/{uuid.UUID(id)}"].append(value)
            for id, value in file.execute("SELECT id, digest FROM visit_void"):
                rows[f"/api/visits/{uuid.UUID(id)}/void"].append(value)
            known_verbs = "action LIKE 'visit.%' OR action LIKE 'issue%'"
            query = f"SELECT subject_id, count(*) FROM audit_line WHERE {known_verbs} GROUP BY 1"  # noqa: S608
            lines = defaultdict(int, file.execute(query).fetchall())
        return dict(rows), lines


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    data = tmp_path_factory.mktemp("histories")
    app = create_app({"HONGLING_DATA": str(data), "HONGLING_SECRET": SECRET})
    with app.app_context():
        upgrade()
        db.session.add_all(everyone())
        db.session.commit()
        db.engine.dispose()
    (data / "hongling.db").rename(data / "template.db")
    return type("Histories", (Histories,), {"data": data})


def test_no_history_loses_or_doubles_what_was_acknowledged(machine):
    run_state_machine_as_test(machine, settings=BOUNDS)


def test_the_machine_sees_a_server_that_says_stored_and_does_not(machine, monkeypatch):
    """The canary. One failing history is enough: nobody reads the shortest."""
    monkeypatch.setattr(records, "insert_once", lambda *_, **__: True)
    first = settings(BOUNDS, max_examples=5, phases=[Phase.generate])
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run_state_machine_as_test(machine, settings=first)
