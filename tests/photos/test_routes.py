import base64
import hashlib
import io
import os

import pytest
from PIL import Image

from server.core import files
from server.core.crypto import sha256
from server.photos.models import Photo
from tests.build import listed, new_id, picture, put, visit


def content_digest(raw):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"


def send(client, id, raw, *, kind="image/jpeg", digest=None):
    headers = {"Content-Type": kind, "Content-Digest": digest or content_digest(raw)}
    return client.put(f"/api/photos/{id}", data=raw, headers=headers)


@pytest.fixture
def awaited(as_):
    """A visit of An's that lists one photo: awaited(raw) gives the photo's id."""

    def listing(raw):
        photo, self.visit = listed(raw), new_id()
        assert put(as_("an"), f"/api/visits/{self.visit}", visit(photos=[photo])).status_code == 201
        return photo["id"]

    self = listing
    return listing


@pytest.mark.engines
def test_a_listed_photo_arrives_is_rebuilt_and_seen(as_, awaited, rows):
    raw = picture(size=(2400, 1200))
    id = awaited(raw)
    r = send(as_("an"), id, raw)
    assert (r.status_code, r.json["state"], r.json["replayed"]) == (201, "stored", False)
    assert r.json["digest"] == hashlib.sha256(raw).hexdigest()
    row = rows(Photo)[0]
    assert (row.width, row.height) == (1600, 800)
    for size, width in ((1600, 1600), (320, 320)):
        shown = as_("an").get(f"/api/photos/{id}?size={size}")
        assert shown.content_type == "image/jpeg"
        assert Image.open(io.BytesIO(shown.data)).width == width
    assert as_("an").get(f"/api/visits/{awaited.visit}").json["photos"][0]["state"] == "stored"


@pytest.mark.engines
def test_a_photo_sent_twice_is_one(as_, awaited):
    raw = picture()
    id = awaited(raw)
    assert send(as_("an"), id, raw).status_code == 201
    again = send(as_("an"), id, raw)
    assert (again.status_code, again.json["replayed"]) == (200, True)


def test_a_photo_nobody_listed_yet_waits(as_):
    r = send(as_("an"), new_id(), picture())
    assert (r.status_code, r.json["type"], r.json["retry"]) == (409, "photo_unlisted", "later")


def test_a_photo_is_read_through_its_record_only(as_, awaited):
    raw = picture()
    id = awaited(raw)
    send(as_("an"), id, raw)
    seen = {name: as_(name).get(f"/api/photos/{id}").status_code for name in ("fang", "hu")}
    assert set(seen.values()) == {200}
    for name in ("ding", "ji", "he", "bai", "gao", "zong"):
        assert as_(name).get(f"/api/photos/{id}").status_code == 404, name
        assert as_(name).get(f"/api/photos?record_id={awaited.visit}").json["items"] == []
    assert send(as_("bai"), id, raw).status_code == 409


def bomb():
    out = io.BytesIO()
    Image.new("1", (12000, 10000)).save(out, "PNG")
    return out.getvalue()


