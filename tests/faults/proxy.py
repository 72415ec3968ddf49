"""A network between two programs that can be cut, slowed down or turned into a hole."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import sleep

CHUNK = 65_536


class Proxy:
    """Listens on `port` and passes everything on to `to`, as far as the faults let it."""

    def __init__(self, to: tuple[str, int]) -> None:
        self.to = to
        self.delay = 0.0
        self.is_cut = False
        self.swallows_answers = False
        self.passed = threading.Event()
        self.passed.set()
        self.pairs: set[tuple[socket.socket, socket.socket]] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Break every connection and refuse new ones."""
        self.is_cut = True
        self.break_all()
        yield
        self.is_cut = False

    @contextmanager
    def hole(self) -> Iterator[None]:
        """Connections stay, but nothing arrives any more."""
        self.passed.clear()
        yield
        self.passed.set()

    @contextmanager
    def late(self, seconds: float) -> Iterator[None]:
        """Every piece takes this much longer."""
        self.delay = seconds
        yield
        self.delay = 0.0

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """What is asked arrives and is done; the answer is lost with its connection."""
        self.swallows_answers = True
        yield
        self.swallows_answers = False
        self.break_all()

    def break_all(self) -> None:
        for pair in list(self.pairs):
            _close(*pair)
        self.pairs.clear()

    def close(self) -> None:
        self.is_cut = True
        self.listener.close()
        self.break_all()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                if self.is_cut:
                    raise ConnectionRefusedError
                far = socket.create_connection(self.to, 5)
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = (near, far)
            self.pairs.add(pair)
            for source, sink, answers in ((near, far, False), (far, near, True)):
                threading.Thread(
                    target=self._pass_on, args=(source, sink, answers), daemon=True
                ).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(CHUNK):
                self.passed.wait()
                if self.delay:
                    sleep(self.delay)
                if answers and self.swallows_answers:
                    break
                sink.sendall(piece)
        _close(source, sink)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
