"""The city that is measured: the cast of the tests, 507 members, and what their phones send."""

import base64
import hashlib
import hmac
import io
import json
import os
import time
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_migrate import upgrade
from PIL import Image
from sqlalchemy import func, select, update

from bench import bare
from server.accounts.models import Session, User
from server.app import create_app
from server.core import areas, clock, crypto
from server.core.db import db
from server.meetings import rules
from server.organizations.models import TemporaryBranch
from server.postings.models import Posting
from server.visits.models import Visit
from tests.people import LANSHAN, everyone, known, posting

RECORDS = 20
MEMBERS = [f"member-{n}" for n in range(507)]
COUNTIES = [path for path in areas.names() if areas.kind_of(path) == "county"]
LEADS = [f"lead-{n}" for n in range(len(COUNTIES))]
Request = tuple[str, str, dict[str, str], str]


class City:
    """A filled database, as phones know it. `rooms` meetings of all 507 are opened at once, while
    all are in Ding's branch; then they are spread over a branch a county."""

    def __init__(self, environ: dict[str, str]):
        self.app = create_app(environ)
        with self.app.app_context():
            upgrade()
            db.session.add_all([*everyone(), *map(_user, [*MEMBERS, *LEADS])])
            db.session.add_all(map(_branch, range(len(COUNTIES))))
            db.session.flush()
            db.session.add_all([*map(_post, [*MEMBERS, *LEADS])])
            db.session.add_all(map(_session, ["ding", *MEMBERS, *LEADS]))
            db.session.commit()
            bare.Base.metadata.create_all(db.engine)
        self._close()

    def open_rooms(self, port: int, number: int) -> None:
        self.rooms = [_open_meeting(port, "ding") for _ in range(number)]
        with self.app.app_context():
            for n, name in enumerate([*MEMBERS, *LEADS]):
                here = {"branch_id": known(f"branch-{_county(name, n)}")}
                db.session.execute(
                    update(Posting).where(Posting.owner_id == known(name)).values(here)
                )
                db.session.execute(update(User).where(User.id == known(name)).values(here))
            db.session.commit()
        self._close()

    def one_room(self, port: int) -> list[Request]:
        """All 507 scan the same screen."""
        screen = self.rooms.pop()
        return [_scan(name, screen) for name in MEMBERS]

    def branches(self, port: int) -> list[Request]:
        """The same evening in every county: each scans the screen of the own branch."""
        screens = [_open_meeting(port, name) for name in LEADS]
        return [_scan(name, screens[_county(name, n)]) for n, name in enumerate(MEMBERS)]

    def visits(self, port: int) -> list[Request]:
        return [_visit(name) for name in MEMBERS]

    def reconnections(self) -> list[Request]:
        """A morning without signal ends for all at once: each sends 20 records in one batch."""
        return [_batch(name, [_visit(name) for _ in range(RECORDS)]) for name in MEMBERS]

    def kept(self) -> int:
        """How many visits the database holds."""
        with self.app.app_context():
            count: int = db.session.scalar(select(func.count()).select_from(Visit))  # type: ignore[assignment]
        self._close()
        return count

    def rows(self, port: int) -> list[Request]:
        """As many for the bare view, with a body of about the same length."""
        said = {"meeting_id": str(uuid.uuid4()), "way": "scan", "code": "A" * 33}
        return [_put(name, f"/rows/{uuid.uuid4()}", said) for name in MEMBERS]

    def reads(self) -> list[Request]:
        return [("GET", "/api/visits?limit=20", _headers(name), "") for name in MEMBERS[:20]]

    def bare_reads(self) -> list[Request]:
        return [("GET", "/rows", _headers(name), "") for name in MEMBERS[:20]]

    def photos(self, port: int, number: int) -> list[Request]:
        """Photos of 250 KB or so, each listed by a visit that was sent before."""
        found = []
        for name in MEMBERS[:number]:
            raw, id = _photo(), str(uuid.uuid4())
            listed = {"id": id, "digest": crypto.sha256(raw), "bytes": len(raw), "stage": "before"}
            _send(port, _visit(name, photos=[listed]))
            digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
            told = {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{digest}:"}
            body = base64.b64encode(raw).decode()
            found.append(("PUT", f"/api/photos/{id}", _headers(name) | told, body))
        return found

    def bare_photos(self, photos: list[Request]) -> list[Request]:
        return [(m, path.replace("/api/photos", "/uploads"), h, b) for m, path, h, b in photos]

    def _close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _open_meeting(port: int, lead: str) -> dict[str, Any]:
    """A new meeting, open, and a screen with its key."""
    id, now = str(uuid.uuid4()), datetime.now(UTC)
    times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat()}
    said = {"kind": "monthly_branch", "title": "月例会", "place_words": "", **times}
    _send(port, _put(lead, f"/api/meetings/{id}", said))
    opening = {"meeting_id": id, "do": "open"}
    _send(port, _put(lead, f"/api/meeting-actions/{uuid.uuid4()}", opening))
    screen = _send(port, _put(lead, f"/api/displays/{uuid.uuid4()}", {"meeting_id": id}))
    return screen | {"meeting_id": id}


