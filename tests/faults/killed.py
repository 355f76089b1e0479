"""The browser ends at once, as when a phone runs out of memory: F6, F7."""

import io
from contextlib import nullcontext

from PIL import Image
from playwright.sync_api import expect

from .ledger import Failed
from .world import World

AUTOSAVED_MS = 2_000


def browser_killed(world: World, rounds: int) -> str:
    """F6: kill -9 of the whole browser while it saves and sends; then it is opened again. Now and
    then Chromium finds its store broken and begins an empty one: nothing may be lost by it."""
    pocket = world.pocket()
    world.in_pocket(pocket, "/signin").sign_in("an")
    pocket.close()  # else the cookie, which Chromium writes down late, would die with it
    thrown = 0
    for number in range(rounds):
        phone = world.in_pocket(pocket)
        phone.ask("outbox")
        thrown += pocket.began_anew()
        # The first kill waits for a save: on a slow machine all others may come before any.
        with nullcontext() if number else phone.page.expect_console_message(timeout=30_000):
            phone.begin("visits", phone.wish(200, pause=5))
        phone.page.wait_for_timeout(150 + int(world.chance.random() * 1_000))
        pocket.kill()
    phone = world.in_pocket(pocket)
    phone.page.wait_for_timeout(1_500)  # what was on its way to the disk may come late
    world.settle(phone)
    return f"Chromium itself threw its store away {thrown} times" if thrown else ""


def draft_kept(world: World, rounds: int) -> None:
    """F7: killed between the photo and 保存; the form comes back as it was, photo and all."""
    pocket = world.pocket()
    world.in_pocket(pocket, "/signin").sign_in("an")
    pocket.close()
    for number in range(rounds):
        words = f"{world.name} draft {number}"
        page = world.in_pocket(pocket, "/visits/new").page
        page.get_by_label("从相册选择").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _picture(world)}
        )
        expect(page.get_by_label("移除这张照片")).to_have_count(1, timeout=30_000)
        page.get_by_label("说了什么").fill(words)
        page.wait_for_timeout(AUTOSAVED_MS)
        pocket.kill()
        phone = world.in_pocket(pocket, "/visits/new")
        said = phone.page.get_by_label("说了什么")
        expect(said).to_be_visible(timeout=30_000)
        photos = phone.page.get_by_label("移除这张照片").count()
        if (said.input_value(), photos) != (words, 1):
            raise Failed(f"the draft came back as {said.input_value()!r} with {photos} photos")
        phone.page.get_by_role("button", name="保存").click()
        phone.saw_saved()
        world.settle(phone)
        pocket.close()


def _picture(world: World) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (320, 240), world.chance.randbytes(320 * 240 * 3)).save(out, "JPEG")
    return out.getvalue()
