"""Bells are rung: claim, send, settle. Claims and results are short transactions; while a provider
takes its time nothing is held. Every worker rings; the rows decide which."""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, or_, select, update

from server.channels import addresses, grants, tokens
from server.channels.addresses import Reach
from server.channels.channel import Channel, Message, Outcome, Result
from server.channels.registry import CHANNELS
from server.core import clock
from server.core.clock import SHANGHAI
from server.core.db import db
from server.core.ids import new_id
from server.core.jobs import SLACK, job
from server.core.settings import rules as numbers

from . import rules
from .kinds import times
from .models import Bell, Delivery, Reminder

log = logging.getLogger(__name__)
BATCH = 20  # at most so many are repeated after a kill, and only where a repeat is not shown twice
AT_ONCE = 8
Words = tuple[str, str, str, datetime]  # title, body, link, and when it is


@dataclass
class Task:
    """One bell on its way over one channel: everything that sending needs, as plain values."""

    bell: Bell
    channel: str
    reaches: list[Reach]
    message: Message
    token: str | None
    grant: uuid.UUID | None
    deliveries: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)  # address → attempt
    results: dict[uuid.UUID, Result] = field(default_factory=dict)


@job("reminders.ring", every=timedelta(seconds=5), shared=True)
def ring() -> Iterator[None]:
    """Each yield is a step: the worker commits there, and what is sent is sent in between."""
    while bells := _claim():
        tasks = _prepare(bells)
        try:
            yield
        except GeneratorExit:  # asked to stop before anything was sent
            for task in tasks:
                _give_back(task)
            raise
        _send(tasks)
        for task in tasks:
            _settle(task)
        yield


def _claim() -> list[Bell]:
    """Whoever updates the row has it, until the lease ends."""
    now = clock.now()
    lease = timedelta(seconds=numbers()["bell"]["lease_seconds"])
    # A claim from a future that the clock came back from is nobody's.
    until = Bell.claimed_until
    free = or_(until.is_(None), until < now, until > now + lease + SLACK)
    due = select(Bell.id).where(Bell.state == "waiting", Bell.next_at <= now, free)
    ids = db.session.scalars(due.order_by(Bell.next_at, Bell.id).limit(BATCH)).all()
    if not ids:
        return []
    mine = update(Bell).where(Bell.id.in_(ids), Bell.state == "waiting", free)
    taken = mine.values(claimed_until=now + lease).returning(Bell.id)
    won = db.session.scalars(taken.execution_options(synchronize_session=False)).all()
    fresh = select(Bell).where(Bell.id.in_(won)).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def _prepare(bells: list[Bell]) -> list[Task]:
    """What each will say, and where; bells that have nothing to say or nowhere to go end here."""
    standing, attempted = _standing(bells), _attempted(bells)
    reach = addresses.reaching({bell.person_id for bell in bells})
    tasks = []
    for bell in bells:
        words = standing.get(bell.id)
        chance = _chance(bell, clock.now())
        if not words or chance is None:
            _end(bell, "expired")
        elif chance > clock.now():
            _put_off(bell, chance)
        elif task := _task(bell, words, reach.get(bell.person_id, []), attempted[bell.id]):
            tasks.append(task)
    db.session.flush()
    return tasks


def _task(
    bell: Bell, words: list[Words], reach: list[Reach], attempted: list[Delivery]
) -> Task | None:
    settings = current_app.config["HONGLING"]
    by_channel = defaultdict(list)
    grant = grants.next_of(bell.person_id)
    for one in reach:
        if CHANNELS[one.channel].ready(settings) and (one.channel != "mini_program" or grant):
            by_channel[one.channel].append(one.id)
    step = rules.next_step(
        channels=[(name, channel.takes_key) for name, channel in CHANNELS.items()],
        reach=by_channel,
        attempted=[rules.Attempted(x.channel, x.address_id, x.outcome) for x in attempted],
        tries_a_channel=numbers()["bell"]["tries_a_channel"],
    )
    _close_lost(attempted)
    if step.channel is None:
        _end(bell, step.state)
        return None
    provider = CHANNELS[step.channel].provider
    task = Task(
        bell,
        step.channel,
        [one for one in reach if one.id in step.addresses],
        _message(bell, words),
        token=tokens.current(provider) if provider else None,
        grant=grants.use(grant) if step.channel == "mini_program" and grant else None,
    )
    bell.tries += 1
    for address_id in step.addresses:
        task.deliveries[address_id] = id = new_id()
        where = {"channel": step.channel, "address_id": address_id}
        told = {"id": id, "bell_id": bell.id, "person_id": bell.person_id, "begun_at": clock.now()}
        db.session.add(Delivery(**told, **where, code="", detail=""))
    return task


def _send(tasks: list[Task]) -> None:
    """Side by side, because most of the time is spent waiting for providers."""
    settings = current_app.config["HONGLING"]

    def send(task: Task) -> None:
        channel = CHANNELS[task.channel]
        for reach in task.reaches:
            if channel.provider and task.token is None:
                result = Result(Outcome.RETRY, "no_token", "还没有取到访问令牌")
            else:
                result = _sent(channel, settings, reach.value, task)
            task.results[reach.id] = result

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, tasks))


