"""Keeps the store of a phone as this release writes it: `python -m tests.faults.keep_store 1.0`,
once for each release, before it goes out. F16 opens it with every later version.

50 records and 20 small photos, none of them sent. The database's layout goes into stores/load.js
when it changes; what was kept once is never written again."""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from .in_the_hand import STORES
from .network import refuse
from .world import Stage


def main(release: str) -> None:
    path = STORES / f"{release}.json"
    if path.exists():
        sys.exit(f"{path.name} is kept already")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        stage = Stage(playwright, Path(folder), engine="sqlite", worker=False, seed=1)
        with stage.world(f"v{release}") as world:
            phone = world.phone()
            world.network.deed = refuse
            phone.save(24)
            phone.save(10, photos=2, small=True)
            phone.ask("issues", phone.wish(8))
            store = phone.ask("dump")
        stage.close()
    parts = [f'"{name}": [\n{_lines(rows)}\n]' for name, rows in store.items()]
    path.write_text("{" + ",\n".join(parts) + "}\n", "utf-8")
    print(f"{len(store['records'])} records and {len(store['photos'])} photos in {path.name}")


def _lines(rows: list[object]) -> str:
    return ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


if __name__ == "__main__":
    main(sys.argv[1])
