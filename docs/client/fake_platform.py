"""A platform to try schedulers on: it takes posts, and lies, hangs and refuses when told to.

    python fake_platform.py 9000 ledger.jsonl

What was really posted stands in the ledger, one line for each post, written before any answer. Like
most real platforms it does not notice when the same thing is posted twice. `POST /moods` says how
often it misbehaves: shares of all posts, each between 0 and 1.

    {"hang": 0.1, "break": 0.1, "limit": 0.1, "refuse": 0.1, "late": 0.1, "slow": 0.1}
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]
HANG_SECONDS, SLOW_SECONDS = 3.0, 0.3


class Ledger:
    """What was posted, in the order in which it was; only ever added to."""

    def __init__(self, path: Path) -> None:
        self.path, self.lock = path, threading.Lock()
        self.posts = (
            [json.loads(line) for line in path.read_text().splitlines()] if (path.exists()) else []
        )

    def add(self, ref: str, text: str) -> Json:
        with self.lock:
            number = len(self.posts) + 1
            post = {
                "ref": ref,
                "text": text,
                "external_id": f"post-{number}",
                "permalink": f"https://platform.example/p/{number}",
                "publish_handle": f"handle-{number}",
                "published_at": datetime.now(UTC).isoformat(),
            }
            with self.path.open("a") as file:
                file.write(json.dumps(post) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self.posts.append(post)
        return post

    def find(self, name: str, value: str) -> Json | None:
        return next((post for post in self.posts if post[name] == value), None)


class Platform(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, ledger: Path, seed: int = 1) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.ledger = Ledger(ledger)
        self.moods: dict[str, float] = {}
        self.chance = random.Random(seed)  # noqa: S311 - moods, not secrets

    def mood(self) -> str:
        """How it behaves towards this post; empty: well."""
        drawn = self.chance.random()
        for name, share in self.moods.items():
            if drawn < share:
                return name
            drawn -= share
        return ""


class Handler(BaseHTTPRequestHandler):
    server: Platform
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/moods":
            self.server.moods = body
            self._answer(200, {})
        else:
            self._take(body, self.server.mood())

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/posts":
            ref = parse_qs(address.query).get("ref", [""])[0]
            self._answer(200, {"post": self.server.ledger.find("ref", ref)})
        elif address.path.startswith("/handles/"):
            handle = unquote(address.path.removeprefix("/handles/"))
            self._answer(200, {"post": self.server.ledger.find("publish_handle", handle)})
        else:
            self._answer(200, {"posts": self.server.ledger.posts})

    def _take(self, body: Json, mood: str) -> None:
        if mood == "limit":
            self._answer(429, {"error": "too many"}, {"Retry-After": "1"})
            return
        if mood == "refuse":
            self._answer(422, {"error": "not this"})
            return
        if mood == "slow":
            time.sleep(SLOW_SECONDS)
        post = self.server.ledger.add(body["ref"], body["text"])
        if mood == "hang":
            time.sleep(HANG_SECONDS)
            self.close_connection = True
        elif mood == "break":
            self._answer(500, {"error": "it is out all the same"})
        elif mood == "late":
            self._answer(201, {"publish_handle": post["publish_handle"]})
        else:
            self._answer(201, post)

    def _answer(self, status: int, document: Json, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the ledger tells."""


def main() -> None:
    port, ledger = sys.argv[1:]
    with Platform(int(port), Path(ledger)) as platform:
        print(f"http://127.0.0.1:{platform.server_port}", flush=True)
        platform.serve_forever()


if __name__ == "__main__":
    main()