def _scan(name: str, screen: dict[str, Any]) -> Request:
    """What the screen shows at this moment, drawn as a phone draws it."""
    key = base64.urlsafe_b64decode(screen["key"] + "==")
    slot = rules.slot_text(int(time.time()) // screen["slot_seconds"])
    signed = hmac.new(key, rules.message(screen["meeting_code"], slot), hashlib.sha256).digest()
    code = f"{screen['meeting_code']}{slot}{screen['display']}{rules.mac_text(signed)}"
    said = {"meeting_id": screen["meeting_id"], "way": "scan", "code": code}
    return _put(name, f"/api/checkins/{uuid.uuid4()}", said)


def _visit(name: str, **more: Any) -> Request:
    said = {"kind": "household", "whom": "3号楼", "households": 3, "said": "反映停车难"} | more
    post = str(known(f"posting-{name}"))
    return _put(name, f"/api/visits/{uuid.uuid4()}", said | {"posting_id": post})


def _batch(name: str, requests: list[Request]) -> Request:
    items = [{"method": "PUT", "path": path, "body": body} for _, path, _, body in requests]
    return ("POST", "/api/batch", requests[0][2], json.dumps({"items": items}))


def _put(name: str, path: str, said: dict[str, Any]) -> Request:
    now = datetime.now(UTC).isoformat()
    body = said | {"made_at": now, "seq": 1, "salt": uuid.uuid4().hex}
    return ("PUT", path, _headers(name) | {"Hongling-Sent-At": now}, json.dumps(body))


def _headers(name: str) -> dict[str, str]:
    told = {"Content-Type": "application/json", "Cookie": f"hl={_token(name)}"}
    return told | {"Hongling-Person": str(known(name))}


def _send(port: int, request: Request) -> dict[str, Any]:
    method, path, headers, body = request
    url = f"http://127.0.0.1:{port}{path}"
    asked = urllib.request.Request(url, body.encode(), headers, method=method)
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return json.load(answer)  # type: ignore[no-any-return]


def _photo() -> bytes:
    out = io.BytesIO()
    size = (480, 360)
    Image.frombytes("RGB", size, os.urandom(3 * size[0] * size[1])).save(out, "JPEG", quality=85)
    return out.getvalue()


def _county(name: str, number: int) -> int:
    return LEADS.index(name) if name in LEADS else number % len(COUNTIES)


def _user(name: str) -> User:
    kind, number = name.split("-")
    roles = ["secretary"] + (["branch_lead"] if kind == "lead" else [])
    named = {"id": known(name), "username": name, "name": f"成员{number}", "roles": roles}
    return User(**named, area_path=LANSHAN, branch_id=known("branch"), created_at=clock.now())


def _branch(number: int) -> TemporaryBranch:
    named = {"id": known(f"branch-{number}"), "name": f"临时党支部{number}", "level": "county"}
    return TemporaryBranch(**named, area_path=COUNTIES[number])


def _post(name: str) -> Posting:
    units = {"host": "xinghua", "sender": "bureau", "branch": "branch"}
    return posting(f"posting-{name}", owner=name, area=LANSHAN, **units)


def _session(name: str) -> Session:
    now = clock.now()
    hashed = crypto.sha256(_token(name))
    until = now + timedelta(days=1)
    return Session(token_hash=hashed, user_id=known(name), created_at=now, expires_at=until)


def _token(name: str) -> str:
    return f"token-of-{name}"
