"""A phone that keeps what it sent for thirty days, as the app does, and sends what is lacking."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.build import JSON, listed, new_id, put, visit


class Sent(NamedTuple):
    raw: bytes
    headers: dict[str, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


class Phone:
    """Stands where a client stands; `sent` holds the last acknowledged version by path."""

    def __init__(self, client: Any):
        self.client = client
        self.sent: dict[str, Sent] = {}

    def put(self, path: str, *, data: Any, headers: dict[str, str]) -> Any:
        raw = data if isinstance(data, bytes) else data.encode()
        answer = self.client.put(path, data=raw, headers=headers)
        if answer.status_code < 300:
            kept = {name: headers[name] for name in headers if name.startswith("Content-")}
            self.sent.pop(path, None)
            self.sent[path] = Sent(raw, kept)
            assert answer.json["digest"] == self.sent[path].digest
        return answer

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def note(self, photo: bytes, **changes: Any) -> None:
        """A visit, then its picture."""
        one = listed(photo)
        put(self, f"/api/visits/{new_id()}", visit(photos=[one], **changes))
        answer = self.send_photo(one, photo)
        assert answer.status_code == 201, answer.json

    def send_photo(self, one: dict[str, Any], raw: bytes) -> Any:
        digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
        headers = {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{digest}:"}
        return self.put(f"/api/photos/{one['id']}", data=raw, headers=headers)

    def lacking(self) -> set[str]:
        items = [{"path": path, "digest": sent.digest} for path, sent in self.sent.items()]
        answer = self.client.post("/api/reconcile", data=json.dumps({"items": items}), headers=JSON)
        assert answer.status_code == 200, answer.json
        return set(answer.json["lacks"])

    def send_again(self) -> None:
        """In the order in which it was sent; over a version that the server kept, as a correction
        of that one."""
        lacks = self.lacking()
        for path, sent in [(path, sent) for path, sent in self.sent.items() if path in lacks]:
            headers = sent.headers | {"Hongling-Sent-At": datetime.now(UTC).isoformat()}
            answer = self.put(path, data=sent.raw, headers=headers)
            if answer.status_code == 409 and answer.json["type"] == "digest_differs":
                headers["If-Match"] = f'"{answer.json["digest"]}"'
                answer = self.put(path, data=sent.raw, headers=headers)
            assert answer.status_code in (200, 201, 202), (path, answer.json)
