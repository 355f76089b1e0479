"""`flask serve`, which `make run` starts: database made ready, then web server and worker."""

import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
import uuid
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import func, select

from server.accounts.models import User
from server.core import standstill
from server.core.db import db, reading
from server.core.settings import is_loopback

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
PATIENCE_SECONDS = 10  # for requests in flight when we are told to stop


@click.command("serve")
@click.option("--demo/--no-demo", default=True, help="空数据库时先生成演示数据")
@with_appcontext
def serve(demo: bool) -> None:
    """Bring the database up to date, then run the web server and the worker until told to stop."""
    standstill.serve()
    upgrade()
    told = current_app.config["HONGLING"]
    with reading():
        empty = not db.session.scalar(select(func.count(User.id)))
    db.engine.dispose()
    if demo and empty and not told["production"]:
        _run_to_end("demo-data")
    _greet(told)
    os.environ["HONGLING_START"] = uuid.uuid4().hex[:8]  # the phones ask anew (docs/adr/0008)
    sys.exit(_watch([_start(_web(told)), _start([sys.executable, "-m", "server.worker"])]))


def _web(told: dict[str, Any]) -> list[str]:
    """granian, with enough blocking threads that slow phones do not stop the city (bench/)."""
    return [
        os.path.join(os.path.dirname(sys.executable), "granian"),
        "--interface=wsgi",
        f"--host={told['host']}",
        f"--port={told['port']}",
        f"--workers={told['web_workers']}",
        f"--blocking-threads={told['web_threads']}",
        f"--workers-kill-timeout={PATIENCE_SECONDS}",
        "--respawn-failed-workers",
        "--log-level=error",
        "--factory",
        "server.web:create_app",
    ]


def _run_to_end(command: str) -> None:
    subprocess.run([sys.executable, "-m", "flask", "--app", "server.app", command], check=True)  # noqa: S603


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """We have one thread, so nothing can be held that the child would wait for."""
    told = functools.partial(end_with, os.getpid(), signal.SIGTERM)
    return subprocess.Popen(command, preexec_fn=told)  # noqa: S603


def end_with(parent: int, how: signal.Signals) -> None:
    """Asked in a child: it gets the signal when its parent is gone, however that went. Else a kill
    of the parent would leave the port taken and a second worker at work. Only Linux can do it."""
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # gone before we could ask
        os.kill(os.getpid(), how)


def _watch(parts: list[subprocess.Popen[bytes]]) -> int:
    """Stops all when one ends or a signal comes; the exit code is that of the first to end."""
    asked: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: asked.append(number))
    while not asked and all(part.poll() is None for part in parts):
        time.sleep(0.2)
    code = 0 if asked else next(part.returncode for part in parts if part.returncode is not None)
    for part in parts:
        if part.poll() is None:
            part.terminate()
    for part in parts:
        try:
            part.wait(PATIENCE_SECONDS + 5)
        except subprocess.TimeoutExpired:
            part.kill()
    return code


def _greet(told: dict[str, Any]) -> None:
    click.echo(f"\n红领通已启动：{told['url']}")
    password = told["data"] / "demo-password"
    if password.is_file():
        click.echo("演示账号：an 书记 · ding 支部书记 · ji 派出单位 · he 社区 · fang 县区组织部")
        click.echo("          hu 市组织部 · zong 管理员 · bai 外区书记 · gao 外县区组织部")
        click.echo(f"密码都是：{password.read_text().strip()}")
    if is_loopback(told["url"]):
        click.echo("手机上使用相机、定位和离线需要 https：见 docs/operations.md")
