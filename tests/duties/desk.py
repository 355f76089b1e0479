"""What a personnel officer sends from her desk."""

from tests.build import put, record
from tests.people import known


def leader(as_, post="personnel", *, name="孟春", by="ji", unit="bureau"):
    said = {"sending_unit_id": str(known(unit)), "name": name, "title": "副局长", "post": post}
    id = str(known(f"{post} of {unit}"))
    r = put(as_(by), f"/api/unit-leaders/{id}", record(**said))
    assert r.status_code == 201, r.json
    return id


def note(duty="heart_talk", *, whom=("an", "ding"), on="2026-11-20", leader_id=None, **changes):
    said = {
        "duty": duty,
        "posting_ids": [str(known(f"posting-{name}")) for name in whom],
        "held_on": on,
        "leader_id": leader_id,
        "notes": "谈了近期思想和家庭情况",
        "photos": [],
    }
    return record(**said) | changes
