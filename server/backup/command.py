"""`flask backup` and `flask restore`."""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import delete, update

from server.accounts.models import ActivationCode, Device, Session
from server.core import audit, clock, jobs, standstill
from server.core.areas import CITY
from server.core.audit import Entry
from server.core.db import db, reading
from server.core.errors import Problem
from server.reminders.jobs import silence

from . import databases, manifest, pictures
from .pictures import POOL, SUMS

MACHINE = uuid.UUID(int=0)
APART = """主密钥不在备份里，须另外保管：没有它，居民联系方式打不开，审计链也无法核验。
用 --keys <另一处文件夹> 可另存一份，请放到别的磁盘或保险柜。"""
TOGETHER = "密钥不能与备份放在一起：请给 --keys 另一处文件夹"
OTHER_THERE = "{path} 已是另一个密钥，没有改动"
FULL = "数据库里已有数据，没有改动。确实要换成备份，请先停止服务，再加 --replace。"
BUSY = "另一个备份正在写入这个文件夹，没有改动"
SERVING = "服务还在运行（或另一个恢复正在进行），没有改动：请先停止服务，再恢复"
UNNOTED = "注意：这次备份可用，但它的时间没能记下，系统页会以为没有备份"
OTHER_ENGINE = "备份来自 {theirs}，这里用的是 {ours}：请设好 DATABASE_URL 再恢复"
OTHER_ROWS = "恢复的数据与清单不符，请勿启用：{found}"
FRESH_FIRST = "这里的表结构与备份不同：请新建一个空的数据库，再恢复到那里"


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(file_okay=False, path_type=Path), help="另存主密钥的文件夹")
@with_appcontext
def backup(folder: Path, keys: Path | None) -> None:
    """Copy database and photos into FOLDER while everything runs; keys stay apart."""
    folder = folder.resolve()
    standstill.refuse_unfinished()
    try:
        if keys:
            _keep_secret(keys.resolve(), folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder / ".lock", BUSY):
            here, told = take(folder)
            pictures.forget_unnamed(folder)
    except (OSError, *databases.DAMAGED) as error:
        raise click.ClickException(f"备份没有做完，不能用：{error}") from None
    rows = sum(told["rows"].values())
    click.echo(f"备份完成：{here}（{rows} 行，照片文件 {told['photos']} 个）")
    for name in told["missing"]:
        click.echo(f"注意：照片文件 {name} 在本机上已经缺失", err=True)
    if not keys:
        click.echo(APART)
    try:
        jobs.note_backup()
        db.session.commit()
    except (Problem, *databases.DAMAGED):  # it is whole all the same; the doctor will miss it
        click.echo(UNNOTED, err=True)


@click.command("restore")
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.option("--replace", is_flag=True, help="换掉现有的数据（先另存一份）")
@with_appcontext
def restore(folder: Path, replace: bool) -> None:
    """Bring back the newest complete backup of FOLDER, or the one that FOLDER is."""
    here = manifest.latest(folder.resolve())
    told = manifest.read(here)
    with _alone(current_app.config["HONGLING"]["data"] / standstill.LOCK, SERVING):
        _refuse_what_does_not_fit(told)
        if databases.holds_data():
            if not replace:
                raise click.ClickException(FULL)
            click.echo(f"原有数据另存在 {_put_aside()}")
        found = pictures.put_back(here, here.parent / POOL)
        standstill.begin(here)
        _bring_back(here, told)
        standstill.end()
    click.echo(f"已恢复到 {_local(told['taken_at'])} 的备份，照片文件 {found} 个。")
    click.echo("所有人须重新登录；之后手机会自动补齐这一时刻以后的记录。")


