"""A receiver of webhooks on this machine: real connections, and an answer for every mood."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import sleep
from typing import Any


@dataclass(frozen=True)
class Got:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Mood = Callable[[Got, socket.socket], None]


def says(status: int, body: str = "ok", **headers: str) -> Mood:
    """An answer at once: `says(429, Retry_After="60")`."""
    named = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    length = f"Content-Length: {len(body.encode())}\r\n\r\n"
    answer = f"HTTP/1.1 {status} Some Reason\r\n{named}{length}{body}".encode()
    return lambda _got, connection: connection.sendall(answer)


def drips(text: str, every: float = 0.1) -> Mood:
    """One letter at a time, for ever."""

    def drip(_got: Got, connection: socket.socket) -> None:
        with suppress(OSError):
            for letter in text:
                connection.sendall(letter.encode())
                sleep(every)
            while True:
                connection.sendall(b"x")
                sleep(every)

    return drip


def stays_silent(seconds: float = 30) -> Mood:
    def wait(_got: Got, connection: socket.socket) -> None:
        connection.settimeout(seconds)
        with suppress(OSError):
            connection.recv(1)

    return wait


@dataclass
class Receiver:
    """What listens; `mood` decides the answers, `got` is the ledger of what came."""

    server: socket.socket
    mood: Mood = field(default_factory=lambda: says(200))
    got: list[Got] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    wrap: Callable[[socket.socket], socket.socket] = lambda connection: connection

    @property
    def port(self) -> int:
        return int(self.server.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.got]

    @property
    def types(self) -> list[str]:
        return [each.message["type"] for each in self.got]

    def listen(self) -> None:
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError), self.wrap(connection) as connection:
            got = _read(connection)
            with self.lock:
                self.got.append(got)
            self.mood(got, connection)


def _read(connection: socket.socket) -> Got:
    stream = connection.makefile("rb")
    path = stream.readline().decode().split(" ")[1]
    headers = {}
    while line := stream.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return Got(path, headers, stream.read(int(headers.get("content-length", "0"))))


@contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    server = socket.create_server(("127.0.0.1", port), backlog=64)
    made = Receiver(server)
    thread = Thread(target=made.listen, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(2)
