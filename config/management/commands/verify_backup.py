from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import backup


class Command(BaseCommand):
    help = "Restores a backup into a database of its own, compares it with its log, and drops it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Path(options["file"]).open("rb") as source:
                made = backup.verify(source)
        except (backup.BadBackup, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"Sound: {made.rows} rows in {len(made.counts)} tables, {made.uploads} uploads, "
            f"of {made.made_at}; every row is what the log says."
        )
