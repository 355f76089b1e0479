"""The network between phone and server, at its worst: what happens to each request is decided by
the test, request by request, from one seed."""

import base64
import contextlib
import hashlib
import http.client
import json
import mimetypes
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread

from server.core.shell import HEADERS
from tests.e2e.proxy import HOP, Network

PORTAL = b"<html><body>Free Wi-Fi: please sign in</body></html>"


@dataclass
class Reply:
    """What the phone is told."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)


def problem(status: int, code: str, retry: str, **headers: str) -> Reply:
    """A refusal in the server's own form."""
    body = {"type": code, "title": "出了点问题", "status": status, "retry": retry}
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    kind = ("Content-Type", "application/problem+json")
    return Reply(status, json.dumps(body).encode(), [kind, *named])


@dataclass
class Exchange:
    """One request on its way; a deed decides what becomes of it."""

    asked: BaseHTTPRequestHandler
    body: bytes
    upstream: int
    at: float = field(default_factory=time.monotonic)
    status: int | None = None  # as the phone heard it

    def __post_init__(self) -> None:
        """The handler reads the next request of the same connection into the same fields."""
        self.method, self.path, self.headers = (
            self.asked.command,
            self.asked.path,
            self.asked.headers,
        )
        self.items = self._items()
        self.is_photo = self.method == "PUT" and self.path.startswith("/api/photos/")

    def _items(self) -> list[str]:
        """The things it carries to be kept: one of a PUT, all of a batch."""
        if self.method == "PUT":
            return [self.path.removeprefix("/api")]
        if self.path != "/api/batch":
            return []
        return [one["path"].removeprefix("/api") for one in json.loads(self.body)["items"]]

    def forward(self) -> Reply:
        """The whole request to the server, its whole answer back; OSError when it broke off."""
        with self._line(self.body) as line:
            return _read_reply(line)

    def forward_half(self) -> None:
        """The server gets the head and half of the body, and then hears nothing more."""
        with self._line(self.body[: len(self.body) // 2]):
            time.sleep(0.05)

    def open_line(self, body: bytes | None = None) -> socket.socket:
        """The request (or its head and so much of the body) is with the server, nobody listens."""
        return self._line(self.body if body is None else body)

    def answer(self, reply: Reply, *, most: int | None = None) -> None:
        """To the phone; with `most` the line goes dead after so many bytes of the body."""
        asked, bodiless = self.asked, reply.status in (204, 304)
        asked.send_response_only(reply.status)
        for name, value in reply.headers:
            asked.send_header(name, value)
        if not bodiless:
            asked.send_header("Content-Length", str(len(reply.body)))
        asked.end_headers()
        if self.method != "HEAD" and not bodiless:
            asked.wfile.write(reply.body[:most])
        if most is not None:
            asked.wfile.flush()
            return self.drop()
        self.status = reply.status
        return None

    def drop(self) -> None:
        """No status, no answer."""
        self.asked.close_connection = True
        self.asked.connection.close()

    def abandoned(self) -> bool:
        """Whether the phone has hung up meanwhile: what it took along never left."""
        ready, _, _ = select.select([self.asked.connection], [], [], 0)
        return bool(ready) and not self.asked.connection.recv(1, socket.MSG_PEEK)

    def _line(self, body: bytes) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.upstream), timeout=60)
        head = [f"{self.method} {self.path} HTTP/1.1", "Connection: close"]
        head += [f"{k}: {v}" for k, v in self.headers.items() if k.lower() not in HOP]
        if self.body or self.method in ("PUT", "POST"):
            head.append(f"Content-Length: {len(self.body)}")
        line.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + body)
        return line


def _read_reply(line: socket.socket) -> Reply:
    reply = http.client.HTTPResponse(line)
    try:
        reply.begin()
        body = reply.read()
    except http.client.HTTPException as error:
        raise OSError from error
    finally:
        reply.close()
    kept = [(k, v) for k, v in reply.getheaders() if k.lower() not in HOP]
    return Reply(reply.status, body, kept)


Deed = Callable[[Exchange], None]


def carry(exchange: Exchange) -> None:
    exchange.answer(exchange.forward())


def swallow(exchange: Exchange) -> None:
    """The server does the work, and the phone never hears of it."""
    exchange.forward()
    exchange.drop()


def refuse(exchange: Exchange) -> None:
    exchange.drop()


def portal(exchange: Exchange) -> None:
    """200, and a page of somebody else's."""
    exchange.answer(Reply(200, PORTAL, [("Content-Type", "text/html")]))


def broken(exchange: Exchange) -> None:
    exchange.answer(Reply(502, b"<html>Bad Gateway</html>", [("Content-Type", "text/html")]))


def thrice(exchange: Exchange) -> None:
    """The same bytes three times at once, as a nervous proxy does."""
    replies: list[Reply] = []

    def send() -> None:
        with contextlib.suppress(OSError):
            replies.append(exchange.forward())

    threads = [Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not replies:
        raise OSError
    exchange.answer(max(replies, key=lambda reply: reply.status))


class RoughNetwork(Network):
    """`deed` is done to whatever carries work; the rest passes. Files of the suite's own are served
    from the same address, as scripts from anywhere else would be refused by the page."""

    def __init__(self, upstream_port: int):
        self.deed: Deed = carry
        self.others: Deed = carry
        self.log: list[Exchange] = []
        self.files: dict[str, bytes] = {}
        super().__init__(upstream_port)
        self.server.handle_error = lambda *_: None  # a phone that hangs up is what we are here for

    def heal(self) -> None:
        self.deed = self.others = carry

    def serve(self, folder: Path) -> None:
        """Another build of the app than the server's own."""
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix != ".br":
                self.files[f"/{path.relative_to(folder)}"] = path.read_bytes()

    def tries(self) -> dict[str, list[Exchange]]:
        """By item, when it was on the line."""
        found: dict[str, list[Exchange]] = {}
        for exchange in list(self.log):
            for item in exchange.items:
                found.setdefault(item, []).append(exchange)
        return found

    def carry(self, asked: BaseHTTPRequestHandler) -> None:
        length = int(asked.headers.get("Content-Length") or 0)
        try:
            body = asked.rfile.read(length)
        except OSError:
            body = b""
        if len(body) < length:  # the phone went away in the middle
            asked.close_connection = True
            return None
        exchange = Exchange(asked, body, self.upstream_port)
        if asked.command == "GET" and (file := self._own_file(asked.path)) is not None:
            return exchange.answer(file)
        works = bool(exchange.items)
        if works:
            self.log.append(exchange)
        try:
            (self.deed if works else self.others)(exchange)
        except OSError:
            exchange.drop()
        return None

    def _own_file(self, address: str) -> Reply | None:
        path = address.partition("?")[0]
        if path.startswith("/api/"):
            return None
        if path not in self.files and "/index.html" in self.files and "." not in path:
            path = "/index.html"
        if path not in self.files:
            return None
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        headers = [("Content-Type", kind), ("Cache-Control", "no-cache"), *HEADERS.items()]
        return Reply(200, self.files[path], headers)


def content_digest(raw: bytes) -> str:
    """RFC 9530, for what the suite sends without a phone."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"
