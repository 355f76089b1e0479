"""What a backup says of itself. Written last, so that one that was cut off has none; sealed with a
key of the root secret, so that a changed one, or one of another house, is seen."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import click

from server.core import crypto

NAME, FORMAT = "manifest.json", 1
NONE = "这里没有完整的备份（没有 manifest.json 的是中途停下的，不能用）"
OTHER_KEY = "主密钥不是做备份时的那一个：请先把备份时的密钥放回（HONGLING_SECRET 或 keys/secret）"
CHANGED = "备份清单被改动过，不能用"
DAMAGED = "备份里的文件 {name} 损坏或缺失，不能用"
NEWER = "备份由更新的程序版本写成，请先升级程序"


def write(folder: Path, told: dict[str, Any]) -> None:
    told = {"format": FORMAT, "key": _key_mark(), **told}
    told["seal"] = _seal(told)
    replace(folder / NAME, json.dumps(told, ensure_ascii=False, indent=1).encode())


def latest(folder: Path) -> Path:
    """The folder itself when it is one backup, else the newest complete one in it."""
    if (folder / NAME).is_file():
        return folder
    found = sorted(path.parent for path in folder.glob(f"*/{NAME}"))
    if not found:
        raise click.ClickException(NONE)
    return found[-1]


def read(folder: Path) -> dict[str, Any]:
    """The manifest, once it and the files it names are proven whole."""
    try:
        told: dict[str, Any] = json.loads((folder / NAME).read_bytes())
        if told["format"] > FORMAT:
            raise click.ClickException(NEWER)
        if told["key"] != _key_mark():
            raise click.ClickException(OTHER_KEY)
        if told.pop("seal") != _seal(told):
            raise click.ClickException(CHANGED)
    except (ValueError, KeyError, TypeError):
        raise click.ClickException(CHANGED) from None
    for name, digest in told["files"].items():
        if not (folder / name).is_file() or digest_of(folder / name) != digest:
            raise click.ClickException(DAMAGED.format(name=name))
    return told


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def replace(path: Path, content: bytes) -> None:
    """A power cut leaves the old bytes or the new, never a part; the same bytes are not touched."""
    if path.is_file() and path.read_bytes() == content:
        return
    draft = path.with_name(f"{path.name}.part")
    with open_private(draft) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _key_mark() -> str:
    """Says which root secret it was, and nothing about it."""
    return crypto.mac("backup", b"which root secret").hex()[:16]


def _seal(told: dict[str, Any]) -> str:
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return crypto.mac("backup", canonical.encode()).hex()
