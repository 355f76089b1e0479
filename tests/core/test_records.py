"""Many phones and many tries at once: the unique id decides, on both databases."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.core import audit
from server.core.audit import AuditLine
from server.core.db import db
from server.policy import POLICY
from server.visits.models import Visit
from tests.build import new_id, put, visit
from tests.people import LANSHAN


@pytest.mark.engines
def test_sixteen_tries_at_once_of_each_record_are_one_record(app, as_, rows):
    records = {f"/api/visits/{new_id()}": json.dumps(visit()) for _ in range(8)}
    an = as_("an")

    def send(path):
        client = app.test_client()
        client.set_cookie("hl", "token of an")
        client.person = an.person
        return put(client, path, records[path]).status_code

    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(send, [path for path in records for _ in range(16)]))
    assert sorted(set(codes)) == [200, 201]
    assert codes.count(201) == len(rows(Visit)) == len(rows(AuditLine)) == len(records)


@pytest.mark.engines
def test_the_chain_of_lines_fits_and_a_changed_one_shows(app, as_):
    for _ in range(3):
        put(as_("an"), f"/api/visits/{new_id()}", visit())
    with app.app_context():
        assert audit.verify(LANSHAN) is None
        line = db.session.scalars(db.select(AuditLine).order_by(AuditLine.seq)).all()[1]
        db.session.expunge(line)
        forged = audit.Entry(
            line.area, line.at, line.actor_id, "visit.void", line.subject_id, line.detail
        )
        assert audit.link("", line.seq, forged) != line.chain


@pytest.mark.engines
def test_the_database_itself_refuses_to_change_or_remove_a_line(app, as_):
    put(as_("an"), f"/api/visits/{new_id()}", visit())
    for statement in ("UPDATE audit_line SET action = 'x'", "DELETE FROM audit_line"):
        with app.app_context(), pytest.raises(Exception, match="append-only"):
            db.session.execute(db.text(statement))


def test_a_tampered_file_is_found_at_the_first_wrong_line(app, as_):
    for _ in range(3):
        put(as_("an"), f"/api/visits/{new_id()}", visit())
    with app.app_context():
        db.session.execute(db.text("DROP TRIGGER audit_line_no_update"))
        db.session.execute(db.text("UPDATE audit_line SET action = 'visit.void' WHERE seq = 2"))
        db.session.commit()
        assert audit.verify(LANSHAN) == 2


def test_whoever_lacks_the_permission_of_a_record_gets_404_whatever_they_send(app, as_):
    """Before a word of the body is judged: to them there is no such thing."""
    people = {"an": "secretary", "he": "host_officer", "zong": "administrator"}
    doors = {
        rule.rule: app.view_functions[rule.endpoint].door
        for rule in app.url_map.iter_rules()
        if hasattr(app.view_functions[rule.endpoint], "door")
    }
    assert len(doors) > 10
    for rule, door in doors.items():
        lacking = [name for name, role in people.items() if role not in POLICY[door.allow]]
        assert lacking, rule
        for name in lacking:
            path = rule.replace("<uuid:id>", new_id())
            assert put(as_(name), path, {}).status_code == 404, (name, rule)
            item = {"method": "PUT", "path": path, "body": "{}"}
            (result,) = as_(name).post("/api/batch", json={"items": [item]}).json["results"]
            assert result["status"] == 404, (name, rule)
