"""The cast, all invented. An serves at 杏花社区 in 兰山区; Ding leads her branch, serves next door.
Ji's bureau sent her, He is her host;
Fang organizes 兰山区, Gao another county, Hu the city;
Bai serves elsewhere; Zong runs the machine. Each reach has its stranger."""

import uuid
from datetime import date, timedelta
from typing import Any

from server.accounts.models import User
from server.core import clock
from server.core.crypto import hash_password
from server.organizations.models import HostUnit, SendingUnit, TemporaryBranch
from server.postings.models import Posting

LANSHAN, LUOZHUANG, CITY = "/3713/371302/", "/3713/371311/", "/3713/"
PASSWORD = "春风又绿江南岸-42"


def known(name: str) -> uuid.UUID:
    """The same id for the same name, so that tests can name rows."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.hongling.test")


def units() -> list[Any]:
    return [
        SendingUnit(id=known("bureau"), name="市试验局", category="government", area_path=CITY),
        SendingUnit(
            id=known("office"), name="区试验办", category="party_mass", area_path=LUOZHUANG
        ),
        HostUnit(
            id=known("xinghua"),
            name="杏花社区",
            kind="community",
            area_path=LANSHAN,
            latitude=35.05,
            longitude=118.35,
        ),
        HostUnit(
            id=known("liuyin"),
            name="柳荫社区",
            kind="community",
            area_path=LANSHAN,
            latitude=35.07,
            longitude=118.36,
        ),
        HostUnit(
            id=known("songtao"),
            name="松涛机械公司",
            kind="enterprise",
            area_path=LUOZHUANG,
            latitude=34.98,
            longitude=118.28,
        ),
        TemporaryBranch(
            id=known("branch"), name="兰山区第一临时党支部", level="city", area_path=LANSHAN
        ),
        TemporaryBranch(
            id=known("other-branch"), name="罗庄区临时党支部", level="county", area_path=LUOZHUANG
        ),
    ]


def cast(password_hash: str) -> list[User]:
    here = {"branch_id": known("branch"), "sending_unit_id": known("bureau")}
    there = {"branch_id": known("other-branch"), "sending_unit_id": known("office")}
    rows: dict[str, tuple[str, list[str], str, dict[str, Any]]] = {
        "an": ("安宁", ["secretary"], LANSHAN, {**here, "host_unit_id": known("xinghua")}),
        "ding": (
            "丁一",
            ["secretary", "branch_lead"],
            LANSHAN,
            {**here, "host_unit_id": known("liuyin")},
        ),
        "ji": ("季春", ["sending_unit_officer"], CITY, {"sending_unit_id": known("bureau")}),
        "he": ("何苗", ["host_officer"], LANSHAN, {"host_unit_id": known("xinghua")}),
        "fang": ("方圆", ["organizer"], LANSHAN, {}),
        "hu": ("胡杨", ["organizer"], CITY, {}),
        "zong": ("宗明", ["administrator"], CITY, {}),
        "bai": ("白桦", ["secretary"], LUOZHUANG, {**there, "host_unit_id": known("songtao")}),
        "gao": ("高远", ["organizer"], LUOZHUANG, {}),
    }
    return [
        User(
            id=known(username),
            username=username,
            name=name,
            roles=roles,
            area_path=area,
            password_hash=password_hash,
            created_at=clock.now(),
            **scope,
        )
        for username, (name, roles, area, scope) in rows.items()
    ]


def postings() -> list[Posting]:
    places = {
        "an": ("xinghua", "bureau", "branch", LANSHAN),
        "ding": ("liuyin", "bureau", "branch", LANSHAN),
        "bai": ("songtao", "office", "other-branch", LUOZHUANG),
    }
    return [
        posting(f"posting-{name}", owner=name, host=host, sender=sender, branch=branch, area=area)
        for name, (host, sender, branch, area) in places.items()
    ]


def posting(name: str, *, owner: str, host: str, sender: str, branch: str, area: str) -> Posting:
    now = clock.now()
    return Posting(
        id=known(name),
        owner_id=known(owner),
        author_id=known("hu"),
        host_unit_id=known(host),
        sending_unit_id=known(sender),
        branch_id=known(branch),
        area_path=area,
        dispatch_level="city",
        cohort="第二批",
        start_on=date(2026, 3, 1),
        digest="0" * 64,
        made_at=now - timedelta(days=200),
        told_at=now,
        received_at=now,
        seq=0,
        labels=[],
    )


def everyone() -> list[Any]:
    """Units, people, postings, in an order that a database with foreign keys takes."""
    return [*units(), *cast(hash_password(PASSWORD)), *postings()]
