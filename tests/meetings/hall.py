"""A meeting as its people meet it: the lead opens it, a screen draws codes, phones scan them."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from server.meetings import rules
from tests.build import new_id, put, record
from tests.people import known


def now() -> datetime:
    return datetime.now(UTC)


class Hall:
    def __init__(self, as_: Any):
        self.as_, self.id = as_, new_id()

    def plan(self, by: str = "ding", **changes: Any) -> Any:
        return put(self.as_(by), f"/api/meetings/{self.id}", meeting(**changes))

    def do(self, what: str, by: str = "ding", *, waited: float = 0) -> Any:
        said = self._said(waited, meeting_id=self.id, do=what)
        return self._send(by, "meeting-actions", said)

    def screen(self, by: str = "ding") -> Any:
        self.receipt = self._send(by, "displays", record(meeting_id=self.id))
        return self.receipt

    def code(self, *, ago: float = 0) -> str:
        """What the screen showed so many seconds ago, drawn from its key as a phone does it."""
        told = self.receipt.json
        key = base64.urlsafe_b64decode(told["key"] + "==")
        slot = rules.slot_text(int(now().timestamp() - ago) // told["slot_seconds"])
        signed = hmac.new(key, f"hl1|in|{told['meeting_code']}|{slot}".encode(), hashlib.sha256)
        mac = base64.b32encode(signed.digest()[:10]).decode()
        return f"{told['meeting_code']}{slot}{told['display']}{mac}"

    def scan(self, by: str, *, waited: float = 0, id: str | None = None, **changes: Any) -> Any:
        said = {"meeting_id": self.id, "way": "scan"} | changes
        if not {"code", "claim"} & set(changes):
            said["code"] = self.code(ago=waited)
        return self._send(by, "checkins", self._said(waited, **said), id)

    def tick(
        self, name: str, *, by: str = "ding", way: str = "tick", waited: float = 0, **changes: Any
    ) -> Any:
        said = {"meeting_id": self.id, "way": way, "person_id": str(known(name))} | changes
        return self._send(by, "checkins", self._said(waited, **said))

    def claim(self, code: str | None = None, **environ: Any) -> Any:
        client = self.as_("an").application.test_client()
        return client.post("/api/claims", json={"code": code or self.code()}, **environ)

    def open(self) -> "Hall":
        for answer in (self.plan(), self.do("open"), self.screen()):
            assert answer.status_code == 201, answer.json
        return self

    def seats(self, by: str = "ding") -> dict[str, tuple[str, str]]:
        told = self.as_(by).get(f"/api/meetings/{self.id}/attendance").json
        return {
            row["person"]["name"]: (row["state"], row["way"])
            for row in told["people"]
            if row["state"] != "absent"
        }

    def _said(self, waited: float, **said: Any) -> dict[str, Any]:
        return record(**said) | {"made_at": (now() - timedelta(seconds=waited)).isoformat()}

    def _send(self, by: str, nouns: str, said: dict[str, Any], id: str | None = None) -> Any:
        path = f"/api/{nouns}/{id or new_id()}"
        return put(self.as_(by), path, json.dumps(said), Hongling_Sent_At=now().isoformat())


def meeting(**changes: Any) -> dict[str, Any]:
    said = {"kind": "monthly_branch", "title": "十一月月例会", "place_words": "柳荫社区二楼"}
    times = {"starts_at": now().isoformat(), "ends_at": (now() + timedelta(hours=2)).isoformat()}
    return record(**said, **times) | changes
