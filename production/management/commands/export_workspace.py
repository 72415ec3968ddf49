"""`manage.py export_workspace SLUG --out FILE`: everything of a workspace, to take away or keep."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from production import exports
from production.models import Workspace

FORMATS = ("json", "zip", "csv")


class Command(BaseCommand):
    help = "Write a workspace to a file: JSON with the log, ZIP with its files too, CSV of items."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace", metavar="SLUG")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--format", choices=FORMATS, help="by the file's name otherwise")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {options['workspace']!r}.")
        out: Path = options["out"]
        kind = options["format"] or out.suffix.lstrip(".").lower()
        if kind not in FORMATS:
            raise CommandError(f"Say --format: {', '.join(FORMATS)}.")
        try:
            self._write(workspace, out, kind)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        self.stdout.write(self.style.SUCCESS(f"{out}: {out.stat().st_size} bytes."))

    def _write(self, workspace: Workspace, out: Path, kind: str) -> None:
        """Beside the goal first, so that half a file never stands in its place."""
        with tempfile.NamedTemporaryFile(dir=out.parent, delete=False) as file:
            try:
                exports.write_as(kind, workspace, file, at=timezone.now())
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(out)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
