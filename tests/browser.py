"""Chromium at phone size: found, or installed, or a sentence that says what to do.

`python tests/browser.py` makes sure of it; `make test` runs it before tests run side by side.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Without the Chinese font every page is boxes, and no screenshot can be judged.
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")
# No sandbox: tests may run as root in a container. The rest keeps Chromium from calling home.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ADVICE = (
    "No Chromium was found and none could be installed. Do one of these, then run again:\n"
    f"  apt-get install {' '.join(DEBIAN_PACKAGES)}      (as root)\n"
    "  .venv/bin/playwright install chromium\n"
    "  set CHROMIUM to the path of a Chromium or Chrome"
)


def launch(playwright: Playwright, *flags: str) -> Browser:
    """A browser; `flags` are for what only a start can set, such as a filmed camera."""
    return playwright.chromium.launch(
        executable_path=system_chromium(), args=[*FLAGS, *flags], headless=True
    )


def new_phone(browser: Browser, base_url: str, **more: Any) -> BrowserContext:
    """A phone with a storage of its own: two of them are two people."""
    return browser.new_context(
        **more,
        base_url=base_url,
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )


def system_chromium() -> str | None:
    """The machine's own Chromium; None lets Playwright take the build it installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    if not _ready():
        _install()
    if not _ready():
        sys.exit(ADVICE)


def _ready() -> bool:
    if system_chromium():
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def _install() -> None:
    """Debian's packages where we may, else Playwright's build; `main` looks whether it worked."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _attempt("apt-get", "--quiet", "update")
        _attempt(
            "apt-get", "--quiet", "install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES
        )
    if not system_chromium():
        _attempt(sys.executable, "-m", "playwright", "install", "chromium")


def _attempt(*command: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main()
