"""Held records, and whoever decides on them."""

from datetime import date
from typing import Any

from server.core.db import db
from server.postings.models import Posting
from tests.build import issue, new_id, put, record, step, visit
from tests.people import known


class Desk:
    def __init__(self, app: Any, as_: Any):
        self.app, self.as_ = app, as_

    def end_term(self, name: str = "an", day: date | None = date(2026, 3, 2)) -> None:
        """What is made from then on is held."""
        with self.app.app_context():
            db.session.get_one(Posting, known(f"posting-{name}")).ended_on = day
            db.session.commit()

    def held_visit(self, by: str = "an", **changes: Any) -> str:
        body = visit(posting_id=str(known(f"posting-{by}")), **changes)
        return self._held(by, f"/api/visits/{new_id()}", body)

    def held_issue(self, **changes: Any) -> str:
        return self._held("an", f"/api/issues/{new_id()}", issue(**changes))

    def send_issue(self, path: str) -> None:
        assert put(self.as_("an"), path, issue()).status_code == 201

    def held_step(self, issue_path: str, **changes: Any) -> str:
        body = step(issue_path[-36:], **changes)
        return self._held("an", f"/api/issue-actions/{new_id()}", body)

    def decide(
        self, path: str, verdict: str, words: str = "", *, by: str = "fang", id: str | None = None
    ) -> Any:
        said = record(path=path, verdict=verdict, words=words)
        return put(self.as_(by), f"/api/decisions/{id or new_id()}", said)

    def waiting(self, by: str) -> list[str]:
        return [item["path"] for item in self.as_(by).get("/api/held").json["items"]]

    def _held(self, by: str, path: str, body: Any) -> str:
        answer = put(self.as_(by), path, body)
        assert (answer.status_code, answer.json["state"]) == (202, "held"), answer.json
        return path
