"""The laws of the house as functions: each takes source files and returns what breaks it.

They read files, never import them, so that a broken sample can be held against each one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SMALL_FILE, SMALL_FUNCTION = 300, 50
# What stands on the whole house; no room may import it.
ROOF = {"app", "policy", "permissions", "worker", "cli", "serve", "web", "backup", "demo"}
DOORS = {
    "cryptography": "core/crypto.py",
    "argon2": "core/crypto.py",
    "PIL": "core/files.py",
    "requests": "core/outside.py",
    "urllib.request": "core/outside.py",
    "http.client": "core/outside.py",
    "smtplib": "core/outside.py",
    "httpx": "core/outside.py",
    "pywebpush": "core/webpush.py",
    "py_vapid": "core/webpush.py",
}
CLOCK_CALLS = re.compile(
    r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(|func\.now\("
)
GENERATED = re.compile(r"migrations/versions/0001")


class Source(NamedTuple):
    """A file of the server: its path below server/, and its text."""

    path: str
    text: str

    @property
    def room(self) -> str:
        """core, a feature, or "" for a file that stands on the whole house."""
        parts = self.path.split("/")
        return parts[0] if len(parts) > 1 and parts[0] not in ROOF | {"migrations"} else ""


def sources(folder: Path) -> list[Source]:
    paths = sorted(folder.rglob("*.py"))
    return [Source(str(p.relative_to(folder)), p.read_text("utf-8")) for p in paths]


def imports(source: Source) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                home = ".".join(["server", *source.path.split("/")[: -node.level]])
                base = f"{home}.{node.module}" if node.module else home
            else:
                base = node.module or ""
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def out_of_order(files: list[Source], features: tuple[str, ...]) -> list[str]:
    """1a. A feature imports only core and features above it; core imports no feature."""
    rank = {"core": 0} | {name: i for i, name in enumerate(features, 1)}
    found = []
    for source in files:
        for module in imports(source):
            parts = module.split(".")
            if not source.room or parts[0] != "server" or len(parts) < 2:
                continue
            if parts[1] in ROOF or rank.get(parts[1], 99) > rank[source.room]:
                found.append(f"{source.path} imports {module}")
    return found


def in_circles(files: list[Source]) -> list[str]:
    """1b. No cycle of files anywhere."""
    names = {source.path.removesuffix(".py").replace("/", "."): source for source in files}
    arrows = {
        name: {target for module in imports(source) if (target := _file(module, names))} - {name}
        for name, source in names.items()
    }
    while True:
        ends = {name for name, targets in arrows.items() if not targets & arrows.keys()}
        if not ends:
            return sorted(arrows)
        arrows = {name: targets for name, targets in arrows.items() if name not in ends}


def _file(module: str, names: dict[str, Source]) -> str | None:
    path = module.removeprefix("server.")
    while path:
        if path in names:
            return path
        path = path.rpartition(".")[0]
    return None


def commits(files: list[Source]) -> list[str]:
    """2. Only the edge commits: core/http for requests, the roof for its own short steps."""
    guilty = [
        s.path for s in files if re.search(r"\.commit\(\)|session\.begin\(", s.text) and s.room
    ]
    return [path for path in guilty if path != "core/http.py"]


def bare_reads(files: list[Source]) -> list[str]:
    """4. Routes reach rows through `who`: no session.get, no select of a whole model."""
    bare = re.compile(r"session\.get(_one)?\(|\bselect\((?!\))")
    return [
        f"{s.path}: {line.strip()}"
        for s in files
        if s.path.endswith("/routes.py") and s.room != "accounts"
        for line in s.text.splitlines()
        if bare.search(line)
    ]


def impure_rules(files: list[Source]) -> list[str]:
    """5. Rules import no Flask, no SQLAlchemy, no clock, nothing of the house."""
    foreign = {"flask", "sqlalchemy", "server", "time", "os", "random", "secrets"}
    return [
        f"{s.path} imports {module}"
        for s in files
        if s.path.endswith("/rules.py")
        for module in imports(s)
        if module.split(".")[0] in foreign
    ] + [
        f"{s.path} asks the time"
        for s in files
        if s.path.endswith("/rules.py") and CLOCK_CALLS.search(s.text)
    ]


def silent_verbs(files: list[Source]) -> list[str]:
    """6. Every public function of a service is audited."""
    found = []
    for source in files:
        if not source.path.endswith("/service.py"):
            continue
        for node in ast.parse(source.text).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                marks = {ast.unparse(mark).split("(")[0] for mark in node.decorator_list}
                if "audited" not in marks:
                    found.append(f"{source.path}: {node.name}")
    return found


def side_doors(files: list[Source]) -> list[str]:
    """7. One door for each danger: cryptography, pictures, outgoing calls, the clock."""
    found = []
    for source in files:
        if not source.room:
            continue
        for module in imports(source):
            for danger, door in DOORS.items():
                if (module == danger or module.startswith(f"{danger}.")) and source.path != door:
                    found.append(f"{source.path} imports {module}")
        if CLOCK_CALLS.search(source.text) and source.path != "core/clock.py":
            found.append(f"{source.path} asks the time")
    return found


def too_large(files: list[Source]) -> list[str]:
    """8. A file has at most 300 lines, a function at most 50."""
    found = []
    for source in files:
        if GENERATED.search(source.path):
            continue
        if len(source.text.splitlines()) > SMALL_FILE:
            found.append(source.path)
        for node in ast.walk(ast.parse(source.text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > SMALL_FUNCTION:
                    found.append(f"{source.path}: {node.name} has {length} lines")
    return found
