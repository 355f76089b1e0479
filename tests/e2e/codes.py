"""Codes of a meeting's screen, made as the screen makes them, and read as a camera reads them."""

import base64
import hmac
import json
import re
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from server.meetings import rules

SLOT_SECONDS = 10
PWA = Path(__file__).parents[2] / "pwa"
READ = """
import { decodeQR } from 'qr/decode.js'
let told = ''
for await (const part of process.stdin) told += part
const { rows, scale } = JSON.parse(told)
const side = rows.length * scale
const data = new Uint8ClampedArray(side * side * 4).fill(255)
for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) {
  const at = (y * side + x) * 4
  if (rows[Math.floor(y / scale)][Math.floor(x / scale)] === '1') data.fill(0, at, at + 3)
}
console.log(decodeQR({ width: side, height: side, data }, { format: 'RGBA', timeLimit: 2000 }))
"""


def slot_now() -> int:
    return int(time.time()) // SLOT_SECONDS


def begins(slot: int) -> float:
    """Seconds until the slot begins; below 0 when it has begun."""
    return slot * SLOT_SECONDS - time.time()


def display(lead: Page, meeting_id: str) -> dict[str, Any]:
    """Another screen of the meeting, asked for by its lead."""
    return put(lead, "displays", {"meeting_id": meeting_id})["body"]  # type: ignore[no-any-return]


def link(screen: dict[str, Any], slot: int) -> str:
    key = base64.urlsafe_b64decode(screen["key"] + "=" * (-len(screen["key"]) % 4))
    meeting, letters = screen["meeting_code"], rules.slot_text(slot)
    mac = rules.mac_text(hmac.new(key, rules.message(meeting, letters), sha256).digest())
    return f"{screen['prefix']}{meeting}{letters}{screen['display']}{mac}"


def letters_of(text: str) -> str:
    return text.rpartition("/Q/")[2]


def shown_on(screen: Page) -> str:
    """What a camera would read off the big screen now."""
    picture = screen.locator("svg.qr")
    path = picture.locator("path").get_attribute("d") or ""
    side = int((picture.get_attribute("viewBox") or "0 0 0 0").split()[2])
    rows = [["0"] * side for _ in range(side)]
    for x, y in re.findall(r"M(\d+) (\d+)h1", path):
        rows[int(y)][int(x)] = "1"
    node = Path(sys.executable).with_name("node")
    told = json.dumps({"rows": ["".join(row) for row in rows], "scale": 4})
    command = [node, "--input-type=module", "--eval", READ]
    return subprocess.check_output(command, input=told, text=True, cwd=PWA).strip()  # noqa: S603


def put(page: Page, nouns: str, body: dict[str, Any]) -> dict[str, Any]:
    """A record sent past the app, as the person signed in on this phone."""
    return page.evaluate(  # type: ignore[no-any-return]
        """async ([nouns, body]) => {
        const me = await (await fetch('/api/session')).json()
        const salt = '0123456789abcdef'.repeat(2)
        const answer = await fetch(`/api/${nouns}/${crypto.randomUUID()}`, {
            method: 'PUT',
            headers: { 'Content-Type': 'application/json', 'Hongling-Person': me.id },
            body: JSON.stringify({ ...body, made_at: new Date().toISOString(), seq: 1, salt }),
        })
        return { status: answer.status, body: await answer.json() }
    }""",
        [nouns, body],
    )
