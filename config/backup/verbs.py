"""Make a backup, put one back, try one out."""

from __future__ import annotations

import io
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.backup import archive, databases
from config.backup.archive import BadBackup

FORMAT = 1
MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself."""

    format: int
    made_at: str
    vendor: str
    migrations: list[str]
    counts: databases.Counts
    files: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def uploads(self) -> int:
        return sum(name.startswith(f"{MEDIA}/") for name in self.files)


def make(out: IO[bytes], *, at: datetime) -> Manifest:
    """Write a backup of everything as it is now; people may go on working meanwhile.

    The database comes first, so every upload that it names is there to be taken after it.
    """
    writer = archive.Writer(out)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.VAR_DIR) as folder:
        dumped = Path(folder) / databases.file_name()
        about: dict[str, Any] = {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "vendor": connection.vendor,
            "migrations": sorted(
                ".".join(key) for key in MigrationLoader(connection).applied_migrations
            ),
            "counts": databases.dump(dumped),
        }
        writer.add(dumped.name, dumped)
    for path in _uploads():
        try:
            writer.add(f"{MEDIA}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}", path)
        except FileNotFoundError:  # taken away since the folder was read
            continue
    writer.close(about)
    return Manifest(**about, files=writer.digests)


def restore(source: IO[bytes]) -> Manifest:
    """Put a backup into the empty database and the empty folder of uploads.

    Raises BadBackup, with nothing changed, when the file is not whole, either place is not empty,
    or the backup is of another kind of database or from a newer Putki.
    """
    if not databases.is_empty():
        raise BadBackup(
            "The database is not empty, and restoring never overwrites: make a new one and name it "
            "in DATABASE_URL (or VAR_DIR), then restore again."
        )
    media = Path(settings.MEDIA_ROOT)
    if next(_uploads(), None):
        raise BadBackup(f"{media} is not empty; name another folder in MEDIA_ROOT.")
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.VAR_DIR) as folder:
        made = _unpacked(source, Path(folder))
        databases.load(Path(folder) / databases.file_name())
        for name in made.files:
            if name.startswith(f"{MEDIA}/"):
                target = media / name.removeprefix(f"{MEDIA}/")
                target.parent.mkdir(parents=True, exist_ok=True)
                _move(Path(folder) / name, target)
    _compare(made)
    return made


def verify(source: IO[bytes]) -> Manifest:
    """Restore into a database of its own, compare all counts, and every row with its log.

    Raises BadBackup when anything differs. The database in use is not touched.
    """
    with tempfile.TemporaryDirectory(prefix="verify-", dir=settings.VAR_DIR) as folder:
        made = _unpacked(source, Path(folder))
        with databases.elsewhere(Path(folder)):
            databases.load(Path(folder) / databases.file_name())
            _compare(made)
            said = io.StringIO()
            try:
                call_command("migrate", verbosity=0, interactive=False)
                call_command("rebuild", "--check", stdout=said)
            except CommandError as error:
                raise BadBackup(f"{error}\n{said.getvalue().strip()}") from error
    return made


def _unpacked(source: IO[bytes], folder: Path) -> Manifest:
    about = archive.unpack(source, folder)
    if about.get("format") != FORMAT:
        raise BadBackup("This backup was made by another Putki, whose format is unknown here.")
    made = Manifest(**about)
    if made.vendor != connection.vendor:
        raise BadBackup(
            f"The backup is of {made.vendor} and this database is {connection.vendor}. To change "
            "databases, export each workspace and import it."
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(made.migrations) - known):
        raise BadBackup(f"The backup was made by a newer Putki: it knows {newer[-1]}.")
    return made


def _compare(made: Manifest) -> None:
    here = databases.counts()
    wrong = [
        f"{table}: {made.counts.get(table)} in the backup, {here.get(table)} restored"
        for table in sorted(made.counts.keys() | here.keys())
        if made.counts.get(table) != here.get(table)
    ]
    if wrong:
        raise BadBackup("The counts differ. " + "; ".join(wrong))


def _uploads() -> Any:
    root = Path(settings.MEDIA_ROOT)
    return (path for path in sorted(root.rglob("*")) if path.is_file())


def _move(source: Path, target: Path) -> None:
    try:
        os.replace(source, target)
    except OSError:  # another file system
        target.write_bytes(source.read_bytes())
    os.chmod(target, settings.FILE_UPLOAD_PERMISSIONS)