def take(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A new backup in a folder of its own; its manifest comes last."""
    now = clock.now()
    here, pool = folder / f"{now:%Y%m%dT%H%M%S.%fZ}", folder / POOL
    here.mkdir(mode=0o700)
    engine = db.engine.dialect.name
    name = databases.NAMES[engine]
    pictures.gather(pool)
    told = databases.dump(here / name)
    count, missing = pictures.list_named(told.pop("pictures"), here, pool)
    with (here / name).open("rb") as file:
        os.fsync(file.fileno())
    told |= {
        "version": current_app.config["VERSION"],
        "engine": engine,
        "taken_at": now.isoformat(),
        "photos": count,
        "missing": missing,
        "files": {part: manifest.digest_of(here / part) for part in (name, SUMS)},
    }
    manifest.write(here, told)
    return here, told


@contextmanager
def _alone(path: Path, otherwise: str) -> Iterator[None]:
    """One at a time: a backup may be started by a clock that does not wait for the last one, and
    a restore while somebody serves would have its rows written over."""
    with manifest.open_private(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(otherwise) from None
        yield


def _keep_secret(keys: Path, folder: Path) -> None:
    if keys.is_relative_to(folder) or folder.is_relative_to(keys):
        raise click.ClickException(TOGETHER)
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, secret = keys / "secret", current_app.config["HONGLING"]["secret"]
    kept = path.read_text().strip() if path.is_file() else ""
    if kept not in ("", secret):
        raise click.ClickException(OTHER_THERE.format(path=path))
    if not kept:
        manifest.replace(path, secret.encode())
    vapid = current_app.config["HONGLING"]["data"] / "keys" / "vapid.pem"
    if vapid.is_file():
        manifest.replace(keys / "vapid.pem", vapid.read_bytes())
    click.echo(f"主密钥另存在 {path}")


def _refuse_what_does_not_fit(told: dict[str, Any]) -> None:
    ours = db.engine.dialect.name
    if told["engine"] != ours:
        raise click.ClickException(OTHER_ENGINE.format(theirs=told["engine"], ours=ours))
    config = current_app.extensions["migrate"].migrate.get_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if told["revision"] not in known:
        raise click.ClickException(manifest.NEWER)
    if ours == "postgresql" and databases.revision() not in (None, told["revision"]):
        raise click.ClickException(FRESH_FIRST)


def _put_aside() -> Path:
    data: Path = current_app.config["HONGLING"]["data"]
    name = databases.NAMES[db.engine.dialect.name]
    path = data / f"replaced-{clock.now():%Y%m%dT%H%M%S.%fZ}-{name}"
    databases.put_aside(path)
    return path


def _bring_back(here: Path, told: dict[str, Any]) -> None:
    """Cut off anywhere in here, nothing may be served: the mark stands until it is through."""
    databases.load(here / databases.NAMES[told["engine"]])
    _prove_rows(told)
    upgrade()
    _prove_chains(told)
    _begin_anew(told)


def _prove_rows(told: dict[str, Any]) -> None:
    """Before the migrations, which may add rows: the tables of that time hold what they held."""
    with db.engine.connect() as connection:
        found = databases.count(connection, told["rows"])
    if found != told["rows"]:
        raise click.ClickException(OTHER_ROWS.format(found=found))


def _prove_chains(told: dict[str, Any]) -> None:
    """After the migrations, which make the tables such as this program reads: the heads are those
    that went, and so is every line of every chain."""
    with db.engine.connect() as connection, reading():
        heads = databases.chains(connection)
        broken = [area for area in told["chains"] if audit.verify(area)]
    if heads != told["chains"] or broken:
        raise click.ClickException(OTHER_ROWS.format(found=broken or heads))


def _begin_anew(told: dict[str, Any]) -> None:
    """Who was signed in since may not be any more, a code used since must not serve twice, what
    has rung must not ring again, no worker of that time still holds a turn, and no phone that has
    sent everything since says so once more: those that have not will report again."""
    now = clock.now()
    for statement in (
        update(Session).where(Session.ended_at.is_(None)).values(ended_at=now),
        update(ActivationCode).where(ActivationCode.used_at.is_(None)).values(used_at=now),
        delete(Device),
    ):
        db.session.execute(statement)
    jobs.note_restore()
    silence(now)
    detail = {"taken_at": told["taken_at"]}
    audit.append([Entry(CITY, now, MACHINE, "house.restore", MACHINE, detail)])
    db.session.commit()


def _local(moment: str) -> str:
    at = datetime.fromisoformat(moment).astimezone(clock.SHANGHAI)
    return f"{at:%Y年%m月%d日 %H:%M:%S}"
