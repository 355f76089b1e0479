"""A small network of our own between phone and server, which can go wrong on demand."""

import http.client
import json
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}

SIGNED_OUT = json.dumps(
    {"type": "sign_in", "title": "请先登录", "status": 401, "retry": "after_sign_in"}
).encode()


class Seen(NamedTuple):
    """One request that came by, and what was done to it."""

    method: str
    path: str
    fault: str | None


# A fault looks at method and path and names what happens, or returns None to let it pass:
# "swallow": the server does the work and the answer is lost; "refuse": the server never hears of
# it; "portal": 200 with a page of somebody else's; "broken": 500; "busy": 503; "signed_out": 401.
Fault = Callable[[str, str], str | None]


class Network:
    """Listens on a port of its own and forwards to the server's."""

    def __init__(self, upstream_port: int):
        self.upstream_port = upstream_port
        self.fault: Fault = lambda method, path: None
        self.seen: deque[Seen] = deque(maxlen=10_000)
        self.on_body: Callable[[str, str, bytes], object] = lambda method, path, body: None
        network = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                network.carry(self)

            do_PUT = do_POST = do_DELETE = do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def swallow(self, *, times: int, path: str) -> None:
        """Lose the next answers to writes below `path`."""
        left = [times]

        def fault(method: str, asked: str) -> str | None:
            if method != "PUT" or not asked.startswith(path) or left[0] == 0:
                return None
            left[0] -= 1
            return "swallow"

        self.fault = fault

    def heal(self) -> None:
        self.fault = lambda method, path: None

    def carry(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        fault = self.fault(asked.command, asked.path)
        self.seen.append(Seen(asked.command, asked.path, fault))
        self.on_body(asked.command, asked.path, body)
        if fault and fault != "swallow":
            return self._break(asked, fault)
        try:
            status, headers, answer = self._forward(asked, body)
        except OSError:
            return self._drop(asked)
        if fault == "swallow":
            return self._drop(asked)
        return self._answer(asked, status, headers, answer)

    def _forward(
        self, asked: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.upstream_port, timeout=30)
        try:
            headers = {
                k: v for k, v in asked.headers.items() if k.lower() not in HOP - {"content-length"}
            }
            line.request(asked.command, asked.path, body or None, headers)
            reply = line.getresponse()
            kept = [(k, v) for k, v in reply.getheaders() if k.lower() not in HOP]
            return reply.status, kept, reply.read()
        finally:
            line.close()

    def _break(self, asked: BaseHTTPRequestHandler, fault: str) -> None:
        if fault == "refuse":
            return self._drop(asked)
        status = {"portal": 200, "broken": 500, "busy": 503, "signed_out": 401}[fault]
        page = b"<html><body>Free Wi-Fi: please sign in</body></html>"
        headers = [("Content-Type", "text/html")]
        if fault == "signed_out":
            page = SIGNED_OUT
            headers = [("Content-Type", "application/problem+json")]
        return self._answer(asked, status, headers, page)

    def _answer(
        self,
        asked: BaseHTTPRequestHandler,
        status: int,
        headers: list[tuple[str, str]],
        body: bytes,
    ) -> None:
        asked.send_response_only(status)
        for name, value in headers:
            asked.send_header(name, value)
        if status not in (204, 304):
            asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        if asked.command != "HEAD" and status not in (204, 304):
            with suppress(ConnectionError):  # the phone hung up: it has its own ways
                asked.wfile.write(body)

    def _drop(self, asked: BaseHTTPRequestHandler) -> None:
        """The line goes dead in the middle: no status, no answer."""
        asked.close_connection = True
        asked.connection.close()
