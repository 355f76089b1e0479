"""What people saw as saved, written down outside the browser, and what the server's own database
says about it in the end."""

import json
import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import create_engine, text

# Noun in the path → table and the column that holds the mark of the record.
PLACES = {
    "visits": ("visit", "said"),
    "issues": ("issue", "what"),
    "issue-actions": ("issue_action", "note"),
}
SAID = "SAVED "


class Failed(Exception):
    """The fault did harm of another kind than a loss or a double; the words say which."""


class Skipped(Exception):
    """Not run, and why: the product or the machine does not have what it needs."""


class Saved(NamedTuple):
    path: str
    digest: str
    mark: str
    photos: list[dict[str, Any]]


class Outcome(NamedTuple):
    saved: int
    lost: int
    doubled: int
    words: str  # the first few that went wrong


@dataclass
class Ledger:
    """`name` is that of the fault, with which its marks begin; `excused` are paths that the phone
    shows as 需处理, where the fault means it to."""

    name: str
    url: str
    saved: dict[str, Saved] = field(default_factory=dict)
    excused: set[str] = field(default_factory=set)
    # Of faults that are about bells: how many were due, which nobody heard, which came twice.
    bells: int = 0
    unheard: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """Each line of a page's console; a later version of a record takes the earlier's place."""
        if line.startswith(SAID):
            told = Saved(**json.loads(line.removeprefix(SAID)))
            self.saved[told.path] = told

    def count(self) -> Outcome:
        expected = {path: it for path, it in self.saved.items() if path not in self.excused}
        digests, marks = self._records()
        lost = [it.mark for path, it in expected.items() if digests.get(path) != it.digest]
        photos = [photo for it in expected.values() for photo in it.photos]
        kept = self._photos()
        lost += [f"photo {it['id']}" for it in photos if kept.get(it["id"]) != it["digest"]]
        lost += self.unheard
        ours = {it.mark for it in self.saved.values()}
        known = {mark: n for mark, n in marks.items() if mark in ours or self._is_ours(mark)}
        doubled = [mark for mark, times in known.items() for _ in range(times - 1)] + self.twice
        words = [f"lost: {', '.join(lost[:3])}"] * bool(lost)
        words += [f"doubled: {', '.join(doubled[:3])}"] * bool(doubled)
        saved = len(expected) + len(photos) + self.bells
        return Outcome(saved, len(lost), len(doubled), "; ".join(words))

    def stored(self) -> int:
        """How many of the saved records the server has by now."""
        digests, _ = self._records()
        return sum(digests.get(path) == it.digest for path, it in self.saved.items())

    def rows(self, query: str) -> list[Any]:
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(query)))
        finally:
            engine.dispose()

    def run(self, statement: str) -> None:
        engine = create_engine(self.url)
        try:
            with engine.begin() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()

    def _is_ours(self, mark: str) -> bool:
        """Also what was sent and never seen as saved may not be there twice."""
        return re.match(rf"{self.name}\b", mark) is not None

    def _records(self) -> tuple[dict[str, str], Counter[str]]:
        """Digest by path, and how often each mark is there: the words do not lie about the id."""
        digests: dict[str, str] = {}
        marks: Counter[str] = Counter()
        for noun, (table, column) in PLACES.items():
            for id, digest, mark in self.rows(f"SELECT id, digest, {column} FROM {table}"):
                digests[f"/{noun}/{uuid.UUID(str(id))}"] = digest
                marks[mark] += 1
        return digests, marks

    def _photos(self) -> dict[str, str]:
        query = "SELECT id, digest FROM photo WHERE state = 'stored' AND kept_digest IS NOT NULL"
        return {str(uuid.UUID(str(id))): digest for id, digest in self.rows(query)}
