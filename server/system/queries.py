"""The machine's state in a fixed number of questions; no words of anybody, no case."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import case, func, select

from server.accounts.models import Device, User
from server.channels import tokens
from server.channels.registry import CHANNELS
from server.core import clock, standstill, workdays
from server.core.access import Who
from server.core.db import db
from server.core.jobs import BACKUP, JOBS, JobTurn
from server.reminders.models import Bell, Delivery

BACK = timedelta(days=1)
DECEMBER = 12
HEARTBEAT = "worker.heartbeat"


def facts() -> dict[str, Any]:
    """What `rules.findings` judges."""
    begun = case((Bell.tries > 0, Bell.made_at), else_=Bell.next_at)  # tried ones are put off anew
    waiting = select(func.count(), func.min(begun)).where(Bell.state == "waiting")
    count, oldest = db.session.execute(waiting).one()
    late = (Bell.state.in_(("unsure", "failed")), Bell.made_at > clock.now() - BACK)
    phones = select(func.count(), func.min(Device.oldest_at))
    unsent, oldest_unsent = db.session.execute(phones).one()
    ended = _ended()
    return {
        "unfinished": standstill.unfinished(),
        "heartbeat": ended.get(HEARTBEAT),
        "backup": ended.get(BACKUP),
        "waiting": count,
        "oldest": oldest,
        "undelivered": db.session.scalar(select(func.count()).select_from(Bell).where(*late)),
        "channels": channels(),
        "failures": _failures(),
        "calendar_missing": _calendar_missing(),
        "filing_number": current_app.config["HONGLING"]["filing_number"],
        "phones": unsent,
        "oldest_unsent": oldest_unsent,
    }


def channels() -> list[dict[str, Any]]:
    """`begun`: somebody set a part of what it needs."""
    settings, held = current_app.config["HONGLING"], tokens.state()
    found = []
    for name, channel in CHANNELS.items():
        missing = channel.missing(settings)
        ends = held.get(channel.provider or "")
        good = channel.provider is None or (ends is not None and ends > clock.now())
        found.append(
            {
                "channel": name,
                "words": channel.words,
                "missing": missing,
                "begun": any(settings[part] for part in PARTS.get(name, ())),
                "token_missing": not missing and not good,
            }
        )
    return found


PARTS = {
    "wecom": ("wecom_corp_id", "wecom_secret"),
    "mini_program": ("mini_program_app_id", "mini_program_secret"),
    "webhook": ("webhook_url", "webhook_secret"),
    "email": ("smtp_host",),
}


def jobs() -> list[dict[str, Any]]:
    ended = _ended()
    return [{"name": name, "ended_at": ended.get(name)} for name in JOBS]


def bells() -> dict[str, int]:
    """How many are in each state."""
    rows = db.session.execute(select(Bell.state, func.count()).group_by(Bell.state))
    found = dict.fromkeys(("waiting", "rung", "unsure", "failed", "expired"), 0)
    return found | {row[0]: row[1] for row in rows}


def deliveries(who: Who, *, failed: bool) -> Any:
    """Attempts with the name of whom to help, never what was said."""
    columns = (
        Delivery.id,
        Delivery.begun_at,
        Delivery.ended_at,
        Delivery.channel,
        Delivery.outcome,
        Delivery.code,
        Delivery.detail,
        Delivery.person_id,
        User.name,
    )
    rows = who.all(Delivery).with_only_columns(*columns)
    rows = rows.join(User, User.id == Delivery.person_id)
    return rows.where(Delivery.outcome != "ok") if failed else rows


def _failures() -> list[dict[str, Any]]:
    since = clock.now() - BACK
    query = (
        select(Delivery.channel, Delivery.code, func.max(Delivery.detail), func.count())
        .where(Delivery.outcome == "config_error", Delivery.begun_at > since)
        .group_by(Delivery.channel, Delivery.code)
        .order_by(Delivery.channel, Delivery.code)
    )
    return [
        {"words": CHANNELS[channel].words, "code": code, "detail": detail, "count": count}
        for channel, code, detail, count in db.session.execute(query)
    ]


def _ended() -> dict[str, datetime | None]:
    rows = db.session.execute(select(JobTurn.name, JobTurn.ended_at))
    return {row.name: row.ended_at for row in rows}


def _calendar_missing() -> int | None:
    """This year's from the first day on, next year's from December."""
    today = clock.today()
    years = [today.year] + ([today.year + 1] if today.month == DECEMBER else [])
    return next((year for year in years if not workdays.is_known(year)), None)
