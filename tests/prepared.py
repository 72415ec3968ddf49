"""A folder with static files, and a database with tables: made once, then copied.

Houses and the databases of the tests begin as copies. On SQLite the pattern is kept in `var/`
until a migration, a setting or a package changes; on a server it lives as long as the run.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
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


def place() -> Path:
    if server():
        return Path(settings.VAR_DIR) / f"prepared-{RUN}"
    kept = ROOT / "var" / "tests"
    kept.mkdir(parents=True, exist_ok=True)
    return kept / f"prepared-{fingerprint()}"


def fingerprint() -> str:
    """Of all that decides which tables there are."""
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("config/settings/*.py")]
    digest = hashlib.sha256()
    for file in sorted([*files, ROOT / "requirements.txt", ROOT / "config/preparation.py"]):
        digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@cache
def prepared() -> Prepared:
    """What is copied; made if nobody has made it."""
    folder = place()
    said = folder.with_suffix(".database")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            name = f"putki_prepared_{secrets.token_hex(4)}" if server() else ""
            make(folder, name)
            said.write_text(name)
    return Prepared(folder, said.read_text())


def make(folder: Path, database: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
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
    """At the end of a run on a server, by whoever began it."""
    if not server() or str(os.getpid()) != RUN:
        return
    said = place().with_suffix(".database")
    if said.exists():
        with administrator() as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {said.read_text()} WITH (FORCE)")
        said.unlink()
        shutil.rmtree(place(), ignore_errors=True)


def server() -> str:
    return os.environ.get("TEST_DATABASE_URL", "")


@contextmanager
def administrator() -> Iterator[psycopg.Connection]:
    with psycopg.connect(server(), autocommit=True) as admin:
        yield admin


atexit.register(forget)
