"""One folder with static files and one database with tables for a whole run of the tests.

Whoever needs them first makes them; houses and the databases of the tests begin as copies.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

from tests.shared import ROOT

# All workers of a run inherit the number of the process that began it.
RUN = os.environ.setdefault("PREPARED_BY", str(os.getpid()))
MAKE = "import django; django.setup(); from config.preparation import prepare; prepare(demo=False)"


@dataclass(frozen=True)
class Prepared:
    folder: Path
    database: str  # on the server that TEST_DATABASE_URL names; else the file in the folder

    def copy_database(self, name: str) -> None:
        """A copy under that name: a file, or a database of the server."""
        if not self.database:
            shutil.copy(self.folder / "putki.sqlite3", name)
            return
        with administrator() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {self.database}')

    def drop_database(self, name: str) -> None:
        if not self.database:
            Path(name).unlink(missing_ok=True)
            return
        with administrator() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def folder_of_run() -> Path:
    return Path(settings.VAR_DIR) / f"prepared-{RUN}"


@cache
def prepared() -> Prepared:
    """What is copied; made if nobody in this run has made it."""
    folder = folder_of_run()
    folder.mkdir(exist_ok=True)
    said = folder.with_suffix(".database")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            name = f"putki_prepared_{secrets.token_hex(4)}" if server() else ""
            make(folder, name)
            said.write_text(name)
    return Prepared(folder, said.read_text())


def make(folder: Path, database: str) -> None:
    environment = {
        **{each: os.environ[each] for each in ("PATH", "HOME", "LANG") if each in os.environ},
        "VAR_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    if database:
        with administrator() as admin:
            admin.execute(f"CREATE DATABASE {database}")
        environment["DATABASE_URL"] = urlsplit(server())._replace(path=f"/{database}").geturl()
    done = subprocess.run(
        [sys.executable, "-c", MAKE], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def forget() -> None:
    """At the end of the run, by whoever began it."""
    said = folder_of_run().with_suffix(".database")
    if str(os.getpid()) != RUN or not said.exists():
        return
    if name := said.read_text():
        with administrator() as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    said.unlink()
    shutil.rmtree(folder_of_run(), ignore_errors=True)


def server() -> str:
    return os.environ.get("TEST_DATABASE_URL", "")


@contextmanager
def administrator() -> Iterator[psycopg.Connection]:
    with psycopg.connect(server(), autocommit=True) as admin:
        yield admin


atexit.register(forget)
