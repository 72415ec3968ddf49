"""A caller of the API that costs the machine little, so that what is measured is the server."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One connection that stays open. When it breaks, `ask` raises; the next one opens it anew."""

    def __init__(self, port: int, *, token: str = "", **headers: str) -> None:
        self.port = port
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.standing = {"Host": "127.0.0.1", **_spelled(headers)}
        self.socket: socket.socket | None = None
        self.file: Any = None

    def ask(
        self, method: str, path: str, body: Any = None, *, timeout: float = 30, **headers: str
    ) -> Answer:
        """Send and wait for the answer. Header names are written with `_` for `-`."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1"]
        told = {**self.standing, **_spelled(headers)}
        if body is not None:
            told["Content-Type"] = "application/json"
        told["Content-Length"] = str(len(content))
        lines += [f"{name}: {text}" for name, text in told.items()]
        try:
            self._connect(timeout)
            self.socket.sendall("\r\n".join([*lines, "", ""]).encode() + content)
            return self._read()
        except (OSError, ValueError, IndexError):
            self.close()
            raise

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.ask("PATCH", path, body, **headers)

    def close(self) -> None:
        if self.socket:
            self.file.close()
            self.socket.close()
        self.socket = None

    def _connect(self, timeout: float) -> None:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.file = self.socket.makefile("rb")
        self.socket.settimeout(timeout)

    def _read(self) -> Answer:
        first = self.file.readline()
        if not first:
            raise ConnectionResetError("hung up before the answer")
        headers = {}
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, text = line.decode("latin-1").partition(":")
            headers[name.lower()] = text.strip()
        length = int(headers.get("content-length", "0"))
        body = self.file.read(length) if length else b""
        if len(body) < length:
            raise ConnectionResetError("hung up within the answer")
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(first.split()[1]), headers, body)


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): text for name, text in headers.items()}
