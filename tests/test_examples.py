"""docs/examples.md shows one body and receipt of each kind: made by running them, so it cannot lie.

`UPDATE_EXAMPLES=1 pytest tests/test_examples.py` writes the page anew."""

import base64
import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.core import clock
from tests.build import picture
from tests.people import known

PAGE = Path(__file__).parents[1] / "docs" / "examples.md"
NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
MADE = "2026-11-20T09:29:30+08:00"
PHOTO = picture(size=(64, 64))
DIGEST = hashlib.sha256(PHOTO).hexdigest()
HEAD = """# One body and receipt of each kind

Made by `tests/test_examples.py`, which runs them in this order. Every write also carries
`Hongling-Person: <user id>`; the phone adds `Hongling-Sent-At` (its clock at this try) and
`Hongling-App`. The digest is the SHA-256 of the very bytes of the body: here of compact JSON, as
the phone serialises it.
"""


def made(number: int, **said: object) -> dict[str, object]:
    return {**said, "made_at": MADE, "seq": number, "salt": f"{number:032x}"}


def photo(name: str, stage: str) -> dict[str, object]:
    return {"id": str(known(name)), "digest": DIGEST, "bytes": len(PHOTO), "stage": stage}


def examples() -> list[tuple[str, str, str, object]]:
    """Title, person, path, body."""
    visit, issue, meeting = (str(known(name)) for name in ("visit", "issue", "meeting"))
    place = {"latitude": 35.0502, "longitude": 118.3501, "accuracy": 25, "fixed_at": MADE}
    contact = {"name": "邻居甲", "phone": "13800000000", "door": "2-301", "consent": True}
    said = {"posting_id": str(known("posting-an"))}
    both = [str(known("posting-an")), str(known("posting-ding"))]
    return [
        ("A visit, with a place attached and a photo listed", "an", f"visits/{visit}",
         made(1, **said, kind="household", whom="3号楼", households=3, said="夜里没处停车",
              started_at=None, ended_at=None, place={**place, "datum": "wgs84"},
              photos=[photo("photo", "before")])),
        ("Its photo: the bytes themselves, with `Content-Digest`", "an",
         f"photos/{known('photo')}", PHOTO),
        ("An issue born of the visit; the contact goes into a table of its own, encrypted", "an",
         f"issues/{issue}",
         made(2, **said, visit_id=visit, category="0301", what="夜里没处停车", more="",
              place_words="3号楼东侧", contact=contact, photos=[])),
        ("A step on the issue", "an", f"issue-actions/{known('step')}",
         made(3, issue_id=issue, note="已请物业腾出北侧空地", state="in_progress", agenda=False,
              photos=[])),
        ("Taking a visit back", "an", f"visits/{visit}/void", made(4, reason="记错了小区")),
        ("The lead calls a meeting", "ding", f"meetings/{meeting}",
         made(1, kind="monthly_branch", title="11月月例会", place_words="党群服务中心",
              starts_at="2026-11-20T09:00:00+08:00", ends_at="2026-11-20T11:00:00+08:00")),
        ("… and opens it", "ding", f"meeting-actions/{known('open')}",
         made(2, meeting_id=meeting, do="open")),
        ("… ticks a name", "ding", f"checkins/{known('tick')}",
         made(3, meeting_id=meeting, way="tick", code=None, person_id=str(known("an")),
              claim=None)),
        ("A sending unit names who does its duties", "ji", f"unit-leaders/{known('leader')}",
         made(1, sending_unit_id=str(known("bureau")), name="孟春", title="副局长",
              post="personnel", left_on=None)),
        ("… and notes a talk with two of its secretaries at once; the notes are sealed", "ji",
         f"fulfilments/{known('talk')}",
         made(2, duty="heart_talk", posting_ids=both, held_on="2026-11-18",
              leader_id=str(known("leader")), notes="谈了近期工作", photos=[])),
    ]  # fmt: skip


@pytest.fixture
def page(as_, monkeypatch):
    clients = {name: as_(name) for name in ("an", "ding", "ji")}
    monkeypatch.setattr(clock, "now", lambda: NOW)
    parts = [HEAD]
    for title, name, path, body in examples():
        parts.append(section(clients[name], title, path, body))
    return "\n".join(parts)


def section(client, title, path, body):
    headers = {"Hongling-Sent-At": "2026-11-20T09:30:00+08:00"}
    if isinstance(body, bytes):
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers |= {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{digest}:"}
        raw, shown = body, "\n".join(f"{k}: {v}" for k, v in headers.items())
    else:
        headers["Content-Type"] = "application/json"
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        shown = json.dumps(body, ensure_ascii=False, indent=2)
    r = client.put(f"/api/{path}", data=raw, headers=headers)
    assert r.status_code in (200, 201), r.json
    receipt = json.dumps(r.json, ensure_ascii=False, indent=2, sort_keys=True)
    return (
        f"## {title}\n\n`PUT /api/{path}`\n\n```json\n{shown}\n```\n\n{r.status_code}\n\n"
        f"```json\n{receipt}\n```\n"
    )


def test_the_page_of_examples_is_what_happens(page):
    if os.environ.get("UPDATE_EXAMPLES"):
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page, "run UPDATE_EXAMPLES=1 pytest tests/test_examples.py"