BAD = {
    "empty": (b"", 422, "photo_empty"),
    "truncated": (picture(size=(1200, 900))[:-4000], 422, "photo_broken"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 415, "photo_kind"),
    "html": (b"<!doctype html><script>alert(1)</script>", 415, "photo_kind"),
    "gif": (picture(kind="GIF"), 415, "photo_kind"),
    "120 megapixels": (bomb(), 422, "photo_pixels"),
    "random": (os.urandom(2000), 415, "photo_kind"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_good_photo_is_said_in_chinese_and_nothing_is_stored(as_, awaited, rows, name):
    raw, status, code = BAD[name]
    r = send(as_("an"), awaited(raw), raw)
    assert (r.status_code, r.json["type"], r.json["retry"]) == (status, code, "never")
    assert "照片" in r.json["title"]
    assert [row.state for row in rows(Photo)] == ["awaited"]


def test_eleven_mebibytes_are_too_large(as_, awaited):
    raw = b"\xff\xd8" + bytes(11 * 1024 * 1024)
    r = send(as_("an"), new_id(), raw)
    assert (r.status_code, r.json["type"]) == (413, "too_large")


@pytest.mark.parametrize("wrong", ["header", "bytes", "missing", "listed"])
def test_a_wrong_digest_stores_nothing(as_, awaited, rows, wrong):
    raw, other = picture(), picture(colour="blue")
    id = awaited(raw)
    if wrong == "header":
        r = send(as_("an"), id, raw, digest=content_digest(other))
    elif wrong == "missing":
        r = as_("an").put(f"/api/photos/{id}", data=raw, content_type="image/jpeg")
    else:
        r = send(as_("an"), id, other)
    on_the_way = wrong in ("header", "missing")
    told = ("photo_damaged", "later") if on_the_way else ("photo_digest", "never")
    assert (r.status_code, r.json["type"], r.json["retry"]) == (422, *told)
    assert rows(Photo)[0].state == "awaited"


def test_a_picture_whose_file_is_gone_is_asked_for_and_taken_again(app, as_, awaited, rows):
    raw = picture()
    id, an = awaited(raw), as_("an")
    assert send(an, id, raw).status_code == 201
    asked = {"items": [{"path": f"/api/photos/{id}", "digest": sha256(raw)}]}
    assert an.post("/api/reconcile", json=asked).json["lacks"] == []
    with app.app_context():
        for name in files.names(rows(Photo)[0].kept_digest):
            (files.root() / name).unlink()
    assert an.get(f"/api/photos/{id}").status_code == 404
    assert an.post("/api/reconcile", json=asked).json["lacks"] == [f"/api/photos/{id}"]
    assert send(an, id, raw).status_code == 200
    assert an.get(f"/api/photos/{id}").status_code == 200


def test_no_metadata_and_no_tail_survive(app, as_, awaited, rows):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET MAKER"
    exif.get_ifd(0x8825)[2] = (35.0, 3.0, 0.0)
    exif[0x0112] = 6
    Image.new("RGB", (640, 480), "green").save(out, "JPEG", exif=exif, comment=b"SECRET WORD")
    raw = out.getvalue() + b"<script>SECRET TAIL</script>"
    id = awaited(raw)
    assert send(as_("an"), id, raw).status_code == 201
    with app.app_context():
        kept = files.read(rows(Photo)[0].kept_digest, 1600)
    assert b"SECRET" not in kept
    shown = Image.open(io.BytesIO(kept))
    assert not shown.getexif()
    assert shown.size == (480, 640), "turned upright"


def test_the_same_photo_listed_by_another_record_is_taken(as_, awaited):
    raw = picture()
    id = awaited(raw)
    r = put(as_("an"), f"/api/visits/{new_id()}", visit(photos=[listed(raw, id=id)]))
    assert (r.status_code, r.json["type"]) == (409, "id_taken")


def test_a_correction_may_drop_a_photo(as_, rows):
    raw, path = picture(), f"/api/visits/{new_id()}"
    first, second = listed(raw), listed(raw)
    digest = put(as_("an"), path, visit(photos=[first, second])).json["digest"]
    send(as_("an"), second["id"], raw)
    r = put(as_("an"), path, visit(photos=[second]), If_Match=f'"{digest}"')
    assert [photo["state"] for photo in r.json["photos"]] == ["stored"]
    assert [str(row.id) for row in rows(Photo)] == [second["id"]]
    r = put(as_("an"), path, visit(photos=[]), If_Match=f'"{r.json["digest"]}"')
    assert r.json["photos"] == rows(Photo) == []


def test_who_looks_after_records_finds_those_whose_photos_have_not_arrived(as_, awaited):
    raw = picture()
    id = awaited(raw)
    put(as_("an"), f"/api/visits/{new_id()}", visit())
    lacking = "/api/visits?lacks_photos=true"
    assert [item["id"] for item in as_("fang").get(lacking).json["items"]] == [awaited.visit]
    assert as_("gao").get(lacking).json["items"] == []
    send(as_("an"), id, raw)
    assert as_("fang").get(lacking).json["items"] == []
    assert as_("fang").get("/api/issues?lacks_photos=true").json["items"] == []
