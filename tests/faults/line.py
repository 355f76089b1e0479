"""What the suite sends without a phone: many hands at once, straight to the server."""

import hashlib
import http.client
import json
from typing import Any

from tests.build import visit
from tests.e2e.house import House
from tests.people import PASSWORD, known

from .ledger import Ledger, Saved


class Line:
    """One signed-in connection; the cookie may be lent to others."""

    def __init__(self, house: House, name: str = "an", cookie: str | None = None):
        self.house, self.name = house, name
        self.line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
        self.cookie = cookie or self._sign_in()

    def put_visit(self, ledger: Ledger, id: str, mark: str) -> int:
        """What was acknowledged with a receipt of its digest is saved, as a phone would see it."""
        posting = str(known(f"posting-{self.name}"))
        raw = json.dumps(visit(posting_id=posting, said=mark)).encode()
        status, answer = self.ask("PUT", f"/api/visits/{id}", raw)
        digest = hashlib.sha256(raw).hexdigest()
        if status < 300 and answer.get("digest") == digest:
            ledger.saved[f"/visits/{id}"] = Saved(f"/visits/{id}", digest, mark, [])
        return status

    def ask(self, method: str, path: str, raw: bytes | None = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Hongling-Person": str(known(self.name))}
        if getattr(self, "cookie", None):
            headers["Cookie"] = self.cookie
        self.line.request(method, path, raw, headers)
        reply = self.line.getresponse()
        body = reply.read()
        self.cookies = reply.headers.get_all("Set-Cookie") or []
        return reply.status, json.loads(body) if body else {}

    def close(self) -> None:
        self.line.close()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _sign_in(self) -> str:
        told = json.dumps({"username": self.name, "password": PASSWORD}).encode()
        status, answer = self.ask("POST", "/api/session", told)
        assert status == 200, answer
        return "; ".join(cookie.partition(";")[0] for cookie in self.cookies)


def cookie_of(house: House) -> str:
    with Line(house) as line:
        return line.cookie
