"""All of Putki as processes of its own, to be asked, stopped and killed."""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg

from tests.console import Console
from tests.prepared import administrator, prepared, server
from tests.shared import ROOT


class House:
    """`manage.py up` in a folder of its own, on a port of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        kept = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH")
        self.environment = {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        }

    def start(self, *arguments: str, within: float = 180) -> House:
        """Return when the first request is answered."""
        self.process = self.begin("up", "--prepare", "--seconds-to-stop", "3", *arguments)
        until = monotonic() + within
        while self.status("/health/ready") != 200:
            assert self.process.poll() is None, self.log()
            assert monotonic() < until, self.log()
            sleep(0.05)
        return self

    def begin(self, *command: str) -> subprocess.Popen[str]:
        """A management command, its output in the log."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=(self.folder / "out").open("a"),
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A management command, waited for."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=600,
        )

    def python(self, code: str, **more: str) -> str:
        """What the code prints when it runs on this house's database."""
        done = self.manage("shell", "--no-imports", "--command", code, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @cached_property
    def console(self) -> Console:
        """For many codes: a Python that stays open as long as the house."""
        return Console(self.environment)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the house's database answers, asked without starting a Python for it."""
        with self.database() as database:
            return database.execute(query).fetchall()

    def execute(self, statement: str) -> None:
        with self.database() as database:
            database.execute(statement)

    @contextmanager
    def database(self) -> Iterator[Any]:
        if url := self.environment.get("DATABASE_URL"):
            with psycopg.connect(url) as database:
                yield database
            return
        file = sqlite3.connect(self.folder / "putki.sqlite3", timeout=20)
        with closing(file), file:
            yield file

    def status(self, path: str) -> int:
        """The answer's status; 0 when nobody answers."""
        try:
            return self.get(path)[0]
        except OSError:
            return 0

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            asked.request("GET", path, headers=headers)
            answer = asked.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            asked.close()

    def children(self, name: str = "") -> list[psutil.Process]:
        """The processes whose name begins so: `putki-web`, `putki-worker`, `valkey`."""
        assert self.process is not None
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if child.name().startswith(name):
                    found.append(child)
        return found

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Seconds until everything had stopped."""
        assert self.process is not None
        started = monotonic()
        self.process.send_signal(how)
        self.process.wait(30)
        return monotonic() - started

    def kill(self) -> None:
        """The whole family at once: whether it would end by itself is asked elsewhere."""
        if "console" in vars(self):
            self.console.close()
        if self.process and self.process.poll() is None:
            family = [psutil.Process(self.process.pid), *self.children()]
            for each in family:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            self.process.wait()
            psutil.wait_procs(family, timeout=10)

    def log(self) -> str:
        return (self.folder / "out").read_text()


@contextmanager
def house_of_its_own() -> Iterator[House]:
    """A house in a new folder with a new database; whatever it started ends with it."""
    pattern = prepared()
    with (
        tempfile.TemporaryDirectory(prefix="putki-house-") as folder,
        own_database(pattern.database) as environment,
    ):
        shutil.copytree(pattern.folder, folder, dirs_exist_ok=True)
        house = House(Path(folder), **environment)
        try:
            yield house
        finally:
            house.kill()


@contextmanager
def own_database(template: str = "template1") -> Iterator[dict[str, str]]:
    """What to set for a database that nobody else uses: on TEST_DATABASE_URL's server if named,
    and a copy of `template`."""
    if not server():
        yield {}
        return
    name = f"putki_house_{secrets.token_hex(4)}"
    with administrator() as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield {"DATABASE_URL": urlsplit(server())._replace(path=f"/{name}").geturl()}
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
