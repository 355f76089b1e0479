"""The commands an operator types: flask --app server.app <command>."""

import secrets
import uuid

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from server.accounts import service
from server.backup.command import backup, restore
from server.core import areas, audit, clock
from server.core.access import Actor, P, Role, Who
from server.core.db import db, reading
from server.demo.command import demo_data
from server.permissions import table
from server.policy import POLICY
from server.serve import serve
from server.system.queries import facts
from server.system.rules import findings, without_database

# The machine itself, where no person acts: `flask make-account` and the demo city.
OPERATOR = Actor(id=uuid.UUID(int=0), name="系统", roles=frozenset({Role.ADMINISTRATOR}))
MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}


def init_app(app: Flask) -> None:
    for command in (
        backup,
        demo_data,
        doctor,
        make_account,
        make_secret,
        restore,
        serve,
        show_permissions,
        verify_audit,
    ):
        app.cli.add_command(command)


@click.command("make-account")
@click.argument("username")
@click.argument("name")
@click.option("--role", "roles", multiple=True, default=["administrator"], help="可重复")
@click.option("--area", default=areas.CITY, help="区县路径，如 /3713/371302/")
@with_appcontext
def make_account(username: str, name: str, roles: tuple[str, ...], area: str) -> None:
    """Make an account and print its one-time activation address."""
    who = Who(OPERATOR, P.ACCOUNT_MANAGE, POLICY)
    nowhere = dict.fromkeys(("branch_id", "host_unit_id", "sending_unit_id"))
    user = service.log_account(
        who,
        uuid.uuid4(),
        if_match=None,
        disabled=False,
        username=username,
        name=name,
        roles=list(roles),
        area_path=area,
        **nowhere,
    )
    code = service.issue_activation_code(who, user, id=uuid.uuid4())
    db.session.commit()
    click.echo(f"{current_app.config['HONGLING']['url']}/a/{code.code}")
    click.echo(f"一次有效，至 {code.expires_at.astimezone(clock.SHANGHAI):%Y年%m月%d日 %H:%M}")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is missing or wrong, and what to do; exits 1 when something is bad."""
    try:
        with reading():
            found = findings(facts(), now=clock.now())
    except DBAPIError as fault:
        found = [without_database(str(fault.orig))]
    for one in found:
        click.echo(f"{MARKS[one.level]} {one.what}" + (f"\n   {one.advice}" if one.advice else ""))
    if any(one.level == "bad" for one in found):
        raise SystemExit(1)


@click.command("make-secret")
def make_secret() -> None:
    """Print a fresh root secret for HONGLING_SECRET."""
    click.echo(secrets.token_hex(32))


@click.command("permissions")
def show_permissions() -> None:
    """Print who may do what, as a table."""
    click.echo(table(), nl=False)


@click.command("verify-audit")
@with_appcontext
def verify_audit() -> None:
    """Check every county's chain of audit lines; exits 1 at the first line that does not fit."""
    with reading():  # takes its time, and nobody has to wait for it
        for area in db.session.scalars(select(audit.AuditLine.area).distinct()).all():
            broken = audit.verify(area)
            if broken:
                raise click.ClickException(f"{area} 第 {broken} 行与链条不符")
            click.echo(f"{area} 完整")
