"""Loud readers of config/ and the environment: a wrong value stops the start with a sentence."""

import os
import secrets
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CONFIG = Path(__file__).parents[2] / "config"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
PLACEHOLDERS = ("changeme", "change-me", "secret", "placeholder", "example", "password", "test")
SECRET_LENGTH = 32
# Of providers; without one its channel is not set up. Never in settings.toml.
CHANNEL_SECRETS = ("wecom_secret", "mini_program_secret", "webhook_secret", "smtp_password")


class Unstartable(SystemExit):
    """Stops the start; the sentence is printed instead of a stack trace."""


@cache
def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CONFIG / name).read_text("utf-8"))


def rules() -> dict[str, Any]:
    """The city's numbers, from config/rules.toml."""
    return read_toml("rules.toml")


def load(environ: dict[str, str] | None = None) -> dict[str, Any]:
    """Settings by their lower-case names; the types follow the defaults in settings.toml."""
    environ = dict(os.environ) if environ is None else environ
    settings = dict(read_toml("settings.toml"))
    for name, default in settings.items():
        told = environ.get(f"HONGLING_{name.upper()}")
        if told is not None:
            settings[name] = _typed(name, told, type(default))
    host, port = environ.get("HOST", "127.0.0.1"), _typed("PORT", environ.get("PORT", "8000"), int)
    settings |= {"host": host, "port": port}
    settings["url"] = (settings["url"] or f"http://127.0.0.1:{port}").rstrip("/")
    settings["production"] = not is_loopback(settings["url"])
    data = settings["data"] = _data_folder(settings["data"])
    settings["database_url"] = environ.get("DATABASE_URL") or f"sqlite:///{data / 'hongling.db'}"
    settings["start"] = environ.get("HONGLING_START") or "-"
    settings["secret"] = _secret(environ, data, production=settings["production"])
    for name in CHANNEL_SECRETS:
        settings[name] = _told(environ, f"HONGLING_{name.upper()}")
    return settings


def is_loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "") in LOOPBACK


def _typed(name: str, told: str, kind: type) -> Any:
    try:
        return kind(told)
    except ValueError:
        raise Unstartable(f"设置 {name} 的值“{told}”不对，应为 {kind.__name__}") from None


def _data_folder(path: str) -> Path:
    folder = Path(path).expanduser().resolve()
    for sub in (folder, folder / "photos", folder / "keys"):
        sub.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _secret(environ: dict[str, str], data: Path, *, production: bool) -> str:
    """One root secret; every key is derived from it (core/crypto). Made on first start for a trial,
    but in production a person must have set it, so that a backup can be opened elsewhere."""
    told = _told(environ, "HONGLING_SECRET")
    if not told and not production:
        told = _kept_secret(data / "keys" / "secret")
    if len(told) < SECRET_LENGTH or any(word in told.lower() for word in PLACEHOLDERS):
        raise Unstartable(
            "正式运行须设置 HONGLING_SECRET 或 HONGLING_SECRET_FILE"
            "（至少 32 个随机字符，不得为示例值）；"
            "可用 flask make-secret 生成，做法见 docs/operations.md"
        )
    return told


def _told(environ: dict[str, str], name: str) -> str:
    """From the environment, or from the file that it names."""
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError:
        raise Unstartable(f"{name}_FILE 指的文件读不到：{path}") from None


def _kept_secret(path: Path) -> str:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_LENGTH))
    except FileExistsError:
        pass
    return path.read_text().strip()
