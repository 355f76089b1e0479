"""What the suite builds below .build/: its module for the page, and apps without guards."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / ".build" / "faults"
PATIENCE_SECONDS = 120

Cut = tuple[str, str, str]  # file below pwa/src, the text, what stands there instead


def suite(name: str = "suite", cuts: tuple[Cut, ...] = ()) -> bytes:
    """phone.ts and the app's modules it stands on."""
    return (_build("suite", name, cuts) / "faults.js").read_bytes()


def app(name: str, cuts: tuple[Cut, ...]) -> Path:
    """The whole app, without a guard. Vite joins its folder to pwa/, so it is named from there."""
    return _build("app", name, cuts)


def _build(what: str, name: str, cuts: tuple[Cut, ...]) -> Path:
    folder = BUILT / f"{what}-{name}"
    order = {"what": what, "folder": f"../{folder.relative_to(ROOT)}", "cuts": cuts}
    node = Path(sys.prefix) / "bin" / "node"
    done = subprocess.run(
        [node, "../tests/faults/build.mjs", json.dumps(order)],
        cwd=ROOT / "pwa",
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"build of {name}: {done.stderr[-2000:]}")
    return folder
