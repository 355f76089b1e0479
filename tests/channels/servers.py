"""Providers on this machine: each keeps its contract as it is published, limits and bad days too,
and remembers what it took. Nobody of ours wrote what opens a push message."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import Counter, deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils


class Provider:
    """An HTTP server on loopback. `plan`: answers to give first, (status, headers, body) each, or
    "hang" to say nothing at all."""

    def __init__(self):
        self.plan, self.seen, self.lock = deque(), [], threading.Lock()
        self.stopped = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(size)
                with provider.lock:
                    planned = provider.plan.popleft() if provider.plan else None
                if planned == "hang":
                    provider.stopped.wait(30)
                    self.close_connection = True
                    return
                with provider.lock:
                    found = planned or provider.answer(
                        self.command, urlsplit(self.path), self.headers, body
                    )
                status, headers, told = found
                raw = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(raw)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @contextmanager
    def running(self):
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self.stopped.set()
            self.server.shutdown()
            thread.join()
            self.server.server_close()

    def answer(self, method, url, headers, body):
        raise NotImplementedError


def b64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def b64_text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class PushService(Provider):
    """RFC 8030, 8291, 8292: checks the signature, opens the message with the browser's own key."""

    def __init__(self):
        super().__init__()
        self.browsers, self.messages, self.gone = {}, [], set()

    def subscribe(self, name):
        """What a browser hands out: address and keys, as JSON."""
        key, auth = ec.generate_private_key(ec.SECP256R1()), hashlib.sha256(name.encode()).digest()
        self.browsers[f"/push/{name}"] = (key, auth[:16])
        point = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        keys = {
            "p256dh": b64_text(key.public_key().public_bytes(*point)),
            "auth": b64_text(auth[:16]),
        }
        return json.dumps({"endpoint": f"{self.url}/push/{name}", "keys": keys})

    def answer(self, method, url, headers, body):
        if url.path not in self.browsers or url.path in self.gone:
            return 410, {}, b""
        if not self.is_signed(headers.get("Authorization", "")):
            return 403, {}, b"bad vapid"
        if not headers.get("TTL", "").isdigit():
            return 400, {}, b"no TTL"
        key, auth = self.browsers[url.path]
        told = json.loads(http_ece.decrypt(body, private_key=key, auth_secret=auth))
        about = {name: headers.get(name) for name in ("TTL", "Urgency", "Topic")}
        self.messages.append((url.path.rpartition("/")[2], told, about))
        return 201, {}, b""

    def is_signed(self, header):
        parts = dict(part.strip().split("=", 1) for part in header[6:].split(",") if "=" in part)
        head, claims, signature = parts["t"].split(".")
        curve = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64(parts["k"]))
        raw = b64(signature)
        r, s = (int.from_bytes(half) for half in (raw[:32], raw[32:]))
        digest = utils.encode_dss_signature(r, s)
        curve.verify(digest, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        told = json.loads(b64(claims))
        fresh = time.time() < told["exp"] <= time.time() + 24 * 3600
        return told["aud"] == self.url and fresh and told["sub"].startswith(("mailto:", "https:"))


class WeCom(Provider):
    """gettoken, message/send, auth/getuserinfo: HTTP 200 always, errcode decides."""

    def __init__(self, corp="corp", secret="wecom secret", members=("an", "ding")):
        super().__init__()
        self.corp, self.secret, self.members = corp, secret, set(members)
        self.tokens, self.codes, self.sent, self.made = set(), {}, [], 0
        self.a_minute, self.keys = Counter(), set()

    def answer(self, method, url, headers, body):
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        found = getattr(self, url.path.removeprefix("/cgi-bin/").replace("/", "_"))(asked, body)
        return 200, {}, {"errmsg": "ok", **found}

    def gettoken(self, asked, body):
        if asked.get("corpid") != self.corp:
            return {"errcode": 40013, "errmsg": "invalid corpid"}
        if asked.get("corpsecret") != self.secret:
            return {"errcode": 40001, "errmsg": "invalid credential"}
        self.made += 1
        self.tokens.add(f"token {self.made}")
        return {"errcode": 0, "access_token": f"token {self.made}", "expires_in": 7200}

    def message_send(self, asked, body):
        if asked.get("access_token") not in self.tokens:
            return {"errcode": 40014, "errmsg": "invalid access_token"}
        told = json.loads(body)
        card = told["textcard"]
        if len(card["title"].encode()) > 128 or len(card["description"].encode()) > 512:
            return {"errcode": 40058, "errmsg": "too long"}
        user = told["touser"]
        self.a_minute[user] += 1
        if self.a_minute[user] > 30:
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        if user not in self.members:
            return {"errcode": 81013, "errmsg": "user & party & tag all invalid"}
        same = (user, card["title"], card["description"], card["url"])
        if not (told["enable_duplicate_check"] and same in self.keys):
            self.sent.append((user, card))
        self.keys.add(same)
        return {"errcode": 0, "msgid": str(len(self.sent))}

    def auth_getuserinfo(self, asked, body):
        if asked.get("access_token") not in self.tokens:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        who = self.codes.pop(asked.get("code"), None)
        return {"errcode": 0, "userid": who} if who else {"errcode": 40029, "errmsg": "bad code"}


class WeChat(Provider):
    """stable_token, jscode2session (no errcode when it went well), subscribe/send."""

    def __init__(self, app="app", secret="wechat secret", template="template"):
        super().__init__()
        self.app, self.secret, self.template = app, secret, template
        self.tokens, self.codes, self.allowed, self.sent, self.made = set(), {}, Counter(), [], 0

    def answer(self, method, url, headers, body):
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        return 200, {}, getattr(self, url.path.rpartition("/")[2])(asked, body)

    def stable_token(self, asked, body):
        told = json.loads(body)
        if told["appid"] != self.app:
            return {"errcode": 40013, "errmsg": "invalid appid"}
        if told["secret"] != self.secret:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        self.made += 1
        self.tokens.add(f"stable {self.made}")
        return {"access_token": f"stable {self.made}", "expires_in": 7200}

    def jscode2session(self, asked, body):
        if asked.get("secret") != self.secret:
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        openid = self.codes.pop(asked.get("js_code"), None)
        if not openid:
            return {"errcode": 40029, "errmsg": "invalid code"}
        return {"openid": openid, "session_key": "k"}

    def send(self, asked, body):
        told = json.loads(body)
        if asked.get("access_token") not in self.tokens:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        if told["template_id"] != self.template:
            return {"errcode": 40037, "errmsg": "template_id invalid"}
        if any(len(x["value"]) > 20 for name, x in told["data"].items() if name[:5] == "thing"):
            return {"errcode": 47003, "errmsg": "argument invalid! data.thing1.value is too long"}
        if self.allowed[told["touser"]] < 1:
            return {"errcode": 43101, "errmsg": "user refuse to accept the msg"}
        self.allowed[told["touser"]] -= 1
        self.sent.append((told["touser"], told["data"], told["page"]))
        return {"errcode": 0, "errmsg": "ok"}


class Gateway(Provider):
    """Our own contract for an SMS gateway: signature, age, one message a key, errcode."""

    def __init__(self, secret="gateway secret"):
        super().__init__()
        self.secret, self.sent = secret, {}

    def answer(self, method, url, headers, body):
        parts = dict(part.split("=") for part in headers["Hongling-Signature"].split(","))
        message = f"{parts['t']}.".encode() + body
        good = hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()
        if parts["v1"] != good or abs(time.time() - int(parts["t"])) > 300:
            return 401, {}, {"errcode": "bad_signature"}
        told = json.loads(body)
        if not told["to"].isdigit():
            return 200, {}, {"errcode": "no_such_recipient"}
        self.sent.setdefault(headers["Idempotency-Key"], told)
        return 200, {}, {"errcode": 0}
