"""Phones, in a process of their own: so many threads, each on one kept-alive connection, each sends
its next request when the last one is answered. Reads a plan from stdin, prints what happened."""

import base64
import http.client
import json
import sys
import threading
import time
from collections import Counter
from typing import Any

PATIENCE_SECONDS = 60
CHUNK = 8 * 1024


class Phones:
    """`plan`: port, clients, and requests [method, path, headers, body], shared out as they come.
    `seconds`: ask again and again until the time is over. `drip`: bytes a second of a slow phone,
    whose bodies are base64."""

    def __init__(self, plan: dict[str, Any]):
        self.plan = plan
        self.turn = iter(range(10**9 if "seconds" in plan else len(plan["requests"])))
        self.lock, self.took, self.statuses = threading.Lock(), [], Counter[str]()
        self.gate = threading.Barrier(plan["clients"] + 1)

    def run(self) -> dict[str, Any]:
        threads = [threading.Thread(target=self._phone) for _ in range(self.plan["clients"])]
        for thread in threads:
            thread.start()
        self.until = time.perf_counter() + self.plan.get("seconds", 3600)
        self.gate.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        return {"seconds": seconds, "took": sorted(self.took), "statuses": self.statuses}

    def _phone(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.plan["port"], timeout=PATIENCE_SECONDS)
        line.connect()
        self.gate.wait()
        while time.perf_counter() < self.until:
            with self.lock:
                number = next(self.turn, None)
            if number is None:
                break
            began = time.perf_counter()
            status = self._ask(line, *self.plan["requests"][number % len(self.plan["requests"])])
            with self.lock:
                self.took.append(time.perf_counter() - began)
                self.statuses[status] += 1
        line.close()

    def _ask(
        self, line: http.client.HTTPConnection, method: str, path: str, headers: Any, body: str
    ) -> str:
        try:
            if rate := self.plan.get("drip"):
                _drip(line, method, path, headers, base64.b64decode(body), rate)
            else:
                line.request(method, path, body, headers)
            answer = line.getresponse()
            answer.read()
            return str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            line.close()
            return type(error).__name__


def _drip(
    line: http.client.HTTPConnection, method: str, path: str, headers: Any, body: bytes, rate: int
) -> None:
    """As a phone in a stairwell sends a photo."""
    line.putrequest(method, path)
    for name, value in (headers | {"Content-Length": str(len(body))}).items():
        line.putheader(name, value)
    line.endheaders()
    for start in range(0, len(body), CHUNK):
        line.send(body[start : start + CHUNK])
        time.sleep(CHUNK / rate)


if __name__ == "__main__":
    json.dump(Phones(json.load(sys.stdin)).run(), sys.stdout)