def _sent(channel: Channel, settings: Any, address: str, task: Task) -> Result:
    """A fault of ours in one channel is no reason to leave others' bells unsettled."""
    try:
        return channel.send(settings, address, task.message, task.token)
    except Exception:
        log.exception("channel %s failed", channel.name)
        return Result(Outcome.RETRY, "fault", "程序出错，见日志", lost=True)


def _give_back(task: Task) -> None:
    """Nothing of it was sent: as if it had not been claimed."""
    db.session.execute(delete(Delivery).where(Delivery.id.in_(task.deliveries.values())))
    if task.grant:
        grants.give_back(task.grant, all_gone=False)
    task.bell.tries -= 1
    _put_off(task.bell, clock.now())


def _settle(task: Task) -> None:
    now, results = clock.now(), task.results
    unsure = not CHANNELS[task.channel].takes_key and any(x.lost for x in results.values())
    for address_id, result in results.items():
        _note(task.deliveries[address_id], result, now, unsure=unsure)
        if result.outcome is Outcome.DROP_RECIPIENT and task.channel != "mini_program":
            addresses.note_broken(address_id, "对方说这个地址已不能用，请重新开启")
    outcomes = {result.outcome for result in results.values()}
    if task.grant and Outcome.OK not in outcomes and not unsure:
        grants.give_back(task.grant, all_gone=Outcome.DROP_RECIPIENT in outcomes)
    if Outcome.REFRESH_TOKEN in outcomes:
        tokens.stale(CHANNELS[task.channel].provider, task.token)
    if Outcome.OK in outcomes:
        _end(task.bell, "rung")
    elif outcomes & {Outcome.RETRY, Outcome.REFRESH_TOKEN} and not unsure:
        asked = [result.retry_after for result in results.values() if result.retry_after]
        delays = numbers()["bell"]["delays_seconds"]
        wanted = max(asked, default=None)
        later = rules.next_try(now, tries=task.bell.tries, wanted=wanted, delays=delays)
        chance = _chance(task.bell, later)
        _put_off(task.bell, chance) if chance else _end(task.bell, "expired")
    else:
        _put_off(task.bell, now)  # another channel may take it


def _note(id: uuid.UUID, result: Result, now: datetime, *, unsure: bool) -> None:
    """`unsure`: it may have arrived, and a second one would be shown as a second one."""
    said = {"outcome": "unsure" if unsure else result.outcome.value, "code": result.code[:40]}
    ended = update(Delivery).where(Delivery.id == id)
    db.session.execute(ended.values(ended_at=now, detail=result.detail[:200], **said))


def _close_lost(attempted: list[Delivery]) -> None:
    """Of a worker that was killed: never known to have arrived, and counted as one try."""
    for delivery in attempted:
        if delivery.outcome is None:
            takes_key = CHANNELS[delivery.channel].takes_key
            delivery.ended_at, delivery.outcome = clock.now(), "retry" if takes_key else "unsure"
            delivery.detail = "发送途中断，没有收到答复"


def _message(bell: Bell, words: list[Words]) -> Message:
    """It is of no use after the evening: a phone that comes online at night does not ring then."""
    local = clock.now().astimezone(SHANGHAI)
    tonight = datetime.combine(local.date(), times().quiet.start, SHANGHAI)
    title, body, link = rules.digest_words([(title, body, link) for title, body, link, _ in words])
    ends = min(bell.expires_at, tonight.astimezone(clock.UTC))
    return Message(title, body, link, key=bell.id.hex, expires_at=ends, event_at=words[0][3])


def _chance(bell: Bell, now: datetime) -> datetime | None:
    alone = bell.occasion.startswith("alone")
    event_at = bell.expires_at.astimezone(SHANGHAI)
    local = now.astimezone(SHANGHAI)
    return rules.next_chance(local, event_at=event_at, times=times(), alone=alone)


def _end(bell: Bell, state: str) -> None:
    """What a digest could not say any more today is for the digest of another day."""
    _change(bell, state=state, claimed_until=None)
    if state == "expired":
        left = update(Reminder).where(Reminder.bell_id == bell.id, Reminder.seen_at.is_(None))
        db.session.execute(left.values(bell_id=None))


def _put_off(bell: Bell, until: datetime) -> None:
    _change(bell, next_at=until.astimezone(clock.UTC), claimed_until=None)


def _change(bell: Bell, **values: Any) -> None:
    """By the row, not by the object: after a lease that ran out another worker may have it."""
    told = {"tries": bell.tries, **values}
    db.session.execute(
        update(Bell).where(Bell.id == bell.id, Bell.state == "waiting").values(**told)
    )


def _standing(bells: list[Bell]) -> dict[uuid.UUID, list[Words]]:
    """What is neither seen nor over, by bell, the soonest first."""
    now = clock.now()
    query = select(Reminder).where(
        Reminder.bell_id.in_([bell.id for bell in bells]),
        Reminder.seen_at.is_(None),
        Reminder.expires_at > now,
    )
    found: dict[Any, list[Words]] = defaultdict(list)
    for one in db.session.scalars(query.order_by(Reminder.expires_at, Reminder.id)):
        found[one.bell_id].append((one.title, one.body, one.link, one.expires_at))
    return found


def _attempted(bells: list[Bell]) -> dict[uuid.UUID, list[Delivery]]:
    query = select(Delivery).where(Delivery.bell_id.in_([bell.id for bell in bells]))
    found = defaultdict(list)
    for delivery in db.session.scalars(query):
        found[delivery.bell_id].append(delivery)
    return found
