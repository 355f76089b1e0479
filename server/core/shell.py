"""Serves the built phone app: hashed files for ever, page and service worker never stale."""

import mimetypes
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from .failures import answer_http

DIST = Path(__file__).parents[2] / "pwa" / "dist"
MISSING = "应用页面还没有构建：请运行 make run"
mimetypes.add_type("application/manifest+json", ".webmanifest")

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# The service worker while a version is withdrawn. It is no part of the build, which may be what is
# broken: phones forget the app they keep and take it from here until they get a worker again.
# It is not taken off the phone, for bells by push would go with it.
FORGET = """\
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil(caches.keys().then(names =>
  Promise.all(names.filter(name => name.startsWith('shell-')).map(name => caches.delete(name))))))
"""
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self)",
}


def init_app(app: Flask) -> None:
    """Not routes but the answer to what is no route: else GET would seem allowed everywhere."""
    app.register_error_handler(404, shell)
    app.after_request(protect)


def shell(error: HTTPException) -> Response:
    """Any address of the app is the same page; the app reads the address itself."""
    path = request.path.strip("/")
    if path == "sw.js" and current_app.config["HONGLING"]["withdrawn"]:
        return Response(FORGET, headers={"Cache-Control": "no-cache"}, mimetype="text/javascript")
    if path.startswith(("api/", "assets/")) and not (DIST / path).is_file():
        return answer_http(error)
    file = (DIST / path).resolve()
    if path and file.is_file() and file.is_relative_to(DIST):
        return _send(file, immutable=path.startswith("assets/"))
    if request.method not in ("GET", "HEAD"):
        return answer_http(error)
    if not (DIST / "index.html").is_file():
        return Response(MISSING, 503, content_type="text/plain; charset=utf-8")
    return _send(DIST / "index.html", immutable=False)


def protect(answer: Response) -> Response:
    told = current_app.config["HONGLING"]
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if told["url"].startswith("https:"):
        answer.headers.setdefault("Strict-Transport-Security", "max-age=63072000")
    if request.path.startswith("/api/"):
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["Hongling-Start"] = told["start"]
    return answer


def _send(file: Path, *, immutable: bool) -> Response:
    """The build leaves a .br beside what compresses well; phones on 4G take that."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    small = file.with_name(file.name + ".br")
    squeezed = small.is_file() and "br" in request.headers.get("Accept-Encoding", "")
    answer = Response((small if squeezed else file).read_bytes(), content_type=kind)
    if kind.startswith("text/") or kind.endswith(("javascript", "json")):
        answer.content_type = f"{kind}; charset=utf-8"
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if immutable else "no-cache"
    )
    answer.headers["Vary"] = "Accept-Encoding"
    if squeezed:
        answer.headers["Content-Encoding"] = "br"
    answer.add_etag()
    answer.make_conditional(request)  # turns itself into a 304 where the phone has it
    return answer
