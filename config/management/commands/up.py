"""Putki in one command: broker, worker, clock and web, started and stopped together."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import signal
import socket
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import broker, jobs, web
from config.family import Child, Family
from config.preparation import prepare
from config.processes import UNSIGNED, has_secret

CANNOT_START = 2
READY_WITHIN = 30.0
ORPHANS_ARE_GONE_WITHIN = 5.0


class Command(BaseCommand):
    help = (
        "Runs everything: the broker (unless REDIS_URL names one), the worker, the clock, the web."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--prepare", action="store_true", help="migrate and collect files first"
        )
        parser.add_argument("--demo", action="store_true", help="prepare, and make the demo team")
        parser.add_argument(
            "--seconds-to-stop", type=float, default=25.0, help="for requests and jobs to finish"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        if not has_secret():
            raise CommandError(UNSIGNED, returncode=CANNOT_START)
        lock = only_one_here()
        try:
            listener = web.bind(settings.HOST, settings.PORT)
        except web.NoAddress as problem:
            raise CommandError(str(problem), returncode=CANNOT_START) from None
        House(listener, options["seconds_to_stop"], self.say).run(
            first=options["prepare"] or options["demo"], demo=options["demo"]
        )
        lock.close()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def only_one_here() -> IO[str]:
    """Hold the folder: two of us would share one broker's files.

    The children hold it too, so that it is free only when the last of them is gone.
    """
    lock = open(settings.VAR_DIR / "up.lock", "a+")  # noqa: SIM115 - held until we end
    os.set_inheritable(lock.fileno(), True)
    until = monotonic() + ORPHANS_ARE_GONE_WITHIN
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if monotonic() > until:
                raise CommandError(
                    f"Putki already runs from {settings.VAR_DIR}; stop that one first.",
                    returncode=CANNOT_START,
                ) from None
        sleep(0.1)


class House:
    """The whole family: who starts when, who stops when, and what is said meanwhile."""

    def __init__(
        self, listener: socket.socket, seconds_to_stop: float, say: Callable[[str], None]
    ) -> None:
        self.listener, self.seconds_to_stop, self.say = listener, seconds_to_stop, say
        self.family = Family()

    def run(self, *, first: bool, demo: bool) -> None:
        keeper = self.start_broker()
        before = Child("prepare", partial(prepare, demo=demo)) if first else None
        if demo and not demo_lines():
            self.say("Making the demo team's last 90 days; the first start takes a moment …")
        if before:
            before.start()
        web.load_views()
        if before and not self.family.wait_until_done(before):
            self.family.stop(keeper)
            raise CommandError("Preparing failed; see above.", returncode=CANNOT_START)
        webs, clock, worker = self.start_the_rest()
        self.announce()
        self.family.watch()
        self.say("Stopping …")
        self.listener.close()
        self.family.stop(webs, clock, worker, keeper)

    def start_broker(self) -> list[Child]:
        if not settings.EMBEDDED_BROKER:
            return []
        try:
            broker.server()
        except broker.NoBroker as problem:
            raise CommandError(str(problem), returncode=CANNOT_START) from None
        return [self.family.add(Child("broker", partial(broker.start, settings.BROKER_SOCKET)))]

    def forget_old_figures(self) -> None:
        """Those of processes that are gone; a new one may get the number of an old one."""
        for file in (settings.VAR_DIR / "metrics").glob("*.db"):
            file.unlink()

    def start_the_rest(self) -> tuple[list[Child], list[Child], list[Child]]:
        self.forget_old_figures()
        patience = self.seconds_to_stop + settings.DRAIN_SECONDS
        serve = partial(web.serve, web.make_application(), self.listener, self.seconds_to_stop)
        webs = [Child(f"web-{n}", serve, patience) for n in range(settings.WEB_PROCESSES)]
        work = partial(jobs.work, settings.REDIS_URL, alone=settings.EMBEDDED_BROKER)
        # Orphaned, it must not wait for its job: the job comes back when the next one starts.
        worker = Child("worker", work, self.seconds_to_stop, orphaned=signal.SIGQUIT)
        clock = Child("clock", jobs.tick, 2.0)
        for child in (*webs, worker, clock):
            self.family.add(child)
        return webs, [clock], [worker]

    def announce(self) -> None:
        if wait_until_ready(settings.HOST, settings.PORT):
            self.say(f"\nPutki runs at {settings.SITE_URL}/")
        else:
            self.say(f"\nPutki is not ready yet; see {settings.SITE_URL}/health/ready")
        for line in demo_lines():
            self.say(line)
        self.say("Ctrl-C stops it.\n")


def wait_until_ready(host: str, port: int) -> bool:
    until = monotonic() + READY_WITHIN
    while monotonic() < until:
        asked = http.client.HTTPConnection(host.strip("[]"), port, timeout=5)
        try:
            asked.request("GET", "/health/ready", headers={"Host": settings.ALLOWED_HOSTS[0]})
            if asked.getresponse().status == 200:
                return True
        except OSError:
            pass
        finally:
            asked.close()
        sleep(0.05)
    return False


def demo_lines() -> list[str]:
    """How to look around, if there is a demo team."""
    file = settings.VAR_DIR / "demo.json"
    if not file.is_file():
        return []
    demo = json.loads(file.read_text())
    return [
        f"Sign in as      {demo['email']}",
        f"with password   {demo['password']}",
        f"API token       {demo['token']}",
    ]
