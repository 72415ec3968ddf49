"""`manage.py import_workspace FILE`: a workspace from an export, in the state it had."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug

from production import exports
from production.imports.plan import ImportProblem
from production.imports.sentences import sentence


class Command(BaseCommand):
    help = "Make a workspace from an export (JSON or ZIP). People are known by their e-mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="", help="another address than in the file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if options["slug"]:
            validate_slug(options["slug"])
        try:
            with path.open("rb") as file:
                workspace = exports.restore(file, slug=options["slug"])
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except ImportProblem as problem:
            raise CommandError(sentence(problem)) from problem
        items = workspace.items.count()
        self.stdout.write(
            self.style.SUCCESS(f"{workspace.name} at /w/{workspace.slug}/: {items} items.")
        )
