"""Bodies as a phone would send them: plain functions, sensible defaults, changes by name."""

import hashlib
import io
import json
import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from tests.people import known

JSON = {"Content-Type": "application/json"}


def new_id() -> str:
    return str(uuid.uuid4())


def record(**said: Any) -> dict[str, Any]:
    return {"made_at": datetime.now(UTC).isoformat(), "seq": 1, "salt": uuid.uuid4().hex} | said


def visit(**changes: Any) -> dict[str, Any]:
    said = {
        "posting_id": str(known("posting-an")),
        "kind": "household",
        "whom": "3号楼",
        "households": 3,
    }
    return record(**said, said="反映停车难") | changes


def issue(**changes: Any) -> dict[str, Any]:
    said = {"posting_id": str(known("posting-an")), "category": "0301", "what": "夜里没处停车"}
    return record(**said, more="", place_words="3号楼东侧") | changes


def contact(**changes: Any) -> dict[str, Any]:
    return {"name": "邻居甲", "phone": "13800000000", "door": "2-301", "consent": True} | changes


def step(issue_id: str, **changes: Any) -> dict[str, Any]:
    return record(issue_id=issue_id, note="已联系物业", state="in_progress") | changes


def place(
    latitude: float = 35.05, longitude: float = 118.35, accuracy: float = 20
) -> dict[str, Any]:
    return {
        "latitude": latitude,
        "longitude": longitude,
        "accuracy": accuracy,
        "fixed_at": datetime.now(UTC).isoformat(),
        "datum": "wgs84",
    }


def picture(
    *, size: tuple[int, int] = (640, 480), kind: str = "JPEG", colour: str = "red"
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def noise(side: int) -> bytes:
    """A JPEG that does not compress: about half a byte for each of side × side pixels."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def listed(raw: bytes, *, stage: str = "before", id: str | None = None) -> dict[str, Any]:
    digest = hashlib.sha256(raw).hexdigest()
    return {"id": id or new_id(), "digest": digest, "bytes": max(1, len(raw)), "stage": stage}


def put(client: Any, path: str, body: Any, **headers: str) -> Any:
    """PUT the very bytes; the same call again is a replay."""
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.put(path, data=raw, headers=JSON | named)


def posting(**changes: Any) -> dict[str, Any]:
    """He Miao's community gets a second secretary; `secretary_id` is always to be named."""
    said = {
        "host_unit_id": str(known("xinghua")),
        "sending_unit_id": str(known("bureau")),
        "branch_id": str(known("branch")),
        "dispatch_level": "city",
        "cohort": "第三批",
        "start_on": "2026-09-01",
        "end_on": "2028-08-31",
    }
    return record(**said) | changes


def posting_end(**changes: Any) -> dict[str, Any]:
    said = {"posting_id": str(known("posting-an")), "ended_on": today(), "reason": "transfer"}
    return record(**said, note="工作调整", successor_posting_id=None) | changes


def today() -> str:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
