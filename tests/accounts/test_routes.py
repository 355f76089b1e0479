import re
from datetime import timedelta

import pytest

from server.accounts.models import Session, User
from server.core import clock
from server.core.audit import AuditLine
from server.core.db import db
from tests.build import new_id, put, visit
from tests.people import PASSWORD, known


@pytest.fixture
def phone(app):
    return app.test_client()


def sign_in(client, username="an", password=PASSWORD):
    return client.post("/api/session", json={"username": username, "password": password})


def account(**changes):
    return {
        "username": "xin",
        "name": "辛欣",
        "roles": ["host_officer"],
        "area_path": None,
    } | changes


@pytest.mark.engines
def test_signing_in_names_the_person_and_gives_a_locked_down_cookie(phone, rows):
    r = sign_in(phone)
    assert (r.status_code, r.json["name"], r.json["roles"]) == (200, "安宁", ["secretary"])
    cookie = next(c for c in r.headers.getlist("Set-Cookie") if c.startswith("hl="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    token = re.match("hl=([^;]+)", cookie)[1]
    assert token not in [row.token_hash for row in rows(Session)]
    assert phone.get("/api/session").json["id"] == str(known("an"))


def test_a_copied_cookie_dies_with_sign_out(app, phone):
    sign_in(phone)
    copied = phone.get_cookie("hl").value
    phone.delete("/api/session", headers={"Hongling-Person": str(known("an"))})
    thief = app.test_client()
    thief.set_cookie("hl", copied)
    assert thief.get("/api/session").status_code == 401


@pytest.mark.parametrize("name", ["an", "nobody", "''--", "AN "])
def test_a_wrong_password_and_an_unknown_name_answer_alike(phone, name):
    r = sign_in(phone, name, "wrong password")
    assert (r.status_code, r.json["type"], r.json["title"]) == (
        401,
        "wrong_password",
        "账号或密码不对",
    )


@pytest.mark.engines
def test_five_wrong_passwords_lock_the_name_here_and_say_so(app, phone):
    for _ in range(5):
        assert sign_in(phone, password="wrong password").status_code == 401
    r = sign_in(phone)
    assert (r.status_code, r.json["type"], r.json["retry"]) == (429, "locked", "later")
    assert "15 分钟" in r.json["title"]
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert sign_in(elsewhere).status_code == 200


def test_the_lock_ends_after_fifteen_minutes(phone, monkeypatch):
    for _ in range(5):
        sign_in(phone, password="wrong password")
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sign_in(phone).status_code == 200


def test_a_stranger_locks_out_neither_a_known_browser_nor_an_open_session(app, phone):
    sign_in(phone)
    stranger = app.test_client()
    for _ in range(6):
        sign_in(stranger, password="wrong password")
    assert phone.get("/api/session").status_code == 200
    assert sign_in(phone).status_code == 200


@pytest.mark.parametrize("change", ["disabled", "roles"])
def test_disabling_or_a_change_of_role_ends_sessions_at_once(as_, change):
    an, zong = as_("an"), as_("zong")
    assert an.get("/api/session").status_code == 200
    now = zong.get(f"/api/accounts/{known('an')}").json
    told = {k: now[k] for k in now if k not in ("id", "activated", "etag")}
    told[change] = True if change == "disabled" else ["host_officer"]
    path = f"/api/accounts/{known('an')}"
    assert put(zong, path, told).json["type"] == "digest_differs"
    assert put(zong, path, told, If_Match=f'"{now["etag"]}"').status_code == 200
    assert an.get("/api/session").status_code == 401


def test_a_new_account_is_activated_once_by_the_code_its_owner_scans(as_, phone, rows):
    zong, id = as_("zong"), new_id()
    assert put(zong, f"/api/accounts/{id}", account()).status_code == 201
    code = put(zong, f"/api/activation-codes/{new_id()}", {"account_id": id}).json
    assert code["url"].endswith(f"/a/{code['code']}")
    assert code["svg"].startswith("<?xml")
    told = {"code": code["code"], "password": "一句容易记住的话呀"}
    weak = phone.post("/api/activations", json=told | {"password": "12345"})
    assert (weak.status_code, "至少 10" in weak.json["fields"]["password"][0]) == (422, True)
    told["password"] = "一句很容易记住的话呀"
    r = phone.post("/api/activations", json=told)
    assert (r.status_code, r.json["name"]) == (200, "辛欣")
    assert phone.get("/api/session").status_code == 200
    again = phone.post("/api/activations", json=told)
    assert (again.status_code, again.json["type"]) == (409, "stale_code")
    assert {"account.log", "activation_code.issue", "account.activate"} <= {
        line.action for line in rows(AuditLine)
    }


def test_the_same_account_sent_twice_is_one(as_, rows):
    zong, id = as_("zong"), new_id()
    first = put(zong, f"/api/accounts/{id}", account())
    again = put(zong, f"/api/accounts/{id}", account())
    assert (first.status_code, again.status_code) == (201, 200)
    assert [line.action for line in rows(AuditLine)] == ["account.log"]


@pytest.mark.parametrize("name", ["an", "ding", "ji", "he", "fang", "hu"])
def test_only_the_administrator_sees_and_makes_accounts(as_, rows, name):
    assert put(as_(name), f"/api/accounts/{new_id()}", account()).status_code == 404
    assert len(rows(User)) == 9
    assert as_(name).get("/api/accounts").json["items"] == []
    assert as_(name).get(f"/api/accounts/{known('bai')}").status_code == 404
    assert put(as_(name), f"/api/accounts/{known('bai')}", account()).status_code == 404


def test_changing_the_password_ends_the_other_sessions(app, as_, phone):
    sign_in(phone)
    here = as_("an")
    wrong = put(here, "/api/password", {"old": "nonsense", "new": "新的一句很好记的话呀"})
    assert (wrong.status_code, list(wrong.json["fields"])) == (409, ["old"])
    new = "新的一句特别好记的话"
    assert put(here, "/api/password", {"old": PASSWORD, "new": new}).status_code == 204
    assert here.get("/api/session").status_code == 200
    assert phone.get("/api/session").status_code == 401
    assert sign_in(app.test_client(), password=new).status_code == 200


def test_a_secretary_rolls_on_and_a_desk_does_not(app, as_):
    def expiry(name):
        with app.app_context():
            row = db.session.scalar(db.select(Session).where(Session.user_id == known(name)))
            return row.expires_at

    for name, rolls in (("an", True), ("hu", False)):
        client = as_(name)
        before = expiry(name)
        r = client.put("/api/session")
        assert r.status_code == 204
        assert (expiry(name) != before) is rolls
        assert ("Set-Cookie" in r.headers) is rolls


def test_a_lapsed_term_takes_the_secretarys_reach(app, as_):
    with app.app_context():
        db.session.get(User, known("an")).serves_until = clock.today() - timedelta(days=1)
        db.session.commit()
    assert as_("an").get("/api/session").json["roles"] == []
    assert put(as_("an"), f"/api/visits/{new_id()}", visit()).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_origin_may_not_write(app, as_, headers):
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "DELETE", "PATCH"}:
            path = re.sub(r"<[^>]+>", new_id(), rule.rule)
            r = as_("an").open(path, method=method, headers=headers)
            assert (r.status_code, r.json["type"]) == (403, "foreign_origin"), path


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "http://localhost:8000"])
def test_every_loopback_name_is_the_same_origin(app, origin):
    r = app.test_client().post(
        "/api/session", json={"username": "an", "password": PASSWORD}, headers={"Origin": origin}
    )
    assert r.status_code == 200


def test_another_host_is_told_which_address_to_use(phone):
    page = phone.get("/", headers={"Host": "hongling.evil.example"})
    assert (page.status_code, "http://127.0.0.1:8000" in page.text) == (421, True)
    assert phone.get("/api/health", headers={"Host": "evil.example"}).json["type"] == "wrong_host"
