from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import backup


class Command(BaseCommand):
    help = "Writes database and uploads into one file; people may go on working meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", metavar="FILE", help="default: a new file in VAR_DIR/backups; - : standard out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["to"] == "-":
            self.tell(self.stderr, backup.make(sys.stdout.buffer, at=now), "-")
            return
        default = settings.VAR_DIR / "backups" / f"putki-{now:%Y%m%d-%H%M%S}.tar"
        path = Path(options["to"] or default)
        if path.exists():
            raise CommandError(f"{path} exists already.")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            made = self.write(path, now)
        except backup.BadBackup as problem:
            raise CommandError(str(problem)) from problem
        self.tell(self.stdout, made, str(path))

    def write(self, path: Path, now: datetime) -> backup.Manifest:
        """The file appears under its name only when it is whole and on the disk."""
        fresh = path.with_name(f"{path.name}.part")
        try:
            out = os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except FileExistsError as error:
            raise CommandError(f"{fresh} exists: another backup runs, or one broke off.") from error
        try:
            with out:
                made = backup.make(out, at=now)
                out.flush()
                os.fsync(out.fileno())
            os.replace(fresh, path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        return made

    def tell(self, where: Any, made: backup.Manifest, path: str) -> None:
        where.write(f"{path}: {made.rows} rows, {made.uploads} uploads")
