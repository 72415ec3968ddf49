"""One web process: uvicorn on a socket that the parent has bound."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from types import FrameType

import uvicorn
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from config.bridge import Bridge
from config.health import Draining
from config.processes import become
from production.stream import hub

BACKLOG = 2048
LONGEST_HEAD = 64 * 1024


class NoAddress(Exception):
    """The address cannot be listened on; the message says why."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio would leave Nagle's algorithm on: 40 ms for every answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        raise NoAddress(
            f"Port {port} on {host} cannot be used ({error.strerror}). "
            f"Stop what listens there, or choose another: PORT={port + 1} make run"
        ) from None
    listener.listen(BACKLOG)
    return listener


def load_views() -> None:
    """Import what the first request would, so that forked children share it."""
    get_resolver().reverse_dict  # noqa: B018 - the first look at it imports every view


def make_application() -> Bridge:
    """The application; after it the process may fork, before the first request."""
    application = Bridge(
        WSGIHandler(), threads=settings.WEB_THREADS, body_limit=settings.BODY_LIMIT
    )
    gc.collect()
    gc.freeze()  # what is loaded now never becomes garbage: do not look at it again
    return application


def serve(application: Bridge, listener: socket.socket, seconds_to_stop: float) -> None:
    """Answer until SIGTERM; then finish what was asked, end the streams and return."""
    become("web")
    config = uvicorn.Config(
        application,
        loop="uvloop",
        http=Http,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=max(int(seconds_to_stop), 1),
    )
    Server(config).run(sockets=[listener])


class Http(HttpToolsProtocol):
    """The parser in C, which by itself would take a head of any length."""

    head = 0  # bytes that came since the last whole head

    def data_received(self, data: bytes) -> None:
        self.head += len(data)
        super().data_received(data)
        if self.head > LONGEST_HEAD and not self.transport.is_closing():
            self.transport.close()

    def on_headers_complete(self) -> None:
        self.head = -sys.maxsize  # what follows is the body, which the bridge measures
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self.head = 0
        super().on_message_complete()


class Server(uvicorn.Server):
    """Told to stop, says so to balancers, then ends the streams, and only then stops listening."""

    loop: asyncio.AbstractEventLoop

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if Draining.now:
            super().handle_exit(sig, frame)
            return
        Draining.now = True
        self.loop.call_soon_threadsafe(
            self.loop.call_later, settings.DRAIN_SECONDS, self._finish, sig
        )

    def _finish(self, sig: int) -> None:
        hub.close()
        super().handle_exit(sig, None)
