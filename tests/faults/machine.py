"""What is done to the server's machine: its database locked, copied and put back, its disk full."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from .ledger import Skipped
from .world import World

SPARE_BYTES = 2 * 1024 * 1024


@contextmanager
def nobody_writes(world: World) -> Iterator[None]:
    """Whoever wants to write waits; reading goes on."""
    if world.stage.engine == "sqlite":
        file = sqlite3.connect(
            world.house.data / "hongling.db",
            timeout=30,
            isolation_level=None,
            check_same_thread=False,
        )
        with closing(file):
            file.execute("BEGIN IMMEDIATE")
            yield
            file.execute("ROLLBACK")
        return
    engine = create_engine(world.ledger.url)
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE visit, issue, issue_action, photo IN EXCLUSIVE MODE"))
        yield
        connection.rollback()
    engine.dispose()


@contextmanager
def snapshot(world: World) -> Iterator[Callable[[], None]]:
    """The database and the pictures as they are now; the yielded call puts them back."""
    put_back = _kept_apart(world, _kept_database if world.stage.server_url else None)

    def restore() -> None:
        world.house.stop()
        put_back()
        world.house.start()

    yield restore


def _kept_apart(
    world: World, database: Callable[[World], Callable[[], None]] | None
) -> Callable[[], None]:
    data, kept = world.house.data, world.folder / "kept"
    world.house.stop()
    shutil.copytree(data, kept)
    put_back_database = database(world) if database else None
    world.house.start()

    def put_back() -> None:
        shutil.rmtree(data)
        shutil.copytree(kept, data)
        if put_back_database:
            put_back_database()

    return put_back


def _kept_database(world: World) -> Callable[[], None]:
    name = make_url(world.ledger.url).database
    _on_server(world, f"CREATE DATABASE kept_{name} TEMPLATE {name}")

    def put_back() -> None:
        _on_server(world, f"DROP DATABASE {name} WITH (FORCE)")
        _on_server(world, f"CREATE DATABASE {name} TEMPLATE kept_{name}")

    return put_back


def _on_server(world: World, statement: str) -> None:
    engine = create_engine(str(world.stage.server_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def no_room(world: World) -> Iterator[Callable[[], None]]:
    """The server's data on a disk of its own that is full; the yielded call makes room again."""
    disk = world.folder / "disk"
    disk.mkdir()
    size = SPARE_BYTES + sum(p.stat().st_size for p in world.house.data.rglob("*") if p.is_file())
    if _run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(disk)):
        raise Skipped("a small disk can only be mounted by root")
    world.at_the_end(lambda: _run("umount", "--lazy", str(disk)))
    world.house.stop()
    shutil.copytree(world.house.data, disk / "data")
    world.house.data = disk / "data"
    world.ledger.url = f"sqlite:///{disk / 'data' / 'hongling.db'}"
    world.house.start()
    filler = disk / "filler"
    _fill(filler)
    yield lambda: filler.unlink(missing_ok=True)


def _run(*command: str) -> int:
    done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    return done.returncode


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        for _ in range(SPARE_BYTES // 512 * 4):
            file.write(b"\0" * 512)
