"""The pictures' part. They lie under their digests and never change: all backups of one folder
share a pool, to which each adds what is new: where the disk allows, another name for the bytes."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import click

from server.core import files

from .manifest import DAMAGED, NAME, digest_of, open_private, sync_folder

POOL, SUMS = "photos", "photos.sha256"


def gather(pool: Path) -> None:
    """Whatever lies there now. Called before the rows are copied: what the nightly sweep may take
    afterwards is here already, and what is named later is too young for it."""
    pool.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in files.root().glob("??/*.jpg"):
        _bring(path, pool / path.parent.name / path.name)


def list_named(digests: Iterable[str], backup: Path, pool: Path) -> tuple[int, list[str]]:
    """Writes the sums of all named pictures, as `sha256sum --check` reads them; how many there
    are, and which are missing on the disk of the house itself."""
    known, lines, missing = _earlier(backup.parent), [], []
    for name in (name for digest in digests for name in files.names(digest)):
        try:
            _bring(files.root() / name, pool / name)
            lines.append(f"{known.get(name) or digest_of(pool / name)}  {name}\n")
        except FileNotFoundError:
            missing.append(name)
    for folder in (pool, *pool.glob("??")):
        sync_folder(folder)
    with open_private(backup / SUMS) as file:
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())
    return len(lines), missing


def forget_unnamed(folder: Path) -> None:
    """What no complete backup of this folder names any more: its operator removed the old ones."""
    named = {name for found in folder.glob(f"*/{NAME}") for name in _sums(found.parent)}
    pool = folder / POOL
    for path in pool.glob("??/*"):
        if str(path.relative_to(pool)) not in named:
            path.unlink()


def put_back(backup: Path, pool: Path) -> int:
    """Every picture of this backup, its bytes proven, into the house; how many there are."""
    sums = _sums(backup)
    for name, digest in sums.items():
        here = files.root() / name
        if here.is_file() and digest_of(here) == digest:
            continue
        if not (pool / name).is_file() or digest_of(pool / name) != digest:
            raise click.ClickException(DAMAGED.format(name=f"{POOL}/{name}"))
        here.unlink(missing_ok=True)
        _bring(pool / name, here)
    for folder in (files.root(), *files.root().glob("??")):
        sync_folder(folder)
    return len(sums)


def _bring(source: Path, to: Path) -> None:
    if to.exists():
        return
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(source, to)
    except FileExistsError:
        return
    except FileNotFoundError:
        raise
    except OSError:  # another disk
        part = to.with_suffix(".part")
        with source.open("rb") as old, open_private(part) as new:
            shutil.copyfileobj(old, new)
            new.flush()
            os.fsync(new.fileno())
        part.replace(to)


def _earlier(folder: Path) -> dict[str, str]:
    """Sums that the newest backup before wrote: what lies under a digest need not be read again."""
    found = sorted(folder.glob(f"*/{NAME}"))
    return _sums(found[-1].parent) if found else {}


def _sums(backup: Path) -> dict[str, str]:
    lines = (backup / SUMS).read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
