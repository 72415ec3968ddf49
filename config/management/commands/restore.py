from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import backup


class Command(BaseCommand):
    help = "Puts a backup into an empty database and an empty folder of uploads."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="- : standard in")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["file"] == "-":
                made = backup.restore(sys.stdin.buffer)
            else:
                with Path(options["file"]).open("rb") as source:
                    made = backup.restore(source)
        except (backup.BadBackup, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"Restored {made.rows} rows and {made.uploads} uploads of {made.made_at}. "
            "Bring the tables up to date with: manage.py migrate"
        )
